package loader

import (
	"context"

	"docsquare/internal/cache"
)

// Wave is a set of keys of several loaders that are announced together: each loader makes one batch of its keys at once,
// no timer involved, and all batches share one round trip to Redis.
type Wave struct {
	ctx   context.Context
	joint *cache.Joint
	wait  []func()
}

// Wave begins a wave. End it with Run.
func (s *Set) Wave(ctx context.Context) *Wave {
	return &Wave{ctx: ctx, joint: s.cache.NewJoint()}
}

// Announce puts keys into the wave. Keys that the loader knows already cost nothing.
func Announce[K comparable, V any](w *Wave, l *Loader[K, V], keys ...K) {
	if len(keys) == 0 {
		return
	}
	l.mu.Lock()
	l.waves = append(l.waves, w)
	l.mu.Unlock()
	w.joint.Add()
	before := l.known.count()
	for _, k := range keys {
		thunk := l.inner.Load(w.ctx, k)
		w.wait = append(w.wait, func() { _, _ = thunk() }) // who asks for the key gets its error
	}
	l.inner.Flush()
	if l.known.count() == before && l.withdraw(w) {
		w.joint.Leave(w.ctx)
	}
}

// Run lets the wave go and waits until every key has its value.
func (w *Wave) Run() {
	w.joint.Leave(w.ctx)
	for _, wait := range w.wait {
		wait()
	}
}

// One is the value of one key, in a wave of its own.
func One[K comparable, V any](ctx context.Context, l *Loader[K, V], key K) (V, bool, error) {
	w := From(ctx).Wave(ctx)
	Announce(w, l, key)
	w.Run()
	return l.Load(ctx, key)
}
