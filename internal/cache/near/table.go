package near

import (
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"

	"docsquare/internal/cache/list"
)

// Table is the entries of one set of keys. Reads take no lock.
type Table[E any] struct {
	tier  *Tier[E]
	index index[E]
	bytes int64 // weight of the entries; guarded by the lock of the tier
}

// NewTable returns an empty table, which counts in the limit of the tier.
func (t *Tier[E]) NewTable() *Table[E] { return &Table[E]{tier: t} }

// Key is a key of a table with its hash, which must not be 0.
type Key struct {
	Hash  uint64
	Value any // comparable
}

// Slot is an entry with its key. Fill in Entry before Put, and do not change it afterwards.
type Slot[E any] struct {
	Key   Key
	Entry E

	table    *Table[E]
	links    list.Links[Slot[E]] // guarded by the lock of the tier, as queue
	queue    *queue[E]           // nil: in none
	weight   int64
	uses     atomic.Uint32 // hits since it was inserted or last passed the end of a queue, at most maxUses
	requests atomic.Uint64 // a minute since 1970 and the requests until then, in 32 bits each
}

// Links implements list.Element.
func (s *Slot[E]) Links() *list.Links[Slot[E]] { return &s.links }

// Bytes returns the weight of the slot.
func (s *Slot[E]) Bytes() int64 { return s.weight }

// slotOverhead is the memory of an entry without its slot and what the slot refers to: its share of the buckets of the index,
// of which a third to two thirds are in use, and what the allocator adds. TestHeapPerEntry measures it.
const slotOverhead = 64

// NewSlot returns a slot for Put. It copies the strings of the key.
func NewSlot[E any](key Key) *Slot[E] { return &Slot[E]{Key: Key{key.Hash, ownTexts(key.Value)}} }

// Find returns the slot of a key, or nil. K is the type of the keys, or any.
func Find[K comparable, E any](t *Table[E], hash uint64, key K) *Slot[E] {
	return find(&t.index, hash, key)
}

// Find returns the slot of a key, or nil.
func (t *Table[E]) Find(key Key) *Slot[E] { return find(&t.index, key.Hash, key.Value) }

// Put stores a slot in place of the one with its key. bytes is the memory that its entry refers to. If the entry is too large, or is
// refused by the owner of the tier, Put does not store it.
func (t *Table[E]) Put(s *Slot[E], bytes int64) {
	s.table = t
	s.weight = slotOverhead + int64(unsafe.Sizeof(*s)) + Size(reflect.ValueOf(&s.Key.Value).Elem()) + bytes //nolint:gosec // the size of a type
	t.tier.mu.Lock()
	defer t.tier.mu.Unlock()
	old := t.Find(s.Key)
	if s.weight > t.tier.limit/largePart {
		if old != nil {
			old.queue.remove(old)
			t.tier.evict(old)
		}
		return
	}
	if !t.tier.owner.Added(&s.Entry) {
		return
	}
	t.bytes += s.weight
	if old == nil {
		t.index.insert(s)
		t.tier.insert(s)
	} else {
		t.index.replace(old, s)
		t.tier.replace(old, s)
		t.bytes -= old.weight
		t.tier.owner.Removed(&old.Entry)
	}
	t.tier.shrink()
}

// Size returns how many entries the table has, and their weight in bytes.
func (t *Table[E]) Size() (entries int, bytes int64) {
	t.tier.mu.Lock()
	defer t.tier.mu.Unlock()
	return t.index.live, t.bytes
}

// All yields every slot, in no order. Slots that are stored or evicted meanwhile may be left out.
func (t *Table[E]) All(yield func(*Slot[E]) bool) { t.index.all(yield) }

// Hit counts a hit for the eviction policy.
func (s *Slot[E]) Hit() {
	if uses := s.uses.Load(); uses < maxUses {
		s.uses.CompareAndSwap(uses, uses+1) // a hit that loses a race is not counted
	}
}

// Uses returns the recent hits as the eviction policy counts them.
func (s *Slot[E]) Uses() int { return int(s.uses.Load()) }

// SampleRate is how many requests for a key there are for one call of Requested.
const SampleRate = 16

// Requested counts a sampled request for the key.
func (s *Slot[E]) Requested(now time.Time) {
	old, minute := s.requests.Load(), minuteOf(now)
	s.requests.CompareAndSwap(old, minute<<32|(faded(old, minute)+SampleRate)) // a request that loses a race is not counted
}

// Requests estimates how often the key was requested. Requests count half after each minute.
func (s *Slot[E]) Requests(now time.Time) int64 {
	return int64(faded(s.requests.Load(), minuteOf(now))) //nolint:gosec // 32 bits
}

// faded returns what is left of counted requests.
func faded(requests, minute uint64) uint64 {
	counted := requests >> 32
	return requests & (1<<32 - 1) >> (max(minute, counted) - counted)
}

func minuteOf(t time.Time) uint64 { return uint64(t.Unix()) / 60 } //nolint:gosec // after 1970
