package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// RelayBatch is how many rows of the outbox are read at once.
const RelayBatch = relayBatch

// Grouped returns a driver that commits the transactions of d in groups, each open for members for this long, and a function that
// returns how many transactions wait.
func Grouped(d dialect.Driver, open time.Duration) (grouped dialect.Driver, waiting func() int) {
	g := &groups{Driver: d, open: open}
	return g, func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.queue)
	}
}

// Synchronous returns what SQLite waits for at a commit, on the connection that writes: 2 is FULL, the sync of every commit.
func Synchronous(ctx context.Context, s *Store) (level int, err error) {
	tx, err := s.driver.Tx(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // nothing is written
	var rows entsql.Rows
	if err := tx.Query(ctx, "PRAGMA synchronous", []any{}, &rows); err != nil {
		return 0, err
	}
	level, err = entsql.ScanInt(rows)
	_ = rows.Close() // what it has failed with is the error of the scan
	return level, err
}
