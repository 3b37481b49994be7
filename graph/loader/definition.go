package loader

import (
	"context"
	"sync"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/viewer"
)

// Definition declares a loader: what it is called and where its values come from.
//
// Generic code is compiled again by every package that uses it, with all methods of the types that it mentions. So Definition and Loader have
// little of it. The rest is in source and reading, which this package alone compiles.
type Definition[K comparable, V any] struct {
	name   string
	in     func(*Set) *Loader[K, V]
	near   func(context.Context, *kinds.Cache, K) (V, bool)
	source any // *source
}

// source is where the values of a loader come from.
type source[K comparable, V any] struct {
	name  string
	fetch func(*Sources) fetch[K, V]
	kind  func(*kinds.Cache) *cache.Kind[K, V] // nil: every key is fetched
	sees  func(viewer.Rules, V) bool           // nil: every viewer sees every value
	spare sync.Pool                            // of *reading, for their memory
}

// fetch reads values by key. A key without a value is missing in the result.
type fetch[K comparable, V any] = func(ctx context.Context, keys []K) (map[K]V, error)

// define declares a loader whose values are the entries of a kind of the cache.
func define[K comparable, V any](name string, f func(*Sources) fetch[K, V], kind func(*kinds.Cache) *cache.Kind[K, V]) *Definition[K, V] {
	s := &source[K, V]{name: name, fetch: f, kind: kind}
	return &Definition[K, V]{
		name: name, source: s,
		in:   func(set *Set) *Loader[K, V] { return &s.readingOf(set).Loader },
		near: func(ctx context.Context, c *kinds.Cache, key K) (V, bool) { return kind(c).LookOne(ctx, key) },
	}
}

// seenBy hides the values that a viewer may not see.
func seenBy[K comparable, V any](d *Definition[K, V], sees func(viewer.Rules, V) bool) *Definition[K, V] {
	if s, ok := d.source.(*source[K, V]); ok {
		s.sees = sees
	}
	return d
}

// Name returns the name of the loader in explain.
func (d *Definition[K, V]) Name() string { return d.name }

// Near returns the value of a key if the near tier has one. It does not check who may see it.
func (d *Definition[K, V]) Near(ctx context.Context, c *kinds.Cache, key K) (V, bool) {
	return d.near(ctx, c, key)
}

// In returns the loader of a set. The first call makes it.
func (d *Definition[K, V]) In(s *Set) *Loader[K, V] { return d.in(s) }

func (s *source[K, V]) readingOf(set *Set) *reading[K, V] {
	set.mu.Lock()
	defer set.mu.Unlock()
	for _, r := range set.loaders {
		if known, ok := r.(*reading[K, V]); ok && known.source == s {
			return known
		}
	}
	r, ok := s.spare.Get().(*reading[K, V])
	if !ok {
		r = &reading[K, V]{source: s}
		r.reader, r.index = r, map[K]int{}
	}
	r.set = set
	set.loaders = append(set.loaders, r)
	return r
}

// release gives the memory of a loader back. A loader that has sent batches is left to the garbage collector: what is under way
// may still refer to it.
func (l *reading[K, V]) release() {
	if l.batches != nil || l.sent {
		return
	}
	clear(l.index)
	clear(l.keys)
	clear(l.values)
	l.Loader = Loader[K, V]{reader: l, index: l.index, keys: l.keys[:0], values: l.values[:0], found: l.found[:0]}
	l.known, l.ready = l.known[:0], 0
	l.source.spare.Put(l)
}
