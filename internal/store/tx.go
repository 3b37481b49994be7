package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"entgo.io/ent/dialect"

	"docsquare/ent"
)

// ErrCommit is in the error of a commit that failed: whether the write is there is then not known.
var ErrCommit = errors.New("commit")

// Tx is a write under way.
type Tx struct {
	*ent.Tx
	store *Store
	tags  map[string]struct{}

	counts map[string]int64 // what Count has noted
	sums   map[any]any      // see Sum
	ends   []func(ctx context.Context) error

	delivered func() // ends the delivery that perform has begun; nil if it has begun none
}

// Sum returns what a transaction gathers under a key, and makes it if there is none yet: write is then called at the end of the
// transaction, after everything else but Count. Keys are of unexported types, as those of contexts are.
func Sum[T any](tx *Tx, key any, empty func() T, write func(ctx context.Context, sum T) error) T {
	if sum, ok := tx.sums[key].(T); ok {
		return sum
	}
	if tx.sums == nil {
		tx.sums = map[any]any{}
	}
	sum := empty()
	tx.sums[key] = sum
	tx.ends = append(tx.ends, func(ctx context.Context) error { return write(ctx, sum) })
	return sum
}

// Invalidate notes entities that the transaction has created, changed or deleted: what they touch is invalidated after the
// commit. See kinds.Touched for which states to pass.
func (t *Tx) Invalidate(entities ...any) {
	for _, e := range entities {
		for _, tag := range t.store.inv.Tags(e) {
			t.tags[tag] = struct{}{}
		}
	}
}

// Write runs f in one transaction, commits it if f succeeds, and then invalidates what f wrote: when Write returns, no reader of
// this process finds anything older. If f fails or panics, nothing is changed.
//
// If f fails or invalidates nothing, Write returns when what f has read of the writes of others is invalidated as well.
//
// The end of ctx rolls the transaction back until the commit begins. The commit then runs to its end. If it fails, it is not known
// whether the write is in the database: Write waits until the database has decided, invalidates as after a commit, and returns ErrCommit.
//
// If PostgreSQL ends the transaction because of others, Write runs f again, in a new one, up to writeAttempts times, and then returns CONFLICT.
// So f must not rely on what an earlier run has left in its variables.
func (s *Store) Write(ctx context.Context, f func(tx *Tx) error) error {
	for attempt := range writeAttempts {
		if err := s.write(ctx, f); !interrupted(err) {
			return err
		}
		select { // the others go on with the rows that this one held
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Duration(attempt+1) * rand.N(writePause)): //nolint:gosec // it is no secret
		}
	}
	return errContended()
}

const (
	writeAttempts = 5
	writePause    = 40 * time.Millisecond // at most, before the second attempt
)

// interrupted reports whether PostgreSQL has rolled a transaction back because others wrote at the same time: for a deadlock, or because it
// could not serialize them.
func interrupted(err error) bool {
	code := Refusal(err)
	return (code == "40P01" || code == "40001") && !errors.Is(err, ErrCommit)
}

// write is one attempt of Write.
func (s *Store) write(ctx context.Context, f func(tx *Tx) error) error {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	detach := context.AfterFunc(ctx, cancel)
	defer detach()
	raw, err := s.DB.Tx(running)
	if err != nil {
		return fmt.Errorf("begin: %w", cmp.Or(ctx.Err(), err))
	}
	s.meters.holds.running.Add(1)
	defer s.meters.holds.running.Add(-1)
	if s.Dialect() == dialect.Postgres {
		defer func(began time.Time) { s.meters.holds.note(time.Since(began)) }(time.Now())
	}
	tx := &Tx{Tx: raw, store: s, tags: map[string]struct{}{}}
	defer func() {
		if tx.delivered != nil {
			tx.delivered()
		}
	}()
	row, err := s.perform(ctx, tx, f, detach)
	if tx.delivered == nil {
		s.deliveries.await(ctx)
		return err
	}
	if errors.Is(err, ErrCommit) {
		s.deliver(ctx, 0, tx.tags) // what is committed already must not be hidden by the wait
		s.awaitOutcome(ctx)
	}
	if err == nil || errors.Is(err, ErrCommit) {
		s.afterCommit(ctx, row, tx.tags)
	}
	return err
}

// perform runs f and commits. It calls detach before the commit, which reports whether ctx has not ended.
func (s *Store) perform(ctx context.Context, tx *Tx, f func(tx *Tx) error, detach func() bool) (row int, err error) {
	outcome := rolledBack
	defer func() {
		if outcome != committed {
			_ = tx.Rollback() // the error or panic that led here is the cause
		}
		s.meters.commits.WithLabelValues(outcome).Inc()
	}()
	if err := f(tx); err != nil {
		return 0, err
	}
	for _, end := range tx.ends {
		if err := end(ctx); err != nil {
			return 0, err
		}
	}
	if err := tx.count(ctx); err != nil {
		return 0, err
	}
	if row, err = s.beforeCommit(ctx, tx); err != nil {
		return 0, err
	}
	if !detach() {
		return 0, context.Cause(ctx)
	}
	if len(tx.tags) > 0 {
		tx.delivered = s.deliveries.begin()
	}
	if err := tx.Commit(); err != nil {
		return row, fmt.Errorf("%w: %w", ErrCommit, err)
	}
	outcome = committed
	return row, nil
}

// Dialect is the dialect of the database.
func (t *Tx) Dialect() string { return t.store.Dialect() }
