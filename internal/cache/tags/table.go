package tags

import (
	"slices"
	"sync"

	"docsquare/internal/cache/list"
)

// Table has the generations of tags. It is bounded. A tag is pinned while an entry of the near tier depends on it. Other tags are idle, such as
// those of loads in progress. If the idle tags exceed their bound, the oldest are dropped, which invalidates everything that still
// refers to them. A Table is safe for concurrent use.
type Table struct {
	memory Memory
	limit  int64 // of the weight of idle tags

	mu     sync.RWMutex
	states map[Tag]*state
	idle   list.List[state, *state]
}

// Memory is where a table takes its memory from. Reserve may evict entries, which unpins their tags. Release must not.
type Memory interface {
	Reserve(bytes int64)
	Release(bytes int64)
}

// overhead is the memory of a tag without its text: its state and generation and its share of the map. TestHeapPerEntry measures it.
const overhead = 136

// NewTable returns a table that keeps idle tags of at most idle bytes.
func NewTable(m Memory, idle int64) *Table {
	return &Table{memory: m, limit: idle, states: map[Tag]*state{}}
}

// Capture appends a snapshot of each tag. Capture before a read: its result may be kept only while the snapshots are current.
func (t *Table) Capture(snapshots []Snapshot, tags []Tag) []Snapshot {
	snapshots = slices.Grow(snapshots, len(tags))
	for _, tag := range tags {
		snapshots = append(snapshots, t.snapshot(tag))
	}
	return snapshots
}

func (t *Table) snapshot(tag Tag) Snapshot {
	for {
		s := t.getOrAdd(tag)
		if g := s.current.Load(); g != nil {
			return Snapshot{s, g}
		} // dropped between the two reads
	}
}

// Stamp returns the stamp of a tag in this process; 0 if it is not known.
func (t *Table) Stamp(tag Tag) Stamp {
	if s := t.get(tag); s != nil {
		if g := s.current.Load(); g != nil {
			return Stamp(g.stamp.Load())
		}
	}
	return 0
}

// Replace begins a new generation of a tag with a stamp; 0 if it is not known. A tag that is not in the table has no entries that
// could be stale.
func (t *Table) Replace(tag Tag, stamp Stamp) {
	s := t.get(tag)
	if s == nil {
		return
	}
	next := &generation{}
	next.stamp.Store(uint64(stamp))
	for {
		old := s.current.Load()
		if old == nil {
			return
		}
		if next.serial = old.serial; old.stamp.Load() != uint64(stamp) {
			next.serial++
		}
		if s.current.CompareAndSwap(old, next) {
			return
		}
	}
}

// get returns the state of a tag, or nil. An idle tag then stays longer.
func (t *Table) get(tag Tag) *state {
	t.mu.RLock()
	defer t.mu.RUnlock()
	s := t.states[tag]
	if s != nil && !s.asked.Load() {
		s.asked.Store(true)
	}
	return s
}

// getOrAdd returns the state of a tag. If there is none, it adds one with a new generation.
func (t *Table) getOrAdd(tag Tag) *state {
	if s := t.get(tag); s != nil {
		return s
	}
	s, added := t.add(tag)
	if added {
		t.memory.Reserve(s.Bytes())
	}
	return s
}

func (t *Table) add(tag Tag) (s *state, added bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s = t.states[tag]; s != nil { // added by another goroutine
		return s, false
	}
	s = &state{tag: tag}
	s.current.Store(&generation{})
	t.states[tag] = s
	t.idle.Push(s)
	t.trim()
	return s, true
}

// Pin keeps the tags of one more entry of the near tier. It returns false, and pins nothing, if the snapshots are not current.
func (t *Table) Pin(snapshots []Snapshot) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !Current(snapshots) { // a dropped tag must not be pinned
		return false
	}
	for _, h := range snapshots {
		if h.state.pins++; h.state.pins == 1 {
			t.idle.Remove(h.state)
		}
	}
	return true
}

// Unpin ends a Pin.
func (t *Table) Unpin(snapshots []Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range snapshots {
		if h.state.pins--; h.state.pins == 0 {
			t.idle.Push(h.state)
		}
	}
	t.trim()
}

// trim drops idle tags beyond the bound, the oldest first. A tag that was requested since it became idle is moved to the front once.
func (t *Table) trim() {
	for t.idle.Weight > t.limit {
		s := t.idle.Last
		t.idle.Remove(s)
		if s.asked.Swap(false) {
			t.idle.Push(s)
			continue
		}
		t.memory.Release(s.Bytes())
		s.current.Store(nil)
		delete(t.states, s.tag)
	}
}

// Len returns how many tags there are.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.states)
}
