package ops

import (
	"fmt"
	"hash/maphash"
	"time"
)

// HotCounters is how many keys are counted at once, to find the hot ones.
const HotCounters = hotCounters

// Note counts a request that was sampled.
func (m *Monitor) Note(kind, key string) { m.hot.note(kind, key, time.Now()) }

func (h *hotKeys) note(kind, key string, now time.Time) {
	id := maphash.Comparable(hotTestSeed, [2]string{kind, key})
	if !h.increment(id, now) {
		h.insert(id, kind, func() string { return key })
	}
}

var hotTestSeed = maphash.MakeSeed()

// HotCounts counts requests as an engine does, with a clock of the test.
type HotCounts struct {
	keys *hotKeys
	Now  time.Time
}

// NewHotCounts returns counts without a key.
func NewHotCounts(now time.Time) *HotCounts {
	return &HotCounts{&hotKeys{counters: map[uint64]*hotCounter{}, faded: now}, now}
}

// Note counts a request that was sampled.
func (h *HotCounts) Note(key string) { h.keys.note("", key, h.Now) }

// Counts returns the count of each key, after fading.
func (h *HotCounts) Counts() map[string]int64 {
	counts := map[string]int64{}
	for _, c := range h.keys.current(h.Now) {
		counts[c.label()] = c.count
	}
	return counts
}

// Check returns an error if the heap, its positions and the index do not agree.
func (h *HotCounts) Check() error {
	if len(h.keys.heap) != len(h.keys.counters) {
		return fmt.Errorf("%d counters in the heap, %d in the index", len(h.keys.heap), len(h.keys.counters))
	}
	for i, c := range h.keys.heap {
		if c.position != i || h.keys.counters[c.id] != c {
			return fmt.Errorf("counter %d has position %d", i, c.position)
		}
		if c.count < h.keys.heap[0].count {
			return fmt.Errorf("counter %d has count %d, less than the root's %d", i, c.count, h.keys.heap[0].count)
		}
	}
	return nil
}
