package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"docsquare/ent"
	"docsquare/ent/outbox"
)

// The pace of the relay. A row that two sweeps have seen was left behind by its writer, for a writer that lives removes its
// own rows in less time than passes between the two.
const (
	settledQueue   = 4096
	settleInterval = 200 * time.Millisecond
	sweepInterval  = 3 * settleInterval
	relayBatch     = 1000
	relayEnd       = 2 * time.Second // for the last round of a process that ends
)

// writeDown puts the transaction's tags into the outbox, so that they are delivered even if this process dies.
func (s *Store) writeDown(ctx context.Context, tx *Tx) (row int, err error) {
	if !s.inv.Durable || len(tx.tags) == 0 {
		return 0, nil
	}
	created, err := tx.Outbox.Create().SetTags(slices.Sorted(maps.Keys(tx.tags))).Save(ctx)
	if err != nil {
		return 0, err
	}
	return created.ID, nil
}

// deliver replaces the stamps of the tags. It returns no error: tags that could not be delivered stay in the outbox.
func (s *Store) deliver(ctx context.Context, row int, tags map[string]struct{}) {
	if err := s.inv.Replace(context.WithoutCancel(ctx), slices.Sorted(maps.Keys(tags))); err != nil {
		s.log.DebugContext(ctx, "invalidation waiting in the outbox", "row", row, "error", err) // the cache warns, once
		return
	}
	if row > 0 {
		s.settle(row)
	}
}

func (s *Store) settle(row int) {
	select {
	case s.settled <- row:
	default: // the relay delivers it once more, which does no harm
	}
}

// Relay removes the rows of delivered tags and delivers those that were left behind, by this process or another, until
// the context ends.
func (s *Store) Relay(ctx context.Context) {
	if !s.inv.Durable {
		return
	}
	settle, sweep := time.NewTicker(settleInterval), time.NewTicker(sweepInterval)
	defer settle.Stop()
	defer sweep.Stop()
	var seen []int
	for {
		var err error
		select {
		case <-settle.C:
			err = s.removeSettled(ctx)
		case <-sweep.C:
			seen, err = s.sweep(ctx, seen)
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), relayEnd)
			defer cancel()
			if err := s.removeSettled(ctx); err != nil {
				s.log.WarnContext(ctx, "delivered rows not deleted from the outbox, delivered again later", "error", err)
			}
			return
		}
		s.note(ctx, err)
	}
}

// note logs once that the relay is failing, and once that it has recovered.
func (s *Store) note(ctx context.Context, err error) {
	if failing := err != nil; failing != s.failing && ctx.Err() == nil {
		s.failing = failing
		s.log.WarnContext(ctx, "outbox relay state changed", "failing", failing, "error", err)
	}
}

func (s *Store) removeSettled(ctx context.Context) error {
	var rows []int
	for len(s.settled) > 0 {
		rows = append(rows, <-s.settled)
	}
	err := s.remove(ctx, rows)
	if err != nil {
		for _, row := range rows { // for the next round, such as the last one, which no end of the context stops
			s.settle(row)
		}
	}
	return err
}

func (s *Store) remove(ctx context.Context, rows []int) error {
	for chunk := range slices.Chunk(rows, relayBatch) {
		if _, err := s.DB.Outbox.Delete().Where(outbox.IDIn(chunk...)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// sweep delivers the oldest rows, as far as the last sweep has seen them too, and gives back what it has seen.
func (s *Store) sweep(ctx context.Context, before []int) (seen []int, err error) {
	seen, err = s.DB.Outbox.Query().Order(ent.Asc(outbox.FieldID)).Limit(relayBatch).IDs(ctx)
	if err != nil {
		return before, err
	}
	left := slices.DeleteFunc(slices.Clone(seen), func(row int) bool { return !slices.Contains(before, row) })
	if len(left) == 0 {
		return seen, nil
	}
	rows, err := s.DB.Outbox.Query().Where(outbox.IDIn(left...)).All(ctx)
	if err != nil {
		return seen, err
	}
	return seen, s.redeliver(ctx, rows)
}

// Drain delivers the tags of every row that is in the outbox when it is called, including rows of other instances.
func (s *Store) Drain(ctx context.Context) error {
	for place, more := 0, true; more; {
		rows, err := s.DB.Outbox.Query().Where(outbox.IDGT(place)).Order(ent.Asc(outbox.FieldID)).Limit(relayBatch).All(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := s.redeliver(ctx, rows); err != nil {
			return err
		}
		place, more = rows[len(rows)-1].ID, len(rows) == relayBatch
	}
	return nil
}

// redeliver delivers tags of rows that were left behind and removes the rows.
func (s *Store) redeliver(ctx context.Context, rows []*ent.Outbox) error {
	var tags []string
	ids := make([]int, len(rows))
	for i, r := range rows {
		tags, ids[i] = append(tags, r.Tags...), r.ID
	}
	slices.Sort(tags)
	if err := s.inv.Replace(ctx, slices.Compact(tags)); err != nil {
		return err
	}
	return s.remove(ctx, ids)
}

// Backlog returns the number of rows in the outbox and the age of the oldest.
func (s *Store) Backlog(ctx context.Context) (rows int, age time.Duration, err error) {
	if rows, err = s.DB.Outbox.Query().Count(ctx); err != nil || rows == 0 {
		return rows, 0, err
	}
	oldest, err := s.DB.Outbox.Query().Order(ent.Asc(outbox.FieldID)).First(ctx)
	if ent.IsNotFound(err) {
		return 0, 0, nil
	}
	if err != nil {
		return rows, 0, err
	}
	return rows, time.Since(oldest.CreatedAt), nil
}
