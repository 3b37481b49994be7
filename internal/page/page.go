// Package page owns the paging of lists: what a client may ask for, and the cursors that it gets. It reads no list itself.
package page

import (
	"github.com/google/uuid"

	"docsquare/internal/errs"
)

// The sizes of a page.
const (
	DefaultSize = 20
	MaxSize     = 100
)

// Args is a request for one page, valid by construction through New. It is comparable, so it can be part of a cache key.
type Args struct {
	Size     int    // 1 to MaxSize
	Backward bool   // the Size entries at the end of what the bounds leave
	After    Cursor // the entries after this place; zero for no bound
	Before   Cursor // the entries before this place; zero for no bound
}

// New checks what a client asks for. Errors are BAD_USER_INPUT and name the argument. The order names the list's order:
// a cursor of another order is an error.
func New(order string, first *int, after *string, last *int, before *string) (Args, error) {
	args := Args{Size: DefaultSize}
	switch {
	case first != nil && last != nil:
		return Args{}, errs.BadInput("last", "pass either first or last, not both")
	case first != nil:
		args.Size = *first
	case last != nil:
		args.Size, args.Backward = *last, true
	}
	if args.Size < 1 || args.Size > MaxSize {
		name := "first"
		if args.Backward {
			name = "last"
		}
		return Args{}, errs.BadInput(name, "%s must be 1 to %d, but is %d", name, MaxSize, args.Size)
	}
	var err error
	if args.After, err = parseOptional("after", order, after); err != nil {
		return Args{}, err
	}
	args.Before, err = parseOptional("before", order, before)
	return args, err
}

// Head reports whether the page is at the start of the list and has no bounds.
func (a Args) Head() bool { return !a.Backward && a.After.Zero() && a.Before.Zero() }

func parseOptional(name, order string, text *string) (Cursor, error) {
	if text == nil {
		return Cursor{}, nil
	}
	c, err := Parse(order, *text)
	if err != nil {
		return Cursor{}, errs.BadInput(name, "Invalid cursor for `%s`: use a cursor of the same list and order.", name)
	}
	return c, nil
}

// IDs is one page of a list: the identifiers of its entries in order, and the position of the page.
type IDs struct {
	Entries     []Entry
	HasNext     bool
	HasPrevious bool
	Total       int // of the whole list where the load counted it, otherwise NotCounted
}

// NotCounted is the Total of a page that was loaded without it.
const NotCounted = -1

// Entry is one entry of a page.
type Entry struct {
	ID   uuid.UUID
	Sort int64 // the value it is ordered by: a moment in microseconds since 1970, or a count
}

// Cursor is the place of an entry in a list in the order given.
func (e Entry) Cursor() Cursor { return Cursor{Sort: e.Sort, ID: e.ID} }

// Keys are the identifiers alone.
func (p IDs) Keys() []uuid.UUID {
	keys := make([]uuid.UUID, len(p.Entries))
	for i, e := range p.Entries {
		keys[i] = e.ID
	}
	return keys
}
