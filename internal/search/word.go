package search

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/kljensen/snowball/english"

	"docsquare/internal/text/plaintext"
)

// word is the token of a word of a folded text.
func word(text string) string {
	text = spelled(text)
	if isEnglish(text) {
		return stem(text)
	}
	return text
}

// spelled is a word as it is indexed, but for its stem.
func spelled(text string) string {
	return plaintext.Clip(withoutApostrophes(text), maxToken)
}

func withoutApostrophes(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "'", ""), "`", "")
}

// isEnglish reports whether a word has only letters of English, and enough of them to have a stem.
func isEnglish(text string) bool { return len(text) > 2 && isLetters(text) }

func isLetters(text string) bool {
	for i := range len(text) {
		if text[i] < 'a' || text[i] > 'z' {
			return false
		}
	}
	return text != ""
}

// stem is the stem of an English word (Porter 2), with two additions: the plural of an abbreviation loses its end, and a double letter
// stays if only it and a vowel are left. So "vms" has the stem of "vm", and "adding" that of "add" and not that of "ad".
func stem(text string) string {
	if isPlural(text) {
		return text[:len(text)-1]
	}
	if text == "ios" {
		return text // no plural of io
	}
	short := english.Stem(text, false)
	if len(short) == 2 && strings.IndexByte("aeiou", short[0]) >= 0 && strings.HasPrefix(text[2:], short[1:]) {
		return text[:3]
	}
	return short
}

// isPlural reports whether a word may be the plural of an abbreviation: it has three or four letters and no vowel.
func isPlural(text string) bool {
	return len(text) <= 4 && text[len(text)-1] == 's' && text[len(text)-2] != 's' && !strings.ContainsAny(text, "aeiouy")
}

// singular is an abbreviation in the plural, such as CPUs, without its end; any other word is returned as it is. The word is as it is
// written: in lower case it cannot be recognised.
func singular(text string) string {
	last := len(text) - 1
	if last < 2 || text[last] != 's' || text[0] < 'A' || text[0] > 'Z' {
		return text
	}
	for i := 1; i < last; i++ {
		if (text[i] < 'A' || text[i] > 'Z') && (text[i] < '0' || text[i] > '9') {
			return text
		}
	}
	return text[:last]
}

// short is a token of any length within the bound: the end of a long one is replaced by a hash of all of it.
func short(text string) string {
	if len(text) <= maxToken {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return plaintext.Clip(text, maxToken-16) + hex.EncodeToString(sum[:8])
}
