package cache

import (
	"time"

	"docsquare/internal/cache/near"
)

// WriteThrough updates an entry of the near tier with a write of this process, so the next read does not load it.
type WriteThrough[K comparable, V any] struct {
	kind *Kind[K, V]
	key  near.Key
	old  *entry // nil if there is none
}

// BeginWrite returns the entry of a key as it is before a write. Call it before the transaction of the write begins, and Finish
// after Replace.
func BeginWrite[K comparable, V any](k *Kind[K, V], key K) WriteThrough[K, V] {
	w := WriteThrough[K, V]{kind: k, key: box(k.family, key)}
	if s := k.family.near.Find(w.key); s != nil && s.Entry.valid(time.Now()) && !s.Entry.absent {
		w.old = &s.Entry
	}
	return w
}

// Finish keeps the value that change makes of the value before the write, with its time of expiry. change must not change what
// it is given, and returns false if the new value is not worth keeping. Nothing is kept if another write has touched the tags of
// the entry since BeginWrite: the order of the two in the database is not known, and the next read loads the value.
func (w WriteThrough[K, V]) Finish(change func(V) (V, bool)) {
	if w.old == nil {
		return
	}
	f := w.kind.family
	s := near.NewSlot[entry](w.key)
	e := &s.Entry
	e.snapshots = append(e.usual[:0], w.old.snapshots...)
	for i, h := range f.engine.tags.Capture(nil, f.tags(w.key.Value)) {
		if !h.Follows(e.snapshots[i]) {
			return
		}
		e.snapshots[i] = h
	}
	old, _ := w.old.value.(V)
	value, ok := change(old)
	if !ok {
		return
	}
	e.value = value
	e.expire(w.old.expires, f.Spec)
	f.engine.put(f.near, s)
}
