package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var (
	attributeLine = regexp.MustCompile(`^[ \t]*\{:([^{}]*)\}\s*$`)
	attributeItem = regexp.MustCompile(`[\w:-]+=(?:"[^"]*"|'[^']*')|\S+`)

	// attributeSpan matches attributes behind a link, an image, emphasis or code.
	attributeSpan = regexp.MustCompile(`^\{:?\s*(?:(?:[.#][\pL\pN_:-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))\s*)+\}`)
)

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

// attributeLines takes the lines of attributes that kramdown and Python-Markdown have behind or before a block.
type attributeLines struct{}

// tocListsKey is the key of the lists, as []ast.Node, that kramdown replaces by a list of the headings.
var tocListsKey = parser.NewContextKey()

// Transform removes such lines from the start and the end of a paragraph. An id in them is that of the block before, if no blank line is
// between, else that of the paragraph.
func (attributeLines) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := node.Lines(), reader.Source()
	before := ast.Node(node)
	if previous := node.PreviousSibling(); previous != nil && !node.HasBlankPreviousLines() {
		before = previous
	}
	from, to := 0, lines.Len()
	for ; from < to; from++ {
		list, ok := attributesIn(lines.At(from), source)
		if !ok {
			break
		}
		setID(before, list)
	}
	for ; to > from; to-- {
		list, ok := attributesIn(lines.At(to-1), source)
		if !ok {
			break
		}
		setID(node, list)
		if item := node.Parent(); strings.TrimSpace(list) == "toc" && item.Kind() == ast.KindListItem {
			marked, _ := pc.Get(tocListsKey).([]ast.Node)
			pc.Set(tocListsKey, append(marked, item.Parent()))
		}
	}
	if from == to {
		node.Parent().RemoveChild(node.Parent(), node)
		return
	}
	lines.SetSliced(from, to)
}

func setID(node ast.Node, list string) {
	if id, _ := attributesOf(list, true); id != "" {
		node.SetAttributeString("id", []byte(id))
	}
}

// attributesIn returns the attributes that a line consists of, and whether it does.
func attributesIn(line text.Segment, source []byte) (list string, ok bool) {
	m := attributeLine.FindSubmatch(bytes.TrimRight(line.Value(source), "\n"))
	if m == nil {
		return "", false
	}
	_, ok = attributesOf(string(m[1]), true)
	return string(m[1]), ok
}

// attributeSpans takes attributes that stand directly behind a link, an image, emphasis or code: {:target="_blank"} of kramdown, { width=300 } of
// Python-Markdown and Pandoc. Without a colon they need a link or an image before them.
type attributeSpans struct{}

// Trigger returns the bracket.
func (attributeSpans) Trigger() []byte { return []byte{'{'} }

// Parse leaves attributes out. Those at the end of a heading are left to the heading.
func (attributeSpans) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if last := parent.LastChild(); last == nil || !bytes.ContainsRune([]byte(")]*_~`"), block.PrecendingCharacter()) ||
		!bytes.HasPrefix(line, []byte("{:")) && last.Kind() != ast.KindLink && last.Kind() != ast.KindImage {
		return nil
	}
	end := len(attributeSpan.Find(line))
	if end == 0 || parent.Kind() == ast.KindHeading && len(bytes.TrimRight(line[end:], "# \t\n")) == 0 {
		return nil
	}
	block.Advance(end)
	return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start))
}
