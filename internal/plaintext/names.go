package plaintext

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The limits of names, in characters.
const (
	MaxTag      = 32
	MaxCategory = 64
	MaxQuery    = 512 // of a search; what follows is ignored
)

var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{2,31}$`)

// IsUsername reports whether an account can have the username. Usernames are in lower case.
func IsUsername(name string) bool { return usernames.MatchString(name) }

// IsTag reports whether a document can have the tag.
func IsTag(name string) bool { return isName(name, MaxTag) }

// IsCategory reports whether a document can be in the category.
func IsCategory(name string) bool { return isName(name, MaxCategory) }

// isName reports whether a text is a name of 1 to limit characters, without spaces at its ends.
func isName(text string, limit int) bool {
	return text != "" && len(text) <= utf8.UTFMax*limit && utf8.RuneCountInString(text) <= limit && text == strings.TrimSpace(text) && Readable(text)
}
