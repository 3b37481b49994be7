package cache

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Derived keeps values that operations have derived from their reads, such as encoded answers, in the near tier. A value is valid
// while the read set of its operation is: no write has touched a tag, and no entry has expired. It is safe for concurrent use.
type Derived[K comparable, V any] struct {
	engine *Engine
	near   *near // of values of the type V
	hits   atomic.Int64
	seed   maphash.Seed
	recent [recentKeys]atomic.Uint64 // hashes of recent keys, each at the index hash modulo recentKeys

	mu      sync.Mutex
	running map[K]*derivation
}

// recentKeys bounds how many keys ComesAgain remembers.
const recentKeys = 1 << 14

// derivation is the computation of a value in progress.
type derivation struct {
	done    chan struct{}
	awaited bool // whether another caller waits for the value
}

// NewDerived returns a store of derived values in the near tier of an engine. Its usage is reported under the name, like that of
// a kind. Call it before the engine is used.
func NewDerived[K comparable, V any](e *Engine, name string) *Derived[K, V] {
	d := &Derived[K, V]{engine: e, near: newNear(e), seed: maphash.MakeSeed(), running: map[K]*derivation{}}
	e.derived = append(e.derived, View{Spec: Spec{Name: name, TTL: derivedTime}, near: d.near, hits: &d.hits})
	return d
}

// Get returns the value of a key if it is valid. It returns none if reads under ctx bypass the cache, or while this process cannot
// follow the writes of other instances.
func (d *Derived[K, V]) Get(ctx context.Context, key K) (value V, ok bool) {
	if bypassed(ctx) || d.engine.nearLimit() > 0 {
		return value, false
	}
	e, ok := find(&d.near.index, hashOf(d.seed, key), key).get(time.Now())
	if ok {
		d.hits.Add(1)
		value, _ = e.value.(V)
	}
	return value, ok
}

// Turn is the permission of one caller to derive a value.
type Turn[K comparable, V any] struct {
	derived *Derived[K, V]
	key     K
	work    *derivation // nil if another caller derives the same value
	again   bool        // whether the key was requested before
	waited  bool        // whether Derive has waited for another caller
}

// Derive returns the value of a key if it is valid. Otherwise the caller must derive it, and call Keep or Drop of the turn. If another
// caller derives the value already, Derive waits for it until ctx ends.
func (d *Derived[K, V]) Derive(ctx context.Context, key K) (value V, ok bool, turn Turn[K, V]) {
	if value, ok = d.Get(ctx, key); ok {
		return value, true, turn
	}
	turn = Turn[K, V]{derived: d, key: key, again: d.ComesAgain(key)}
	if bypassed(ctx) {
		return value, false, turn
	}
	d.mu.Lock()
	other := d.running[key]
	if other == nil {
		turn.work = &derivation{done: make(chan struct{})}
		d.running[key] = turn.work
		d.mu.Unlock()
		return value, false, turn
	}
	other.awaited = true
	d.mu.Unlock()
	select {
	case <-other.done:
		turn.waited = true
		value, ok = d.Get(ctx, key)
	case <-ctx.Done():
	}
	return value, ok, turn
}

// ComesAgain notes a key and reports whether it was noted recently.
func (d *Derived[K, V]) ComesAgain(key K) bool {
	h := hashOf(d.seed, key)
	return d.recent[h%recentKeys].Swap(h) == h
}

// Keep ends a turn with a value that was derived from a read set. The value is kept if the read set is still valid.
func (t Turn[K, V]) Keep(value V, r *ReadSet) {
	defer t.Drop()
	if t.derived != nil {
		t.derived.keep(t.key, value, r, true)
	}
}

// KeepShared keeps a value that was derived from a read set without its facts about viewers, if the rest is still valid.
func (d *Derived[K, V]) KeepShared(key K, value V, r *ReadSet) { d.keep(key, value, r, false) }

func (d *Derived[K, V]) keep(key K, value V, r *ReadSet, own bool) {
	if snapshots, until, ok := r.dependencies(own); ok {
		d.near.put(boxed{hashOf(d.seed, key), key}, &entry{value: value, snapshots: snapshots, expires: until})
	}
}

// Waited reports whether Derive has waited for another caller, which has kept no value.
func (t Turn[K, V]) Waited() bool { return t.waited }

// Wanted reports whether the value is worth keeping: its key was requested recently, or another caller waits for it.
func (t Turn[K, V]) Wanted() bool {
	if t.again || t.work == nil {
		return t.again
	}
	t.derived.mu.Lock()
	defer t.derived.mu.Unlock()
	return t.work.awaited
}

// Drop ends a turn without a value. It may be called more than once.
func (t Turn[K, V]) Drop() {
	if t.work == nil {
		return
	}
	d := t.derived
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running[t.key] == t.work {
		delete(d.running, t.key)
		close(t.work.done)
	}
}
