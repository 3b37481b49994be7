package cache

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/readset"
	"docsquare/internal/cache/tags"
	"docsquare/internal/telemetry/record"
)

// pass is one pass over keys of a kind for an operation. It reads the clock and the context once, and collects what the operation
// records about the keys, so that end takes each lock once.
type pass struct {
	family  *family
	now     time.Time
	record  *record.Record // nil if the operation has none
	readSet *readset.Set   // nil if the operation has none
	skip    int            // requests to pass over before the next one is counted, see near.SampleRate
	audits  bool           // whether served entries are sampled for the observer
	count   record.Kind
	deps    readset.Dependencies // empty if the read set collects none
	buffer  *[][]tags.Snapshot   // of deps; nil if the read set collects none
}

// buffers has empty slices for the dependencies of one pass.
var buffers = sync.Pool{New: func() any { return new([][]tags.Snapshot) }}

// newPass starts a pass over at most n keys.
func (f *family) newPass(ctx context.Context, n int) pass {
	p := pass{
		family: f, now: time.Now(), record: record.From(ctx), readSet: readSetOf(ctx), audits: f.engine.observer.Ratio > 0,
		skip: rand.N(near.SampleRate), //nolint:gosec // a sample, no secret
	}
	if p.readSet.Tracked() {
		p.buffer, _ = buffers.Get().(*[][]tags.Snapshot)
		p.deps.Entries = slices.Grow(*p.buffer, n)
	}
	return p
}

// take returns the entry of a slot, which may be nil, if it answers a look, and counts it as served. See Kind.Look.
func (p *pass) take(s *near.Slot[entry]) *entry {
	if s == nil || !s.Entry.valid(p.now) || s.Entry.due(p.now) || p.audits && p.family.leave(&s.Entry) {
		return nil
	}
	p.hit(s)
	return &s.Entry
}

// hit notes that the entry of a slot in the near tier is served.
func (p *pass) hit(s *near.Slot[entry]) {
	s.Hit()
	if p.skip == 0 {
		p.skip = near.SampleRate
		s.Requested(p.now)
	}
	p.skip--
	p.count.Near++
	p.served(&s.Entry)
}

// served notes that an entry is served.
func (p *pass) served(e *entry) {
	if e.absent {
		p.count.Negative++
	}
	if e.stale > 0 && p.now.After(e.expires) {
		p.count.Stale++
	}
	if p.readSet.Tracked() {
		p.deps.Add(e.snapshots, e.expires)
	}
}

// end adds what the pass has collected to the kind's counters and to the operation.
func (p *pass) end() {
	p.family.count(p.record, p.readSet, p.count)
	p.readSet.Add(&p.deps, p.family.ofViewers)
	if p.buffer != nil {
		clear(p.deps.Entries)
		*p.buffer = p.deps.Entries[:0]
		buffers.Put(p.buffer)
	}
}

// count counts for the kind, and for the operation's record and read set, which may be nil.
func (f *family) count(rec *record.Record, readSet *readset.Set, c record.Kind) {
	if c == (record.Kind{}) {
		return
	}
	f.meter.count(c)
	rec.Kind(f.Name, c)
	readSet.Count(readset.Reads{Near: c.Near + c.Shared, Far: c.Far, Loads: c.Loads})
}

// serving is a pass that also passes values on, and collects the keys to refresh and the entries for the observer.
type serving struct {
	pass
	to       request
	due      []near.Key
	observed []Served
}

func (f *family) serving(ctx context.Context, n int, to request) serving {
	return serving{pass: f.newPass(ctx, n), to: to}
}

// serve ends a call with an entry of either tier, which the pass has counted.
func (s *serving) serve(c *call, e *entry) {
	s.family.calls.finish(c, e, nil)
	if !e.absent {
		s.to.found(c.key.Value, e.value)
	}
	if e.due(s.now) {
		s.due = append(s.due, c.key)
	}
	if s.audits && s.family.audited(e) {
		s.observed = append(s.observed, Served{Kind: s.family.view(), Key: c.key.Value, entry: e, load: s.to.load})
	}
}

// end ends the pass, starts the refreshes, and passes entries to the observer.
func (s *serving) end(ctx context.Context) {
	s.pass.end()
	if len(s.due) > 0 {
		s.family.refresh(ctx, s.due, s.to)
	}
	for _, served := range s.observed {
		s.family.engine.observer.Served(ctx, served)
	}
}
