package cache

import (
	"bytes"
	"context"
	"math/rand/v2"
	"time"
)

// Observer watches what readers request and are served; cache/ops is one. Readers call its functions, concurrently: they must
// return at once.
type Observer struct {
	// Requested counts one of RequestSample requests for a key, given by its hash. If it returns false, Discovered is called.
	Requested func(hash uint64, now time.Time) (known bool)

	// Discovered counts the first request for a key.
	Discovered func(hash uint64, kind View, key any)

	// Ratio is the part of the served entries that is passed to Served. Entries of a kind that declares Stale are left out.
	Ratio  float64
	Served func(ctx context.Context, s Served)
}

// RequestSample is how many requests for keys there are for one that an Observer counts.
const RequestSample = 16

// unobserved is the observer of an engine that has none.
var unobserved = Observer{
	Requested:  func(uint64, time.Time) bool { return true },
	Discovered: func(uint64, View, any) {},
	Served:     func(context.Context, Served) {},
}

// Observe sets the observer. Call it before the engine is used.
func (e *Engine) Observe(o Observer) { e.observer = o }

// sampler picks one of RequestSample keys with one random number for all keys of a call.
type sampler uint32 // keys to pass over before the next one is picked

func newSampler() sampler { return sampler(rand.Uint32N(RequestSample)) } //nolint:gosec // a sample, no secret

// next reports whether the next key is counted.
func (s *sampler) next() bool {
	if *s == 0 {
		*s = RequestSample - 1
		return true
	}
	*s--
	return false
}

// sample reports whether an entry that is about to be served is passed to the observer.
func (f *family) sample() bool {
	ratio := f.engine.observer.Ratio
	return ratio > 0 && f.Stale == 0 && rand.Float64() < ratio //nolint:gosec // a sample, no secret
}

// sampleForFetch is sample for look, which has no load to compare an entry with. It marks the entry so that fetch passes it on.
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

// observed reports whether Fetch passes an entry that it serves to the observer: if Look has marked it, or if it is sampled now.
func (f *family) observed(e *entry) bool {
	return f.engine.observer.Ratio > 0 && (e.sampled.CompareAndSwap(true, false) || f.sample())
}

// Served is a served entry. It can be compared with its source.
type Served struct {
	Kind  View
	Key   any
	entry *entry
	load  func(ctx context.Context, keys []any) (map[any]any, error)
}

// Current reports whether the entry is still valid: no write has touched its tags, and it has not expired.
func (s Served) Current() bool { return allCurrent(s.entry.snapshots) && !s.entry.over(time.Now()) }

// Compare loads the key from its source and reports whether the entry has the same value.
func (s Served) Compare(ctx context.Context) (same bool, err error) {
	values, err := s.load(ctx, []any{s.Key})
	if err != nil {
		return false, err
	}
	value, ok := values[s.Key]
	if s.entry.absent || !ok {
		return s.entry.absent == !ok, nil
	}
	served, servedErr := encodeValue(s.entry.value)
	loaded, loadedErr := encodeValue(value)
	return servedErr == nil && loadedErr == nil && bytes.Equal(served, loaded), nil
}
