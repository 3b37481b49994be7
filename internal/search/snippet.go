package search

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// snippetSize is how long a snippet of a longer text is, in characters.
const snippetSize = 160

// span is a part of a text, in bytes.
type span struct{ start, end int }

// hit is a place of a text that matches a unit.
type hit struct {
	span
	unit int
}

// Highlight is a text as HTML in which what matches the query is marked, by <mark>; everything else is escaped. It is false
// where nothing matches.
func (q Query) Highlight(text string) (string, bool) {
	hits := q.hits(text)
	return marked(text, span{0, len(text)}, hits), len(hits) > 0
}

// Snippet is the part of a text in which most of the query matches, as HTML of Highlight's kind. It is false where nothing
// matches.
func (q Query) Snippet(text string) (string, bool) {
	hits := q.hits(text)
	if len(hits) == 0 {
		return "", false
	}
	at, _ := window(text, hits)
	return cut(text, at, hits, at.start > 0, at.end < len(text)), true
}

// cut is a part of a text as HTML. Before and after tell whether the text goes on there.
func cut(text string, at span, hits []hit, before, after bool) string {
	out := strings.Join(strings.Fields(marked(text, at, hits)), " ")
	if before {
		out = "… " + out
	}
	if after {
		out += " …"
	}
	return out
}

func (q Query) hits(text string) []hit { return hitsOf(q.units(), text) }

func hitsOf(units []unit, text string) []hit {
	var list []hit
	for t := range Tokens(text) {
		for i, u := range units {
			if u.matches(t.Text) {
				list = append(list, hit{span{t.Start, t.End}, i})
				break
			}
		}
	}
	return list
}

// window is the part around the hits that has most different units, and then most hits; the first of equals. It returns how many units.
func window(text string, hits []hit) (at span, units int) {
	best, bestUnits, bestHits := 0, 0, 0
	for i := range hits {
		seen, n, end := map[int]struct{}{}, 0, runesOn(text, hits[i].start, snippetSize*3/4)
		for _, h := range hits[i:] {
			if h.end > end {
				break
			}
			seen[h.unit] = struct{}{}
			n++
		}
		if len(seen) > bestUnits || len(seen) == bestUnits && n > bestHits {
			best, bestUnits, bestHits = i, len(seen), n
		}
	}
	start := runesBack(text, hits[best].start, snippetSize/4)
	return span{start, runesOn(text, start, snippetSize)}, bestUnits
}

// runesBack is the place n characters before another, moved on to where a word or a character begins.
func runesBack(text string, at, n int) int {
	from := at
	for ; n > 0 && from > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	for from > 0 && from < at && (inWord(text, from) || inCharacter(text, from)) {
		_, size := utf8.DecodeRuneInString(text[from:])
		from += size
	}
	return from
}

// runesOn is the place n characters after another, moved on to where a word or a character ends, by a few characters.
func runesOn(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	for _, within := range []func(string, int) bool{inWord, inCharacter} { // the end of a very long word is not looked for
		for more := maxToken; more > 0 && within(text, at); more-- {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
		}
	}
	return at
}

// inWord reports whether a position is within a word of letters.
func inWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return at < len(text) && kindOf(before) == letter && kindOf(after) == letter
}

// inCharacter reports whether a position is within what readers see as one character, such as a letter with marks, an emoji of several, or a flag.
func inCharacter(text string, at int) bool {
	if at <= 0 || at >= len(text) {
		return false
	}
	before, size := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	switch {
	case before == joiner, unicode.In(after, extenders...):
		return true
	case unicode.Is(unicode.Regional_Indicator, before) && unicode.Is(unicode.Regional_Indicator, after):
		pairs := 1
		for at -= size; ; at -= size {
			if before, size = utf8.DecodeLastRuneInString(text[:at]); !unicode.Is(unicode.Regional_Indicator, before) {
				return pairs%2 == 1
			}
			pairs++
		}
	}
	return false
}

const joiner = '\u200d'

// extenders are characters that belong to the one before: marks, joiners, colors and tags of emoji, the later letters of decomposed Hangul, and the voiced
// marks of Katakana in half width. See Grapheme_Extend in Unicode Standard Annex 29.
var extenders = []*unicode.RangeTable{unicode.M, {
	R16: []unicode.Range16{{Lo: 0x1160, Hi: 0x11ff, Stride: 1}, {Lo: 0x200c, Hi: joiner, Stride: 1}, {Lo: 0xff9e, Hi: 0xff9f, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x1f3fb, Hi: 0x1f3ff, Stride: 1}, {Lo: 0xe0020, Hi: 0xe007f, Stride: 1}},
}}

// marked is a part of a text as HTML, with its hits marked; hits that touch or overlap, as bigrams do, are one.
func marked(text string, part span, hits []hit) string {
	var out strings.Builder
	at := part.start
	for i := 0; i < len(hits); i++ {
		h := hits[i].span
		for i+1 < len(hits) && hits[i+1].start <= h.end {
			i++
			h.end = max(h.end, hits[i].end)
		}
		if h.end <= part.start || h.start >= part.end {
			continue
		}
		h.start, h.end = max(h.start, at), min(h.end, part.end)
		out.WriteString(escaped(text[at:h.start]) + "<mark>" + escaped(text[h.start:h.end]) + "</mark>")
		at = h.end
	}
	return out.String() + escaped(text[at:part.end])
}

// escaped is text for HTML, without what controls a terminal or the direction of the writing.
func escaped(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text))
}
