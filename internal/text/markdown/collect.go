package markdown

import (
	"cmp"
	"html"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"

	"docsquare/internal/text/plaintext"
)

// openHeading is a heading whose end has not been reached. Its start tag is written there, when its words are known.
type openHeading struct {
	part  int // of the start tag
	level int
	id    string // given in HTML
	attrs []nethtml.Attribute
	place place
}

// endHeading gives a heading its id: the one in the attributes behind it, the one in its HTML, or the one of its words.
func (w *writer) endHeading() {
	h, level := w.heading, w.heading.level
	w.heading = nil
	text := plaintext.OneLine(w.text.String())
	if at := headingEndHTML.FindIndex(w.last); at != nil {
		if end, id, ok := splitHeading([]byte(text)); ok {
			text, h.id = text[:end], cmp.Or(id, h.id)
			w.last = w.last[:at[0]]
		}
	}
	base := strings.TrimPrefix(h.id, w.ids.prefix)
	if base == "" {
		base = slug(text)
	}
	id := w.ids.heading(base, text)
	if text == "" {
		text = strings.Join(w.alt, " ")
	}
	w.text.Reset()
	w.alt = nil
	var tag strings.Builder
	tag.WriteString("<h" + strconv.Itoa(level) + ` id="` + html.EscapeString(w.ids.prefix+id) + `"`)
	for _, a := range h.attrs {
		tag.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
	w.parts[h.part] = tag.String() + ">"
	if text != "" {
		w.found.contents = append(w.found.contents, Heading{Level: level, Text: text, ID: w.ids.prefix + id})
		w.found.blocks = append(w.found.blocks, block{kind: blockHeading, level: level, text: text, place: h.place})
	}
}

// endBlock ends a block of text.
func (w *writer) endBlock() {
	kind := w.top().kind
	if kind == blockHeading { // a block within a heading
		return
	}
	b := block{kind: kind, text: w.text.String(), alt: strings.Join(w.alt, " "), row: w.row, place: w.top().place}
	if kind != blockCode {
		b.text = lines(b.text)
	}
	w.text.Reset()
	w.alt = nil
	if strings.TrimSpace(b.text) != "" || b.alt != "" {
		w.found.blocks = append(w.found.blocks, b)
	}
}

// outline returns what was written and found.
func (w *writer) outline() *outline {
	w.flush()
	for _, l := range w.links {
		w.parts[l.part] = w.ids.target(l.fragment)
	}
	w.found.html, w.found.ids, w.found.files = strings.Join(w.parts, ""), w.ids, w.files.found
	return &w.found
}
