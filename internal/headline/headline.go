// Package headline owns how a name of any origin becomes one line, and what every text and title must be.
package headline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a document, whatever it comes from.
const (
	MaxTitle = 200       // characters
	MaxText  = 512 << 10 // bytes
)

// Readable reports whether every database can store the text: UTF-8 without NUL characters.
func Readable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// Fits reports whether a title is short enough and a single line.
func Fits(title string) bool {
	return utf8.RuneCountInString(title) <= MaxTitle && !strings.ContainsAny(title, "\r\n")
}

// Line is a text in one line without control characters, cut to so many characters.
func Line(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return s
}
