package cache

import (
	"sync"
	"time"
)

// tagTable finds the state of a tag. It is bounded: tags count in the budget of the near tier. A tag is pinned while an entry of the
// near tier depends on it. Other tags are idle, such as those of loads in progress. If the idle tags exceed their bound, the oldest
// are dropped, which invalidates everything that still refers to them.
type tagTable struct {
	budget *budget // its lock guards pins and the list of idle tags
	idle   list[tagState, *tagState]
	limit  int64 // of the weight of idle tags

	mu     sync.RWMutex // taken after the lock of the budget
	states map[Tag]*tagState
}

const (
	// tagOverhead is the memory of a tag without its text: its state and generation and its share of the map. TestHeapPerEntry
	// measures it.
	tagOverhead = 136

	idlePart     = 32        // idle tags have at most this part of the budget
	minIdleBytes = 16 << 10  // if that is more: for the loads in progress
	onlyIdle     = 256 << 10 // without a near tier
)

// newTagTable returns a table whose tags count in a budget. If there is no near tier, all tags are idle.
func newTagTable(b *budget) *tagTable {
	limit := int64(onlyIdle)
	if b.limit > 0 {
		limit = max(b.limit/idlePart, minIdleBytes)
	}
	return &tagTable{budget: b, limit: limit, states: map[Tag]*tagState{}}
}

// get returns the state of a tag, or nil. An idle tag then stays longer.
func (t *tagTable) get(tag Tag) *tagState {
	t.mu.RLock()
	defer t.mu.RUnlock()
	c := t.states[tag]
	if c != nil && !c.asked.Load() {
		c.asked.Store(true)
	}
	return c
}

// getOrAdd returns the state of a tag. If there is none, it adds one with a new generation.
func (t *tagTable) getOrAdd(tag Tag) *tagState {
	if c := t.get(tag); c != nil {
		return c
	}
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	if c := t.get(tag); c != nil { // added by another goroutine
		return c
	}
	c := &tagState{tag: tag}
	c.current.Store(&generation{})
	t.mu.Lock()
	t.states[tag] = c
	t.mu.Unlock()
	t.budget.tags += c.bytes()
	t.idle.push(c)
	t.trim()
	if t.budget.weight() > t.budget.limit {
		t.budget.shrink(time.Now())
	}
	return c
}

// pin counts one more entry of the near tier that depends on tags. The caller holds the lock of the budget.
func (t *tagTable) pin(snapshots []snapshot) {
	for _, h := range snapshots {
		if h.state.pins++; h.state.pins == 1 {
			t.idle.remove(h.state)
		}
	}
}

// unpin counts one entry less. The caller holds the lock of the budget.
func (t *tagTable) unpin(snapshots []snapshot) {
	for _, h := range snapshots {
		if h.state.pins--; h.state.pins == 0 {
			t.idle.push(h.state)
		}
	}
	t.trim()
}

// trim drops idle tags beyond the bound, the oldest first. A tag that was requested since it became idle is moved to the front once.
func (t *tagTable) trim() {
	for t.idle.weight > t.limit {
		c := t.idle.last
		t.idle.remove(c)
		if c.asked.Swap(false) {
			t.idle.push(c)
			continue
		}
		t.budget.tags -= c.bytes()
		t.mu.Lock()
		c.current.Store(nil)
		delete(t.states, c.tag)
		t.mu.Unlock()
	}
}

// size returns how many tags there are, and their weight.
func (t *tagTable) size() (tags int, bytes int64) {
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	return len(t.states), t.budget.tags
}
