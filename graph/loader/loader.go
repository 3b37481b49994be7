// Package loader owns the loaders of one operation: they remember what the operation has already read and turn the reads
// of many resolvers into few batches. A Set lives for one operation, or one root field of a mutation, and no longer.
package loader

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"docsquare/internal/explain"
)

// fallback is how long a key that nobody announced waits for company. Announced keys never wait: see Wave.
const fallback = time.Millisecond

// never is the wait of the inner loader. Its own timer could part the keys of a wave on a machine that is slow to put them
// in: what ends a batch is a flush.
const never = time.Hour

// Loader reads values by key, each key once, in batches.
type Loader[K comparable, V any] struct {
	name  string
	alone bool // each key by itself, at once, as often as it is asked for
	fetch func(ctx context.Context, keys []K) (map[K]V, error)
	inner inner[K, V]
	known *memo[K, V]

	sending sync.Mutex   // one wave at a time puts its keys in, so that each knows whether they make a batch
	sent    atomic.Int64 // how many new keys there were at the last flush
	falling atomic.Bool  // a fallback is on its way

	mu    sync.Mutex
	waves []*Wave // whose keys are on their way into a batch
}

// inner is the dataloader.Loader that makes the batches. It hides what that is: every package that knows a loader would else
// be compiled with all of that library's code, once for each loader.
type inner[K comparable, V any] interface {
	Load(ctx context.Context, key K) dataloader.Thunk[found[V]]
	Flush()
}

// found is a value, or the fact that there is none.
type found[V any] struct {
	value V
	ok    bool
}

func newLoader[K comparable, V any](s Sources, name string, fetch func(ctx context.Context, keys []K) (map[K]V, error)) *Loader[K, V] {
	l := &Loader[K, V]{name: name, alone: s.Alone, fetch: fetch, known: &memo[K, V]{thunks: map[K]dataloader.Thunk[found[V]]{}}}
	l.inner = dataloader.NewBatchedLoader(l.batch,
		dataloader.WithWait[K, found[V]](never), dataloader.WithInputCapacity[K, found[V]](128),
		dataloader.WithCache[K, found[V]](l.known))
	return l
}

// Load is the value of a key; false where there is none.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (V, bool, error) {
	explain.From(ctx).Loader(l.name, func(c *explain.Loader) { c.Keys++ })
	if l.alone {
		return l.loadAlone(ctx, key)
	}
	thunk := l.inner.Load(ctx, key)
	l.fallBack()
	f, err := thunk()
	return f.value, f.ok, err
}

// fallBack sees to it that keys which nobody announced are sent. A key that is known already has nothing to be sent.
func (l *Loader[K, V]) fallBack() {
	if news := l.known.count(); l.sent.Load() != news && l.falling.CompareAndSwap(false, true) {
		time.AfterFunc(fallback, func() {
			l.falling.Store(false)
			l.sending.Lock()
			defer l.sending.Unlock()
			l.flush()
		})
	}
}

// flush sends what was put in so far. Hold sending, so that it parts no wave.
func (l *Loader[K, V]) flush() {
	news := l.known.count()
	l.inner.Flush()
	l.sent.Store(news)
}

func (l *Loader[K, V]) loadAlone(ctx context.Context, key K) (V, bool, error) {
	explain.From(ctx).Loader(l.name, func(c *explain.Loader) { c.Batches, c.Unique = c.Batches+1, c.Unique+1 })
	values, err := l.fetch(ctx, []K{key})
	v, ok := values[key]
	return v, ok, err
}

// LoadAll is the value of each key that has one, in one batch.
func (l *Loader[K, V]) LoadAll(ctx context.Context, keys []K) (map[K]V, error) {
	if l.alone {
		return l.allAlone(ctx, keys)
	}
	explain.From(ctx).Loader(l.name, func(c *explain.Loader) { c.Keys += len(keys) })
	thunks := make([]dataloader.Thunk[found[V]], len(keys))
	for i, k := range keys {
		thunks[i] = l.inner.Load(ctx, k)
	}
	l.fallBack()
	values := make(map[K]V, len(keys))
	for i, k := range keys {
		f, err := thunks[i]()
		if err != nil {
			return nil, err
		}
		if f.ok {
			values[k] = f.value
		}
	}
	return values, nil
}

