// Package near stores entries in the memory of the process, within a limit of bytes. It knows the keys and the sizes of entries, and
// asks its owner whether they are still of use.
package near

import (
	"sync"
	"sync/atomic"
	"time"

	"docsquare/internal/cache/list"
)

// Tier bounds the memory of its tables. It evicts with S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: FIFO Queues are All You Need for Cache
// Eviction, SOSP 2023). A new entry begins in a small queue. If it is read again there, it moves to the main queue. Otherwise it is
// evicted and the hash of its key is remembered: if the key comes back soon, its entry begins in the main queue. So keys that are read
// once do not evict those that are read often. Dead entries are evicted as soon as they are the oldest of a queue.
//
// A hit takes no lock: it raises a counter of the entry. A fill takes the lock once. A Tier is safe for concurrent use.
type Tier[E any] struct {
	limit    int64
	owner    Owner[E]
	reserved atomic.Int64

	mu    sync.Mutex
	small queue[E]
	main  queue[E]
	ghost ghost
}

// Owner is called by a tier about the entries that it owns, with the tier's lock held. The functions must not call the tier, but for Release.
type Owner[E any] struct {
	Dead    func(e *E, now time.Time) bool // reports whether an entry will not be served again
	Added   func(e *E) bool                // is called before an entry is stored; false refuses it
	Removed func(e *E)                     // is called after an entry was removed
}

const (
	smallPart = 10      // the small queue has at most a tenth of the limit while the main queue has entries
	largePart = 8       // an entry that weighs more than an eighth of the limit is not stored: it would evict too many others
	maxUses   = 3       // a counter of hits does not exceed this
	ghostPart = 1024    // a hash for each KiB of the limit: about as many as entries fit
	maxGhosts = 1 << 20 // 8 MiB of hashes
)

// New returns a tier with a limit in bytes. With a limit of 0 it stores nothing.
func New[E any](limit int64, owner Owner[E]) *Tier[E] {
	return &Tier[E]{limit: limit, owner: owner, ghost: ghost{size: min(limit/ghostPart, maxGhosts)}}
}

// Limit returns the limit in bytes.
func (t *Tier[E]) Limit() int64 { return t.limit }

// Reserve takes bytes of the limit for memory that the owner needs for its entries, and evicts entries if that is necessary.
func (t *Tier[E]) Reserve(bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reserved.Add(bytes)
	t.shrink()
}

// Release gives reserved bytes back.
func (t *Tier[E]) Release(bytes int64) { t.reserved.Add(-bytes) }

// Reserved returns how many bytes are reserved.
func (t *Tier[E]) Reserved() int64 { return t.reserved.Load() }

// queue is the slots of a queue, the newest first.
type queue[E any] struct {
	list.List[Slot[E], *Slot[E]]
}

func (q *queue[E]) push(s *Slot[E]) {
	q.Push(s)
	s.queue = q
}

func (q *queue[E]) remove(s *Slot[E]) {
	q.Remove(s)
	s.queue = nil
}

func (q *queue[E]) replace(old, s *Slot[E]) {
	q.Replace(old, s)
	old.queue, s.queue = nil, q
}

func (t *Tier[E]) weight() int64 { return t.small.Weight + t.main.Weight + t.reserved.Load() }

// insert adds the slot of a new key to a queue.
func (t *Tier[E]) insert(s *Slot[E]) {
	if t.ghost.take(s.Key.Hash) {
		t.main.push(s)
	} else {
		t.small.push(s)
	}
}

// replace puts a slot in the position of an older one of the same key. This counts as a hit: the key was requested.
func (t *Tier[E]) replace(old, s *Slot[E]) {
	s.uses.Store(min(old.uses.Load()+1, maxUses))
	s.requests.Store(old.requests.Load())
	old.queue.replace(old, s)
}

// shrink evicts entries until the weight is within the limit.
func (t *Tier[E]) shrink() {
	if t.weight() <= t.limit {
		return
	}
	for now := time.Now(); t.weight() > t.limit && (t.small.Last != nil || t.main.Last != nil); {
		t.step(now)
	}
}

// step takes one slot from the end of a queue and evicts it, moves it to the main queue or gives it another turn there.
func (t *Tier[E]) step(now time.Time) {
	oldest := t.main.Last
	if oldest == nil || t.small.Weight > t.limit/smallPart && !t.owner.Dead(&oldest.Entry, now) {
		oldest = t.small.Last
	}
	from, uses := oldest.queue, oldest.uses.Load()
	from.remove(oldest)
	switch {
	case t.owner.Dead(&oldest.Entry, now):
		t.evict(oldest)
	case from == &t.small && uses > 0:
		oldest.uses.Store(0)
		t.main.push(oldest)
	case from == &t.main && uses > 0:
		oldest.uses.Store(uses - 1)
		t.main.push(oldest)
	default:
		if from == &t.small {
			t.ghost.add(oldest.Key.Hash)
		}
		t.evict(oldest)
	}
}

// evict removes a slot that has left its queue.
func (t *Tier[E]) evict(s *Slot[E]) {
	s.table.index.remove(s)
	s.table.bytes -= s.weight
	t.owner.Removed(&s.Entry)
}
