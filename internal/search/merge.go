package search

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/store"
)

// The pace of RunMerges.
const (
	mergePages = 100 // of 4 KiB, in one transaction, for which writers wait
	mergePause = time.Second
)

// RunMerges merges the segments of SQLite's index of words until the context ends, in transactions of bounded size. SQLite would merge them within the
// transactions that write documents, for which all other writers wait. PostgreSQL has no segments.
func (x Index) RunMerges(ctx context.Context, log *slog.Logger) {
	if x.store.Dialect() == dialect.Postgres {
		return
	}
	tick := time.NewTicker(mergePause)
	defer tick.Stop()
	for merged := -1; ; {
		var err error
		if merged, err = x.mergeNew(ctx, merged); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "merge of the search index failed, trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// mergeNew merges if the last entry of the index is another than the one at the last merge, and returns the last one. Other than a merge that finds
// nothing, this takes no lock of a writer.
func (x Index) mergeNew(ctx context.Context, merged int) (int, error) {
	last, err := store.Select(ctx, x.store, "SELECT COALESCE(MAX(id), 0) FROM search_entries", nil, func(rows *entsql.Rows) (id int, err error) {
		err = rows.Scan(&id)
		return id, err
	})
	if err != nil || last[0] == merged {
		return merged, err
	}
	if err := x.Merge(ctx); err != nil {
		return merged, err
	}
	return last[0], nil
}

// Merge merges segments until fewer than four of one level are left, which searches read at about the cost of one.
func (x Index) Merge(ctx context.Context) error {
	for more := true; more; {
		err := x.store.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = mergeSome(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergeSome merges up to mergePages pages. It returns false if there was nothing to merge: the statement has then changed no more than its own row.
func mergeSome(ctx context.Context, tx *store.Tx) (merged bool, err error) {
	before, err := changes(ctx, tx)
	if err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO search_words (search_words, rank) VALUES ('merge', %d)", mergePages)); err != nil {
		return false, err
	}
	after, err := changes(ctx, tx)
	return after-before > 1, err
}

// changes returns how many rows the connection has changed in all.
func changes(ctx context.Context, tx *store.Tx) (n int, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT total_changes()")
	if err != nil {
		return 0, err
	}
	n, err = entsql.ScanInt(rows)
	_ = rows.Close() // what it has failed with is the error of the scan
	return n, err
}
