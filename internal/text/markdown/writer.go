package markdown

import (
	"bytes"
	"html"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"docsquare/internal/text/plaintext"
)

// writer copies sanitised HTML. On the way it closes what is open, gives ids and links within the text their prefix, highlights
// code, and collects the blocks of text that title, summary and plain text are made of.
type writer struct {
	m     *meter
	code  *highlighter // nil: code is not highlighted
	ids   identifiers
	stack []element

	files *files   // that addresses lead to
	parts []string // of the HTML
	last  []byte   // the part that is being written
	links []link
	shown []shown

	heading *openHeading
	found   outline
	text    strings.Builder // of the current block
	alt     []string        // of images in the current block
	row     int
}

type element struct {
	tag      string
	kind     blockKind
	language string // of a code element
	silent   bool   // text in it is no part of the text
	place    place
}

// link is a link within the text, to be written at a part once all ids are known.
type link struct {
	part     int
	fragment string
}

func newWriter(m *meter, how style, body string, named Named) *writer {
	w := &writer{m: m, ids: how.identifiers(body), files: &files{named: named}}
	if how.highlight {
		w.code = &highlighter{m: m, left: maxHighlighted}
	}
	return w
}

// copy copies a whole text.
func (w *writer) copy(clean []byte) {
	z := nethtml.NewTokenizer(bytes.NewReader(clean))
	for {
		switch z.Next() {
		case nethtml.ErrorToken: // the end: a slice has no other error
			w.closeTo(0)
			w.endBlock()
			return
		case nethtml.TextToken:
			w.copyText(string(z.Text()))
		case nethtml.StartTagToken:
			w.start(z.Token())
		case nethtml.SelfClosingTagToken: // <a id="x"/> is empty, as its author means it, although it is open in HTML
			if w.start(z.Token()) {
				w.closeTo(len(w.stack) - 1)
			}
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		case nethtml.CommentToken, nethtml.DoctypeToken:
		}
		w.m.charge(1)
	}
}

var void = []string{"area", "br", "col", "hr", "img", "input", "wbr"}

// breaking has the elements that begin a new block of text.
var breaking = setOf("address article aside blockquote caption center dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hgroup hr li ol p " +
	"pre section summary table tbody td tfoot th thead tr ul")

