package markdown

import (
	"bytes"
	"context"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	nethtml "golang.org/x/net/html"

	emojiast "github.com/yuin/goldmark-emoji/ast"

	"docsquare/internal/text/frontmatter"
)

// maxTextSteps bounds the work of Text: it is done for every document that is written.
const maxTextSteps = 1 << 22

// Text returns what a reader sees of a text, including its code and addresses, one block after the other. It takes less than Render, because
// no HTML is made of it. A text that exceeds a limit is returned as it is.
func Text(source string) string {
	_, body, _ := frontmatter.Split(source)
	return textOf(body)
}

// TextOfPart is Text for a part of a text, which may begin anywhere.
func TextOfPart(part string) string { return textOf(part) }

func textOf(body string) string {
	return textWithin(&meter{ctx: context.Background(), max: maxTextSteps}, body)
}

// textWithin returns the text of a body, or the body if it exceeds the limits of m.
func textWithin(m *meter, body string) string {
	body = strings.ToValidUTF8(body, "\uFFFD")
	r := reading{source: []byte(body)}
	limit, err := bounded(func() {
		m.charge(1)
		pc := parser.NewContext()
		pc.Set(meterKey, m)
		root := engine.Parser().Parse(text.NewReader(r.source), parser.WithContext(pc))
		r.out.Grow(len(body))
		_ = ast.Walk(root, r.visit)
	})
	if limit != "" || err != nil {
		return body
	}
	return strings.TrimSpace(r.out.String())
}

// reading collects the text of a parsed document.
type reading struct {
	source []byte
	out    bytes.Buffer
	from   int // where the text of the heading begins in out
}

func (r *reading) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering && n.Kind() == ast.KindHeading && n.LastChild() != nil && n.LastChild().Kind() == ast.KindText {
		if end, _, ok := splitHeading(r.out.Bytes()[r.from:]); ok {
			r.out.Truncate(r.from + end)
		}
	}
	if n.Type() == ast.TypeBlock && n.Kind() != ast.KindTextBlock {
		r.out.WriteByte('\n')
	}
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		r.from = r.out.Len()
	case *ast.Text:
		r.text(n)
	case *ast.String:
		r.out.Write(n.Value)
	case *ast.AutoLink:
		r.out.Write(n.Label(r.source))
	case *mathSpan:
		r.out.Write(n.value)
	case *emojiast.Emoji:
		r.out.WriteString(string(n.Value.Unicode))
	case *ast.RawHTML:
		r.tag(n)
	case *ast.HTMLBlock:
		r.html(n)
	case *callout:
		r.out.WriteString(n.title + "\n")
	case *ast.CodeBlock, *ast.FencedCodeBlock, *mathBlock:
		r.lines(n)
	case *extast.FootnoteLink, *extast.FootnoteBacklink, *extast.TaskCheckBox:
		return ast.WalkSkipChildren, nil
	}
	return ast.WalkContinue, nil
}

// text writes a text without what escapes its characters, which code does not have.
func (r *reading) text(n *ast.Text) {
	value := n.Segment.Value(r.source)
	if n.IsRaw() || n.Parent() != nil && n.Parent().Kind() == ast.KindCodeSpan {
		r.out.Write(value)
	} else {
		r.out.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value))))
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		r.out.WriteByte('\n')
	}
}

// inWords are the elements that may begin or end within a word, such as H<sub>2</sub>O. Browsers show nothing between it and what is around it. A <sup>
// may as well be the number of a note.
var inWords = setOf("b strong i em u s del ins mark small font span sub wbr")

// tag writes a space for a tag or a comment in a line, unless it may be within a word.
func (r *reading) tag(n *ast.RawHTML) {
	name := bytes.TrimPrefix(bytes.TrimPrefix(n.Segments.Value(r.source), []byte("<")), []byte("/"))
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	if !inWords[strings.ToLower(string(name))] {
		r.out.WriteByte(' ')
	}
}

func (r *reading) lines(n ast.Node) {
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		r.out.Write(line.Value(r.source))
	}
}

// unseen are the elements whose text is not shown.
var unseen = setOf("script style template noscript")

// html writes the text of a block of HTML.
func (r *reading) html(n *ast.HTMLBlock) {
	var source strings.Builder
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		source.Write(line.Value(r.source))
	}
	if n.HasClosure() {
		source.Write(n.ClosureLine.Value(r.source))
	}
	z, hidden := nethtml.NewTokenizer(strings.NewReader(source.String())), 0
	for {
		kind := z.Next()
		switch kind {
		case nethtml.ErrorToken: // the end
			return
		case nethtml.TextToken:
			if hidden == 0 {
				r.out.Write(z.Text())
			}
			continue
		}
		name, _ := z.TagName() // empty for a comment
		switch {
		case kind == nethtml.StartTagToken && unseen[string(name)]:
			hidden++
		case kind == nethtml.EndTagToken && unseen[string(name)]:
			hidden = max(hidden-1, 0)
		}
		if !inWords[string(name)] {
			r.out.WriteByte(' ')
		}
	}
}
