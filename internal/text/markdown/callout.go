package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// callout is a box with a title. It is written as an alert of GitHub (> [!NOTE]) or as a directive of VuePress, VitePress and
// Docusaurus (:::tip Title).
type callout struct {
	ast.BaseBlock
	class  string // note, tip, important, warning or caution; empty for a group, which has no box
	title  string
	fold   bool // a details element
	colons int  // that open a directive
}

var kindCallout = ast.NewNodeKind("Callout")

func (*callout) Kind() ast.NodeKind              { return kindCallout }
func (n *callout) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// alerts are the kinds of GitHub, with their titles.
var alerts = map[string]string{"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}

// directiveClasses are the directives of the site generators by the alert that each resembles.
var directiveClasses = map[string]string{
	"note": "note", "info": "note", "tip": "tip", "important": "important", "warning": "warning", "caution": "caution", "danger": "caution",
	"details": "", "code-group": "", "tabs": "",
}

// alertOf returns the kind of alert that a quote is, empty if it is none. GitHub knows no alert within other blocks.
func alertOf(quote *ast.Blockquote, source []byte) string {
	first, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || quote.Parent() == nil || quote.Parent().Kind() != ast.KindDocument || first.Lines().Len() == 0 {
		return ""
	}
	line := first.Lines().At(0)
	value := bytes.TrimSpace(line.Value(source))
	if first.Lines().Len() == 1 && first.NextSibling() == nil || len(value) < 4 || !bytes.HasPrefix(value, []byte("[!")) || value[len(value)-1] != ']' {
		return ""
	}
	kind := strings.ToLower(string(value[2 : len(value)-1]))
	if alerts[kind] == "" {
		return ""
	}
	return kind
}

// makeAlert replaces a quote by a callout, and removes the line that names its kind.
func makeAlert(quote *ast.Blockquote, kind string) {
	box := &callout{class: kind, title: alerts[kind]}
	first := quote.FirstChild()
	for n := first.FirstChild(); n != nil; {
		next := n.NextSibling()
		first.RemoveChild(first, n)
		if t, ok := n.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
		n = next
	}
	if first.ChildCount() == 0 {
		quote.RemoveChild(quote, first)
	}
	for n := quote.FirstChild(); n != nil; n = quote.FirstChild() {
		box.AppendChild(box, n)
	}
	quote.Parent().ReplaceChild(quote.Parent(), quote, box)
}

// directives parses the containers of the site generators.
type directives struct{}

// Trigger returns the marker.
func (directives) Trigger() []byte { return []byte{':'} }

// Open opens a container at a line such as "::: tip Title". Other names than the known ones are text.
func (directives) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	colons, rest := colonsOf(line)
	if colons < 3 || rest == "" {
		return nil, parser.NoChildren
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
	if end < 0 {
		end = len(rest)
	}
	name := strings.ToLower(rest[:end])
	class, known := directiveClasses[name]
	if !known {
		return nil, parser.NoChildren
	}
	title := strings.TrimSpace(rest[end:])
	if i := strings.IndexByte(title, '{'); i >= 0 {
		title = strings.TrimSpace(title[:i])
	}
	if strings.HasPrefix(title, "[") && strings.HasSuffix(title, "]") {
		title = title[1 : len(title)-1]
	}
	box := &callout{class: class, title: title, fold: name == "details", colons: colons}
	switch {
	case title == "" && box.fold:
		box.title = "Details"
	case title == "":
		box.title = alerts[class]
	}
	reader.AdvanceToEOL()
	return box, parser.HasChildren
}

// Continue goes on to a line of as many colons. Such a line closes the innermost open container, and none within code.
func (directives) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	colons, rest := colonsOf(line)
	if rest != "" || colons < node.(*callout).colons {
		return parser.Continue | parser.HasChildren
	}
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0 && blocks[i].Node != node; i-- {
		if b, ok := blocks[i].Node.(*callout); ok && colons >= b.colons || blocks[i].Node.Kind() == ast.KindFencedCodeBlock {
			return parser.Continue | parser.HasChildren
		}
	}
	reader.AdvanceToEOL()
	return parser.Close
}

// Close has nothing to do.
func (directives) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph reports that a container may follow a paragraph without a blank line.
func (directives) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine reports that an indented line is code.
func (directives) CanAcceptIndentedLine() bool { return false }

// colonsOf splits a line into the colons at its start and the rest.
func colonsOf(line []byte) (int, string) {
	line = bytes.TrimSpace(line)
	rest := bytes.TrimLeft(line, ":")
	if len(rest) == len(line) {
		return 0, "text"
	}
	return len(line) - len(rest), string(bytes.TrimSpace(rest))
}
