package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// breaksKey is the key of whether the line breaks of a text are shown.
var breaksKey = parser.NewContextKey()

// finisher changes the parsed text where CommonMark falls short: e-mail addresses become links, quotes become alerts, and line
// breaks within Chinese and Japanese text disappear, and markers for a list of the headings. It also bounds what link references add.
type finisher struct{}

// Transform walks over the whole text once.
func (finisher) Transform(root *ast.Document, reader text.Reader, pc parser.Context) {
	m, source := meterOf(pc), reader.Source()
	breaks, _ := pc.Get(breaksKey).(bool)
	makeCallouts(root, source)
	var texts []*ast.Text
	var markers []*ast.Paragraph
	added, linked := 0, 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		isLink := n.Kind() == ast.KindLink
		if !entering {
			if isLink {
				linked--
			}
			return ast.WalkContinue, nil
		}
		m.charge(1)
		switch n := n.(type) {
		case *ast.Link:
			linked++
			if n.Reference != nil {
				added += len(n.Destination) + len(n.Title)
			}
		case *ast.Image:
			if n.Reference != nil {
				added += len(n.Destination) + len(n.Title)
			}
		case *ast.Paragraph:
			if isContentsMarker(n, source) {
				markers = append(markers, n)
			}
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			switch {
			case !n.SoftLineBreak():
			case breaks:
				n.SetHardLineBreak(true)
			case joins(n, source):
				n.SetSoftLineBreak(false)
			}
			if linked == 0 && !n.IsRaw() && startsRun(n) {
				texts = append(texts, n)
			}
		}
		if added > max(references, len(source)) {
			panic(exceeded("its link references add more than %d bytes", max(references, len(source))))
		}
		return ast.WalkContinue, nil
	})
	for _, t := range texts {
		linkEmails(t, source)
	}
	for _, p := range markers {
		p.Parent().RemoveChild(p.Parent(), p)
	}
	lists, _ := pc.Get(tocListsKey).([]ast.Node)
	for _, list := range lists {
		if list.Parent() != nil {
			list.Parent().RemoveChild(list.Parent(), list)
		}
	}
}

// startsRun reports whether no text that ends where this one starts is before it.
func startsRun(n *ast.Text) bool {
	before, ok := n.PreviousSibling().(*ast.Text)
	return !ok || before.IsRaw() || before.SoftLineBreak() || before.HardLineBreak() || before.Segment.Stop != n.Segment.Start || n.Segment.Padding != 0
}

// joins reports whether the text on both sides of a line break is Chinese or Japanese, so that a space between them would be
// wrong. Quotes, dashes and the ellipsis count as such next to it.
func joins(n *ast.Text, source []byte) bool {
	before, ok := lastRune(n, source)
	if !ok {
		return false
	}
	after, ok := firstRune(n.NextSibling(), source)
	if !ok {
		return false
	}
	a, b := isIdeographic(before), isIdeographic(after)
	return a && b || a && isSharedPunctuation(after) || b && isSharedPunctuation(before)
}

// firstRune returns the first character that a reader sees of a node, if it is text.
func firstRune(n ast.Node, source []byte) (rune, bool) {
	for n != nil {
		if t, ok := n.(*ast.Text); ok {
			if !t.Segment.IsEmpty() {
				r, _ := utf8.DecodeRune(t.Segment.Value(source))
				return r, r != '\\' && r != '&'
			}
			n = n.NextSibling()
			continue
		}
		switch n.Kind() {
		case ast.KindCodeSpan, ast.KindImage, ast.KindAutoLink, ast.KindRawHTML, kindMathSpan:
			return 0, false
		}
		n = n.FirstChild()
	}
	return 0, false
}

// lastRune returns the last character of a text, or of what is before it if it is empty.
func lastRune(n ast.Node, source []byte) (rune, bool) {
	for n != nil {
		if t, ok := n.(*ast.Text); ok {
			if value := t.Segment.Value(source); len(value) > 0 {
				return util.ToRune(value, len(value)-1), true
			}
			n = n.PreviousSibling()
			continue
		}
		switch n.Kind() {
		case ast.KindCodeSpan, ast.KindImage, ast.KindAutoLink, ast.KindRawHTML, kindMathSpan:
			return 0, false
		}
		n = n.LastChild()
	}
	return 0, false
}
