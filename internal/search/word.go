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
	return text[:len(text)-pluralEnd(text)]
}

const digits = "0123456789"

// pluralEnd returns the length of the "s" of a plural after a number, such as "mp3s" and "h100s"; otherwise 0. A single digit after a single letter is a
// name: "k8s".
func pluralEnd(text string) int {
	name, plural := strings.CutSuffix(text, "s")
	letters := strings.TrimRight(name, digits)
	if plural && len(name) > 2 && len(letters) < len(name) && isLetters(letters) {
		return len("s")
	}
	return 0
}

// spelled is a word as it is indexed, but for its stem.
func spelled(text string) string {
	return plaintext.Clip(withoutApostrophes(text), maxToken)
}

// withoutApostrophes returns a word without apostrophes, and a possessive without its end. In a number the end means a plural: "90's" is "90s".
func withoutApostrophes(text string) string {
	for _, end := range []string{"'s", "`s"} {
		if owner := strings.TrimSuffix(text, end); strings.Trim(owner, digits) != "" {
			text = owner
		}
	}
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

// exceptions are words whose stems the rules do not find: Porter 2 takes every "us" for the end of a singular, and "ios" for a plural. "It's" without
// its apostrophe is "its".
var exceptions = map[string]string{"ios": "ios", "menus": "menu", "submenus": "submenu", "gurus": "guru", "its": "it", "hes": "he"}

// stem is the stem of an English word (Porter 2), with two additions: the plural of an abbreviation loses its end, and a double letter
// stays if only it and a vowel are left. So "vms" has the stem of "vm", and "adding" that of "add" and not that of "ad".
func stem(text string) string {
	if isPlural(text) {
		return text[:len(text)-1]
	}
	if found, ok := exceptions[text]; ok {
		return found
	}
	short := english.Stem(text, false)
	if len(short) == 2 && strings.IndexByte("aeiou", short[0]) >= 0 && strings.HasPrefix(text[2:], short[1:]) {
		return text[:3]
	}
	return short
}

// isPlural reports whether a word may be the plural of an abbreviation: it has three or four letters and no vowel, such as "vms", or four or five with
// a vowel before the end alone, such as "gpus", "kpis" and "fpgas". Porter 2 does not recognise these.
func isPlural(text string) bool {
	name, plural := strings.CutSuffix(text, "s")
	last := len(name) - 1
	if !plural || last < 1 || last > 3 || name[last] == 's' || strings.ContainsAny(name[:last], "aeiouy") {
		return false
	}
	if strings.IndexByte("aeiou", name[last]) >= 0 {
		return last > 1
	}
	return last < 3 && name[last] != 'y'
}

// singular is an abbreviation in the plural, such as QAs, without its end; any other word is returned as it is. The word is as it is
// written: in lower case it cannot always be recognised. K8s is no plural.
func singular(text string) string {
	last := len(text) - 1
	if last < 2 || text[last] != 's' || text[0] < 'A' || text[0] > 'Z' {
		return text
	}
	for i := 1; i < last; i++ {
		if text[i] < 'A' || text[i] > 'Z' {
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
