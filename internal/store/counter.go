package store

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"

	"docsquare/ent"
	"docsquare/ent/counter"
)

// counterShards is how many rows a counter has: writers that count the same thing seldom wait for each other.
const counterShards = 16

// Count adds to a counter of the whole site. It does so at the end of the transaction, after everything else and in the
// order of names, so that those who count never wait for each other in a ring.
func (t *Tx) Count(name string, n int64) {
	if t.counts == nil {
		t.counts = map[string]int64{}
	}
	t.counts[name] += n
}

func (t *Tx) count(ctx context.Context) error {
	shard := rand.N(counterShards) //nolint:gosec // spreads writers, keeps no secret
	for _, name := range slices.Sorted(maps.Keys(t.counts)) {
		if t.counts[name] == 0 {
			continue
		}
		n := t.counts[name]
		err := t.Counter.Create().SetName(name).SetShard(shard).SetValue(n).OnConflictColumns(counter.FieldName, counter.FieldShard).
			Update(func(u *ent.CounterUpsert) { u.AddValue(n) }).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
