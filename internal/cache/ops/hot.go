package ops

import (
	"cmp"
	"container/heap"
	"slices"
	"sync"
	"time"

	"docsquare/internal/cache"
)

// HotKey is a frequently requested key.
type HotKey struct {
	Kind     string
	Key      string // see Options.Label
	Requests int64  // estimated, of the last minutes
}

const (
	hotCounters = 512
	hotHalf     = time.Minute // after which an old request counts half
	maxLabel    = 120
)

// hotKeys finds the most requested keys in bounded memory. The algorithm is space saving (Metwally, Agrawal, El Abbadi:
// Efficient Computation of Frequent and Top-k Elements in Data Streams, 2005) with counts that halve each minute. It is safe
// for concurrent use.
type hotKeys struct {
	mu       sync.Mutex
	counters map[uint64]*hotCounter // by id
	heap     hotHeap                // the same counters, the lowest count first
	faded    time.Time
}

// hotCounter counts the requests for one key.
type hotCounter struct {
	id       uint64 // hash of the kind and the key: keys whose hashes collide share a counter
	kind     string
	label    func() string // called when the counter is reported, not for each request
	count    int64
	position int // in the heap
}

// hotHeap is a min-heap of counters for container/heap.
type hotHeap []*hotCounter

func (h hotHeap) Len() int           { return len(h) }
func (h hotHeap) Less(i, j int) bool { return h[i].count < h[j].count }
func (h hotHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].position, h[j].position = i, j
}

// Push implements heap.Interface.
func (h *hotHeap) Push(x any) {
	c, _ := x.(*hotCounter)
	c.position = len(*h)
	*h = append(*h, c)
}

// Pop implements heap.Interface.
func (h *hotHeap) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	*h = (*h)[:last]
	return c
}

func newHotKeys() *hotKeys { return &hotKeys{counters: map[uint64]*hotCounter{}, faded: time.Now()} }

// increment counts a sampled request for a key that has a counter. If the key has none, it returns false and counts nothing.
func (h *hotKeys) increment(id uint64, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fade(now)
	c := h.counters[id]
	if c == nil {
		return false
	}
	c.count++
	heap.Fix(&h.heap, c.position)
	return true
}

// insert counts a sampled request for a key without a counter. If all counters are in use, the key takes over the lowest one
// with its count, because the key may have been requested as often.
func (h *hotKeys) insert(id uint64, kind string, label func() string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch c := h.counters[id]; {
	case c != nil: // inserted by another request since increment
		c.count++
		heap.Fix(&h.heap, c.position)
	case len(h.heap) < hotCounters:
		c = &hotCounter{id: id, kind: kind, label: label, count: 1}
		h.counters[id] = c
		heap.Push(&h.heap, c)
	default:
		c = h.heap[0]
		delete(h.counters, c.id)
		c.id, c.kind, c.label = id, kind, label
		c.count++
		h.counters[id] = c
		heap.Fix(&h.heap, 0)
	}
}

// fade halves the counts once for each hotHalf that has passed, and removes counters that reach zero.
func (h *hotKeys) fade(now time.Time) {
	for ; now.Sub(h.faded) >= hotHalf && len(h.heap) > 0; h.faded = h.faded.Add(hotHalf) {
		for _, c := range h.heap {
			if c.count /= 2; c.count == 0 {
				delete(h.counters, c.id)
			}
		}
		h.heap = slices.DeleteFunc(h.heap, func(c *hotCounter) bool { return c.count == 0 })
		for i, c := range h.heap {
			c.position = i
		}
		heap.Init(&h.heap)
	}
	if len(h.heap) == 0 {
		h.faded = now
	}
}

// current returns copies of the counters.
func (h *hotKeys) current(now time.Time) []hotCounter {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fade(now)
	counters := make([]hotCounter, len(h.heap))
	for i, c := range h.heap {
		counters[i] = *c
	}
	return counters
}

// counts returns the counts of sampled requests by id.
func (h *hotKeys) counts(now time.Time) map[uint64]int64 {
	counts := map[uint64]int64{}
	for _, c := range h.current(now) {
		counts[c.id] = c.count
	}
	return counts
}

// discovered counts a sampled request for a key without a counter.
func (m *Monitor) discovered(hash uint64, kind cache.View, key any) {
	m.hot.insert(hash, kind.Name, func() string { return m.Label(kind, key) })
}

// HotKeys returns up to limit of the keys that were requested most from this process, the hottest first.
func (m *Monitor) HotKeys(limit int) []HotKey {
	counters := m.hot.current(time.Now())
	all := make([]HotKey, len(counters))
	for i, c := range counters {
		all[i] = HotKey{c.kind, c.label(), c.count * cache.RequestSample}
	}
	slices.SortFunc(all, func(a, b HotKey) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return all[:min(limit, len(all))]
}

// Label returns a key of a kind as text for people, in at most maxLabel characters.
func (m *Monitor) Label(kind cache.View, key any) string {
	text := m.label(kind.Name, key, kind.Text(key))
	if runes := []rune(text); len(runes) > maxLabel {
		text = string(runes[:maxLabel]) + "…"
	}
	return text
}

// Hottest returns up to limit keys that have a value in the near tier, the most requested first: by the sampled requests of
// recent minutes, and keys without such a sample by the counters of the eviction policy. The order is approximate.
func Hottest[K comparable, V any](m *Monitor, k *cache.Kind[K, V], limit int) []K {
	all := m.hottest(k.View())
	keys := make([]K, min(limit, len(all)))
	for i := range keys {
		keys[i], _ = all[i].Key.(K)
	}
	return keys
}

func (m *Monitor) hottest(kind cache.View) []cache.Entry {
	requests := m.hot.counts(time.Now())
	entries := slices.DeleteFunc(kind.Entries(), func(e cache.Entry) bool { return e.Absent })
	slices.SortFunc(entries, func(a, b cache.Entry) int {
		return cmp.Or(cmp.Compare(requests[b.Hash], requests[a.Hash]), cmp.Compare(b.Uses, a.Uses))
	})
	return entries
}
