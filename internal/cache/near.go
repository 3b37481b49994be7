package cache

import (
	"cmp"
	"hash/maphash"
	"reflect"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"
)

// near is the near tier of one kind: decoded values in the process. All kinds share one budget. Reads take no lock.
type near[K comparable, V any] struct {
	engine *Engine
	budget *budget // nil: there is no near tier
	index  index[K, V]
	seed   maphash.Seed // of the hashes of keys; differs between kinds
	bytes  int64        // weight of the entries; guarded by the lock of the budget
}

// slot is an entry in the near tier. It does not change after it is inserted, except for its node.
type slot[K comparable, V any] struct {
	node
	key   K
	near  *near[K, V]
	entry entry[V]
	holds [usualHolds]hold // the holds of the entry, if they are not more
}

// usualHolds is how many tags most entries depend on: their own, that of their kind, and Everything.
const usualHolds = 3

// entry is the value of a key in either tier, or that the key has none.
type entry[V any] struct {
	value   V
	absent  bool // a negative entry: the key has no value
	expires time.Time
	renewal time.Time     // after this, a reader starts a refresh; zero: never
	stale   time.Duration // how long after expires it may be served
	holds   []hold
	sampled atomic.Bool // Look has sampled the entry for an audit, which the next Fetch starts
}

// due reports whether a reader starts a refresh.
func (e *entry[V]) due(now time.Time) bool { return !e.renewal.IsZero() && now.After(e.renewal) }

// over reports whether the entry has expired and may not be served stale either.
func (e *entry[V]) over(now time.Time) bool {
	return now.After(e.expires) && (e.stale == 0 || now.After(e.expires.Add(e.stale)))
}

// entryOverhead is the memory of an entry without its slot and what the slot refers to: its share of the buckets of the index,
// of which a third to two thirds are in use, and what the allocator adds. TestHeapPerEntry measures it.
const entryOverhead = 64

func newNear[K comparable, V any](e *Engine, seed maphash.Seed) *near[K, V] {
	n := &near[K, V]{engine: e, seed: seed}
	if e.options.NearBytes > 0 {
		n.budget = e.budget
	}
	return n
}

// find returns the slot of a key, or nil.
func (n *near[K, V]) find(key K) *slot[K, V] { return n.index.find(n.hash(key), key) }

// hash returns the hash of a key, which is never 0.
func (n *near[K, V]) hash(key K) uint64 { return max(maphash.Comparable(n.seed, key), 1) }

// get returns the entry of a key, unless it has expired or a write has touched its tags since it was loaded. It counts a hit.
func (n *near[K, V]) get(key K, now time.Time) (*entry[V], bool) {
	s := n.find(key)
	if s == nil || s.entry.over(now) || !allStill(s.entry.holds) {
		return nil, false
	}
	s.hit()
	return &s.entry, true
}

// weight returns the weight of the entry of a key. It is 0 if there is none.
func (n *near[K, V]) weight(key K) int64 {
	if s := n.find(key); s != nil {
		return s.weight
	}
	return 0
}

// last returns the entry of a key, unless it has expired. A write may have touched its tags.
func (n *near[K, V]) last(key K, now time.Time) (*entry[V], bool) {
	s := n.find(key)
	if s == nil || s.entry.over(now) {
		return nil, false
	}
	return &s.entry, true
}

// put keeps an entry, unless a write has touched its tags. While this process cannot follow the writes of other instances,
// the entry expires after nearLimit, and readers refresh it after half of that time.
func (n *near[K, V]) put(key K, e *entry[V]) {
	if n.budget == nil || !allStill(e.holds) {
		return
	}
	now := time.Now()
	s := n.newSlot(key, e)
	if limit := n.engine.nearLimit(); limit > 0 && e.expires.Add(e.stale).After(now.Add(limit)) {
		s.entry.expires, s.entry.renewal, s.entry.stale = now.Add(limit), now.Add(limit/2), 0 // the entry in Redis keeps its time
	}
	n.budget.mu.Lock()
	defer n.budget.mu.Unlock()
	n.store(s, now)
}

