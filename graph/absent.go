package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"docsquare/internal/errs"
)

// updates reads the fields of an input that changes an object: a field that is left out keeps its value, and null clears it. A field
// that cannot be cleared refuses null. Its error is that of the first field that does.
type updates struct{ err error }

// kept returns the value of a field that cannot be cleared, nil if it is left out.
func kept[T any](u *updates, field string, sent graphql.Omittable[*T]) *T {
	value, given := sent.ValueOK()
	if given && value == nil && u.err == nil {
		u.err = errs.BadInput(field, "%s cannot be cleared with null: leave the field out to keep its value, or send another", field)
	}
	return value
}

// clearedText returns the value of a text that null clears, nil if it is left out.
func clearedText(sent graphql.Omittable[*string]) *string {
	value, given := sent.ValueOK()
	if given && value == nil {
		return new(string)
	}
	return value
}

// clearedList returns the value of a list that null clears, nil if it is left out.
func clearedList[T any](sent graphql.Omittable[[]T]) []T {
	value, given := sent.ValueOK()
	if given && value == nil {
		return []T{}
	}
	return value
}
