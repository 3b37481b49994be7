package cache

import (
	"context"
	"slices"
	"sync"
	"time"

	"docsquare/internal/telemetry/explain"
)

// tierRead is one read of many keys from a tier. It reads the clock and the context once, and collects what the operation
// records about the keys, so that end takes each lock once.
type tierRead struct {
	family  *family
	now     time.Time
	record  *explain.Record // nil if the operation has none
	readSet *ReadSet        // nil if the operation has none
	sampler sampler
	unknown bool // whether the observer does not know the present key, and is to count it
	samples bool // whether served entries are sampled for the observer
	count   explain.Kind
	deps    dependencies  // empty if the read set collects none
	buffer  *[][]snapshot // of deps; nil if the read set collects none
}

// entryBuffers has empty slices for the dependencies of one read.
var entryBuffers = sync.Pool{New: func() any { return new([][]snapshot) }}

// newTierRead starts a read of at most n keys.
func (f *family) newTierRead(ctx context.Context, n int) tierRead {
	r := tierRead{
		family: f, now: time.Now(), record: explain.From(ctx), readSet: readSetOf(ctx), sampler: newSampler(), samples: f.engine.observer.Ratio > 0,
	}
	if r.readSet.tracking() {
		r.buffer, _ = entryBuffers.Get().(*[][]snapshot)
		r.deps.entries = slices.Grow(*r.buffer, n)
	}
	return r
}

// take returns the entry of a slot, which may be nil, if it answers a look, and counts it as served. See Kind.Look.
func (r *tierRead) take(s *slot) *entry {
	e, ok := s.get(r.now)
	if !ok || e.due(r.now) || r.samples && r.family.sampleForFetch(e) {
		return nil
	}
	r.count.Near++
	r.served(e)
	return e
}

// requested passes a sample of the requested keys to the observer. It reports whether note is to be called for this key.
func (r *tierRead) requested(hash uint64) bool {
	r.unknown = r.sampler.next() && !r.family.engine.observer.Requested(hash, r.now)
	return r.unknown || r.record.Full()
}

// note adds the tags of a requested key to a full record, and passes a key to the observer that it does not know.
func (r *tierRead) note(key boxed) {
	if r.record.Full() {
		r.record.Tagged(r.family.tags(key.key)...)
	}
	if r.unknown {
		r.family.engine.observer.Discovered(key.hash, r.family.view(), key.key)
	}
}

// served notes that an entry is served.
func (r *tierRead) served(e *entry) {
	if e.absent {
		r.count.Negative++
	}
	if e.stale > 0 && r.now.After(e.expires) {
		r.count.Stale++
	}
	if r.readSet.tracking() {
		r.deps.add(e.snapshots, e.expires)
	}
}

// end adds what the read has collected to the kind's counters and to the operation.
func (r *tierRead) end() {
	r.family.countFor(r.record, r.readSet, r.count)
	r.readSet.add(r.family, &r.deps)
	if r.buffer != nil {
		clear(r.deps.entries)
		*r.buffer = r.deps.entries[:0]
		entryBuffers.Put(r.buffer)
	}
}
