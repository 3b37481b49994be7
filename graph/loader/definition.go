package loader

import (
	"context"
	"sync"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/viewer"
)

// Definition declares a loader: what it is called and where its values come from.
type Definition[K comparable, V any] struct {
	name  string
	fetch func(*Sources) fetch[K, V]
	near  func(*kinds.Cache) *cache.Kind[K, V] // nil: every key is fetched
	sees  func(viewer.Rules, V) bool           // nil: every viewer sees every value
	spare sync.Pool                            // of *Loader, for their memory
}

// fetch reads values by key. A key without a value is missing in the result.
type fetch[K comparable, V any] = func(ctx context.Context, keys []K) (map[K]V, error)

// define declares a loader whose values are the entries of a kind of the cache.
func define[K comparable, V any](name string, f func(*Sources) fetch[K, V], near func(*kinds.Cache) *cache.Kind[K, V]) *Definition[K, V] {
	return &Definition[K, V]{name: name, fetch: f, near: near}
}

// seenBy hides the values that a viewer may not see.
func (d *Definition[K, V]) seenBy(sees func(viewer.Rules, V) bool) *Definition[K, V] {
	d.sees = sees
	return d
}

// Name returns the name of the loader in explain.
func (d *Definition[K, V]) Name() string { return d.name }

// Near returns the value of a key if the near tier has one. It does not check who may see it.
func (d *Definition[K, V]) Near(ctx context.Context, c *kinds.Cache, key K) (V, bool) {
	var values [1]V
	var found, known [1]bool
	d.near(c).Look(ctx, []K{key}, values[:], found[:], known[:])
	return values[0], found[0]
}

// In returns the loader of a set. The first call makes it.
func (d *Definition[K, V]) In(s *Set) *Loader[K, V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.loaders {
		if known, ok := l.(*Loader[K, V]); ok && known.definition == d {
			return known
		}
	}
	l, ok := d.spare.Get().(*Loader[K, V])
	if !ok {
		l = &Loader[K, V]{definition: d, index: map[K]int{}}
	}
	l.set = s
	s.loaders = append(s.loaders, l)
	return l
}

// release gives the memory of a loader back. A loader that has sent batches is left to the garbage collector: what is under way
// may still refer to it.
func (l *Loader[K, V]) release() {
	if l.batches != nil || l.levels != nil {
		return
	}
	clear(l.index)
	clear(l.keys)
	clear(l.values)
	*l = Loader[K, V]{definition: l.definition, index: l.index, keys: l.keys[:0], values: l.values[:0], found: l.found[:0], known: l.known[:0]}
	l.definition.spare.Put(l)
}
