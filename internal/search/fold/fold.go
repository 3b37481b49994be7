// Package fold brings texts to the form in which they are compared. Texts that a reader takes for the same have one form:
// compatibility characters are replaced (NFKC), letters are lower case and of one width, without accents, traditional
// Chinese is folded with simplified, what cannot be seen is dropped, and apostrophes and hyphens are those of ASCII.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a folded text that knows which part of its source each byte comes from.
type Text struct {
	folded string
	source []int32 // where each byte comes from, and the length of the source; nil: both are byte by byte the same
}

// String returns the folded form of a text.
func String(text string) string { return New(text).folded }

// New folds a text.
func New(text string) Text {
	if isASCII(text) {
		return Text{folded: strings.ToLower(text)}
	}
	f := folder{table: hanTable(), out: make([]byte, 0, len(text)+8), source: make([]int32, 0, len(text)+9)}
	for at := 0; at < len(text); {
		if text[at] < utf8.RuneSelf && (at+1 == len(text) || text[at+1] < utf8.RuneSelf) {
			f.add(unicode.ToLower(rune(text[at])), at)
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case isSpacedAccent(r):
			f.add('\'', at)
		case isFolded(r) && isStart(text[at+size:]):
			f.add(f.table.of(r), at)
		case isWide(r) && isStart(text[at+size:]):
			f.add(unicode.ToLower(r-'！'+'!'), at)
		default:
			size = max(norm.NFKC.NextBoundaryInString(text[at:], true), 1)
			f.segment(text[at:at+size], at)
		}
		at += size
	}
	return Text{string(f.out), append(f.source, int32(len(text)))} //nolint:gosec // texts are far smaller than 2 GiB
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// String returns the folded form.
func (t Text) String() string { return t.folded }

// Span returns the part of the source that a part of the folded form comes from, in bytes. It is empty only if that part is.
func (t Text) Span(start, end int) (from, to int) {
	if t.source == nil || end <= start {
		return start, max(start, end)
	}
	last := t.source[end-1]
	for end < len(t.source)-1 && t.source[end] == last {
		end++
	}
	return int(t.source[start]), int(t.source[end])
}

// folder folds one text.
type folder struct {
	table  *han
	out    []byte
	source []int32

	// What segment needs is made once: a text may have as many segments as characters.
	decomposer, composer *norm.Iter
	decomposed           []byte
}

func (f *folder) add(r rune, at int) {
	before := len(f.out)
	f.out = utf8.AppendRune(f.out, r)
	for range len(f.out) - before {
		f.source = append(f.source, int32(at)) //nolint:gosec // texts are far smaller than 2 GiB
	}
}

// segment folds a character together with the marks that belong to it.
func (f *folder) segment(text string, at int) {
	if f.decomposer == nil {
		f.decomposer, f.composer = new(norm.Iter), new(norm.Iter)
	}
	f.decomposed = f.decomposed[:0]
	for f.decomposer.InitString(norm.NFKD, text); !f.decomposer.Done(); {
		f.decomposed = append(f.decomposed, f.decomposer.Next()...)
	}
	for f.composer.Init(norm.NFC, withoutMarks(f.decomposed)); !f.composer.Done(); {
		for _, r := range string(f.composer.Next()) {
			f.character(unicode.ToLower(r), at)
		}
	}
}

// isFolded reports whether a character is its own form, but for variants of Chinese: most characters of Chinese, Japanese and Korean.
func isFolded(r rune) bool {
	return r >= firstHan && r <= lastHan || r >= '\u3041' && r <= '\u3096' || r >= '\u30a1' && r <= '\u30fe' || r >= '\uac00' && r <= '\ud7a3' ||
		r >= '\u3001' && r <= '\u3020'
}

// isWide reports whether a character is one of ASCII in full width.
func isWide(r rune) bool { return r >= '！' && r <= '～' }

// isSpacedAccent reports whether a character is an accent without a letter, which many keyboards write as an apostrophe. Unicode decomposes it into a
// space and a mark.
func isSpacedAccent(r rune) bool {
	switch r {
	case '\u00b4', '\u0384', '\u1fbd', '\u1fbf', '\u1fef', '\u1ffd', '\u1ffe':
		return true
	}
	return false
}

// isStart reports whether a text, which may be empty, surely starts with no mark of the character before it.
func isStart(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return text == "" || r < utf8.RuneSelf || isFolded(r) || isWide(r)
}

func (f *folder) character(r rune, at int) {
	switch {
	case r == utf8.RuneError:
		f.add(' ', at)
	case isInvisible(r):
	case letters[r] != "":
		for _, r := range letters[r] {
			f.add(r, at)
		}
	default:
		f.add(f.table.of(r), at)
	}
}

// letters are those that Unicode does not decompose, and signs that are written in several ways.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŧ': "t", 'ŋ': "n", 'ς': "σ", 'ё': "е",
	'‘': "'", '’': "'", '‛': "'", '′': "'", 'ʼ': "'", 'ʻ': "'", 'ʽ': "'", 'ʹ': "'", 'ʾ': "'", 'ʿ': "'", '‵': "'", 'ꞌ': "'", '׳': "'", '՚': "'", '‐': "-", '−': "-", '♯': "#",
}

// isInvisible reports whether readers do not see a character: soft hyphens, joiners, marks of direction and of byte order.
func isInvisible(r rune) bool {
	return r >= '\u00ad' && unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// accented are the scripts whose marks are accents or points that many writers leave out. In others, such as Japanese and Hindi,
// marks make other sounds.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Hebrew, unicode.Arabic}

// withoutMarks drops the accents of a decomposed text, in its place. Cyrillic keeps all but the stress and the dots of ё.
func withoutMarks(text []byte) []byte {
	var base rune
	kept := text[:0]
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		isMark := unicode.Is(unicode.Mn, r)
		if !isMark {
			base = r
		}
		if !isMark || !isAccent(r, base) {
			kept = append(kept, text[:size]...)
		}
		text = text[size:]
	}
	return kept
}

// isAccent reports whether a mark is one that many writers leave out at a letter.
func isAccent(mark, letter rune) bool {
	return unicode.In(letter, accented...) || unicode.Is(unicode.Cyrillic, letter) &&
		(mark == '\u0301' || mark == '\u0300' || mark == '\u0308' && (letter == 'е' || letter == 'Е'))
}
