package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect"
)

// How long Write waits for the outcome of a commit whose answer was lost, and how often it asks.
const (
	outcomeWait     = 10 * time.Second
	outcomePoll     = 5 * time.Millisecond
	outcomeSlowPoll = 200 * time.Millisecond
)

// awaitOutcome blocks until no transaction that is under way now can still become visible. If the connection of a client breaks
// during a COMMIT, PostgreSQL goes on with the commit: what a reader puts into the cache before its end is older than the write, so
// the invalidation must follow the end. SQLite has decided when COMMIT returns.
//
// It gives up after outcomeWait. With Redis, the row in the outbox then invalidates again if the commit succeeds after all.
func (s *Store) awaitOutcome(ctx context.Context) {
	if s.Dialect() != dialect.Postgres {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeWait)
	defer cancel()
	next, pause := "", outcomePoll
	for {
		var ended bool
		var err error
		if next == "" { // a new transaction, which ends with the statement
			err = s.pools[0].QueryRowContext(ctx, "SELECT pg_current_xact_id()::text").Scan(&next)
		}
		if err == nil {
			err = s.pools[0].QueryRowContext(ctx, "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8", next).Scan(&ended)
		}
		if ended {
			return
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, outcomeSlowPoll)
		case <-ctx.Done():
			s.log.WarnContext(ctx, "outcome of a commit unknown", "waited", outcomeWait, "error", err)
			return
		}
	}
}
