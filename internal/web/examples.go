package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Example is an operation that a visitor can run at once.
type Example struct {
	Name      string `json:"name"`      // a few words
	Group     string `json:"group"`     // of the list in which the Playground shows it
	About     string `json:"about"`     // one sentence: the first one of the comment above the query
	Query     string `json:"query"`     // the document, its first line a comment that describes it
	Variables string `json:"variables"` // a JSON object as text, or empty
	Headers   string `json:"headers"`   // a JSON object as text, or empty
}

// Examples are the embedded examples in the order of their file names. 20-one-document.graphql is "One document", and
// its variables, if it takes any, are in 20-one-document.json.
func Examples() ([]Example, error) {
	names, err := fs.Glob(files, "examples/*.graphql")
	if err != nil {
		return nil, fmt.Errorf("list the examples: %w", err)
	}
	list := make([]Example, 0, len(names))
	for _, name := range names {
		e, err := readExample(name)
		if err != nil {
			return nil, fmt.Errorf("read an example: %w", err)
		}
		list = append(list, e)
	}
	return list, nil
}

func readExample(name string) (Example, error) {
	query, err := fs.ReadFile(files, name)
	if err != nil {
		return Example{}, err
	}
	base := strings.TrimSuffix(name, ".graphql")
	variables, err := fs.ReadFile(files, base+".json")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Example{}, err
	}
	_, title, _ := strings.Cut(path.Base(base), "-")
	title = strings.ReplaceAll(title, "-", " ")
	return Example{
		Name:      strings.ToUpper(title[:1]) + title[1:],
		Group:     groups[path.Base(base)[0]],
		About:     firstSentence(string(query)),
		Query:     string(query),
		Variables: strings.TrimSpace(string(variables)),
	}, nil
}

// groups are the headings of the list of examples, by the first digit of their file names.
var groups = map[byte]string{
	'1': "Read", '2': "Read", '3': "Read", '4': "Read", '5': "Read", '6': "Account", '7': "Account", '8': "Like, comment, watch", '9': "Write and upload",
}

// firstSentence returns the first sentence of the comment at the start of a document.
func firstSentence(query string) string {
	var words []string
	for line := range strings.Lines(query) {
		text, comment := strings.CutPrefix(line, "#")
		if !comment {
			break
		}
		for word := range strings.FieldsSeq(text) {
			if words = append(words, word); strings.HasSuffix(word, ".") {
				return strings.Join(words, " ")
			}
		}
	}
	return strings.Join(words, " ")
}

// signedFor puts an account into the places that the examples leave for one. Without an account the places remain for
// the visitor to fill in.
func signedFor(list []Example, username, password string) []Example {
	if username == "" {
		return list
	}
	places := strings.NewReplacer("YOUR-USERNAME", inJSON(username), "YOUR-PASSWORD", inJSON(password))
	out := make([]Example, len(list))
	for i, e := range list {
		e.Variables = places.Replace(e.Variables)
		out[i] = e
	}
	return out
}

// inJSON returns the text in the form that it has between the quotes of a JSON string.
func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always has a JSON form
	return string(quoted[1 : len(quoted)-1])
}
