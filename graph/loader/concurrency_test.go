package loader_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// requested is the keys that resolvers have requested, by the name of the loader.
type requested struct {
	mu   sync.Mutex
	keys map[string]map[uuid.UUID]bool
}

func (r *requested) add(name string, keys ...uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys[name] == nil {
		r.keys[name] = map[uuid.UUID]bool{}
	}
	for _, k := range keys {
		r.keys[name][k] = true
	}
}

// some returns a few of the keys, in a row.
func some[K any](keys []K) []K {
	from := rand.IntN(len(keys))
	return keys[from:min(len(keys), from+1+rand.IntN(5))]
}

// loadSome loads keys as a resolver does: one by one, or all at once.
func loadSome[V any](ctx context.Context, t *testing.T, s *loader.Set, r *requested, d *loader.Definition[uuid.UUID, V], id func(V) uuid.UUID, keys []uuid.UUID) {
	keys = some(keys)
	r.add(d.Name(), keys...)
	all, err := d.In(s).LoadAll(ctx, keys)
	if err != nil {
		t.Error(err)
	}
	for _, k := range keys {
		v, ok, err := d.In(s).Load(ctx, k)
		if err != nil || !ok || id(v) != k || id(all[k]) != k {
			t.Errorf("%s %v: %v %v %v", d.Name(), k, v, ok, err)
		}
	}
	missing := uuid.New()
	r.add(d.Name(), missing)
	if v, ok, err := d.In(s).Load(ctx, missing); ok || err != nil {
		t.Errorf("%s: %v, %v", d.Name(), v, err)
	}
}

// resolvers has many goroutines load from one set, and checks that each key was sent once.
func resolvers(t *testing.T, app *apptest.App) {
	t.Helper()
	ctx, rec := record.With(t.Context())
	s, r := app.Sources.New(as("ann")), &requested{keys: map[string]map[uuid.UUID]bool{}}
	docs, users := append(documents(25), ids("secret", "linked")...), ids("ann", "bob", "cy")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 3 {
				loadSome(ctx, t, s, r, loader.Documents, func(d *ent.Document) uuid.UUID { return d.ID }, docs)
				loadSome(ctx, t, s, r, loader.Users, func(u *ent.User) uuid.UUID { return u.ID }, users)
				loadSome(ctx, t, s, r, loader.DocumentStats, func(x *ent.DocumentStats) uuid.UUID { return x.DocumentID }, docs)
			}
		})
	}
	all.Wait()
	s.Release()
	for _, l := range rec.Report().Loaders {
		if want := len(r.keys[l.Name]); l.Unique != want || l.Keys != want || l.Timer != l.Batches {
			t.Errorf("loader %s: %+v, want each of %d keys once", l.Name, *l, want)
		}
	}
}

// TestManyResolversOverOneSet loads from many goroutines, as gqlgen's runtime does, over warm and cold caches.
func TestManyResolversOverOneSet(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			for range 6 {
				resolvers(t, app)
				var cold []cache.Tag
				for _, id := range some(documents(25)) {
					cold = append(cold, kinds.DocumentTag(id), kinds.DocumentStatsTag(id))
				}
				testkit.Must(t, app.Cache.Replace(t.Context(), cold))
			}
		})
	}
}

// TestInMakesOneLoader has many goroutines ask for the same loaders of a set.
func TestInMakesOneLoader(t *testing.T) {
	set := bare(t).New(as(""))
	found := make([]*loader.Loader[uuid.UUID, *ent.User], 16)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() {
			loader.Documents.In(set)
			found[i] = loader.Users.In(set)
		})
	}
	all.Wait()
	if len(slices.Compact(found)) != 1 {
		t.Error("a set has several loaders of one definition")
	}
}