func (l *Loader[K, V]) allAlone(ctx context.Context, keys []K) (map[K]V, error) {
	values := make(map[K]V, len(keys))
	for _, k := range keys {
		v, ok, err := l.Load(ctx, k)
		if err != nil {
			return nil, err
		}
		if ok {
			values[k] = v
		}
	}
	return values, nil
}

// Name is the loader's name in explain.
func (l *Loader[K, V]) Name() string { return l.name }

// Known is the values of keys whose wave has run, without the keys that have none or failed.
func (l *Loader[K, V]) Known(keys []K) []V {
	values := make([]V, 0, len(keys))
	for _, k := range keys {
		if thunk, ok := l.known.lookup(k); ok {
			if f, err := thunk(); err == nil && f.ok {
				values = append(values, f.value)
			}
		}
	}
	return values
}

// batch is the batch function of the inner loader. It belongs to the wave that announced its keys, if one did.
func (l *Loader[K, V]) batch(ctx context.Context, keys []K) (results []*dataloader.Result[found[V]]) {
	wave := l.take()
	explain.From(ctx).Loader(l.name, func(c *explain.Loader) {
		c.Batches++
		c.Unique += len(keys)
		if wave == nil {
			c.Timer++
		}
	})
	step := explain.From(ctx).Start(ctx, explain.Batch, l.name)
	values, err := l.run(step.Within(ctx), wave, keys)
	step.End(len(keys), err)
	results = make([]*dataloader.Result[found[V]], len(keys))
	for i, k := range keys {
		v, ok := values[k]
		results[i] = &dataloader.Result[found[V]]{Data: found[V]{v, ok}, Error: err}
	}
	return results
}

// run fetches the keys, together with the other loaders of the wave. A panic becomes the error of this batch.
func (l *Loader[K, V]) run(ctx context.Context, wave *Wave, keys []K) (values map[K]V, err error) {
	defer func() {
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("loader %s: panic: %v", l.name, p)
		}
	}()
	if wave != nil {
		sitting, leave := wave.joint.Sit(ctx)
		defer leave()
		ctx = sitting
	}
	return l.fetch(ctx, keys)
}

func (l *Loader[K, V]) take() *Wave {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waves) == 0 {
		return nil
	}
	w := l.waves[0]
	l.waves = l.waves[1:]
	return w
}

// withdraw takes a wave back for which no batch will run. It is false where one has taken it already.
func (l *Loader[K, V]) withdraw(w *Wave) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, x := range l.waves {
		if x == w {
			l.waves = append(l.waves[:i:i], l.waves[i+1:]...)
			return true
		}
	}
	return false
}

// memo is the inner loader's memory. It counts what is new, so that a wave knows whether a batch will run.
type memo[K comparable, V any] struct {
	mu     sync.Mutex
	thunks map[K]dataloader.Thunk[found[V]]
	news   atomic.Int64
}

func (m *memo[K, V]) Get(_ context.Context, key K) (dataloader.Thunk[found[V]], bool) {
	return m.lookup(key)
}

func (m *memo[K, V]) lookup(key K) (dataloader.Thunk[found[V]], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.thunks[key]
	return t, ok
}

func (m *memo[K, V]) Set(_ context.Context, key K, t dataloader.Thunk[found[V]]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.thunks[key] = t
	m.news.Add(1)
}

func (m *memo[K, V]) Delete(_ context.Context, key K) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.thunks[key]
	delete(m.thunks, key)
	return ok
}

func (m *memo[K, V]) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.thunks)
}

func (m *memo[K, V]) count() int64 { return m.news.Load() }
