package markdown

import "unicode"

// ideographic has the characters of scripts that are written without spaces, with their punctuation and wide forms.
// Hangul is not among them: Korean separates words by spaces.
var ideographic = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi, {
	R16: []unicode.Range16{
		{Lo: 0x2E80, Hi: 0x303E, Stride: 1}, // radicals, CJK symbols and punctuation
		{Lo: 0x3099, Hi: 0x30FF, Stride: 1},
		{Lo: 0x31C0, Hi: 0x32FF, Stride: 1},
		{Lo: 0xFE30, Hi: 0xFE4F, Stride: 1}, // compatibility forms of punctuation
		{Lo: 0xFF01, Hi: 0xFF9F, Stride: 1}, // full-width and half-width forms
		{Lo: 0xFFE0, Hi: 0xFFE6, Stride: 1},
	},
}}

// isIdeographic reports whether a character belongs to Chinese or Japanese text, its punctuation included.
func isIdeographic(r rune) bool { return r >= 0x2E80 && unicode.In(r, ideographic...) }

// isCJK reports whether a character is Chinese, Japanese or Korean.
func isCJK(r rune) bool { return isIdeographic(r) || unicode.Is(unicode.Hangul, r) }

// isSharedPunctuation reports whether Chinese text and others share a punctuation mark: quotes, dashes and the ellipsis.
func isSharedPunctuation(r rune) bool {
	switch r {
	case '‘', '’', '“', '”', '…', '—', '·':
		return true
	}
	return false
}

// isCJKPunctuation reports whether a character ends an address in Chinese or Japanese text.
func isCJKPunctuation(r rune) bool {
	return isSharedPunctuation(r) || isIdeographic(r) && (unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r))
}

func isASCIIAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func isPunctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
