package plaintext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxSlug is how many characters a slug has at most.
const MaxSlug = 60

// Slug returns a title as a part of an address: letters, marks and digits of any script in lower case, and a hyphen between words. Apostrophes
// are dropped. It is empty for a title without letters and digits.
func Slug(title string) string {
	var words []string
	n := 0
	for _, word := range strings.FieldsFunc(norm.NFC.String(strings.Map(slugRune, title)), func(r rune) bool { return r == '-' }) {
		length := len([]rune(word))
		if n+length > MaxSlug {
			if n == 0 { // a text without spaces
				words = append(words, string([]rune(word)[:MaxSlug]))
			}
			break
		}
		n += length + 1
		words = append(words, word)
	}
	return strings.Join(words, "-")
}

// slugRune returns the character of a slug for one of a title, a negative number for none.
func slugRune(r rune) rune {
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return unicode.ToLower(r)
	case r == '\'' || r == '\u2019' || unicode.Is(unicode.Cf, r):
		return -1
	}
	return '-'
}
