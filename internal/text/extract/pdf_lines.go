package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unwrap makes of the lines of a page the text that was set. A PDF knows no paragraphs, only lines, and where a line of
// Chinese or Japanese ends, a word may not: two lines become one where both sides of the end are ideographs and the first
// line is as long as lines of that page are. The shorter ones, such as headings, stay on their own.
func unwrap(page string) string {
	lines := strings.Split(strings.ReplaceAll(page, "\r\n", "\n"), "\n")
	longest := 0
	for at, line := range lines {
		lines[at] = plain(line)
		longest = max(longest, columns(lines[at]))
	}
	var text strings.Builder
	for at, line := range lines {
		text.WriteString(line)
		if at+1 == len(lines) {
			break
		}
		if wrapped(line, lines[at+1]) && columns(line) >= longest*3/4 {
			continue
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// columns is about how wide a line is set: an ideograph is as wide as two letters.
func columns(line string) int {
	width := 0
	for _, r := range line {
		width++
		if r >= '\u2e80' {
			width++
		}
	}
	return width
}

// wrapped reports whether a word may go on from one line to the next.
func wrapped(line, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(next)
	return ideograph(last) && ideograph(first)
}

func ideograph(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// plain spells out what fonts draw as one: "ﬁ" becomes "fi", and a radical that looks like a character becomes the
// character. Readers search for what they would type. The mark of a hyphen at the end of a line is left out later, with
// the control characters, which makes one word of its halves.
func plain(line string) string {
	if strings.IndexFunc(line, drawn) < 0 {
		return line
	}
	var text strings.Builder
	for _, r := range line {
		if drawn(r) {
			text.WriteString(norm.NFKC.String(string(r)))
		} else {
			text.WriteRune(r)
		}
	}
	return text.String()
}

// drawn are the characters that exist for their looks: the radicals of U+2E80 to U+2FDF, the ideographs of U+F900 to
// U+FAFF and the ligatures of U+FB00 to U+FB06.
func drawn(r rune) bool {
	return '\u2e80' <= r && r <= '\u2fdf' || '\uf900' <= r && r <= '\ufaff' || '\ufb00' <= r && r <= '\ufb06'
}
