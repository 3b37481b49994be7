// Package plaintext cuts and cleans texts of any origin, and owns the limits of titles and texts of documents.
package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a document, whatever it comes from.
const (
	MaxTitle   = 200       // characters
	MaxSummary = 1000      // characters
	MaxText    = 512 << 10 // bytes
	MaxTags    = 10
)

// Readable reports whether every database can store the text: UTF-8 without NUL characters.
func Readable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// Line returns a text in one line, shortened to limit characters.
func Line(s string, limit int) string { return Shorten(OneLine(s), limit) }

// OneLine returns a text with each run of white space and control characters as one space, without characters that no name can
// have.
func OneLine(s string) string {
	var kept strings.Builder
	at := 0
	for _, flag := range flags.FindAllStringIndex(s, -1) {
		kept.WriteString(strings.Map(seen, s[at:flag[0]]) + s[flag[0]:flag[1]])
		at = flag[1]
	}
	kept.WriteString(strings.Map(seen, s[at:]))
	return strings.Join(strings.FieldsFunc(kept.String(), func(r rune) bool { return isSpace(r) || unicode.IsControl(r) }), " ")
}

// seen returns a character that a name can have, or that is a control character; a negative number for others.
func seen(r rune) rune {
	if !unicode.IsControl(r) && unseen(r) != "" {
		return -1
	}
	return r
}

// Shorten returns a text of at most limit characters. A longer text ends with an ellipsis, which counts.
func Shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return s
}

// Clip returns at most the first size bytes of a text, as text that is Readable: a cut character, invalid UTF-8 and NUL
// characters are left out.
func Clip(s string, size int) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s[:min(len(s), size)], ""), "\x00", "")
}
