package loader_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// tiers are the caches that loaders are tested with. Without a tier, every read is a statement.
var tiers = map[string]servicetest.Tiers{
	"no cache":  {Far: true},
	"near tier": {},
	"both":      {Redis: true},
	"far tier":  {Redis: true, Far: true},
}

// community returns a database with the community of apptest.
func community(t *testing.T, dialect string) (url string) {
	t.Helper()
	url = servicetest.Community(t, dialect)
	return url
}

// embedded opens an application with a near tier over the community. Its cache is cold.
func embedded(t *testing.T) *apptest.App {
	t.Helper()
	return apptest.Open(t, community(t, "sqlite"), servicetest.Tiers{})
}

// as returns the viewer of an account of the community. The empty name is a guest.
func as(name string) viewer.Viewer {
	if name == "" {
		return viewer.Viewer{}
	}
	return viewer.Viewer{UserID: servicetest.ID(name)}
}

// ids returns the identifiers of names of the community.
func ids(names ...string) []uuid.UUID {
	list := make([]uuid.UUID, len(names))
	for i, n := range names {
		list[i] = servicetest.ID(n)
	}
	return list
}

// documents returns the first n public documents.
func documents(n int) []uuid.UUID {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("doc%02d", i+1)
	}
	return ids(names...)
}

// ask asks a loader for keys and returns the indexes of their values.
func ask[K comparable, V any](s *loader.Set, d *loader.Definition[K, V], keys ...K) []int {
	l, at := d.In(s), make([]int, len(keys))
	for i, k := range keys {
		at[i] = l.Ask(k)
	}
	return at
}

// run runs a level. It fails the test if the level does not end.
func run(ctx context.Context, t *testing.T, s *loader.Set) {
	t.Helper()
	over := make(chan struct{})
	go func() {
		defer close(over)
		s.Run(ctx)
	}()
	testkit.Receive(t, "the end of the level", over)
}

// get returns the value of each key that has one, as LoadAll does.
func get[K comparable, V any](s *loader.Set, d *loader.Definition[K, V], keys ...K) (map[K]V, error) {
	l, values := d.In(s), map[K]V{}
	for _, k := range keys {
		v, ok, err := l.Get(l.Ask(k))
		if err != nil {
			return nil, err
		}
		if ok {
			values[k] = v
		}
	}
	return values, nil
}

// read asks for keys, runs a level and returns the values.
func read[K comparable, V any](ctx context.Context, t *testing.T, s *loader.Set, d *loader.Definition[K, V], keys ...K) map[K]V {
	t.Helper()
	ask(s, d, keys...)
	run(ctx, t, s)
	values, err := get(s, d, keys...)
	testkit.Must(t, err)
	return values
}

// counted returns what the record counts of a loader.
func counted[K comparable, V any](r *record.Record, d *loader.Definition[K, V]) record.Loader {
	for _, l := range r.Report().Loaders {
		if l.Name == d.Name() {
			return *l
		}
	}
	return record.Loader{}
}

// steps counts the steps of a kind in the record.
func steps(r *record.Record, kind string) (n int) {
	for _, s := range r.Report().Steps {
		if s.Kind == kind {
			n++
		}
	}
	return n
}

// texts is a source of texts for numbers below limit, which remembers what it was asked for.
type texts struct {
	limit   int
	mu      sync.Mutex
	batches [][]int
}

func (x *texts) fetch(_ context.Context, keys []int) (map[int]string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.batches = append(x.batches, slices.Clone(keys))
	values := map[int]string{}
	for _, k := range keys {
		if k < x.limit {
			values[k] = fmt.Sprint("text ", k)
		}
	}
	return values, nil
}

// taken returns the batches since the last call.
func (x *texts) taken() [][]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	b := x.batches
	x.batches = nil
	return b
}
