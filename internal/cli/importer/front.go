package importer

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// The limits that a document has, in characters. Longer texts are cut, for a file should not be lost for its title.
const (
	maxSummary  = 1000
	maxCategory = 64
	maxTag      = 32
	maxTags     = 10
)

// header is what front matter says of a document. Of a key with another type nothing is taken.
type header struct {
	Title       text  `yaml:"title"`
	Description text  `yaml:"description"`
	Summary     text  `yaml:"summary"`
	Category    texts `yaml:"category"`
	Categories  texts `yaml:"categories"`
	Tag         texts `yaml:"tag"`
	Tags        texts `yaml:"tags"`
	Author      texts `yaml:"author"`
	Date        text  `yaml:"date"`
}

// text is a scalar as it is written: 2024 is the title "2024".
type text string

// UnmarshalYAML takes a scalar.
func (t *text) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode && node.Tag != "!!null" {
		*t = text(node.Value)
	}
	return nil
}

// texts is a scalar or a list of scalars.
type texts []string

// UnmarshalYAML takes a scalar or a list.
func (t *texts) UnmarshalYAML(node *yaml.Node) error {
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, n := range nodes {
		var one text
		_ = one.UnmarshalYAML(n) // never fails
		if one != "" {
			*t = append(*t, string(one))
		}
	}
	return nil
}

// split separates front matter, between two lines ---, from the text. A text that only begins with a rule has none: what
// follows the rule is no mapping, or no second line ends it.
func split(file string) (header, string, error) {
	var front header
	rest, ok := strings.CutPrefix(file, "---\n")
	if !ok {
		return front, file, nil
	}
	matter, body, ok := strings.Cut("\n"+rest, "\n---\n")
	if !ok {
		if matter, ok = strings.CutSuffix("\n"+rest, "\n---"); !ok {
			return front, file, nil
		}
	}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(matter), &node); err != nil {
		return front, "", err
	}
	if node.Kind == 0 { // nothing but space and comments
		return front, strings.TrimLeft(body, "\n"), nil
	}
	if node.Content[0].Kind != yaml.MappingNode {
		return front, file, nil
	}
	err := node.Decode(&front)
	return front, strings.TrimLeft(body, "\n"), err
}

// moment is the date, in UTC where it names no zone.
func (h header) moment() (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05", "2006/01/02", "2006-1-2",
	} {
		if at, err := time.Parse(layout, strings.TrimSpace(string(h.Date))); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
