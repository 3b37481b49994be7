package cache

import (
	"sync"
	"sync/atomic"
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

// node is an entry of any kind in a queue. The lock of the budget guards the links.
type node struct {
	prev, next *node
	queue      *queue // nil: in none
	item       evictable
	hash       uint64
	weight     int64
	uses       atomic.Uint32 // hits since it was inserted or last passed the end of a queue, at most maxUses
}

// evictable is the slot that a node is part of.
type evictable interface {
	// dead reports whether the entry will not be served again.
	dead(now time.Time) bool
	// evict removes the entry from its kind. The node has left its queue.
	evict()
}

// hit counts a hit.
func (n *node) hit() {
	if uses := n.uses.Load(); uses < maxUses {
		n.uses.CompareAndSwap(uses, uses+1) // a hit that loses a race is not counted
	}
}

// queue is a doubly linked list of nodes, the newest first.
type queue struct {
	first, last *node
	weight      int64
}

func (q *queue) push(n *node) {
	n.queue, n.prev = q, nil
	q.join(n, q.first)
	q.first = n
	q.weight += n.weight
}

func (q *queue) remove(n *node) {
	q.join(n.prev, n.next)
	n.queue, n.prev, n.next = nil, nil, nil
	q.weight -= n.weight
}

// join makes two nodes neighbors. If one is nil, the other becomes an end of the queue.
func (q *queue) join(newer, older *node) {
	if newer == nil {
		q.first = older
	} else {
		newer.next = older
	}
	if older == nil {
		q.last = newer
	} else {
		older.prev = newer
	}
}

// replace puts a node in the position of another one.
func (q *queue) replace(old, n *node) {
	newer, older := old.prev, old.next
	q.join(newer, n)
	q.join(n, older)
	n.queue, n.prev, n.next = q, newer, older
	old.queue, old.prev, old.next = nil, nil, nil
	q.weight += n.weight - old.weight
}

func newBudget(limit int64) *budget {
	return &budget{limit: limit, ghost: ghost{size: min(limit/ghostPart, maxGhosts)}}
}

// fits reports whether an entry of this weight may be kept.
func (b *budget) fits(weight int64) bool { return weight <= b.limit/largePart }

func (b *budget) weight() int64 { return b.small.weight + b.main.weight + b.tags }

// insert adds the node of a new key. Call shrink afterwards.
func (b *budget) insert(n *node) {
	if b.ghost.take(n.hash) {
		b.main.push(n)
	} else {
		b.small.push(n)
	}
}

// replace puts a node in the position of an older one of the same key. This counts as a hit: the key was requested.
func (b *budget) replace(old, n *node) {
	n.uses.Store(min(old.uses.Load()+1, maxUses))
	old.queue.replace(old, n)
}

// shrink evicts entries until the weight is within the limit.
func (b *budget) shrink(now time.Time) {
	for b.weight() > b.limit && (b.small.last != nil || b.main.last != nil) {
		b.step(now)
	}
}

// step takes one node from the end of a queue and evicts it, moves it to the main queue or gives it another turn there.
func (b *budget) step(now time.Time) {
	oldest := b.main.last
	if oldest == nil || b.small.weight > b.limit/smallPart && !oldest.item.dead(now) {
		oldest = b.small.last
	}
	from, uses := oldest.queue, oldest.uses.Load()
	from.remove(oldest)
	switch {
	case oldest.item.dead(now):
		oldest.item.evict()
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
		oldest.item.evict()
	}
}

// remove evicts a node wherever it is in its queue.
func (b *budget) remove(n *node) {
	n.queue.remove(n)
	n.item.evict()
}
