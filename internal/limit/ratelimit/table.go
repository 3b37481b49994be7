package ratelimit

import (
	"hash/maphash"
	"strings"
	"sync"
	"time"
)

// table is all budgets that the process knows.
type table struct {
	seed   maphash.Seed
	shards []*shard
}

// shard is a part of the table with its own lock.
type shard struct {
	mu      sync.Mutex
	budgets map[id]*budget
	queue   []*budget // those that Redis has to hear of, also after they are forgotten; nil where there is no Redis
	limit   int       // of either
	far     bool      // there is a Redis
}

const maxShards = 32

func newTable(buckets int, far bool) table {
	n := max(1, min(maxShards, buckets))
	t := table{seed: maphash.MakeSeed(), shards: make([]*shard, n)}
	for i := range t.shards {
		t.shards[i] = &shard{budgets: map[id]*budget{}, limit: max(1, buckets/n), far: far}
	}
	return t
}

func (t *table) shard(i id) *shard {
	return t.shards[maphash.Comparable(t.seed, i)%uint64(len(t.shards))]
}

func (t *table) len() (n int) {
	for _, s := range t.shards {
		s.mu.Lock()
		n += len(s.budgets)
		s.mu.Unlock()
	}
	return n
}

// forget drops what is full again and of no further use.
func (t *table) forget(now time.Time) {
	for _, s := range t.shards {
		s.mu.Lock()
		for i, b := range s.budgets {
			b.advance(now)
			if b.idle() {
				delete(s.budgets, i)
			}
		}
		s.mu.Unlock()
	}
}

// budget is the budget of a bucket, full where it is new. It needs the lock.
func (s *shard) budget(i id, now time.Time) *budget {
	b := s.budgets[i]
	if b == nil {
		if len(s.budgets) >= s.limit {
			s.evict(now)
		}
		i.name = strings.Clone(i.name) // it may be a piece of a large request
		b = &budget{id: i, home: s, at: now}
		s.budgets[i] = b
	}
	b.advance(now)
	return b
}

// evictSample is how many budgets are compared. One of a thousand that is exhausted then outlives many thousands that are
// nearly full.
const evictSample = 8

// evict forgets one of some budgets, the one that would be full again first. Where all of them are on their way to Redis
// it forgets none. It needs the lock.
func (s *shard) evict(now time.Time) {
	var victim *budget
	var soonest time.Duration
	seen := 0
	for _, b := range s.budgets { // begins anywhere
		if seen++; seen > evictSample {
			break
		}
		b.advance(now)
		full := b.id.rate.span(b.spent)
		if b.calls == 0 && (victim == nil || full < soonest) {
			victim, soonest = b, full
		}
	}
	if victim != nil {
		delete(s.budgets, victim.id)
	}
}

// note has the background see to a budget that Redis has to hear of. Where there are too many the oldest is let go: its
// lease leaks away, and what it owes is sent with the next call for it. It needs the lock.
func (s *shard) note(b *budget) {
	if !s.far || b.queued || !b.unsettled() {
		return
	}
	if len(s.queue) >= s.limit {
		s.queue[0].queued = false
		s.queue = s.queue[1:]
	}
	b.queued = true
	s.queue = append(s.queue, b)
}
