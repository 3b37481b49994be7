package frontmatter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

var (
	errTooLarge  = errors.New("the front matter has too many values")
	errNoMapping = errors.New("the front matter must be keys with values")
)

// yamlError is how the library begins its messages, mostly with a line.
var yamlError = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?`)

func decodeYAML(text string) (Value, error) {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		return Value{}, yamlProblem(err.Error())
	}
	if node.Kind == 0 { // blank lines and comments
		return Value{}, nil
	}
	left := maxValues
	v, err := yamlValue(node.Content[0], &left)
	return mapping(v, err)
}

// yamlProblem returns the error for a message of the library, which names no line for the first one, and none for anchors.
func yamlProblem(message string) error {
	found, line := yamlError.FindStringSubmatch(message), 1
	message = strings.TrimPrefix(message, "yaml: ")
	if strings.HasPrefix(message, "unknown anchor") {
		return fmt.Errorf("the YAML cannot be read: %s", message)
	}
	if found != nil && found[1] != "" {
		line, _ = strconv.Atoi(found[1])
		_, message, _ = strings.Cut(message, ": ")
	}
	return &syntaxError{line, "the YAML cannot be read: " + message}
}

// mapping is what every decoder ends with.
func mapping(v Value, err error) (Value, error) {
	if err == nil && v.Map == nil && !v.isNull() {
		err = errNoMapping
	}
	if err != nil {
		return Value{}, err
	}
	return v.Lower(), nil
}

func yamlValue(node *yaml.Node, left *int) (v Value, err error) {
	if *left--; *left < 0 {
		return v, errTooLarge
	}
	switch node.Kind {
	case yaml.AliasNode:
		return yamlValue(node.Alias, left)
	case yaml.ScalarNode:
		if node.Tag != "!!null" {
			v.Text = node.Value
		}
	case yaml.SequenceNode:
		v.List = make([]Value, len(node.Content))
		for i := range node.Content {
			if v.List[i], err = yamlValue(node.Content[i], left); err != nil {
				return v, err
			}
		}
	case yaml.MappingNode:
		v.Map = map[string]Value{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if v.Map[node.Content[i].Value], err = yamlValue(node.Content[i+1], left); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

func decodeTOML(text string) (Value, error) {
	var values map[string]any
	if err := toml.Unmarshal([]byte(text), &values); err != nil {
		if at, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ := at.Position()
			return Value{}, &syntaxError{line, "the TOML cannot be read: " + strings.TrimPrefix(at.Error(), "toml: ")}
		}
		return Value{}, fmt.Errorf("the TOML cannot be read: %w", err)
	}
	return mapping(anyValue(values), nil)
}

// splitJSON separates a JSON object that a text begins with. A line must end after it, and its first key must be quoted, as in no text.
func splitJSON(text string) (Block, string, error) {
	first := strings.TrimLeft(text[1:], " \t\n")
	if !strings.HasPrefix(first, `"`) {
		return Block{}, text, nil
	}
	decoder := json.NewDecoder(io.LimitReader(strings.NewReader(text), maxSize))
	var object json.RawMessage
	if err := decoder.Decode(&object); err != nil {
		return Block{}, text, fmt.Errorf("line %d: the JSON of the front matter cannot be read: %w", lineAt(text, err), err)
	}
	blank, rest, _ := strings.Cut(text[decoder.InputOffset():], "\n")
	if trimRight(blank) != "" {
		return Block{}, text, nil
	}
	return Block{decode: decodeJSON, text: string(object), line: 1}, strings.TrimLeft(rest, "\n"), nil
}

// lineAt returns the line of a text in which the decoder of JSON has found an error.
func lineAt(text string, err error) int {
	at, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return 1
	}
	return 1 + strings.Count(text[:min(int(at.Offset), len(text))], "\n")
}

func decodeJSON(text string) (Value, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return Value{}, fmt.Errorf("the JSON of the front matter cannot be read: %w", err)
	}
	return mapping(anyValue(values), nil)
}

// anyValue returns what the decoders of TOML and JSON have read.
func anyValue(of any) (v Value) {
	switch of := of.(type) {
	case nil:
	case string:
		v.Text = of
	case time.Time:
		v.Text = of.Format(time.RFC3339Nano)
	case []any:
		v.List = make([]Value, len(of))
		for i := range of {
			v.List[i] = anyValue(of[i])
		}
	case map[string]any:
		v.Map = make(map[string]Value, len(of))
		for key := range of {
			v.Map[key] = anyValue(of[key])
		}
	default: // numbers, truth values, and the dates of TOML without a zone
		v.Text = fmt.Sprint(of)
	}
	return v
}
