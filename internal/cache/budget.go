package cache

import (
	"sync"
	"time"
)

// budget bounds the near tier: the entries of all kinds and the tags that they depend on, in bytes. It evicts with S3-FIFO
// (Yang, Zhang, Qiu, Yue, Rashmi: FIFO Queues are All You Need for Cache Eviction, SOSP 2023). A new entry begins in a small
// queue. If it is read again there, it moves to the main queue. Otherwise it is evicted and the hash of its key is remembered: if
// the key comes back soon, its entry begins in the main queue. So keys that are read once do not evict those that are read
// often. Expired and invalidated entries are evicted as soon as they are the oldest of a queue.
//
// A hit takes no lock: it raises a counter of the entry. A fill takes the lock once.
type budget struct {
	mu    sync.Mutex
	limit int64
	small queue
	main  queue
	ghost ghost
	tags  int64 // weight of the tags, see tagTable
}

const (
	smallPart = 10      // the small queue has at most a tenth of the budget while the main queue has entries
	largePart = 8       // an entry that weighs more than an eighth of the budget is not kept: it would evict too many others
	maxUses   = 3       // a counter of hits does not exceed this
	ghostPart = 1024    // a hash for each KiB of the budget: about as many as entries fit
	maxGhosts = 1 << 20 // 8 MiB of hashes
)

// queue is the slots of a queue, the newest first.
type queue struct{ list[slot, *slot] }

func (q *queue) push(s *slot) {
	q.list.push(s)
	s.queue = q
}

func (q *queue) remove(s *slot) {
	q.list.remove(s)
	s.queue = nil
}

func (q *queue) replace(old, s *slot) {
	q.list.replace(old, s)
	old.queue, s.queue = nil, q
}

func (s *slot) linked() *links[slot] { return &s.links }

func (s *slot) bytes() int64 { return s.weight }

func newBudget(limit int64) *budget {
	return &budget{limit: limit, ghost: ghost{size: min(limit/ghostPart, maxGhosts)}}
}

// fits reports whether an entry of this weight may be kept.
func (b *budget) fits(weight int64) bool { return weight <= b.limit/largePart }

func (b *budget) weight() int64 { return b.small.weight + b.main.weight + b.tags }

// insert adds the slot of a new key. Call shrink afterwards.
func (b *budget) insert(s *slot) {
	if b.ghost.take(s.hash) {
		b.main.push(s)
	} else {
		b.small.push(s)
	}
}

// replace puts a slot in the position of an older one of the same key. This counts as a hit: the key was requested.
func (b *budget) replace(old, s *slot) {
	s.uses.Store(min(old.uses.Load()+1, maxUses))
	old.queue.replace(old, s)
}

// shrink evicts entries until the weight is within the limit.
func (b *budget) shrink(now time.Time) {
	for b.weight() > b.limit && (b.small.last != nil || b.main.last != nil) {
		b.step(now)
	}
}

// step takes one slot from the end of a queue and evicts it, moves it to the main queue or gives it another turn there.
func (b *budget) step(now time.Time) {
	oldest := b.main.last
	if oldest == nil || b.small.weight > b.limit/smallPart && !oldest.dead(now) {
		oldest = b.small.last
	}
	from, uses := oldest.queue, oldest.uses.Load()
	from.remove(oldest)
	switch {
	case oldest.dead(now):
		oldest.evict()
	case from == &b.small && uses > 0:
		oldest.uses.Store(0)
		b.main.push(oldest)
	case from == &b.main && uses > 0:
		oldest.uses.Store(uses - 1)
		b.main.push(oldest)
	default:
		if from == &b.small {
			b.ghost.add(oldest.hash)
		}
		oldest.evict()
	}
}

// remove evicts a slot wherever it is in its queue.
func (b *budget) remove(s *slot) {
	s.queue.remove(s)
	s.evict()
}
