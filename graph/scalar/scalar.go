// Package scalar owns how values of the schema's scalars are read and written where the library's way is not ours.
package scalar

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/exec"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
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

// MarshalDate writes a day.
func MarshalDate(d kinds.Day) graphql.Marshaler {
	return graphql.MarshalString(d.Start().Format(time.DateOnly))
}

// UnmarshalDate reads a day.
func UnmarshalDate(value any) (kinds.Day, error) {
	text, _ := value.(string)
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1 {
		return 0, errs.New(errs.BadUserInput, "a Date is a day from 0001-01-01 to 9999-12-31, such as 2026-05-04")
	}
	return kinds.DayOf(t), nil
}

// MarshalInt64 writes a number.
func MarshalInt64(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// AppendInt64 appends what MarshalInt64 writes.
func AppendInt64(dst []byte, n int64) []byte { return exec.AppendInt(dst, n) }

// UnmarshalInt64 reads a whole number of 64 bits: as a number, or as a text for clients whose numbers are less exact.
func UnmarshalInt64(value any) (int64, error) {
	n, err := graphql.UnmarshalInt64(value)
	if err != nil || value == nil {
		return 0, errs.New(errs.BadUserInput, "an Int64 is a whole number from -2^63 to 2^63-1")
	}
	return n, nil
}

// MarshalCount writes a number that is an int in Go.
func MarshalCount(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// AppendCount appends what MarshalCount writes.
func AppendCount(dst []byte, n int) []byte { return exec.AppendInt(dst, n) }

// UnmarshalCount reads what UnmarshalInt64 reads.
func UnmarshalCount(value any) (int, error) {
	n, err := UnmarshalInt64(value)
	return int(n), err
}

// MarshalUpload is never called: no field answers an upload.
func MarshalUpload(u graphql.Upload) graphql.Marshaler { return graphql.MarshalUpload(u) }

// UnmarshalUpload reads a file that came with a multipart request.
func UnmarshalUpload(value any) (graphql.Upload, error) {
	u, err := graphql.UnmarshalUpload(value)
	if err != nil {
		return u, errs.New(errs.BadUserInput, "an Upload is a file: send the request as multipart/form-data, by the GraphQL multipart request specification, with null in its place")
	}
	return u, nil
}
