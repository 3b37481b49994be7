package cache

import (
	"context"
	"hash/maphash"
	"sync/atomic"
	"time"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/readset"
	"docsquare/internal/cache/turns"
)

// Derived keeps values that operations have derived from their reads, such as encoded answers, in the near tier. A value is valid
// while the read set of its operation is: no write has touched a tag, and no entry has expired. It is safe for concurrent use.
type Derived[K comparable, V any] struct {
	*turns.Turns[K]

	engine *Engine
	near   *near.Table[entry] // of values of the type V
	hits   atomic.Int64
	seed   maphash.Seed
}

// derivedTime bounds how long a derived value is valid.
const derivedTime = time.Hour

// NewDerived returns a store of derived values in the near tier of an engine. Its usage is reported under the name, like that of
// a kind. Call it before the engine is used.
func NewDerived[K comparable, V any](e *Engine, name string) *Derived[K, V] {
	d := &Derived[K, V]{Turns: turns.New[K](), engine: e, near: e.near.NewTable(), seed: maphash.MakeSeed()}
	e.derived = append(e.derived, View{Spec: Spec{Name: name, TTL: derivedTime}, near: d.near, hits: &d.hits})
	return d
}

// Get returns the value of a key if it is valid. It returns none if reads under ctx bypass the cache, or while this process cannot
// follow the writes of other instances.
func (d *Derived[K, V]) Get(ctx context.Context, key K) (value V, ok bool) {
	if bypassed(ctx) || d.engine.nearLimit() > 0 {
		return value, false
	}
	s := near.Find(d.near, hashOf(d.seed, key), key)
	if s == nil || !s.Entry.valid(time.Now()) {
		return value, false
	}
	s.Hit()
	d.hits.Add(1)
	value, _ = s.Entry.value.(V)
	return value, true
}

// Turn is the permission of one caller to derive a value.
type Turn[K comparable, V any] struct {
	derived *Derived[K, V]
	key     K
	turn    turns.Turn[K] // ended if another caller derives the same value
	again   bool          // whether the key was requested before
	waited  bool          // whether Derive has waited for another caller
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
	var mine bool
	if turn.turn, mine = d.Take(ctx, key); !mine && ctx.Err() == nil {
		turn.waited = true
		value, ok = d.Get(ctx, key)
	}
	return value, ok, turn
}

// Waited reports whether Derive has waited for another caller, which has kept no value.
func (t Turn[K, V]) Waited() bool { return t.waited }

// Wanted reports whether the value is worth keeping: its key was requested recently, or another caller waits for it.
func (t Turn[K, V]) Wanted() bool { return t.again || t.turn.Awaited() }

// Keep ends a turn with a value that was derived from a read set. The value is kept if the read set is still valid.
func (t Turn[K, V]) Keep(value V, r *readset.Set) {
	defer t.Drop()
	if t.derived != nil {
		t.derived.keep(t.key, value, r, true)
	}
}

// Drop ends a turn without a value. It may be called more than once.
func (t Turn[K, V]) Drop() { t.turn.End() }

// KeepShared keeps a value that was derived from a read set without its facts about viewers, if the rest is still valid.
func (d *Derived[K, V]) KeepShared(key K, value V, r *readset.Set) { d.keep(key, value, r, false) }

func (d *Derived[K, V]) keep(key K, value V, r *readset.Set, own bool) {
	snapshots, until, ok := r.Dependencies(own)
	if !ok || d.engine.nearLimit() > 0 {
		return
	}
	if latest := time.Now().Add(derivedTime); until.IsZero() || until.After(latest) {
		until = latest
	}
	s := near.NewSlot[entry](near.Key{Hash: hashOf(d.seed, key), Value: key})
	s.Entry.value, s.Entry.snapshots, s.Entry.expires = value, snapshots, until
	d.engine.put(d.near, s)
}
