package loader

import (
	"context"

	"docsquare/internal/telemetry/explain"
)

// Load returns the value of a key for a resolver that runs outside a plan. It returns false if the key has no value that the
// viewer may see.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (V, bool, error) {
	if l.set.sources.Alone {
		return l.loadAlone(ctx, key)
	}
	r, err := l.dataloader().Load(ctx, key)()
	return r.value, r.ok, err
}

func (l *Loader[K, V]) loadAlone(ctx context.Context, key K) (V, bool, error) {
	explain.From(ctx).Batch(l.definition.name, 1, 1, false)
	values, err := l.definition.fetch(&l.set.sources)(ctx, []K{key})
	v, ok := values[key]
	if ok && l.definition.sees != nil && !l.definition.sees(l.set.Rules(), v) {
		var none V
		return none, false, err
	}
	return v, ok, err
}

// LoadAll returns the value of each key that has one, for a resolver that runs outside a plan.
func (l *Loader[K, V]) LoadAll(ctx context.Context, keys []K) (map[K]V, error) {
	thunks := make([]func() (result[V], error), len(keys))
	for i, k := range keys {
		if l.set.sources.Alone {
			thunks[i] = func() (result[V], error) {
				v, ok, err := l.loadAlone(ctx, k)
				return result[V]{v, ok}, err
			}
			continue
		}
		thunks[i] = l.dataloader().Load(ctx, k)
	}
	values := make(map[K]V, len(keys))
	for i, k := range keys {
		r, err := thunks[i]()
		if err != nil {
			return nil, err
		}
		if r.ok {
			values[k] = r.value
		}
	}
	return values, nil
}

// One reads one key at once, in a separate level. Call it where no plan runs on the set.
func One[K comparable, V any](ctx context.Context, s *Set, d *Definition[K, V], key K) (V, bool, error) {
	l := d.In(s)
	i := l.Ask(key)
	s.Run(ctx)
	return l.Get(i)
}
