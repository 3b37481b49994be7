package loader

import (
	"context"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/viewer"
)

// SmallIndex is how many keys a loader finds without its map.
const SmallIndex = smallIndex

// Define declares a loader with a fetch of a test. A nil near has every key fetched.
func Define[K comparable, V any](name string, f func(context.Context, []K) (map[K]V, error), near func(*kinds.Cache) *cache.Kind[K, V]) *Definition[K, V] {
	return define(name, func(*Sources) fetch[K, V] { return f }, near)
}

// SeenBy hides the values that a viewer may not see.
func (d *Definition[K, V]) SeenBy(sees func(viewer.Rules, V) bool) *Definition[K, V] {
	return seenBy(d, sees)
}

func sourceOf[K comparable, V any](d *Definition[K, V]) *source[K, V] {
	s, _ := d.source.(*source[K, V])
	return s
}

func readingOf[K comparable, V any](l *Loader[K, V]) *reading[K, V] {
	r, _ := l.reader.(*reading[K, V])
	return r
}

// Fetch calls the service of the loader, without a loader.
func (d *Definition[K, V]) Fetch(ctx context.Context, s *Sources, keys []K) (map[K]V, error) {
	return sourceOf(d).fetch(s)(ctx, keys)
}

// Kind returns the kind that the loader looks into, nil if it has none.
func (d *Definition[K, V]) Kind(c *kinds.Cache) *cache.Kind[K, V] {
	if kind := sourceOf(d).kind; kind != nil {
		return kind(c)
	}
	return nil
}

// Sent reports whether the loader has sent a batch, or has begun one.
func (l *Loader[K, V]) Sent() bool { return readingOf(l).batches != nil || readingOf(l).sent }

// Memory returns everything in the memory of a loader, also beyond the lengths of its slices.
func (l *Loader[K, V]) Memory() (keys []K, values []V, index int) {
	return l.keys[:cap(l.keys)], l.values[:cap(l.values)], len(l.index)
}

// Empty reports whether the loader knows nothing and belongs to no set.
func (l *Loader[K, V]) Empty() bool {
	r := readingOf(l)
	return l.set == nil && len(l.keys)+len(l.values)+len(l.found)+len(r.known)+len(l.errs)+len(l.index) == 0 && r.ready == 0 && l.asked == 0
}
