package loader

import (
	"context"

	"docsquare/internal/cache"
	"docsquare/internal/explain"
)

// Wave is a set of keys of several loaders that are announced together: each loader makes one batch of its keys at once,
// no timer involved, and all batches share one round trip to Redis.
type Wave struct {
	ctx           context.Context
	set           *Set
	announcements map[any]announcement // by loader
	joint         *cache.Joint         // of its batches, once they run
	done          chan struct{}        // closed when every key has its value
}

// announcement is the keys of one loader in a wave.
type announcement interface {
	merge(other announcement) // of the same loader
	send(w *Wave)             // into a batch
	wait()                    // until the batch is done
}

// Wave begins a wave. End it with Run.
func (s *Set) Wave(ctx context.Context) *Wave {
	return &Wave{ctx: ctx, set: s, announcements: map[any]announcement{}, done: make(chan struct{})}
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

// Run lets the wave go, together with those of the other root fields of a query, and waits until every key has its value.
func (w *Wave) Run() {
	if len(w.announcements) == 0 {
		return
	}
	if c, ok := w.ctx.Value(memberKey{}).(*company); ok {
		c.run(w)
		return
	}
	w.run()
}

func (w *Wave) merge(other *Wave) {
	for l, a := range other.announcements {
		if mine, ok := w.announcements[l]; ok {
			mine.merge(a)
		} else {
			w.announcements[l] = a
		}
	}
}

func (w *Wave) run() {
	defer close(w.done)
	step := explain.From(w.ctx).Start(w.ctx, explain.Wave, "")
	defer func() { step.End(len(w.announcements), nil) }()
	w.ctx = step.Within(w.ctx)
	w.joint = w.set.sources.Cache.NewJoint(w.ctx)
	for _, a := range w.announcements {
		a.send(w)
	}
	w.joint.Leave()
	for _, a := range w.announcements {
		a.wait()
	}
}

type announced[K comparable, V any] struct {
	loader *Loader[K, V]
	keys   []K
	thunks []func() (found[V], error)
}

func (a *announced[K, V]) merge(other announcement) {
	if b, ok := other.(*announced[K, V]); ok {
		a.keys = append(a.keys, b.keys...)
	}
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
	l.flush()
	if l.known.count() == before && l.withdraw(w) {
		w.joint.Leave()
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
