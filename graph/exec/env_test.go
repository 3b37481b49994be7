package exec_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"docsquare/graph/exec"
)

// fault is what goes wrong at a loader, a key of it, or a field.
type fault int

const (
	failing fault = 1 + iota
	missing
	panicking
	blocking // until the context ends
)

// faults are faults by place: "Books" is all of a loader, "Books/b1" one key, "Author.email" a field and "Author.email/a1" the
// field of one object, "Book.author then" the second step of an edge, and "Book.summary encoding" the encoder of a leaf.
type faults struct {
	at      map[string]fault
	entered chan struct{}   // closed by a loader that blocks
	onLevel func(level int) // called before each level
}

func (x *faults) of(place, key string) fault {
	if len(x.at) == 0 {
		return 0
	}
	if f, ok := x.at[place]; ok {
		return f
	}
	return x.at[place+"/"+key]
}

// strike fails or panics if the place has a fault.
func (x *faults) strike(place, key string) error {
	switch x.of(place, key) {
	case failing:
		return fmt.Errorf("%s fails", place)
	case panicking:
		panic(place + " panics")
	}
	return nil
}

// env is an in-memory environment. It reports the levels that it ran: their loaders in the order of the first key, with all keys.
type env struct {
	library *library
	faults  *faults
	levels  []string
	quiet   bool // for benchmarks: no report and no faults

	books    *loader[string, *book]
	authors  *loader[string, *author]
	reviews  *loader[string, *review]
	sales    *loader[string, int]
	scores   *loader[string, int]
	bookList *loader[int, []string]
	booksOf  *loader[pageOf, []string]
	asked    []batch
}

// pageOf is a key of more than an identifier.
type pageOf struct {
	Of    string
	First int
}

func (p pageOf) String() string { return fmt.Sprint(p.Of, ":", p.First) }

type batch interface {
	load(ctx context.Context) string
	loadOnly()
}

func newEnv(d *library, x *faults) *env {
	e := &env{library: d, faults: x}
	e.books = newLoader(e, "Books", byID(d.books))
	e.authors = newLoader(e, "Authors", byID(d.authors))
	e.reviews = newLoader(e, "Reviews", byID(d.reviews))
	e.sales = newLoader(e, "Sales", salesOf)
	e.scores = newLoader(e, "Scores", scoreOf)
	e.bookList = newLoader(e, "BookList", func(first int) ([]string, bool) { return d.front[:min(first, len(d.front))], true })
	e.booksOf = newLoader(e, "BooksOf", d.booksOf)
	return e
}

func byID[V any](values map[string]*V) func(string) (*V, bool) {
	return func(id string) (*V, bool) { v := values[id]; return v, v != nil }
}

// salesOf and scoreOf have no value for every third object.
func salesOf(id string) (int, bool) { n := int(id[1] - '0'); return n * 100, n%3 != 0 }

func scoreOf(id string) (int, bool) { n := int(id[1] - '0'); return n * 10, n%3 != 0 }

func (d *library) booksOf(p pageOf) ([]string, bool) {
	a := d.authors[p.Of]
	if a == nil {
		return nil, false
	}
	return a.Books[:min(p.First, len(a.Books))], true
}

// Run implements exec.Env.
func (e *env) Run(ctx context.Context) {
	if e.quiet {
		for _, b := range e.asked {
			b.loadOnly()
		}
		e.asked = e.asked[:0]
		return
	}
	if e.faults.onLevel != nil {
		e.faults.onLevel(len(e.levels))
	}
	asked := e.asked
	e.asked = nil
	level := make([]string, len(asked))
	if slices.Contains(asked, nil) {
		panic("no such loader")
	}
	var done sync.WaitGroup
	for i, b := range asked {
		done.Go(func() { level[i] = b.load(ctx) })
	}
	done.Wait()
	e.levels = append(e.levels, strings.Join(level, " "))
}

// loader is an in-memory exec.Loader.
type loader[K comparable, V any] struct {
	env    *env
	name   string
	find   func(K) (V, bool)
	index  map[K]int
	keys   []K
	values []V
	found  []bool
	errs   []error
	queued bool
}

var _ exec.Loader[string, *book] = (*loader[string, *book])(nil)

func newLoader[K comparable, V any](e *env, name string, find func(K) (V, bool)) *loader[K, V] {
	return &loader[K, V]{env: e, name: name, find: find, index: map[K]int{}}
}

// Ask implements exec.Loader.
func (l *loader[K, V]) Ask(key K) int {
	if !l.queued {
		l.queued = true
		l.env.asked = append(l.env.asked, l)
	}
	i, ok := l.index[key]
	if !ok {
		i = len(l.keys)
		l.index[key], l.keys = i, append(l.keys, key)
	}
	return i
}

// Get implements exec.Loader.
func (l *loader[K, V]) Get(i int) (V, bool, error) { return l.values[i], l.found[i], l.errs[i] }

// load reads the keys that were asked for and describes the batch.
func (l *loader[K, V]) load(ctx context.Context) string {
	l.queued = false
	from, n := len(l.values), len(l.keys)
	l.values, l.found, l.errs = slices.Grow(l.values, n-from)[:n], slices.Grow(l.found, n-from)[:n], slices.Grow(l.errs, n-from)[:n]
	texts := make([]string, 0, n-from)
	for i := from; i < n; i++ {
		texts = append(texts, fmt.Sprint(l.keys[i]))
		if l.errs[i] = ctx.Err(); l.errs[i] == nil {
			l.values[i], l.found[i], l.errs[i] = l.one(ctx, l.keys[i])
		}
	}
	return l.name + "(" + strings.Join(texts, " ") + ")"
}

// loadOnly is load without a report.
func (l *loader[K, V]) loadOnly() {
	l.queued = false
	from, n := len(l.values), len(l.keys)
	l.values, l.found, l.errs = slices.Grow(l.values, n-from)[:n], slices.Grow(l.found, n-from)[:n], slices.Grow(l.errs, n-from)[:n]
	for i := from; i < n; i++ {
		l.values[i], l.found[i] = l.find(l.keys[i])
	}
}

func (l *loader[K, V]) one(ctx context.Context, key K) (none V, ok bool, err error) {
	switch at := fmt.Sprint(key); l.env.faults.of(l.name, at) {
	case failing:
		return none, false, fmt.Errorf("%s of %s fails", l.name, at)
	case panicking: // a loader recovers its panics
		return none, false, fmt.Errorf("%s of %s panics", l.name, at)
	case blocking:
		close(l.env.faults.entered)
		<-ctx.Done()
		return none, false, ctx.Err()
	case missing:
		return none, false, nil
	}
	v, ok := l.find(key)
	return v, ok, nil
}
