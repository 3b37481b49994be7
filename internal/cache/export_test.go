package cache

import (
	"context"
	"fmt"
	"hash/maphash"
	"reflect"
	"time"
)

// What the tests of this package see of its inside. They stand in a package of their own, for testkit imports this one.

// The bytes of an entry in Redis.
type FarEntry = farEntry

// Undecodable is how many entries of Redis could not be decoded.
func (e *Engine) Undecodable() int64 { return e.undecodable.Load() }

// Far returns the far tier.
func (e *Engine) Far() Far { return e.far }

// FarKey returns the key of an entry in the far tier.
func (k *Kind[K, V]) FarKey(key K) string { return k.family.farKey(key) }

// InNear reports whether the near tier has a valid entry for the key.
func (k *Kind[K, V]) InNear(key K) bool {
	_, ok := k.family.near.get(box(k, key), time.Now())
	return ok
}

// InFlight reports whether a call for the key is in flight.
func (k *Kind[K, V]) InFlight(key K) bool {
	k.family.calls.mu.Lock()
	defer k.family.calls.mu.Unlock()
	return k.family.calls.inFlight[key] != nil
}

// MakeFarEntry returns an entry as it is stored in Redis.
func MakeFarEntry(absent bool, expires time.Time, stamps []Stamp, value []byte) FarEntry {
	return farEntry{absent: absent, expires: expires, stamps: stamps, value: value}
}

// Encode is the bytes of an entry.
func (f FarEntry) Encode() []byte { return f.encode() }

// Value is the value's bytes.
func (f FarEntry) Value() []byte { return f.value }

// DecodeEntry takes an entry apart.
func DecodeEntry(raw []byte) (FarEntry, error) { return decodeEntry(raw) }

// EncodeValue is a value in CBOR.
func EncodeValue(v any) ([]byte, error) { return encodeValue(v) }

// DecodeValue reads a value from CBOR.
func DecodeValue[V any](raw []byte) (value V, err error) {
	read, err := decodeValue(reflect.TypeFor[V](), raw)
	if err == nil {
		value, _ = read.(V)
	}
	return value, err
}

// NewVersion returns the kind as a later release would declare it.
func NewVersion[K comparable, V any](k *Kind[K, V]) *Kind[K, V] {
	f := k.family
	spec := f.Spec
	spec.Version++
	return NewKind[K, V](f.engine, spec, func(key K) string { return f.text(key) }, func(key K) []Tag { return f.tags(key) })
}

// HotCounters is how many keys are counted at once, to find the hot ones.
const HotCounters = hotCounters

// HotSample is the number of requests of which one is counted.
const HotSample = hotSample

// Note counts a request that was sampled.
func (e *Engine) Note(kind, key string) { e.hot.note(kind, key, time.Now()) }

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

// Label is a key as people read it.
func (k *Kind[K, V]) Label(key K) string { return k.family.label(key) }

// MaxHolds is how many tags a receipt follows.
const MaxSnapshots = maxSnapshots

// Still reports whether what the receipt depends on is unchanged.
func (r *ReadSet) Still() bool {
	_, _, ok := r.dependencies(true)
	return ok
}

// PastCache has reads under the context bypass the cache.
func PastCache(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.bypassed = true })
}
