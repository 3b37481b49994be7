package cache

import (
	"time"

	"github.com/maypok86/otter/v2"
)

// near is the near tier of one kind: decoded values in the process, bounded by weight.
type near[K comparable, V any] struct {
	table  *otter.Cache[K, *entry[V]] // nil: there is no near tier
	engine *Engine
}

// entry is what either tier knows of a key.
type entry[V any] struct {
	value   V
	absent  bool // there is nothing: a negative entry
	expires time.Time
	stale   time.Duration
	weight  uint32
	holds   []hold
}

// due says that the entry is past its time but may still be served while it is refreshed.
func (e *entry[V]) due(now time.Time) bool { return now.After(e.expires) }

// entryOverhead is roughly what an entry weighs besides its encoded value.
const entryOverhead = 256

func newNear[K comparable, V any](e *Engine, spec Spec) *near[K, V] {
	if e.options.NearBytes < 0 {
		return &near[K, V]{engine: e}
	}
	table := otter.Must(&otter.Options[K, *entry[V]]{
		MaximumWeight: e.nearWeight(spec.Share),
		Weigher:       func(_ K, v *entry[V]) uint32 { return v.weight },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(x otter.Entry[K, *entry[V]]) time.Duration {
			return max(time.Until(x.Value.expires)+x.Value.stale, time.Millisecond)
		}),
	})
	e.tables = append(e.tables, table.StopAllGoroutines)
	return &near[K, V]{engine: e, table: table}
}

// get is the entry of a key while every version that it was loaded under still holds.
func (n *near[K, V]) get(key K) (*entry[V], bool) {
	if n.table == nil {
		return nil, false
	}
	e, ok := n.table.GetIfPresent(key)
	if !ok || !allStill(e.holds) || time.Now().After(e.expires.Add(e.stale)) {
		return nil, false
	}
	return e, true
}

// put keeps an entry, for a bounded moment only where this process cannot follow what others write.
func (n *near[K, V]) put(key K, e *entry[V]) {
	if n.table == nil || !allStill(e.holds) {
		return
	}
	if limit := n.engine.nearLimit(); limit > 0 {
		if bound := time.Now().Add(limit); e.expires.After(bound) {
			bounded := *e // what goes to Redis keeps its own time
			bounded.expires, bounded.stale = bound, 0
			e = &bounded
		}
	}
	n.table.Set(key, e)
}
