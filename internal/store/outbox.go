package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"docsquare/ent"
	"docsquare/ent/outbox"
)

// The pace of the relay.
const (
	settledQueue  = 4096
	relayInterval = 500 * time.Millisecond
	relayBatch    = 500
	relayAge      = time.Second // a row that is older was left behind by its writer
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

// deliver has the stamps of the tags replaced. It fails nobody: what could not be delivered stays in the outbox.
func (s *Store) deliver(ctx context.Context, row int, tags map[string]struct{}) {
	if err := s.inv.Replace(context.WithoutCancel(ctx), slices.Sorted(maps.Keys(tags))); err != nil {
		s.failures.Add(1)
		s.inv.Hold(true)
		s.log.WarnContext(ctx, "an invalidation waits in the outbox", "error", err)
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
// the context ends. While rows are left over the cache does without Redis.
func (s *Store) Relay(ctx context.Context) {
	if !s.inv.Durable {
		return
	}
	tick := time.NewTicker(relayInterval)
	defer tick.Stop()
	for {
		s.relayOnce(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.relayOnce(context.WithoutCancel(ctx))
			return
		}
	}
}

func (s *Store) relayOnce(ctx context.Context) {
	if err := s.removeSettled(ctx); err != nil {
		s.log.WarnContext(ctx, "delivered rows stay in the outbox for now", "error", err)
	}
	failures := s.failures.Load() // before the look at the outbox: a failure after it is for the next round
	left, err := s.relayLeft(ctx)
	if err != nil {
		s.log.DebugContext(ctx, "the outbox could not be emptied", "error", err)
	}
	if err == nil && !left {
		s.cleared.Store(failures)
	}
	s.inv.Hold(err != nil || left || s.behind())
	if s.behind() { // a delivery has failed while Hold was called
		s.inv.Hold(true)
	}
}

// behind says whether deliveries of this process have failed that the relay has not made good.
func (s *Store) behind() bool { return s.failures.Load() != s.cleared.Load() }

func (s *Store) removeSettled(ctx context.Context) error {
	var rows []int
	for len(s.settled) > 0 {
		rows = append(rows, <-s.settled)
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := s.DB.Outbox.Delete().Where(outbox.IDIn(rows...)).Exec(ctx)
	if err != nil {
		for _, row := range rows { // for the next round, such as the last one, which no end of the context stops
			s.settle(row)
		}
	}
	return err
}

// relayLeft delivers the oldest rows that were left behind and says whether there are more. After a failure of its own it
// takes the young ones too, for they may be its own.
func (s *Store) relayLeft(ctx context.Context) (more bool, err error) {
	before := time.Now().UTC()
	if !s.behind() {
		before = before.Add(-relayAge)
	}
	rows, err := s.DB.Outbox.Query().Where(outbox.CreatedAtLT(before)).
		Order(ent.Asc(outbox.FieldID)).Limit(relayBatch).All(ctx)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	var tags []string
	ids := make([]int, len(rows))
	for i, r := range rows {
		tags, ids[i] = append(tags, r.Tags...), r.ID
	}
	slices.Sort(tags)
	if err := s.inv.Replace(ctx, slices.Compact(tags)); err != nil {
		return true, err
	}
	_, err = s.DB.Outbox.Delete().Where(outbox.IDIn(ids...)).Exec(ctx)
	return len(rows) == relayBatch, err
}
