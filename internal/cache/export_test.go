package cache

import (
	"context"
	"time"
)

// What the tests of this package see of its inside. They are in another package, because testkit imports this one.

// InFlight reports whether a call for the key is in flight.
func (k *Kind[K, V]) InFlight(key K) bool {
	k.family.calls.mu.Lock()
	defer k.family.calls.mu.Unlock()
	return k.family.calls.inFlight[key] != nil
}

// NewVersion returns the kind as a later release would declare it.
func NewVersion[K comparable, V any](k *Kind[K, V]) *Kind[K, V] {
	f := k.family
	spec := f.Spec
	spec.Version++
	return NewKind[K, V](f.engine, spec, func(key K) string { return f.text(key) }, func(key K) []Tag { return f.tags(key) })
}

// PastCache has reads under the context bypass the cache.
func PastCache(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.bypassed = true })
}

// Put keeps a value in the near tier, as a load does.
func (k *Kind[K, V]) Put(key K, value V, ttl time.Duration) {
	c := k.family.newCall(box(k.family, key))
	c.slot.Entry.value = value
	c.slot.Entry.expire(time.Now().Add(ttl), k.family.Spec)
	k.family.engine.put(k.family.near, c.slot)
}

// Get returns what the near tier would serve, and counts the hit.
func (k *Kind[K, V]) Get(key K) (value V, ok bool) {
	s := k.family.near.Find(box(k.family, key))
	if s == nil || !s.Entry.valid(time.Now()) {
		return value, false
	}
	s.Hit()
	value, _ = s.Entry.value.(V)
	return value, true
}
