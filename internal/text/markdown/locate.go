package markdown

import (
	"bytes"
	"context"
	"html"
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Span is a part of a text, in bytes.
type Span struct{ Start, Stop int }

// Address is the address of a link, an image, a reference definition or an HTML attribute.
type Address struct {
	Span
	Text  string // without escapes and entities
	HTML  bool   // it is the value of an attribute
	Image int    // where an image of Markdown starts; -1 for everything else
}

// Places are the parts of a Markdown text that name other files. Code has none.
type Places struct {
	Addresses []Address
	Tokens    []Span // what the pattern of Locate matches in text
	Texts     []Span // text that is no code, no markup and no part of an address
}

// Locate finds the places of a text. Matches of a pattern, such as template tags and wiki links, count as letters while the text is
// parsed; nil: there are none. If the text exceeds a limit, Locate returns no places, and the reason in limit.
func Locate(ctx context.Context, source string, pattern *regexp.Regexp) (p Places, limit string, err error) {
	masked, tokens := mask(source, pattern)
	limit, err = bounded(func() {
		m := &meter{ctx: ctx}
		m.charge(1)
		pc := parser.NewContext()
		pc.Set(meterKey, m)
		l := locator{m: m, source: source, masked: masked, tokens: tokens}
		_ = ast.Walk(engine.Parser().Parse(text.NewReader(masked), parser.WithContext(pc)), l.visit)
		p = l.places()
	})
	return p, limit, err
}

// mask returns a text in which matches of a pattern are letters. A match across lines, or with backticks, is none: it could reach
// into code.
func mask(source string, pattern *regexp.Regexp) (masked []byte, tokens []Span) {
	masked = []byte(source)
	if pattern == nil {
		return masked, nil
	}
	for _, m := range pattern.FindAllStringIndex(source, -1) {
		if part := masked[m[0]:m[1]]; !bytes.ContainsAny(part, "`\n") {
			copy(part, bytes.Repeat([]byte("x"), len(part)))
			tokens = append(tokens, Span{m[0], m[1]})
		}
	}
	return masked, tokens
}

// locator collects the places of a parsed text.
type locator struct {
	m      *meter
	source string
	masked []byte
	tokens []Span
	found  Places
}

func (l *locator) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	l.m.charge(1)
	switch n := node.(type) {
	case *ast.Link:
		if n.Reference == nil {
			l.address(n.Destination, -1)
		}
	case *ast.Image:
		if n.Reference == nil {
			l.address(n.Destination, n.Pos())
		}
	case *ast.LinkReferenceDefinition:
		l.address(n.Destination, -1)
	case *ast.RawHTML:
		l.html(n.Segments)
	case *ast.HTMLBlock:
		lines := *n.Lines()
		if n.HasClosure() {
			lines.Append(n.ClosureLine)
		}
		l.html(&lines)
	case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.AutoLink, *mathSpan, *mathBlock:
		return ast.WalkSkipChildren, nil
	case *ast.Text:
		l.text(n.Segment)
	}
	return ast.WalkContinue, nil
}

// text adds text, to the text before it if nothing is between them.
func (l *locator) text(s text.Segment) {
	if texts := l.found.Texts; len(texts) > 0 && texts[len(texts)-1].Stop == s.Start {
		texts[len(texts)-1].Stop = s.Stop
		return
	}
	l.found.Texts = append(l.found.Texts, Span{s.Start, s.Stop})
}

// address adds an address of Markdown, which is a part of the masked text. One that the parser has put together is left out.
func (l *locator) address(destination []byte, image int) {
	start := cap(l.masked) - cap(destination)
	stop := start + len(destination)
	if len(destination) == 0 || start < 0 || stop > len(l.masked) || &l.masked[start] != &destination[0] {
		return
	}
	raw := []byte(l.source[start:stop])
	if bytes.Equal(raw, destination) { // no token, in which backslashes are no escapes
		raw = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw)))
	}
	l.found.Addresses = append(l.found.Addresses, Address{Span: Span{start, stop}, Text: string(raw), Image: image})
}

// places returns what was found, with the tokens that are in text.
func (l *locator) places() Places {
	texts := l.found.Texts
	for _, t := range l.tokens {
		for len(texts) > 0 && texts[0].Stop < t.Stop {
			texts = texts[1:]
		}
		if len(texts) > 0 && texts[0].Start <= t.Start {
			l.found.Tokens = append(l.found.Tokens, t)
		}
	}
	return l.found
}

// html adds the addresses in the tags of HTML, whose lines may be apart in the text.
func (l *locator) html(lines *text.Segments) {
	var joined []byte
	starts := make([]Span, 0, lines.Len()) // of the lines within joined, and within the text
	for i := range lines.Len() {
		line := lines.At(i)
		starts = append(starts, Span{len(joined), line.Start})
		joined = append(joined, l.masked[line.Start:line.Stop]...)
	}
	l.m.charge(len(joined) / blockSteps)
	for _, v := range attributeValues(joined) {
		i := sort.Search(len(starts), func(i int) bool { return starts[i].Start > v.Start }) - 1
		if i+1 < len(starts) && v.Stop > starts[i+1].Start { // it goes on in the next line
			continue
		}
		start := starts[i].Stop + v.Start - starts[i].Start
		stop := start + v.Stop - v.Start
		l.found.Addresses = append(l.found.Addresses, Address{
			Span: Span{start, stop}, Text: strings.TrimSpace(html.UnescapeString(l.source[start:stop])), HTML: true, Image: -1,
		})
	}
}
