package loader_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/page"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/viewer"
)

// root is what one root field does: it runs waves, one after the other, and is resolved.
type root func(ctx context.Context, set *loader.Set)

// together resolves root fields side by side, as a query does, and gives the record of it.
func together(t *testing.T, app *apptest.App, roots ...root) explain.Report {
	t.Helper()
	ctx, record := explain.With(t.Context())
	set := app.Sources.New(viewer.Viewer{})
	set.Accompany(len(roots))
	var all sync.WaitGroup
	for _, r := range roots {
		all.Go(func() {
			entered, leave := set.Enter(ctx)
			defer leave()
			r(entered, set)
		})
	}
	all.Wait()
	return record.Report()
}

// documents is a root field that reads documents and then their authors.
func documents(t *testing.T, names ...string) root {
	ids := make([]uuid.UUID, len(names))
	for i, n := range names {
		ids[i] = apptest.ID(n)
	}
	return func(ctx context.Context, set *loader.Set) {
		w := set.Wave(ctx)
		loader.Announce(w, set.Documents, ids...)
		w.Run()
		found := set.Documents.Known(ids)
		if len(found) != len(ids) {
			t.Errorf("%d documents, not %d", len(found), len(ids))
		}
		w = set.Wave(ctx)
		for _, d := range found {
			loader.Announce(w, set.Users, d.AuthorID)
		}
		w.Run()
		for _, d := range found {
			if u, ok, err := set.Users.Load(ctx, d.AuthorID); err != nil || !ok || u.ID != d.AuthorID {
				t.Errorf("the author is %v, %v", u, err)
			}
		}
	}
}

// TestRootFieldsShareWaves resolves fields of different depth side by side: what stands on one level is one batch of each
// loader and one round trip to Redis, however the fields are scheduled.
func TestRootFieldsShareWaves(t *testing.T) {
	database := testkit.Database(t, "sqlite")
	apptest.NewCommunity(t, apptest.Open(t, database, apptest.Tiers{}).Store)
	for range 20 {
		app := apptest.Open(t, database, apptest.Tiers{Redis: true})
		report := together(t, app,
			documents(t, "doc01", "doc02"),
			documents(t, "doc02", "doc03"),
			func(context.Context, *loader.Set) {}, // is resolved without a wave
			func(ctx context.Context, set *loader.Set) {
				set.Wave(ctx).Run() // announces nothing, so it waits for nobody
				if p, ok, err := loader.One(loader.With(ctx, set), set.SquarePages, cache.SquareKey{Args: page.Args{Size: 5}, Order: cache.SquareOrder{Field: cache.OrderCreated}}); err != nil || !ok || len(p.Entries) != 5 {
					t.Errorf("the page is %v, %v", p, err)
				}
			},
		)
		for _, l := range report.Loaders {
			if l.Batches != 1 || l.Timer != 0 {
				t.Errorf("the loader %s took %d batches, %d by its timer", l.Name, l.Batches, l.Timer)
			}
		}
		if report.Redis.RoundTrips != 2 || report.SQL.Statements != 3 {
			t.Errorf("%d round trips and %d statements", report.Redis.RoundTrips, report.SQL.Statements)
		}
	}
}

// TestRootFieldThatPanics leaves nobody waiting.
func TestRootFieldThatPanics(t *testing.T) {
	database := testkit.Database(t, "sqlite")
	app := apptest.Open(t, database, apptest.Tiers{})
	apptest.NewCommunity(t, app.Store)
	together(t, app, documents(t, "doc01"), func(context.Context, *loader.Set) {
		defer func() {
			if recover() == nil {
				t.Error("it did not panic")
			}
		}()
		panic("on purpose")
	})
}