// newSlot returns a slot with copies of a key and an entry, and weighs it.
func (n *near[K, V]) newSlot(key K, e *entry[V]) *slot[K, V] {
	s := &slot[K, V]{key: key, near: n, entry: entry[V]{
		value: e.value, absent: e.absent, expires: e.expires, renewal: e.renewal, stale: e.stale, holds: e.holds,
	}}
	ownTexts(reflect.ValueOf(&s.key).Elem())
	s.item, s.hash = s, n.hash(key)
	s.weight = entryOverhead + int64(unsafe.Sizeof(*s)) //nolint:gosec // the size of a type
	s.weight += sizeOf(reflect.ValueOf(&s.key).Elem()) + sizeOf(reflect.ValueOf(&s.entry.value).Elem())
	if len(e.holds) <= usualHolds {
		s.entry.holds = s.holds[:copy(s.holds[:], e.holds)]
	} else {
		s.weight += int64(len(e.holds)) * int64(unsafe.Sizeof(hold{}))
	}
	return s
}

// store inserts a slot, or replaces the one of its key. The caller holds the lock of the budget.
func (n *near[K, V]) store(s *slot[K, V], now time.Time) {
	if !allStill(s.entry.holds) { // under the lock: a dropped cell must not be pinned
		return
	}
	b, old := n.budget, n.index.find(s.hash, s.key)
	switch {
	case !b.fits(s.weight):
		if old != nil {
			b.remove(&old.node)
		}
		return
	case old != nil:
		n.index.replace(old, s)
		b.replace(&old.node, &s.node)
		n.engine.cells.table.pin(s.entry.holds)
		n.engine.cells.table.unpin(old.entry.holds)
		n.bytes += s.weight - old.weight
	default:
		n.index.insert(s)
		b.insert(&s.node)
		n.engine.cells.table.pin(s.entry.holds)
		n.bytes += s.weight
	}
	b.shrink(now)
}

// dead implements evictable.
func (s *slot[K, V]) dead(now time.Time) bool {
	return s.entry.over(now) || s.entry.stale == 0 && !allStill(s.entry.holds)
}

// evict implements evictable.
func (s *slot[K, V]) evict() {
	s.near.index.remove(s)
	s.near.bytes -= s.weight
	s.near.engine.cells.table.unpin(s.entry.holds)
}

// size returns how many entries the near tier has, and their weight.
func (n *near[K, V]) size() (entries int, bytes int64) {
	if n.budget == nil {
		return 0, 0
	}
	n.budget.mu.Lock()
	defer n.budget.mu.Unlock()
	return n.index.live, n.bytes
}

// Hottest returns up to limit keys that have a value in the near tier, the most requested first: by the sampled requests of
// recent minutes, and keys without such a sample by the counters of the eviction policy. The order is approximate.
func (k *Kind[K, V]) Hottest(limit int) []K {
	if k.near.budget == nil {
		return nil
	}
	now := time.Now()
	requests := k.engine.hot.counts(now)
	var all []ranked[K]
	k.near.budget.mu.Lock()
	for s := range k.near.index.all {
		if !s.entry.absent && !s.dead(now) {
			all = append(all, ranked[K]{s.key, requests[s.hash], s.queue == &k.near.budget.main, s.uses.Load()})
		}
	}
	k.near.budget.mu.Unlock()
	slices.SortFunc(all, ranked[K].compare)
	keys := make([]K, min(limit, len(all)))
	for i := range keys {
		keys[i] = all[i].key
	}
	return keys
}

// ranked is a key with what tells how often it is requested.
type ranked[K any] struct {
	key      K
	requests int64 // sampled, see hotKeys
	main     bool  // whether the entry is in the main queue
	uses     uint32
}

// compare orders the most requested key first.
func (r ranked[K]) compare(other ranked[K]) int {
	if r.requests != other.requests || r.main == other.main {
		return cmp.Or(cmp.Compare(other.requests, r.requests), cmp.Compare(other.uses, r.uses))
	}
	if r.main {
		return -1
	}
	return 1
}
