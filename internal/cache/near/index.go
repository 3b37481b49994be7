package near

import "sync/atomic"

// index is a hash table with open addressing that finds the slots of one table by key. Readers take no lock. The lock of
// the tier guards all changes. Its zero value is empty.
type index[E any] struct {
	buckets atomic.Pointer[[]bucket[E]] // a power of two; replaced when the table grows or has many removed buckets
	used    int                         // buckets with a hash, removed ones included
	live    int                         // buckets with a slot
}

// bucket has one slot of an index. A removed slot leaves its hash behind: slots may follow that were inserted while the
// bucket was in use.
type bucket[E any] struct {
	hash atomic.Uint64           // 0: free
	slot atomic.Pointer[Slot[E]] // nil: free or removed
}

const minBuckets = 8

// find returns the slot of a key, or nil. A hash is never 0. K is the type of the keys, or any if the key is in an interface.
func find[K comparable, E any](x *index[E], hash uint64, key K) *Slot[E] {
	table := x.buckets.Load()
	if table == nil {
		return nil
	}
	buckets := *table
	mask := uint64(len(buckets) - 1) //nolint:gosec // not negative
	for i := hash & mask; ; i = (i + 1) & mask {
		b := &buckets[i]
		switch b.hash.Load() {
		case hash:
			if s := b.slot.Load(); s != nil {
				if same, ok := s.Key.Value.(K); ok && same == key {
					return s
				}
			}
		case 0:
			return nil
		}
	}
}

// insert adds a slot whose key is not in the index.
func (x *index[E]) insert(s *Slot[E]) {
	if table := x.buckets.Load(); table == nil || (x.used+1)*3 > len(*table)*2 {
		x.rebuild()
	}
	buckets := *x.buckets.Load()
	mask := uint64(len(buckets) - 1) //nolint:gosec // not negative
	for i := s.Key.Hash & mask; ; i = (i + 1) & mask {
		if b := &buckets[i]; b.slot.Load() == nil {
			x.occupy(b, s)
			return
		}
	}
}

// occupy fills a free or removed bucket. A reader that sees the new hash also sees the slot.
func (x *index[E]) occupy(b *bucket[E], s *Slot[E]) {
	if b.hash.Load() == 0 {
		x.used++
	}
	b.slot.Store(s)
	b.hash.Store(s.Key.Hash)
	x.live++
}

// rebuild copies the slots into a new table that is at most half full. Readers of the old table see it as it was.
func (x *index[E]) rebuild() {
	size := minBuckets
	for size < 2*(x.live+1) {
		size *= 2
	}
	next := make([]bucket[E], size)
	mask := uint64(size - 1) //nolint:gosec // not negative
	for s := range x.all {
		i := s.Key.Hash & mask
		for next[i].slot.Load() != nil {
			i = (i + 1) & mask
		}
		next[i].slot.Store(s)
		next[i].hash.Store(s.Key.Hash)
	}
	x.used = x.live
	x.buckets.Store(&next)
}

// all yields every slot.
func (x *index[E]) all(yield func(*Slot[E]) bool) {
	table := x.buckets.Load()
	if table == nil {
		return
	}
	for i := range *table {
		if s := (*table)[i].slot.Load(); s != nil && !yield(s) {
			return
		}
	}
}

// position returns where a slot of the index is.
func (x *index[E]) position(s *Slot[E]) (buckets []bucket[E], i, mask uint64) {
	buckets = *x.buckets.Load()
	mask = uint64(len(buckets) - 1)                                              //nolint:gosec // not negative
	for i = s.Key.Hash & mask; buckets[i].slot.Load() != s; i = (i + 1) & mask { //nolint:revive // the search is in the header
	}
	return buckets, i, mask
}

// replace puts a slot in the bucket of another one with the same key.
func (x *index[E]) replace(old, s *Slot[E]) {
	buckets, i, _ := x.position(old)
	buckets[i].slot.Store(s)
}

// remove removes a slot. If no slot can follow in the sequence of probes, it frees the bucket and removed ones before it.
func (x *index[E]) remove(s *Slot[E]) {
	buckets, i, mask := x.position(s)
	buckets[i].slot.Store(nil)
	x.live--
	if buckets[(i+1)&mask].hash.Load() != 0 {
		return
	}
	for ; buckets[i].slot.Load() == nil && buckets[i].hash.Load() != 0; i = (i - 1) & mask {
		buckets[i].hash.Store(0)
		x.used--
	}
}
