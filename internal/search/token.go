// Package search owns the full-text index of the public documents: the one rule by which text becomes tokens, the query
// language, the index of the documents, the ranking and the snippets. The engines find what matches, FTS5 on SQLite and
// tsvector with GIN on PostgreSQL; both index the same tokens, and both answers are ranked here, by the same numbers. It
// knows no viewer and caches nothing.
package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/width"

	"docsquare/internal/plaintext"
)

// Version is the version of what stands in the index. Raise it with the token rule, the form of entries or their fields:
// an index of another version is rebuilt.
const Version = 1

// Token is one token of a text and where it stands there.
type Token struct {
	Text       string
	Start, End int // in bytes
	tail       bool
}

// maxToken is the length of a token in bytes: what is longer, such as an encoded picture, is cut.
const maxToken = 48

// Tokens is the token rule, for texts and queries alike. Letters are lower case and of one width. A run of letters and
// digits is a token, an English word by its stem; "c++" and "c#" keep their ends. Chinese, Japanese and Korean have no
// spaces: each two neighbours are a token, and the last of a run is one alone, so that a single character can be found as
// the beginning of a token. A dictionary would know words that bigrams do not, at the price of those that it does not know.
func Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for at := 0; at < len(text); {
			r, size := utf8.DecodeRuneInString(text[at:])
			switch kind := kindOf(r); kind {
			case other:
				at += size
			default:
				end := runEnd(text, at, kind)
				ok := false
				if kind == ideograph {
					ok = bigrams(text, at, end, yield)
				} else {
					ok = yield(Token{Text: word(text[at:end]), Start: at, End: end})
				}
				if !ok {
					return
				}
				at = end
			}
		}
	}
}

type kind int

const (
	other kind = iota
	letter
	ideograph
)

func kindOf(r rune) kind {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return other
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return ideograph
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
		return letter
	}
	return other
}

// runEnd is where the run of one kind that begins at a place ends.
func runEnd(text string, at int, k kind) int {
	end := at
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if kindOf(r) != k && (k != letter || r != '\'' || !letterFollows(text[end+size:])) {
			break
		}
		end += size
	}
	if k == letter && end-at <= 2 { // c++, c#, f#
		end += len(text[end:]) - len(strings.TrimLeft(text[end:], "+#"))
	}
	return end
}

func letterFollows(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return kindOf(r) == letter
}

// word is the token of a word.
func word(text string) string {
	text = spelled(text)
	if stemmed(text) {
		return english.Stem(text, false)
	}
	return text
}

// spelled is a word as it is indexed, but for its stem.
func spelled(text string) string {
	return plaintext.Clip(strings.ReplaceAll(folded(text), "'", ""), maxToken)
}

// stemmed reports whether a word has only letters of English.
func stemmed(text string) bool {
	for i := range len(text) {
		if text[i] < 'a' || text[i] > 'z' {
			return false
		}
	}
	return len(text) > 3
}

// folded is a text in lower case and one width.
func folded(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return strings.ToLower(width.Fold.String(text))
		}
	}
	return strings.ToLower(text)
}

func bigrams(text string, at, end int, yield func(Token) bool) bool {
	for at < end {
		_, size := utf8.DecodeRuneInString(text[at:end])
		_, next := utf8.DecodeRuneInString(text[at+size : end])
		pair := Token{Text: folded(text[at : at+size+next]), Start: at, End: at + size + next, tail: next == 0}
		if !yield(pair) {
			return false
		}
		at += size
	}
	return true
}
