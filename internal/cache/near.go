package cache

import (
	"iter"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// near is the near tier of one kind: decoded values in the process, bounded by weight.
type near[K comparable, V any] struct {
	table  table[K, V] // nil: there is no near tier
	engine *Engine
}

// table is the otter.Cache of a near tier. It hides what that is: every package that knows a kind would else be compiled
// with all of that library's code, once for each kind.
type table[K comparable, V any] interface {
	GetIfPresent(key K) (*entry[V], bool)
	Set(key K, e *entry[V]) (*entry[V], bool)
	Hottest() iter.Seq[otter.Entry[K, *entry[V]]]
	EstimatedSize() int
	WeightedSize() uint64
}

// entry is what either tier knows of a key.
type entry[V any] struct {
	value   V
	absent  bool // there is nothing: a negative entry
	expires time.Time
	renewal time.Time     // from when on a reader has it refreshed; zero: never
	stale   time.Duration // how long past its time it may be served
	weight  uint32
	holds   []hold
	sampled atomic.Bool // Look has sampled the entry for an audit, which the next Fetch starts
}

// due says that the entry is to be refreshed while it is served.
func (e *entry[V]) due(now time.Time) bool { return !e.renewal.IsZero() && now.After(e.renewal) }

// over says that the entry may be served no more.
func (e *entry[V]) over(now time.Time) bool { return now.After(e.expires.Add(e.stale)) }

// entryOverhead is roughly what an entry weighs besides its encoded value.
const entryOverhead = 256

func newNear[K comparable, V any](e *Engine, spec Spec) *near[K, V] {
	if e.options.NearBytes < 0 {
		return &near[K, V]{engine: e}
	}
	entries := otter.Must(&otter.Options[K, *entry[V]]{
		MaximumWeight: e.nearWeight(spec.Share),
		Weigher:       func(_ K, v *entry[V]) uint32 { return v.weight },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(x otter.Entry[K, *entry[V]]) time.Duration {
			return max(time.Until(x.Value.expires)+x.Value.stale, time.Millisecond)
		}),
	})
	e.tables = append(e.tables, entries.StopAllGoroutines)
	return &near[K, V]{engine: e, table: entries}
}

// get returns the entry of a key if it is within its time and no write has touched its tags since it was loaded.
func (n *near[K, V]) get(key K, now time.Time) (*entry[V], bool) {
	e, ok := n.last(key, now)
	return e, ok && allStill(e.holds)
}

// last returns the entry of a key if it is within its time, even if a write has touched its tags.
func (n *near[K, V]) last(key K, now time.Time) (*entry[V], bool) {
	if n.table == nil {
		return nil, false
	}
	e, ok := n.table.GetIfPresent(key)
	if !ok || e.over(now) {
		return nil, false
	}
	return e, true
}

// put keeps an entry, for a bounded moment only where this process cannot follow what others write. Half of that moment
// later its readers have it refreshed, so that what is asked for often is never waited for.
func (n *near[K, V]) put(key K, e *entry[V]) {
	if n.table == nil || !allStill(e.holds) {
		return
	}
	if limit := n.engine.nearLimit(); limit > 0 {
		if now := time.Now(); e.expires.Add(e.stale).After(now.Add(limit)) {
			e = &entry[V]{ // what goes to Redis keeps its own time
				value: e.value, absent: e.absent, weight: e.weight, holds: e.holds,
				expires: now.Add(limit), renewal: now.Add(limit / 2),
			}
		}
	}
	n.table.Set(key, e)
}

// Hottest is the keys that the near tier was asked for most, the hottest first.
func (k *Kind[K, V]) Hottest(limit int) []K {
	var keys []K
	if k.near.table == nil {
		return nil
	}
	for e := range k.near.table.Hottest() {
		if len(keys) == limit {
			break
		}
		if !e.Value.absent {
			keys = append(keys, e.Key)
		}
	}
	return keys
}
