package cache

import (
	"sync"
	"time"
)

// tagTable finds the cells of tags. It is bounded: cells count in the budget of the near tier. A cell is pinned while an entry
// of the near tier depends on it. Other cells are idle, such as those of loads in progress. If the idle cells exceed their
// bound, the oldest are dropped, which invalidates everything that still refers to them.
type tagTable struct {
	budget *budget // its lock guards pins and the list of idle cells
	idle   list[cell, *cell]
	limit  int64 // of the weight of idle cells

	mu    sync.RWMutex // taken after the lock of the budget
	cells map[Tag]*cell
}

const (
	// tagOverhead is the memory of a tag without its text: its cell and version and its share of the map. TestHeapPerEntry
	// measures it.
	tagOverhead = 136

	idlePart     = 32        // idle cells have at most this part of the budget
	minIdleBytes = 16 << 10  // if that is more: for the loads in progress
	onlyIdle     = 256 << 10 // without a near tier
)

// newTagTable returns a table whose cells count in a budget. If there is no near tier, all cells are idle.
func newTagTable(b *budget) *tagTable {
	limit := int64(onlyIdle)
	if b.limit > 0 {
		limit = max(b.limit/idlePart, minIdleBytes)
	}
	return &tagTable{budget: b, limit: limit, cells: map[Tag]*cell{}}
}

// get returns the cell of a tag, or nil. An idle cell then stays longer.
func (t *tagTable) get(tag Tag) *cell {
	t.mu.RLock()
	defer t.mu.RUnlock()
	c := t.cells[tag]
	if c != nil && !c.asked.Load() {
		c.asked.Store(true)
	}
	return c
}

// getOrAdd returns the cell of a tag. If there is none, it adds one with a new version.
func (t *tagTable) getOrAdd(tag Tag) *cell {
	if c := t.get(tag); c != nil {
		return c
	}
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	if c := t.get(tag); c != nil { // added by another goroutine
		return c
	}
	c := &cell{tag: tag}
	c.current.Store(&version{})
	t.mu.Lock()
	t.cells[tag] = c
	t.mu.Unlock()
	t.budget.tags += c.bytes()
	t.idle.push(c)
	t.trim()
	if t.budget.weight() > t.budget.limit {
		t.budget.shrink(time.Now())
	}
	return c
}

// pin counts one more entry of the near tier that depends on cells. The caller holds the lock of the budget.
func (t *tagTable) pin(holds []hold) {
	for _, h := range holds {
		if h.cell.pins++; h.cell.pins == 1 {
			t.idle.remove(h.cell)
		}
	}
}

// unpin counts one entry less. The caller holds the lock of the budget.
func (t *tagTable) unpin(holds []hold) {
	for _, h := range holds {
		if h.cell.pins--; h.cell.pins == 0 {
			t.idle.push(h.cell)
		}
	}
	t.trim()
}

// trim drops idle cells beyond the bound, the oldest first. A cell that was requested since it became idle stays for another
// turn.
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
		delete(t.cells, c.tag)
		t.mu.Unlock()
	}
}

// size returns how many tags there are, and their weight.
func (t *tagTable) size() (tags int, bytes int64) {
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	return len(t.cells), t.budget.tags
}
