// Package turns has one caller at a time work for a key while the others wait, and remembers which keys have come recently.
package turns

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Turns are the keys that callers work for. It is safe for concurrent use.
type Turns[K comparable] struct {
	seed   maphash.Seed
	recent [recentKeys]atomic.Uint64 // hashes of recent keys, each at the index hash modulo recentKeys

	mu      sync.Mutex
	working map[K]*work
}

// recentKeys bounds how many keys ComesAgain remembers.
const recentKeys = 1 << 14

// work is the work of one caller for a key.
type work struct {
	done    chan struct{}
	awaited bool // whether another caller waits
}

// New returns turns without a key.
func New[K comparable]() *Turns[K] {
	return &Turns[K]{seed: maphash.MakeSeed(), working: map[K]*work{}}
}

// ComesAgain notes a key and reports whether it was noted recently.
func (t *Turns[K]) ComesAgain(key K) bool {
	hash := max(maphash.Comparable(t.seed, key), 1)
	return t.recent[hash%recentKeys].Swap(hash) == hash
}

// Turn is the permission of one caller to work for a key. That of the zero value has ended.
type Turn[K comparable] struct {
	turns *Turns[K]
	key   K
	work  *work
}

// Take returns a turn, which the caller must end. If another caller works for the key, Take waits until that turn or ctx ends, and
// returns false.
func (t *Turns[K]) Take(ctx context.Context, key K) (turn Turn[K], ok bool) {
	t.mu.Lock()
	other := t.working[key]
	if other == nil {
		mine := &work{done: make(chan struct{})}
		t.working[key] = mine
		t.mu.Unlock()
		return Turn[K]{t, key, mine}, true
	}
	other.awaited = true
	t.mu.Unlock()
	select {
	case <-other.done:
	case <-ctx.Done():
	}
	return turn, false
}

// Awaited reports whether another caller waits for the end of the turn.
func (t Turn[K]) Awaited() bool {
	if t.work == nil {
		return false
	}
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	return t.work.awaited
}

// End ends the turn. It may be called more than once.
func (t Turn[K]) End() {
	if t.work == nil {
		return
	}
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	if t.turns.working[t.key] == t.work {
		delete(t.turns.working, t.key)
		close(t.work.done)
	}
}
