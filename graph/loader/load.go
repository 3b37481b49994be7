package loader

import (
	"context"

	"docsquare/internal/telemetry/record"
)

// Load returns the value of a key for a resolver that runs outside a plan. It returns false if the key has no value that the
// viewer may see.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (value V, ok bool, err error) {
	r, err := l.reader.load(ctx, key)()
	value, _ = r.value.(V)
	return value, r.ok, err
}

// LoadAll returns the value of each key that has one, for a resolver that runs outside a plan.
func (l *Loader[K, V]) LoadAll(ctx context.Context, keys []K) (map[K]V, error) {
	thunks := make([]thunk, len(keys))
	for i, k := range keys {
		thunks[i] = l.reader.load(ctx, k)
	}
	values := make(map[K]V, len(keys))
	for i, k := range keys {
		r, err := thunks[i]()
		if err != nil {
			return nil, err
		}
		if r.ok {
			values[k], _ = r.value.(V)
		}
	}
	return values, nil
}

// load begins the load of a key and returns a function that waits for it.
func (l *reading[K, V]) load(ctx context.Context, key any) thunk {
	if l.set.sources.Alone {
		return func() (result, error) { return l.loadAlone(ctx, key) }
	}
	return l.outside().Load(ctx, key)
}

func (l *reading[K, V]) loadAlone(ctx context.Context, key any) (result, error) {
	record.From(ctx).Batch(l.source.name, 1, 1, false)
	k, _ := key.(K)
	values, err := l.source.fetch(&l.set.sources)(ctx, []K{k})
	return l.resultOf(values, k), err
}

// outside returns the batches of keys that are loaded outside a plan.
func (l *reading[K, V]) outside() *batches {
	l.set.mu.Lock()
	defer l.set.mu.Unlock()
	if l.batches == nil {
		l.batches = newBatches(batchWait, func(ctx context.Context, keys []any) []*answered {
			record.From(ctx).Batch(l.source.name, len(keys), len(keys), true)
			return l.batch(ctx, keys)
		})
	}
	return l.batches
}

// One reads one key at once, in a separate level. Call it where no plan runs on the set.
func One[K comparable, V any](ctx context.Context, s *Set, d *Definition[K, V], key K) (V, bool, error) {
	l := d.In(s)
	i := l.Ask(key)
	s.Run(ctx)
	return l.Get(i)
}
