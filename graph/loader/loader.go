// Package loader owns the DataLoaders of one operation: they remember what the operation has read and turn the reads of many
// fields into few batches. A Set lives for one operation, one root field of a mutation or one event of a subscription, and no
// longer.
package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"docsquare/internal/cache"
	"docsquare/internal/telemetry/explain"
)

// batchWait is how long a key that a resolver loads outside a plan waits for others. A plan sends its batches itself: the wait of
// those only must not end before the last key is there.
const (
	batchWait = time.Millisecond
	levelWait = time.Hour
)

// Loader reads values by key, each key once, in batches.
//
// A plan asks for the keys of a level by Ask, has all loaders read by Set.Run, and takes the values by Get; it does so on one
// goroutine. Resolvers that run outside a plan call Load and LoadAll, which are safe for concurrent use.
type Loader[K comparable, V any] struct {
	definition *Definition[K, V]
	set        *Set

	index  map[K]int // in keys and values; empty while there are at most smallIndex keys
	keys   []K
	values []V
	found  []bool
	known  []bool // scratch of look
	errs   map[int]error
	ready  int // values that are known: those before this index
	asked  int // calls of Ask since the last Run

	batches batches[K, V] // of Load; nil until it is called
	levels  batches[K, V] // of Run; nil until a key has to be fetched
}

// batches is a dataloader.Loader. The interface keeps its generic code out of the packages that use loaders.
type batches[K comparable, V any] interface {
	Load(ctx context.Context, key K) dataloader.Thunk[result[V]]
	Flush()
}

// result is a value, or the fact that a key has none.
type result[V any] struct {
	value V
	ok    bool
}

// Ask registers a key for the next Run of the set, unless its value is known, and returns the index of its value.
func (l *Loader[K, V]) Ask(key K) int {
	if l.asked++; l.asked == 1 {
		l.set.asked = append(l.set.asked, l)
	}
	if i, known := l.lookup(key); known {
		return i
	}
	i := len(l.keys)
	l.keys = append(l.keys, key)
	switch {
	case i == smallIndex:
		for at, k := range l.keys {
			l.index[k] = at
		}
	case i > smallIndex:
		l.index[key] = i
	}
	return i
}

// smallIndex is how many keys are compared one by one, which is faster than a map.
const smallIndex = 8

func (l *Loader[K, V]) lookup(key K) (int, bool) {
	if len(l.keys) > smallIndex {
		i, known := l.index[key]
		return i, known
	}
	for i, k := range l.keys {
		if k == key {
			return i, true
		}
	}
	return 0, false
}

// Get returns the value at an index. It returns false if the key has no value that the viewer may see.
func (l *Loader[K, V]) Get(index int) (value V, ok bool, err error) {
	return l.values[index], l.found[index], l.errs[index]
}

func (l *Loader[K, V]) hasNews() bool { return len(l.keys) > l.ready }

// look answers what it can from the near tier and returns how many keys have to be fetched.
func (l *Loader[K, V]) look(ctx context.Context) (missing []int) {
	from, n := l.ready, len(l.keys)
	l.values, l.found = grown(l.values, n), grown(l.found, n)
	unique := n - from
	explain.From(ctx).Batch(l.definition.name, l.asked, unique, false)
	l.asked, l.ready = 0, n
	if unique == 0 {
		return nil
	}
	l.known = grown(l.known, unique)
	answered := l.known
	if l.definition.near == nil {
		clear(answered)
	} else if l.definition.near(l.set.sources.Cache).Look(ctx, l.keys[from:], l.values[from:], l.found[from:], answered) == 0 {
		l.hide(from)
		return nil
	}
	for i, ok := range answered {
		if !ok {
			missing = append(missing, from+i)
		}
	}
	l.hide(from)
	return missing
}

// hide drops the values from an index on that the viewer may not see.
func (l *Loader[K, V]) hide(from int) {
	if l.definition.sees == nil {
		return
	}
	for i := from; i < len(l.keys); i++ {
		if l.found[i] && !l.definition.sees(l.set.Rules(), l.values[i]) {
			var none V
			l.values[i], l.found[i] = none, false
		}
	}
}

// grown returns s with n elements. What it grows by is not cleared.
func grown[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return append(s, make([]T, n-len(s))...)
}

// send starts the batch of the keys at these indexes and returns a function that waits for it. The level waits for exactly one
// batch: a timer must not split it, and keys that Load has loaded must not be missing in it.
func (l *Loader[K, V]) send(ctx context.Context, missing []int) (wait func()) {
	if l.levels == nil {
		l.levels = l.newBatches(levelWait, l.batch)
	}
	b := l.levels
	thunks := make([]dataloader.Thunk[result[V]], len(missing))
	for i, at := range missing {
		thunks[i] = b.Load(ctx, l.keys[at])
	}
	b.Flush()
	return func() {
		for i, at := range missing {
			r, err := thunks[i]()
			l.values[at], l.found[at] = r.value, r.ok
			if err != nil {
				if l.errs == nil {
					l.errs = map[int]error{}
				}
				l.errs[at] = err
			}
		}
	}
}

func (l *Loader[K, V]) dataloader() batches[K, V] {
	l.set.mu.Lock()
	defer l.set.mu.Unlock()
	if l.batches == nil {
		l.batches = l.newBatches(batchWait, l.batchOutside)
	}
	return l.batches
}

func (l *Loader[K, V]) newBatches(wait time.Duration, batch dataloader.BatchFunc[K, result[V]]) batches[K, V] {
	return dataloader.NewBatchedLoader(batch, dataloader.WithWait[K, result[V]](wait), dataloader.WithInputCapacity[K, result[V]](128))
}

// batchOutside is the batch function for keys that are loaded outside a plan.
func (l *Loader[K, V]) batchOutside(ctx context.Context, keys []K) []*dataloader.Result[result[V]] {
	explain.From(ctx).Batch(l.definition.name, len(keys), len(keys), true)
	return l.batch(ctx, keys)
}

// batch is the batch function of a level of a plan. Its context has joined the round trip of the level.
func (l *Loader[K, V]) batch(ctx context.Context, keys []K) []*dataloader.Result[result[V]] {
	values, err := l.fetch(ctx, keys)
	results := make([]*dataloader.Result[result[V]], len(keys))
	for i, k := range keys {
		v, ok := values[k]
		if ok && l.definition.sees != nil {
			ok = l.definition.sees(l.set.Rules(), v)
		}
		r := result[V]{}
		if ok {
			r = result[V]{v, true}
		}
		results[i] = &dataloader.Result[result[V]]{Data: r, Error: err}
	}
	return results
}

// fetch reads keys from the service. A panic is the error of this batch alone.
func (l *Loader[K, V]) fetch(ctx context.Context, keys []K) (values map[K]V, err error) {
	step := explain.From(ctx).Start(ctx, explain.Batch, l.definition.name)
	defer func() {
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("loader %s: panic: %v", l.definition.name, p)
		}
		step.End(len(keys), err)
	}()
	defer cache.Leave(ctx)
	ctx = step.Within(ctx)
	fetch := l.definition.fetch(&l.set.sources)
	if l.definition.near != nil {
		return fetch(ctx, keys)
	}
	values = make(map[K]V, len(keys)) // no kind of the cache bounds the statements
	for part := range slices.Chunk(keys, cache.MaxKeys) {
		some, err := fetch(ctx, part)
		if err != nil {
			return nil, err
		}
		maps.Copy(values, some)
	}
	return values, nil
}
