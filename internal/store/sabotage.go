//go:build !chaos

package store

import "context"

// The seam at which the build of the fault campaign (tag chaos) breaks the rules of a write, to show that the campaign
// notices. In every other build it does what it is named after and nothing else.

func (s *Store) beforeCommit(ctx context.Context, tx *Tx) (row int, err error) {
	return s.writeDown(ctx, tx)
}

func (s *Store) afterCommit(ctx context.Context, row int, tags map[string]struct{}) {
	s.deliver(ctx, row, tags)
}
