package loader

import (
	"context"

	"docsquare/internal/cache"
	"docsquare/internal/viewer"
)

// Definition declares a loader: what it is called and where its values come from.
type Definition[K comparable, V any] struct {
	name  string
	fetch func(*Sources) fetch[K, V]
	near  func(*cache.Cache) *cache.Kind[K, V] // nil: every key is fetched
	sees  func(viewer.Viewer, V) bool          // nil: every viewer sees every value
}

// fetch reads values by key. A key without a value is missing in the result.
type fetch[K comparable, V any] = func(ctx context.Context, keys []K) (map[K]V, error)

// define declares a loader whose values are the entries of a kind of the cache.
func define[K comparable, V any](name string, f func(*Sources) fetch[K, V], near func(*cache.Cache) *cache.Kind[K, V]) *Definition[K, V] {
	return &Definition[K, V]{name: name, fetch: f, near: near}
}

// seenBy hides the values that a viewer may not see.
func (d *Definition[K, V]) seenBy(sees func(viewer.Viewer, V) bool) *Definition[K, V] {
	d.sees = sees
	return d
}

// Name returns the name of the loader in explain.
func (d *Definition[K, V]) Name() string { return d.name }

// In returns the loader of a set. The first call makes it.
func (d *Definition[K, V]) In(s *Set) *Loader[K, V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.loaders {
		if known, ok := l.(*Loader[K, V]); ok && known.definition == d {
			return known
		}
	}
	l := &Loader[K, V]{definition: d, set: s, index: map[K]int{}}
	s.loaders = append(s.loaders, l)
	return l
}
