package loader

import (
	"context"

	"docsquare/internal/cache"
)

// Wave is a set of keys of several loaders that are announced together: each loader makes one batch of its keys at once,
// no timer involved, and all batches share one round trip to Redis.
type Wave struct {
	ctx           context.Context
	joint         *cache.Joint
	announcements map[any]announcement // by loader
}

// announcement is the keys of one loader in a wave.
type announcement interface {
	send(w *Wave) // into a batch
	wait()        // until the batch is done
}

// Wave begins a wave. End it with Run.
func (s *Set) Wave(ctx context.Context) *Wave {
	return &Wave{ctx: ctx, joint: s.sources.Cache.NewJoint(), announcements: map[any]announcement{}}
}

// Announce puts keys into the wave. Keys that the loader knows already cost nothing.
func Announce[K comparable, V any](w *Wave, l *Loader[K, V], keys ...K) {
	if len(keys) == 0 || l.alone {
		return
	}
	a, ok := w.announcements[l].(*announced[K, V])
	if !ok {
		a = &announced[K, V]{loader: l}
		w.announcements[l] = a
	}
	a.keys = append(a.keys, keys...)
}

// Run lets the wave go and waits until every key has its value.
func (w *Wave) Run() {
	for _, a := range w.announcements {
		a.send(w)
	}
	w.joint.Leave(w.ctx)
	for _, a := range w.announcements {
		a.wait()
	}
}

type announced[K comparable, V any] struct {
	loader *Loader[K, V]
	keys   []K
	thunks []func() (found[V], error)
}

func (a *announced[K, V]) send(w *Wave) {
	l := a.loader
	l.sending.Lock()
	defer l.sending.Unlock()
	l.mu.Lock()
	l.waves = append(l.waves, w)
	l.mu.Unlock()
	w.joint.Add()
	before := l.known.count()
	for _, k := range a.keys {
		a.thunks = append(a.thunks, l.inner.Load(w.ctx, k))
	}
	l.inner.Flush()
	if l.known.count() == before && l.withdraw(w) {
		w.joint.Leave(w.ctx)
	}
}

func (a *announced[K, V]) wait() {
	for _, thunk := range a.thunks {
		_, _ = thunk() // who asks for the key gets its error
	}
}

// One is the value of one key, in a wave of its own.
func One[K comparable, V any](ctx context.Context, l *Loader[K, V], key K) (V, bool, error) {
	w := From(ctx).Wave(ctx)
	Announce(w, l, key)
	w.Run()
	return l.Load(ctx, key)
}
