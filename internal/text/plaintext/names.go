package plaintext

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// The limits of names, in characters.
const (
	MinUsername    = 3
	MaxUsername    = 32
	MaxDisplayName = 64
	MaxTag         = 32
	MaxCategory    = 64
	MaxQuery       = 512 // of a search; what follows is ignored
)

var usernames = regexp.MustCompile(fmt.Sprintf("^[a-z0-9][a-z0-9_-]{%d,%d}$", MinUsername-1, MaxUsername-1))

// IsUsername reports whether an account can have the username. Usernames are in lower case.
func IsUsername(name string) bool { return usernames.MatchString(name) }

// Username returns the username that a text means, in lower case and in ASCII; the text itself if it means none. See RFC 8265.
func Username(text string) string {
	text = width.Fold.String(strings.TrimSpace(text)) // before: package precis refuses a digit at the start of what is not ASCII
	if name, err := precis.UsernameCaseMapped.String(text); err == nil {
		return name
	}
	return text
}

// Password returns a password in the form that is the same on every keyboard, see OpaqueString in RFC 8265. A password with
// characters that it does not know, such as emoji of variants, is in NFC.
func Password(text string) string {
	if password, err := precis.OpaqueString.String(text); err == nil {
		return password
	}
	return norm.NFC.String(text)
}

// freeform is the class of names in RFC 8264: nothing invisible, no control characters, nothing that Unicode does not assign.
var freeform = precis.NewFreeform()

// Name returns a name that somebody has chosen, such as a title or a tag, in its only form: NFC, with one space for each run of
// them, of blank characters of Braille too, and none at its ends. The error completes a sentence that begins with what the name is for, such as "the title".
func Name(text string, limit int) (string, error) {
	if len(text) > 4*utf8.UTFMax*limit {
		return "", tooLong(limit)
	}
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\v\f\u0085\u2028\u2029") {
		return "", errors.New("must be one line of UTF-8")
	}
	name := norm.NFC.String(strings.Join(strings.FieldsFunc(text, isSpace), " "))
	flagless := flags.ReplaceAllString(name, blackFlag)
	for _, r := range flagless {
		if reason := unseen(r); reason != "" {
			return "", fmt.Errorf("has a character that %s, U+%04X: remove it", reason, r)
		}
	}
	if plain := withoutVariants(flagless); !IsVisible(plain) {
		return "", errors.New("must have something that can be seen")
	} else if _, err := freeform.String(plain); err != nil {
		return "", errors.New("has a character that no name can have, such as one without a meaning in Unicode or a joiner outside of a word: remove it")
	}
	if utf8.RuneCountInString(name) > limit {
		return "", tooLong(limit)
	}
	return name, nil
}

func tooLong(limit int) error { return fmt.Errorf("may have up to %d characters", limit) }

// unseen returns why a character can be in no name; empty for those that can.
func unseen(r rune) string {
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return "changes the direction of text"
	case unicode.IsControl(r):
		return "is a control character"
	case r == joiner || unicode.Is(unicode.Variation_Selector, r) || r == '\u200c':
		return "" // where they stand is checked
	case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point), r == objectReplacement, r == nullNotehead:
		return "cannot be seen"
	}
	return ""
}

// isSpace reports whether a character of a name is shown as a space.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == brailleBlank }

// Characters that Unicode counts among the symbols, and that are blank.
const (
	brailleBlank      = '\u2800'
	objectReplacement = '\ufffc'
	nullNotehead      = '\U0001d159'
)

// flags matches the flags of parts of a country, such as Scotland: a black flag with the code of the part in characters that are otherwise not seen
// (Unicode Technical Standard 51).
var flags = regexp.MustCompile(blackFlag + "[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,4}\U000e007f")

const blackFlag = "\U0001f3f4"

const joiner = '\u200d'

// withoutVariants returns a text without the joiners and variation selectors that follow a symbol, as in emoji. PRECIS knows no emoji.
func withoutVariants(text string) string {
	symbol := false
	return strings.Map(func(r rune) rune {
		if symbol && (r == joiner || unicode.Is(unicode.Variation_Selector, r)) {
			return -1
		}
		symbol = unicode.IsSymbol(r) || strings.ContainsRune("0123456789#*", r)
		return r
	}, text)
}

// IsVisible reports whether readers see anything of a text: a letter, a digit or a sign.
func IsVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !isSpace(r) && unseen(r) == "" && !unicode.IsMark(r)
	})
}

// MaxTagKey is how many bytes the key of a tag has at most: NFKC makes up to 33 bytes of a character.
const MaxTagKey = 33 * MaxTag

// TagKey returns what the spellings of a tag have in common: their case, width and normal form make no difference. It is
// toNFKC_Casefold of the Unicode Standard (3.13), but for characters that no name has.
func TagKey(name string) string {
	for {
		key := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
		if key == name {
			return key
		}
		name = key
	}
}

// NameKey returns a display name in the form in which it is found by its beginning.
func NameKey(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// NoTag is the key of a text that no document can have as a tag.
const NoTag = "\x00"

// IsTagKey reports whether a text can be the key of a tag.
func IsTagKey(text string) bool {
	return text != NoTag && len(text) <= MaxTagKey && TagKey(text) == text
}

// IsCategory reports whether a document can be in the category.
func IsCategory(text string) bool {
	name, err := Name(text, MaxCategory)
	return err == nil && name == text
}
