package loader_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestManyKeysAreOneLevel asks for so many keys that collecting them takes longer than a dataloader waits. They are loaded in parts.
func TestManyKeysAreOneLevel(t *testing.T) {
	app := apptest.Open(t, community(t, "sqlite"), servicetest.Tiers{Redis: true})
	const n = 20_000
	x := &texts{limit: n}
	numbers := loader.Define("numbers", x.fetch, nil)
	for range 5 {
		set := app.Sources.New(as(""))
		keys := make([]int, n)
		for i := range keys {
			keys[i] = i
		}
		missing := uuid.New() // no tier knows it
		ctx, rec := record.With(t.Context())
		ask(set, numbers, keys...)
		ask(set, loader.Users, missing)
		ask(set, loader.Documents, missing)
		run(ctx, t, set)
		if batches := x.taken(); len(batches) != n/cache.MaxKeys {
			t.Errorf("%d batches", len(batches))
		}
		if got, err := get(set, numbers, keys...); err != nil || len(got) != n {
			t.Errorf("%d values of %d, %v", len(got), n, err)
		}
		if _, err := get(set, loader.Users, missing); err != nil {
			t.Error(err)
		}
		if trips := rec.Report().Redis.RoundTrips; trips != 1 {
			t.Errorf("%d round trips", trips)
		}
	}
}

// TestRunAfterLoad asks a level for a key that a resolver has loaded before, together with another loader.
func TestRunAfterLoad(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			set, ann, doc := app.Sources.New(as("")), servicetest.ID("ann"), servicetest.ID("doc01")
			if _, ok, err := loader.Users.In(set).Load(t.Context(), ann); !ok || err != nil {
				t.Fatalf("got %v, %v", ok, err)
			}
			ask(set, loader.Documents, doc)
			ask(set, loader.Users, ann)
			run(t.Context(), t, set)
			if got, err := get(set, loader.Users, ann); err != nil || got[ann] == nil {
				t.Errorf("got %v, %v", got, err)
			}
			if got, err := get(set, loader.Documents, doc); err != nil || got[doc] == nil {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
