package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// callout is a box with a title. It is written as an alert of GitHub (> [!NOTE]), a callout of Obsidian (> [!tip]- Title), or a directive of
// VuePress, VitePress and Docusaurus (:::tip Title).
type callout struct {
	ast.BaseBlock
	class  string // note, tip, important, warning or caution; empty for a group, which has no box
	title  string // of its kind; empty if the first child is a calloutTitle, or for a group
	fold   bool   // a details element
	open   bool   // it is not folded at first
	colons int    // that open a directive
}

// calloutTitle is the title that a text gives to a callout.
type calloutTitle struct{ ast.BaseBlock }

var (
	kindCallout      = ast.NewNodeKind("Callout")
	kindCalloutTitle = ast.NewNodeKind("CalloutTitle")
)

func (*callout) Kind() ast.NodeKind                   { return kindCallout }
func (n *callout) Dump(source []byte, level int)      { ast.DumpHelper(n, source, level, nil, nil) }
func (*calloutTitle) Kind() ast.NodeKind              { return kindCalloutTitle }
func (n *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// alerts are the kinds of GitHub, with their titles.
var alerts = map[string]string{"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}

// calloutClasses are the other kinds of Obsidian by the alert that each resembles.
var calloutClasses = map[string]string{
	"abstract": "note", "summary": "note", "tldr": "note", "info": "note", "todo": "note", "example": "note", "quote": "note", "cite": "note",
	"question": "note", "help": "note", "faq": "note", "hint": "tip", "success": "tip", "check": "tip", "done": "tip", "attention": "warning",
	"failure": "caution", "fail": "caution", "missing": "caution", "danger": "caution", "error": "caution", "bug": "caution",
}

// directiveClasses are the directives of the site generators by the alert that each resembles.
var directiveClasses = map[string]string{
	"note": "note", "info": "note", "tip": "tip", "important": "important", "warning": "warning", "caution": "caution", "danger": "caution",
	"details": "", "code-group": "", "tabs": "",
}

// calloutLine matches the first line of a quote that is a callout: its kind, whether it folds, and a title.
var calloutLine = regexp.MustCompile(`^[ \t]*\[!([A-Za-z]+)\]([+-]?)(?:[ \t]+(\S.*?))?\s*$`)

// makeCallouts replaces the quotes that are callouts; as on GitHub, there are none within other blocks. It needs the line breaks of the text, also those that are not shown.
func makeCallouts(root *ast.Document, source []byte) {
	for n := root.FirstChild(); n != nil; {
		next := n.NextSibling()
		if quote, ok := n.(*ast.Blockquote); ok {
			if box, title := calloutOf(quote, source); box != nil {
				makeCallout(quote, box, title)
			}
		}
		n = next
	}
}

// calloutOf returns the callout that a quote is, nil if it is none, and where the title that the text gives it begins; 0: it gives none. A
// line without a title is none, as on GitHub.
func calloutOf(quote *ast.Blockquote, source []byte) (box *callout, title int) {
	first, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 {
		return nil, 0
	}
	line := first.Lines().At(0)
	m := calloutLine.FindSubmatchIndex(source[line.Start:line.Stop])
	if m == nil || m[6] < 0 && first.Lines().Len() == 1 && first.NextSibling() == nil {
		return nil, 0
	}
	kind, fold := strings.ToLower(string(source[line.Start+m[2]:line.Start+m[3]])), source[line.Start+m[4]:line.Start+m[5]]
	box = &callout{class: kind, title: alerts[kind], fold: len(fold) > 0, open: string(fold) == "+"}
	if box.title == "" {
		box.class, box.title = calloutClasses[kind], strings.ToUpper(kind[:1])+kind[1:]
	}
	if box.class == "" {
		return nil, 0
	}
	if m[6] >= 0 {
		box.title, title = "", line.Start+m[6]
	}
	return box, title
}

// makeCallout replaces a quote by a callout. The line that names its kind becomes the title, from where that begins.
func makeCallout(quote *ast.Blockquote, box *callout, from int) {
	first, title := quote.FirstChild(), &calloutTitle{}
	for n := first.FirstChild(); n != nil; {
		next := n.NextSibling()
		t, isText := n.(*ast.Text)
		last := isText && (t.SoftLineBreak() || t.HardLineBreak())
		first.RemoveChild(first, n)
		if isText {
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(false)
			t.Segment = t.Segment.WithStart(min(max(t.Segment.Start, from), t.Segment.Stop))
		}
		title.AppendChild(title, n)
		if last {
			break
		}
		n = next
	}
	if box.title == "" {
		box.AppendChild(box, title)
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
	line, segment := reader.PeekLine()
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
	box := &callout{class: class, fold: name == "details", colons: colons}
	switch {
	case title != "" && (class != "" || box.fold):
		start := segment.Start - segment.Padding + bytes.LastIndex(line, []byte(title))
		node := &calloutTitle{}
		node.Lines().Append(text.NewSegment(start, start+len(title)))
		box.AppendChild(box, node)
	case box.fold:
		box.title = "Details"
	default:
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
