package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// collector collects clean text up to a limit.
type collector struct {
	text      strings.Builder
	limit     int  // bytes
	separator byte // what is written before the next text, zero for nothing
	full      bool // whether text was left out
}

// separate puts one separator between what was written and what will be. The last of several wins, and none is written at the
// beginning or the end, so that empty paragraphs and cells cost nothing.
func (c *collector) separate(by byte) {
	if c.text.Len() > 0 {
		c.separator = by
	}
}

// write adds what of a text is valid and fit to print.
func (c *collector) write(text string) {
	for at, r := range text {
		if c.full {
			return
		}
		if r == '\r' && strings.HasPrefix(text[at+1:], "\n") || !printable(r) {
			continue
		}
		if r == '\r' {
			r = '\n'
		}
		c.add(r)
	}
}

func (c *collector) add(r rune) {
	size := utf8.RuneLen(r)
	if c.separator != 0 {
		size++
	}
	if c.text.Len()+size > c.limit {
		c.full = true
		return
	}
	if c.separator != 0 {
		c.text.WriteByte(c.separator)
		c.separator = 0
	}
	c.text.WriteRune(r)
}

func (c *collector) String() string { return strings.TrimSpace(c.text.String()) }

// printable leaves out what readers do not see and queries do not hold: control characters, soft hyphens, byte order
// marks, and the mark of what could not be decoded.
func printable(r rune) bool {
	switch r {
	case '\n', '\t', '\r':
		return true
	case utf8.RuneError, '\u00ad', '\ufeff', '\ufffe', '\uffff':
		return false
	}
	return !unicode.IsControl(r)
}
