package cache

import (
	"bytes"
	"context"
	"math/rand/v2"
	"time"

	"docsquare/internal/cache/codec"
)

// Observer compares served entries with their source; cache/ops has one. Readers call its function, concurrently: it must return at once.
type Observer struct {
	Ratio  float64 // of the served entries that are passed to Served. Entries of a kind that declares Stale are left out
	Served func(ctx context.Context, s Served)
}

// Observe sets the observer. Call it before the engine is used.
func (e *Engine) Observe(o Observer) { e.observer = o }

// sample reports whether an entry that is about to be served is passed to the observer.
func (f *family) sample() bool {
	return f.Stale == 0 && rand.Float64() < f.engine.observer.Ratio //nolint:gosec // a sample, no secret
}

// leave reports whether Look leaves an entry to Fetch, because the observer gets it with the load of Fetch.
func (f *family) leave(e *entry) bool {
	if e.audited.Load() {
		return true
	}
	sampled := f.sample()
	if sampled {
		e.audited.Store(true)
	}
	return sampled
}

// audited reports whether Fetch passes an entry that it serves to the observer: if Look has left it, or if it is sampled now.
func (f *family) audited(e *entry) bool { return e.audited.CompareAndSwap(true, false) || f.sample() }

// Served is a served entry. It can be compared with its source.
type Served struct {
	Kind  View
	Key   any
	entry *entry
	load  func(ctx context.Context, keys []any) (map[any]any, error)
}

// Current reports whether the entry is still valid: no write has touched its tags, and it has not expired.
func (s Served) Current() bool { return s.entry.valid(time.Now()) }

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
	served, servedErr := codec.EncodeValue(s.entry.value)
	loaded, loadedErr := codec.EncodeValue(value)
	return servedErr == nil && loadedErr == nil && bytes.Equal(served, loaded), nil
}
