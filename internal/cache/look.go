package cache

import (
	"context"
	"slices"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// Look answers keys from the near tier, without waiting and without a load. values, found and known must be as long as keys
// or longer. For each i below len(keys), Look sets:
//
//   - known[i]: whether the near tier has answered keys[i];
//   - found[i]: whether it has a value, false for a negative entry;
//   - values[i]: the value, the zero value if not found.
//
// Look returns how many keys are unknown. Pass those to Fetch, which also counts them: Look counts only what it answers.
// A key is unknown if its entry is missing, expired or invalidated, is due for a refresh or is sampled for an audit. All keys
// are unknown if reads under ctx bypass the cache. Look is safe for concurrent use, each call with its own slices.
func (k *Kind[K, V]) Look(ctx context.Context, keys []K, values []V, found, known []bool) (missing int) {
	n := len(keys)
	values, found, known = values[:n], found[:n], known[:n]
	clear(values)
	clear(found)
	clear(known)
	if passesBy(ctx) {
		return n
	}
	r := k.newTierRead(ctx, n)
	for i, key := range keys {
		e, ok := k.near.get(key, r.now)
		if !ok || e.due(r.now) || r.audits && k.sampleForFetch(e) {
			missing++
			continue
		}
		values[i], found[i], known[i] = e.value, !e.absent, true
		r.count.Near++
		r.requested(key)
		r.served(e)
	}
	r.end()
	return missing
}

// tierRead is one read of many keys from a tier. It reads the clock and the context once, and gathers what the operation
// records about the keys, so that end takes each lock once.
type tierRead[K comparable, V any] struct {
	kind    *Kind[K, V]
	now     time.Time
	record  *explain.Record // nil if the operation has none
	receipt *Receipt        // nil if the operation has none
	sampler hotSampler
	audits  bool // whether served entries are sampled for audits
	count   explain.Kind
	deps    dependencies // empty if the receipt keeps none
	buffer  *[][]hold    // of deps; nil if the receipt keeps none
}

// entryBuffers has empty slices for the dependencies that one read gathers.
var entryBuffers = sync.Pool{New: func() any { return new([][]hold) }}

// newTierRead starts a read of at most n keys.
func (k *Kind[K, V]) newTierRead(ctx context.Context, n int) tierRead[K, V] {
	r := tierRead[K, V]{
		kind: k, now: time.Now(), record: explain.From(ctx), receipt: receiptOf(ctx), sampler: newHotSampler(), audits: k.engine.auditor.ratio > 0,
	}
	if r.receipt.keeping() {
		r.buffer, _ = entryBuffers.Get().(*[][]hold)
		r.deps.entries = slices.Grow(*r.buffer, n)
	}
	return r
}

// requested notes that the operation has requested a key: its tags in a full record, and a sample for the hot keys.
func (r *tierRead[K, V]) requested(key K) {
	if r.record.Full() {
		r.record.Tagged(r.kind.tags(key)...)
	}
	if r.sampler.next() {
		r.kind.countHot(key, r.now)
	}
}

// served notes that an entry is served.
func (r *tierRead[K, V]) served(e *entry[V]) {
	if e.absent {
		r.count.Negative++
	}
	if e.stale > 0 && r.now.After(e.expires) {
		r.count.Stale++
	}
	if r.receipt.keeping() {
		r.deps.add(e.holds, e.expires)
	}
}

// end adds what the read has gathered to the kind's counters and to the operation.
func (r *tierRead[K, V]) end() {
	r.kind.countFor(r.record, r.receipt, r.count)
	r.receipt.add(&r.deps)
	if r.buffer != nil {
		clear(r.deps.entries)
		*r.buffer = r.deps.entries[:0]
		entryBuffers.Put(r.buffer)
	}
}
