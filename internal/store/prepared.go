package store

import (
	"errors"

	"docsquare/internal/errs"
)

// ErrStale is the error of a transaction that was prepared with rows which others have changed since.
var ErrStale = errors.New("store: a row has changed since the write was prepared")

// preparations is how often a write is prepared before it gives up.
const preparations = 5

// Prepared runs f, which reads rows, does what takes work, and then writes in a transaction that returns ErrStale if the rows are not as
// they were read. So no other writer waits for the work. Prepared runs f again after ErrStale, a few times, and then returns CONFLICT.
func Prepared(f func() error) error {
	for range preparations {
		if err := f(); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return errContended()
}

func errContended() error {
	return errs.New(errs.Conflict, "others keep changing this at the same time: try again")
}
