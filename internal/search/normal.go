package search

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"docsquare/internal/search/fold"
)

// Normal is a text that asks the same, and the same for texts that differ in case, width or spaces.
func Normal(text string) string {
	text = abbreviations.ReplaceAllStringFunc(quotes.Replace(beginning(text, foldedOf*maxQuery)), singular)
	text = strings.Join(strings.Fields(fold.String(text)), " ")
	if utf8.RuneCountInString(text) > maxQuery {
		text = strings.TrimSpace(string([]rune(text)[:maxQuery]))
	}
	return text
}

// foldedOf is how many characters of a text at most are folded for one of a query: a letter may have several accents.
const foldedOf = 4

// beginning returns the first characters of a text. A run of spaces, or of bytes that are no UTF-8, is one space.
func beginning(text string, characters int) string {
	var b strings.Builder
	for i, r := range text {
		switch invalid := r == utf8.RuneError && !strings.HasPrefix(text[i:], string(r)); {
		case !invalid && !unicode.IsSpace(r):
			b.WriteRune(r)
		case b.Len() == 0 || strings.HasSuffix(b.String(), " "):
			continue
		default:
			b.WriteByte(' ')
		}
		if characters--; characters == 0 {
			break
		}
	}
	return b.String()
}

// abbreviations matches words that may be abbreviations in the plural: see singular.
var abbreviations = regexp.MustCompile(`\b[A-Z]{2,}s\b`)

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "＂", `"`, "－", "-", "＊", "*")
