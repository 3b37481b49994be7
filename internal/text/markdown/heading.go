package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// headingEnd matches what may be attributes at the end of a heading, also behind its closing sequence: {#id} of VitePress, Docusaurus and Pandoc,
// { #id } of Python-Markdown, {: #id } of both and of kramdown. In HTML they have no tags.
var (
	headingEnd     = regexp.MustCompile(`(\s*(?:\s#+\s*)?)\{(:?)([^{}]*)\}\s*$`)
	headingEndHTML = regexp.MustCompile(`\s*(?:\s#+\s*)?\{:?[^{}<]*\}\s*$`)
	attributeLine  = regexp.MustCompile(`^[ \t]*\{:([^{}]*)\}\s*$`)
	attributeItem  = regexp.MustCompile(`[\w:-]+=(?:"[^"]*"|'[^']*')|\S+`)
)

// splitHeading returns the end of the words of a heading, and the id that follows them; empty if its attributes have none. It returns false for a
// heading without attributes.
func splitHeading(s []byte) (end int, id string, ok bool) {
	m := headingEnd.FindSubmatchIndex(s)
	if m == nil {
		return 0, "", false
	}
	colon, list := m[4] < m[5], string(s[m[6]:m[7]])
	id, ok = attributesOf(list, colon)
	apart := m[0] == 0 || m[2] < m[3]
	return m[0], id, ok && (apart || colon || strings.HasPrefix(list, "#"))
}

// attributesOf returns the first id of a list of attributes, and whether it is one: of #id, .class, key=value and, for no number in Pandoc, a hyphen. In
// kramdown a word names other attributes. What follows an id at the start counts as attributes.
func attributesOf(list string, kramdown bool) (id string, ok bool) {
	other := false
	for _, item := range attributeItem.FindAllString(list, -1) {
		switch {
		case len(item) > 1 && item[0] == '#':
			if id == "" {
				id = item[1:]
			}
			ok = true
		case len(item) > 1 && item[0] == '.', item == "-":
			ok = true
		case kramdown, strings.Contains(item, "="):
			ok = ok || kramdown
		default:
			other = true
		}
	}
	return id, ok && (!other || strings.HasPrefix(list, "#"))
}

// headingLines takes the attributes that kramdown has in the line after a heading.
type headingLines struct{}

// Transform gives the id in the first line of a paragraph to the heading before it, and removes the line.
func (headingLines) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	heading, ok := node.PreviousSibling().(*ast.Heading)
	if !ok || node.HasBlankPreviousLines() {
		return
	}
	lines := node.Lines()
	first := lines.At(0)
	m := attributeLine.FindSubmatch(bytes.TrimRight(first.Value(reader.Source()), "\n"))
	if m == nil {
		return
	}
	id, ok := attributesOf(string(m[1]), true)
	if !ok {
		return
	}
	if id != "" {
		heading.SetAttributeString("id", []byte(id))
	}
	if lines.Len() == 1 {
		node.Parent().RemoveChild(node.Parent(), node)
		return
	}
	lines.SetSliced(1, lines.Len())
}
