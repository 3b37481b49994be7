package cache

import (
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"
)

// near is the near tier of one kind: decoded values in the process. All kinds share one budget. Reads take no lock.
type near struct {
	engine *Engine
	budget *budget // nil: there is no near tier
	index  index
	bytes  int64 // weight of the entries; guarded by the lock of the budget
}

// slot is an entry in the near tier. It does not change after it is inserted, except for its place in a queue and its uses.
type slot struct {
	boxed
	near      *near
	links     links[slot] // guarded by the lock of the budget, as queue
	queue     *queue      // nil: in none
	weight    int64
	uses      atomic.Uint32 // hits since it was inserted or last passed the end of a queue, at most maxUses
	entry     entry
	snapshots [usualTags]snapshot // the snapshots of the entry, if they fit
}

// usualTags is how many tags most entries depend on: their own, that of their kind, and Everything.
const usualTags = 3

// entry is the value of a key in either tier, or that the key has none.
type entry struct {
	value     any
	absent    bool // a negative entry: the key has no value
	expires   time.Time
	renewal   time.Time     // after this, a reader starts a refresh; zero: never
	stale     time.Duration // how long after expires it may be served
	snapshots []snapshot
	sampled   atomic.Bool // Look has sampled the entry for the observer, which the next Fetch passes on
}

// due reports whether a reader starts a refresh.
func (e *entry) due(now time.Time) bool { return !e.renewal.IsZero() && now.After(e.renewal) }

// over reports whether the entry has expired and may not be served stale either.
func (e *entry) over(now time.Time) bool {
	return now.After(e.expires) && (e.stale == 0 || now.After(e.expires.Add(e.stale)))
}

// entryOverhead is the memory of an entry without its slot and what the slot refers to: its share of the buckets of the index,
// of which a third to two thirds are in use, and what the allocator adds. TestHeapPerEntry measures it.
const entryOverhead = 64

func newNear(e *Engine) *near {
	n := &near{engine: e}
	if e.options.NearBytes > 0 {
		n.budget = e.budget
	}
	return n
}

// get returns the entry of a slot, unless it has expired or a write has touched its tags since it was loaded. It counts a hit. A nil
// slot has no entry.
func (s *slot) get(now time.Time) (*entry, bool) {
	if s == nil || s.entry.over(now) || !allCurrent(s.entry.snapshots) {
		return nil, false
	}
	if uses := s.uses.Load(); uses < maxUses {
		s.uses.CompareAndSwap(uses, uses+1) // a hit that loses a race is not counted
	}
	return &s.entry, true
}

// find returns the slot of a key, or nil.
func (n *near) find(key boxed) *slot { return find(&n.index, key.hash, key.key) }

// get returns the entry of a key as slot.get does.
func (n *near) get(key boxed, now time.Time) (*entry, bool) { return n.find(key).get(now) }

// last returns the entry of a key, unless it has expired. A write may have touched its tags.
func (n *near) last(key boxed, now time.Time) (*entry, bool) {
	s := n.find(key)
	if s == nil || s.entry.over(now) {
		return nil, false
	}
	return &s.entry, true
}

// put keeps an entry, unless a write has touched its tags. While this process cannot follow the writes of other instances,
// the entry expires after nearLimit, and readers refresh it after half of that time.
func (n *near) put(key boxed, e *entry) {
	if n.budget == nil || !allCurrent(e.snapshots) {
		return
	}
	now := time.Now()
	s := n.newSlot(key, e)
	if limit := n.engine.nearLimit(); limit > 0 && e.expires.Add(e.stale).After(now.Add(limit)) {
		s.entry.expires, s.entry.renewal, s.entry.stale = now.Add(limit), now.Add(limit/2), 0 // the entry in the far tier keeps its expiry
	}
	n.budget.mu.Lock()
	defer n.budget.mu.Unlock()
	n.store(s, now)
}

// newSlot returns a slot with copies of a key and an entry, and weighs it.
func (n *near) newSlot(key boxed, e *entry) *slot {
	s := &slot{boxed: boxed{key.hash, ownTexts(key.key)}, near: n, entry: entry{
		value: e.value, absent: e.absent, expires: e.expires, renewal: e.renewal, stale: e.stale, snapshots: e.snapshots,
	}}
	s.weight = slotBytes + sizeOf(reflect.ValueOf(&s.key).Elem()) + sizeOf(reflect.ValueOf(&s.entry.value).Elem())
	if len(e.snapshots) <= usualTags {
		s.entry.snapshots = s.snapshots[:copy(s.snapshots[:], e.snapshots)]
	} else {
		s.weight += int64(len(e.snapshots)) * int64(unsafe.Sizeof(snapshot{}))
	}
	return s
}

// slotBytes is the memory of an entry without its key and its value.
const slotBytes = entryOverhead + int64(unsafe.Sizeof(slot{}))

// store inserts a slot, or replaces the one of its key. The caller holds the lock of the budget.
func (n *near) store(s *slot, now time.Time) {
	if !allCurrent(s.entry.snapshots) { // under the lock: a dropped tag must not be pinned
		return
	}
	b, old := n.budget, n.find(s.boxed)
	switch {
	case !b.fits(s.weight):
		if old != nil {
			b.remove(old)
		}
		return
	case old != nil:
		n.index.replace(old, s)
		b.replace(old, s)
		n.engine.tags.table.pin(s.entry.snapshots)
		n.engine.tags.table.unpin(old.entry.snapshots)
		n.bytes += s.weight - old.weight
	default:
		n.index.insert(s)
		b.insert(s)
		n.engine.tags.table.pin(s.entry.snapshots)
		n.bytes += s.weight
	}
	b.shrink(now)
}

// dead reports whether the entry will not be served again.
func (s *slot) dead(now time.Time) bool {
	return s.entry.over(now) || s.entry.stale == 0 && !allCurrent(s.entry.snapshots)
}

// evict removes the entry from its kind. The slot has left its queue.
func (s *slot) evict() {
	s.near.index.remove(s)
	s.near.bytes -= s.weight
	s.near.engine.tags.table.unpin(s.entry.snapshots)
}

// size returns how many entries the near tier has, and their weight.
func (n *near) size() (entries int, bytes int64) {
	if n.budget == nil {
		return 0, 0
	}
	n.budget.mu.Lock()
	defer n.budget.mu.Unlock()
	return n.index.live, n.bytes
}
