package cache

import (
	"bytes"
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Audit is the result of the consistency checks so far: how many served entries were compared with their source, and how many of
// them differed for longer than MaxStaleness.
type Audit struct {
	Ratio    float64 // of the served entries
	Compared int64
	Stale    int64         // wanted: 0
	Oldest   time.Duration // the longest time that a served entry has differed before its invalidation arrived
}

// auditor compares a sample of the served entries with their source, in the background.
type auditor struct {
	ratio    float64       // of the served entries
	places   chan struct{} // one for each comparison in progress; if all are taken, a sample is dropped
	compared atomic.Int64
	stale    atomic.Int64
	oldest   atomic.Int64
}

const (
	auditPlaces = 8
	auditPause  = 10 * time.Millisecond
)

func newAuditor(ratio float64) *auditor {
	return &auditor{ratio: ratio, places: make(chan struct{}, auditPlaces)}
}

// Audit returns the result of the consistency checks so far.
func (e *Engine) Audit() Audit {
	return Audit{e.auditor.ratio, e.auditor.compared.Load(), e.auditor.stale.Load(), time.Duration(e.auditor.oldest.Load())}
}

// sample reports whether the auditor samples an entry that is about to be served. Entries of a kind that may be stale are
// never sampled.
func (f *family) sample() bool {
	ratio := f.engine.auditor.ratio
	return ratio > 0 && f.Stale == 0 && rand.Float64() < ratio //nolint:gosec // a sample, no secret
}

// sampleForFetch is sample for look, which has no load to compare an entry with. It marks the entry so that fetch audits it.
func (f *family) sampleForFetch(e *entry) bool {
	if e.sampled.Load() {
		return true
	}
	if !f.sample() {
		return false
	}
	e.sampled.Store(true)
	return true
}

// audited reports whether Fetch audits an entry that it serves: if Look has marked it, or if it is sampled now.
func (f *family) audited(e *entry) bool {
	return f.engine.auditor.ratio > 0 && (e.sampled.CompareAndSwap(true, false) || f.sample())
}

// audit compares a served entry with its source in the background.
func (f *family) audit(ctx context.Context, key any, e *entry, to request) {
	a := f.engine.auditor
	select {
	case a.places <- struct{}{}:
	default:
		return
	}
	f.engine.background(ctx, func(ctx context.Context) {
		defer func() { <-a.places }()
		f.compare(ctx, key, e, to)
	})
}

// compare loads the key until the entry equals the value or is no longer served. During a write the two differ for a moment. An
// entry that differs for MaxStaleness was stale.
func (f *family) compare(ctx context.Context, key any, e *entry, to request) {
	a := f.engine.auditor
	for began := time.Now(); ; pause(ctx, auditPause) {
		values, err := to.load(ctx, []any{key})
		if err != nil {
			return // without the source there is no result
		}
		value, ok := values[key]
		differed := time.Since(began)
		switch {
		case f.same(e, value, ok):
		case !allCurrent(e.snapshots) || e.over(time.Now()):
			a.grow(differed)
		case differed < MaxStaleness:
			continue
		default:
			a.grow(differed)
			a.stale.Add(1)
			f.engine.log.ErrorContext(ctx, "stale entry served", "kind", f.Name, "key", f.text(key), "differs", differed)
		}
		a.compared.Add(1)
		return
	}
}

// same reports whether an entry equals the value of its source.
func (f *family) same(e *entry, value any, ok bool) bool {
	if e.absent || !ok {
		return e.absent == !ok
	}
	served, servedErr := encodeValue(e.value)
	loaded, loadedErr := encodeValue(value)
	return servedErr == nil && loadedErr == nil && bytes.Equal(served, loaded)
}

// grow raises oldest to d.
func (a *auditor) grow(d time.Duration) {
	for {
		old := a.oldest.Load()
		if int64(d) <= old || a.oldest.CompareAndSwap(old, int64(d)) {
			return
		}
	}
}

// pause blocks for a duration, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
