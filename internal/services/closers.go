package services

import (
	"errors"
	"slices"
)

// closers are functions to call in reverse order.
type closers []func() error

func (c *closers) add(f func() error) { *c = append(*c, f) }

// addFunc adds a function that cannot fail.
func (c *closers) addFunc(f func()) {
	c.add(func() error {
		f()
		return nil
	})
}

// close calls all functions once, the last one first, and returns their errors.
func (c *closers) close() error {
	var all []error
	for _, f := range slices.Backward(*c) {
		all = append(all, f())
	}
	*c = nil
	return errors.Join(all...)
}
