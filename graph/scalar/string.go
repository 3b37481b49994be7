// Package scalar owns how values of the schema's scalars are read and written where the library's way is not ours.
package scalar

import (
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/exec"
	"docsquare/internal/errs"
)

// MarshalString writes a string.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// AppendString appends what MarshalString writes.
func AppendString(dst []byte, s string) []byte { return exec.AppendString(dst, s) }

// UnmarshalString reads a string. Text that a database cannot keep, with a NUL character or bytes that are not UTF-8, is
// BAD_USER_INPUT wherever it comes in: no query and no write has to think of it.
func UnmarshalString(value any) (string, error) {
	s, err := graphql.UnmarshalString(value)
	if err == nil && (strings.ContainsRune(s, 0) || !utf8.ValidString(s)) {
		return "", errs.New(errs.BadUserInput, "a text must be UTF-8 without NUL characters: remove them")
	}
	return s, err
}
