// Package frontmatter reads the data that a Markdown file begins with: YAML between two lines of ---, TOML between two lines of
// +++, or one JSON object. The first line may name the language, as in ---toml. Jekyll, Hugo, Docusaurus, VuePress, Obsidian and exports
// of Notion write it.
package frontmatter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// maxSize is the largest front matter, in bytes. What does not end within it is text.
const maxSize = 64 << 10

// Block is front matter as it is written. The zero Block is that of a text without any.
type Block struct {
	decode func(text string) (Value, error)
	text   string
	line   int // of the first line of text within the file
}

// common matches a line that is a key of front matter rather than the beginning of a sentence.
var common = regexp.MustCompile(`^(?i:title|date|tags?|categor(y|ies)|authors?|layout|draft|slug|description|permalink|weight|sidebar\w*)\s*[:=](\s|$)`)

// errOpen is the error of front matter without an end.
var errOpen = errors.New("line 1: the front matter has no end: close it with the line that it begins with")

// syntax is a kind of front matter between fences.
type syntax struct {
	open   string
	closed func(line string) bool
	line   *regexp.Regexp // every line of well-formed front matter, and no paragraph of text
	key    *regexp.Regexp // its first line, if that is no comment
	decode func(text string) (Value, error)
}

var syntaxes = []syntax{
	{
		open: "---", closed: func(line string) bool { return line == "---" || line == "..." }, decode: decodeYAML,
		line: regexp.MustCompile(`^(\s*#.*|\s+.*|\s*-\s.*|\s*-|["']?[\pL\pN_@/][\pL\pN_@/ .-]*["']?\s*:(\s.*)?|[\]}],?)?$`),
		key:  regexp.MustCompile(`^["']?[\pL\pN_@/][\pL\pN_@/ .-]*["']?\s*:(\s|$)`),
	},
	{
		open: "+++", closed: func(line string) bool { return line == "+++" }, decode: decodeTOML,
		line: regexp.MustCompile(`^(\s*#.*|\s+.*|\[\[?[^\[\]]+\]\]?|["']?[\pL\pN_.-]+["']?\s*=.*|[\]}],?|""".*|'''.*)?$`),
		key:  regexp.MustCompile(`^(["']?[\pL\pN_.-]+["']?\s*=|\[)`),
	},
}

// named are the fences that name their language, as gray-matter has them, which VitePress and Docusaurus read front matter with. What follows
// them is front matter whatever it looks like.
var named = map[string]func(text string) (Value, error){"---yaml": decodeYAML, "---yml": decodeYAML, "---toml": decodeTOML, "---json": decodeJSON}

// Split separates the front matter of a text from what follows it. Lines end with \n. A text that only begins with a rule or a
// brace has none: the Block is then empty, and the rest the whole text. An error means that the text begins as front matter does
// which does not end; the rest is then the whole text.
func Split(text string) (Block, string, error) {
	for _, s := range syntaxes {
		first, rest, ok := strings.Cut(text, "\n")
		if ok && trimRight(first) == s.open {
			return s.split(text, rest)
		}
	}
	if first, rest, ok := strings.Cut(text, "\n"); ok {
		if decode := named[strings.ToLower(strings.ReplaceAll(trimRight(first), " ", ""))]; decode != nil {
			return splitNamed(text, rest, decode)
		}
	}
	if strings.HasPrefix(text, "{") {
		return splitJSON(text)
	}
	return Block{}, text, nil
}

// split separates front matter whose first fence is before the rest.
func (s syntax) split(text, rest string) (Block, string, error) {
	read, first, plain := 0, "", true
	for line := range strings.Lines(rest[:min(len(rest), maxSize)]) {
		start := read
		read += len(line)
		line = trimRight(line)
		if s.closed(line) {
			matter := rest[:start]
			if !plain && !s.isMapping(first, matter) {
				return Block{}, text, nil
			}
			return Block{decode: s.decode, text: matter, line: 2}, strings.TrimLeft(rest[read:], "\n"), nil
		}
		if first == "" && !strings.HasPrefix(line, "#") {
			first = line
		}
		plain = plain && s.line.MatchString(line)
	}
	if common.MatchString(first) {
		return Block{}, text, errOpen
	}
	return Block{}, text, nil
}

// splitNamed separates front matter whose first fence names its language.
func splitNamed(text, rest string, decode func(text string) (Value, error)) (Block, string, error) {
	read := 0
	for line := range strings.Lines(rest[:min(len(rest), maxSize)]) {
		start := read
		read += len(line)
		if trimRight(line) == "---" {
			return Block{decode: decode, text: rest[:start], line: 2}, strings.TrimLeft(rest[read:], "\n"), nil
		}
	}
	return Block{}, text, errOpen
}

// isMapping reports whether lines that are not laid out as usual are front matter after all, such as a quoted text over several
// lines.
func (s syntax) isMapping(first, matter string) bool {
	if !s.key.MatchString(first) {
		return false
	}
	_, err := s.decode(matter)
	return err == nil
}

// Values returns the mapping that front matter is; an empty one if there is no front matter. Keys at the top are in lower
// case. Errors name the line within the file.
func (b Block) Values() (Value, error) {
	if b.decode == nil {
		return Value{}, nil
	}
	v, err := b.decode(b.text)
	if at, ok := errors.AsType[*syntaxError](err); ok {
		return Value{}, fmt.Errorf("line %d: %s", b.line-1+at.line, at.message)
	}
	return v, err
}

// Line returns the line of the file in which a key at the top is, which is in lower case; 0 if it is in none alone.
func (b Block) Line(key string) int {
	pattern := regexp.MustCompile(`(?im)^(?:["']?|[ \t]+")` + regexp.QuoteMeta(key) + `["']?[ \t]*[:=]`)
	at := pattern.FindStringIndex(b.text)
	if at == nil {
		return 0
	}
	return b.line + strings.Count(b.text[:at[0]], "\n")
}

// Decode reads a whole file of settings, whose name ends with an extension such as .yaml. Keys at the top are in lower case.
func Decode(extension, text string) (Value, error) {
	switch strings.ToLower(extension) {
	case ".toml":
		return decodeTOML(text)
	case ".json":
		return decodeJSON(text)
	}
	return decodeYAML(text)
}

// syntaxError is an error in a line of front matter, of which the first is 1.
type syntaxError struct {
	line    int
	message string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.message) }

func trimRight(line string) string { return strings.TrimRight(line, " \t\r\n") }
