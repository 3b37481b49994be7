package markdown

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxComponent is the longest tag of a component, in bytes.
const maxComponent = 8 << 10

// componentLength returns the length of the tag of a component that s begins with; 0 if it has no expression in braces: HTML knows the others.
// See https://mdxjs.com/docs/what-is-mdx/.
func componentLength(m *meter, s []byte) int {
	if len(s) < 2 || s[0] != '<' || s[1] < 'A' || s[1] > 'Z' {
		return 0
	}
	s = s[:min(len(s), maxComponent)]
	end, expression := tagEnd(s)
	m.charge(1 + end/64)
	if !expression || s[end-1] != '>' {
		return 0
	}
	return end
}

// tagEnd returns the length of a tag, or where it turned out to be none, and whether it has an expression: as the value of an attribute,
// or as attributes themselves.
func tagEnd(s []byte) (end int, expression bool) {
	depth, quote := 0, byte(0)
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '{':
			if depth == 0 && s[i-1] != '=' && !bytes.HasPrefix(s[i+1:], []byte("...")) {
				return i, false
			}
			depth++
			expression = true
		case c == '}' && depth > 0:
			depth--
		case depth > 0:
		case c == '>':
			return i + 1, expression
		case c == '<' || c == '}' || c == '\n' && bytes.HasPrefix(s[i+1:], []byte("\n")):
			return i, false
		}
	}
	return len(s), false
}

// component is the tag of a component of MDX, of which a reader sees only what is between it and its end.
type component struct {
	ast.BaseBlock
	end int // where it ends in the text
}

var kindComponent = ast.NewNodeKind("Component")

func (*component) Kind() ast.NodeKind              { return kindComponent }
func (*component) IsRaw() bool                     { return true }
func (n *component) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// components parses tags that have lines for themselves.
type components struct{}

// Trigger returns the bracket.
func (components) Trigger() []byte { return []byte{'<'} }

// Open opens a tag that ends at the end of a line.
func (components) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	start := segment.Start + len(line) - len(bytes.TrimLeft(line, " ")) - segment.Padding
	rest := reader.Source()[start:]
	length := componentLength(meterOf(pc), rest)
	if length == 0 {
		return nil, parser.NoChildren
	}
	behind, _, _ := bytes.Cut(rest[length:], []byte("\n"))
	if len(bytes.TrimSpace(behind)) > 0 {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &component{end: start + length}, parser.NoChildren
}

// Continue takes the lines of the tag.
func (components) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	if _, segment := reader.PeekLine(); segment.Start >= node.(*component).end {
		return parser.Close
	}
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close has nothing to do.
func (components) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph reports that a tag may follow a paragraph without a blank line.
func (components) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine reports that an indented line is code.
func (components) CanAcceptIndentedLine() bool { return false }

// componentSpans parses tags within a line.
type componentSpans struct{}

// Trigger returns the bracket.
func (componentSpans) Trigger() []byte { return []byte{'<'} }

// Parse leaves a tag out.
func (componentSpans) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	length := componentLength(meterOf(pc), line)
	if length == 0 {
		return nil
	}
	block.Advance(length)
	return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start))
}

// modules takes the imports of components.
type modules struct{}

var (
	importLine    = regexp.MustCompile(`^import\s+([\w$*{},\s]+?)\s+from\s+["'][^"'\n]+["'];?\s*$`)
	identifier    = regexp.MustCompile(`[A-Z][\w$]*`)
	componentName = regexp.MustCompile(`<([A-Z][\w$]*)`)
	componentsKey = parser.NewContextKey() // of the names of the components that a text uses, as map[string]bool
)

// Transform removes imports from the start of a paragraph if the text uses one of them as a component. Any other import is text: it may be
// what the document is about.
func (modules) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if node.Parent() == nil || node.Parent().Kind() != ast.KindDocument {
		return
	}
	lines, from, components := node.Lines(), 0, false
	for ; from < lines.Len(); from++ {
		line := lines.At(from)
		m := importLine.FindSubmatch(line.Value(reader.Source()))
		if m == nil {
			break
		}
		components = components || used(m[1], reader.Source(), pc)
	}
	switch {
	case !components:
	case from == lines.Len():
		node.Parent().RemoveChild(node.Parent(), node)
	case from > 0:
		lines.SetSliced(from, lines.Len())
	}
}

// used reports whether a text uses one of the names that an import has.
func used(names, source []byte, pc parser.Context) bool {
	known, ok := pc.Get(componentsKey).(map[string]bool)
	if !ok {
		known = map[string]bool{}
		for _, m := range componentName.FindAllSubmatch(source, -1) {
			known[string(m[1])] = true
		}
		pc.Set(componentsKey, known)
	}
	return slices.ContainsFunc(identifier.FindAll(names, -1), func(name []byte) bool { return known[string(name)] })
}