func setOf(names string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

func (w *writer) top() element {
	if len(w.stack) == 0 {
		return element{}
	}
	return w.stack[len(w.stack)-1]
}

// start writes a start tag, and reports whether an element is open then.
func (w *writer) start(t nethtml.Token) (open bool) {
	tag := t.Data
	w.closeImplied(tag)
	if breaking[tag] {
		w.endBlock()
	}
	if slices.Contains(void, tag) {
		w.writeVoid(t)
		return false
	}
	if len(w.stack) >= maxOpen {
		return false
	}
	class := attribute(t, "class")
	e := element{tag: tag, silent: w.top().silent, kind: kindWithin(tag, w.top().kind), place: placeWithin(tag, class, w.top().place)}
	switch {
	case tag == "a" && strings.HasPrefix(class, "footnote-"):
		e.silent = true
	case tag == "div" && class == "footnotes":
		e.kind = blockNote
	case tag == "p" && class == "markdown-alert-title":
		e.kind = blockLabel
	case tag == "code" && w.top().tag == "pre":
		e.language = strings.TrimPrefix(class, "language-")
	case tag == "tr":
		w.row++
	}
	w.stack = append(w.stack, e)
	if e.kind == blockHeading && w.heading == nil {
		w.flush()
		w.heading = &openHeading{part: len(w.parts), level: int(tag[1] - '0'), id: attribute(t, "id"), attrs: without(t.Attr, "id"), place: e.place}
		w.parts = append(w.parts, "")
		return true
	}
	if tag == "pre" {
		t.Attr = append(t.Attr, nethtml.Attribute{Key: "class", Val: "chroma"})
	}
	w.writeTag(t)
	return true
}

// closeImplied closes elements that the start of another one ends in HTML.
func (w *writer) closeImplied(tag string) {
	top := w.top().tag
	switch {
	case top == "p" && breaking[tag],
		top == "li" && tag == "li",
		(top == "dt" || top == "dd") && (tag == "dt" || tag == "dd"),
		(top == "td" || top == "th") && (tag == "td" || tag == "th" || tag == "tr"),
		isHeading(top) && isHeading(tag):
		w.closeTo(len(w.stack) - 1)
	}
	if tag == "tr" && w.top().tag == "tr" {
		w.closeTo(len(w.stack) - 1)
	}
}

func isHeading(tag string) bool {
	return len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
}

// end closes an element and those within it. The end of an element that is not open is dropped.
func (w *writer) end(tag string) {
	for i, e := range slices.Backward(w.stack) {
		if e.tag == tag {
			w.closeTo(i)
			return
		}
	}
}

func (w *writer) closeTo(depth int) {
	for len(w.stack) > depth {
		e := w.top()
		if breaking[e.tag] {
			if w.heading != nil && isHeading(e.tag) {
				w.endHeading()
			} else {
				w.endBlock()
			}
		}
		w.stack = w.stack[:len(w.stack)-1]
		w.last = append(w.last, "</"+e.tag+">"...)
	}
}

func (w *writer) writeVoid(t nethtml.Token) {
	switch t.Data {
	case "br":
		w.text.WriteByte('\n')
	case "img":
		if alt := plaintext.OneLine(attribute(t, "alt")); alt != "" {
			w.alt = append(w.alt, alt)
		}
		w.writePicture(t)
		return
	case "input":
		if attribute(t, "type") != "checkbox" {
			return
		}
		t.Attr = append(without(t.Attr, "disabled"), nethtml.Attribute{Key: "disabled"})
	}
	w.writeTag(t)
}

func (w *writer) writeTag(t nethtml.Token) {
	w.last = append(w.last, "<"+t.Data...)
	for _, a := range t.Attr {
		value := html.EscapeString(a.Val)
		switch fragment, within := strings.CutPrefix(a.Val, "#"); {
		case a.Key == "id" || a.Key == "name":
			id, ok := w.ids.element(a.Val)
			if !ok {
				continue
			}
			value = html.EscapeString(w.ids.prefix + id)
		case a.Key == "href" && within && fragment != "" && fragment != "top":
			w.last = append(w.last, ` href="`...)
			w.flush()
			w.links = append(w.links, link{len(w.parts), fragment})
			w.parts = append(w.parts, "")
			w.last = append(w.last, '"')
			continue
		case a.Key == "href" || a.Key == "src":
			value = html.EscapeString(w.files.address(a.Val))
		}
		w.last = append(w.last, " "+a.Key+`="`+value+`"`...)
	}
	w.last = append(w.last, '>')
}

// flush ends the part that is being written.
func (w *writer) flush() {
	if len(w.last) > 0 {
		w.parts = append(w.parts, string(w.last))
		w.last = w.last[:0]
	}
}

func (w *writer) copyText(text string) {
	top := w.top()
	switch {
	case top.silent:
	case top.kind == blockCode:
		w.text.WriteString(text)
	default:
		w.text.WriteString(strings.ReplaceAll(text, "\n", " "))
	}
	if top.tag == "code" && top.language != "" && w.code != nil {
		if code, ok := w.code.code(top.language, text); ok {
			w.last = append(w.last, code...)
			return
		}
	}
	var out strings.Builder
	writeText(&out, text)
	w.last = append(w.last, out.String()...)
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func writeText(out *strings.Builder, text string) { _, _ = textEscaper.WriteString(out, text) }

func attribute(t nethtml.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func without(attrs []nethtml.Attribute, key string) []nethtml.Attribute {
	return slices.DeleteFunc(attrs, func(a nethtml.Attribute) bool { return a.Key == key })
}
