package loader_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"docsquare/graph/loader"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/telemetry/record"
)

// bare returns sources with an embedded cache and without services.
func bare(t testing.TB) loader.Sources {
	t.Helper()
	c := kinds.New(kinds.Options{})
	t.Cleanup(c.Close)
	return loader.Sources{Services: services.Services{Cache: c}}
}

// TestAskModel compares Ask, Run and Get with a map over random levels: indexes are dense, every key is read once and in the order
// of its first Ask, and values stay known.
func TestAskModel(t *testing.T) {
	sources := bare(t)
	for _, n := range []int{1, 2, loader.SmallIndex - 1, loader.SmallIndex, loader.SmallIndex + 1, 2 * loader.SmallIndex, 300} {
		for seed := range uint64(25) {
			x := &texts{limit: n - n/4} // some keys have no value
			m := model{random: rand.New(rand.NewPCG(seed, uint64(n))), source: x, numbers: loader.Define("numbers", x.fetch, nil), index: map[int]int{}}
			m.set = sources.New(as(""))
			for range 4 {
				m.level(t, n)
			}
			m.set.Release()
		}
	}
}

// model is what a loader should know.
type model struct {
	random  *rand.Rand
	source  *texts
	numbers *loader.Definition[int, string]
	set     *loader.Set
	index   map[int]int
}

// level asks for random keys below n, some more than once.
func (m *model) level(t *testing.T, n int) {
	t.Helper()
	ctx, rec := record.With(t.Context())
	l, calls := m.numbers.In(m.set), m.random.IntN(2*n+1)
	var fresh []int
	for range calls {
		k := m.random.IntN(n)
		if _, known := m.index[k]; !known {
			m.index[k] = len(m.index)
			fresh = append(fresh, k)
		}
		if at := l.Ask(k); at != m.index[k] {
			t.Errorf("key %d has the index %d, want %d", k, at, m.index[k])
		}
	}
	m.set.Run(ctx)
	if got := slices.Concat(m.source.taken()...); !slices.Equal(got, fresh) {
		t.Errorf("read %v, want %v", got, fresh)
	}
	want := record.Loader{Name: "numbers", Keys: calls, Unique: len(fresh), Batches: min(len(fresh), 1)}
	if calls == 0 {
		want.Name = ""
	}
	if got := counted(rec, m.numbers); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	m.check(t)
}

// check compares every value that is known.
func (m *model) check(t *testing.T) {
	t.Helper()
	l := m.numbers.In(m.set)
	for k, at := range m.index {
		want, has := fmt.Sprint("text ", k), k < m.source.limit
		if v, ok, err := l.Get(at); err != nil || ok != has || ok && v != want || !ok && v != "" {
			t.Errorf("key %d: %q %v %v", k, v, ok, err)
		}
	}
}

// TestRunOnce checks that a level asks only loaders that were asked since the last one, each in one batch.
func TestRunOnce(t *testing.T) {
	sources, a, b := bare(t), &texts{limit: 100}, &texts{limit: 100}
	as1, bs := loader.Define("a", a.fetch, nil), loader.Define("b", b.fetch, nil)
	set := sources.New(as(""))
	for level, want := range [][2]string{{"[[1 2]]", "[[1]]"}, {"[]", "[[2]]"}, {"[]", "[]"}} {
		switch level {
		case 0:
			ask(set, as1, 1, 2, 1)
			ask(set, bs, 1)
		case 1:
			ask(set, as1, 2)
			ask(set, bs, 1, 2)
		}
		set.Run(t.Context())
		if got := [2]string{fmt.Sprint(a.taken()), fmt.Sprint(b.taken())}; got != want {
			t.Errorf("level %d has read %v, want %v", level, got, want)
		}
	}
}

// TestOne reads a key in a separate level, and a second time from what the set knows.
func TestOne(t *testing.T) {
	x := &texts{limit: 1}
	numbers := loader.Define("numbers", x.fetch, nil)
	ctx, set := t.Context(), bare(t).New(as(""))
	for range 2 {
		if v, ok, err := loader.One(ctx, set, numbers, 0); v != "text 0" || !ok || err != nil {
			t.Errorf("got %q, %v, %v", v, ok, err)
		}
		if v, ok, err := loader.One(ctx, set, numbers, 1); v != "" || ok || err != nil {
			t.Errorf("got %q, %v, %v", v, ok, err)
		}
	}
	if got := fmt.Sprint(x.taken()); got != "[[0] [1]]" {
		t.Errorf("read %s", got)
	}
}
