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
	"docsquare/internal/telemetry/record"
)

// batchWait is how long a key that a resolver loads outside a plan waits for others.
const batchWait = time.Millisecond

// Loader reads values by key, each key once, in batches.
//
// A plan asks for the keys of a level by Ask, has all loaders read by Set.Run, and takes the values by Get; it does so on one
// goroutine. Resolvers that run outside a plan call Load and LoadAll, which are safe for concurrent use.
type Loader[K comparable, V any] struct {
	reader reader // the *reading of the loader
	set    *Set

	index  map[K]int // in keys and values; empty while there are at most smallIndex keys
	keys   []K
	values []V
	found  []bool
	errs   map[int]error
	asked  int // calls of Ask since the last Run
}

// reading is a Loader with what it needs to read.
type reading[K comparable, V any] struct {
	Loader[K, V]

	source *source[K, V]
	ready  int    // values that are known: those before this index
	known  []bool // scratch of look

	batches *batches // of Load; nil until it is called
	sent    bool     // whether Run has fetched keys
}

// reader is a *reading.
type reader interface {
	hasNews() bool                                  // whether there are keys that were never read
	look(ctx context.Context) (missing []int)       // answers what it can from the near tier, and returns the other keys
	read(ctx context.Context, missing []int)        // fetches these keys in one batch
	load(ctx context.Context, key any) (wait thunk) // for a resolver that runs outside a plan
	release()                                       // gives the memory of the loader back
}

// Keys and values of all loaders are in interfaces for the dataloader, so that its code is compiled once.
type (
	batches  = dataloader.Loader[any, result]
	thunk    = dataloader.Thunk[result]
	answered = dataloader.Result[result]
)

// result is a value, or the fact that a key has none.
type result struct {
	value any
	ok    bool
}

// Ask registers a key for the next Run of the set, unless its value is known, and returns the index of its value.
func (l *Loader[K, V]) Ask(key K) int {
	if l.asked++; l.asked == 1 {
		l.set.asked = append(l.set.asked, l.reader)
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

func (l *reading[K, V]) hasNews() bool { return len(l.keys) > l.ready }

// look answers what it can from the near tier and returns how many keys have to be fetched.
func (l *reading[K, V]) look(ctx context.Context) (missing []int) {
	from, n := l.ready, len(l.keys)
	l.values, l.found = grown(l.values, n), grown(l.found, n)
	unique := n - from
	record.From(ctx).Batch(l.source.name, l.asked, unique, false)
	l.asked, l.ready = 0, n
	if unique == 0 {
		return nil
	}
	l.known = grown(l.known, unique)
	answered := l.known
	if l.source.kind == nil {
		clear(answered)
	} else if l.source.kind(l.set.sources.Cache).Look(ctx, l.keys[from:], l.values[from:], l.found[from:], answered) == 0 {
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
func (l *reading[K, V]) hide(from int) {
	if l.source.sees == nil {
		return
	}
	for i := from; i < len(l.keys); i++ {
		if l.found[i] && !l.source.sees(l.set.Rules(), l.values[i]) {
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

// read fetches the keys at these indexes in one batch and sets their values.
func (l *reading[K, V]) read(ctx context.Context, missing []int) {
	l.sent = true
	err := l.fill(ctx, missing)
	if err == nil {
		return
	}
	if l.errs == nil {
		l.errs = make(map[int]error, len(missing))
	}
	for _, at := range missing {
		var none V
		l.values[at], l.found[at], l.errs[at] = none, false, err
	}
}

// fill is read without the errors.
func (l *reading[K, V]) fill(ctx context.Context, missing []int) (err error) {
	defer l.recovered(&err) // of the rules
	keys := make([]K, len(missing))
	for i, at := range missing {
		keys[i] = l.keys[at]
	}
	values, err := l.fetch(ctx, keys)
	for i, at := range missing {
		l.values[at], l.found[at] = l.visible(values, keys[i])
	}
	return err
}

// recovered makes a panic the error of a batch alone. Defer it.
func (l *reading[K, V]) recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("loader %s: panic: %v", l.source.name, p)
	}
}

func newBatches(wait time.Duration, batch func(ctx context.Context, keys []any) []*answered) *batches {
	return dataloader.NewBatchedLoader(batch, dataloader.WithWait[any, result](wait), dataloader.WithInputCapacity[any, result](128))
}

// batch is the batch function of the dataloader.
func (l *reading[K, V]) batch(ctx context.Context, keys []any) []*answered {
	typed := make([]K, len(keys))
	for i, key := range keys {
		typed[i], _ = key.(K)
	}
	values, err := l.fetch(ctx, typed)
	results := make([]*answered, len(keys))
	for i, k := range typed {
		results[i] = &answered{Data: l.resultOf(values, k), Error: err}
	}
	return results
}

// visible returns the value of a key if there is one that the viewer may see.
func (l *reading[K, V]) visible(values map[K]V, key K) (value V, ok bool) {
	value, ok = values[key]
	if ok && l.source.sees != nil && !l.source.sees(l.set.Rules(), value) {
		var none V
		return none, false
	}
	return value, ok
}

// resultOf is visible as a result.
func (l *reading[K, V]) resultOf(values map[K]V, key K) result {
	if v, ok := l.visible(values, key); ok {
		return result{v, true}
	}
	return result{}
}

// fetch reads keys from the service. A panic is the error of this batch alone.
func (l *reading[K, V]) fetch(ctx context.Context, keys []K) (values map[K]V, err error) {
	step := record.From(ctx).Start(ctx, record.Batch, l.source.name)
	defer func() {
		if err != nil {
			values = nil
		}
		step.End(len(keys), err)
	}()
	defer l.recovered(&err)
	defer cache.Leave(ctx)
	ctx = step.Within(ctx)
	fetch := l.source.fetch(&l.set.sources)
	if l.source.kind != nil {
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
