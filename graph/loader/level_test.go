package loader_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit/apptest"
)

// wide asks many loaders for some keys each, and returns how many loaders that are.
func wide(s *loader.Set) (loaders int) {
	docs, users, lists := documents(12), ids("ann", "bob", "cy", "absent"), []kinds.CommentsKey{}
	for _, d := range docs[:3] {
		lists = append(lists, kinds.CommentsKey{List: page.List{Of: d, Args: page.Args{Size: 2}}, Order: kinds.CommentOrder{Field: kinds.OrderCreated, Ascending: true}})
	}
	ask(s, loader.Documents, docs...)
	ask(s, loader.DocumentStats, docs...)
	ask(s, loader.Revisions, ids("revision doc01", "revision doc02")...)
	ask(s, loader.Users, users...)
	ask(s, loader.UserStats, users...)
	ask(s, loader.Usernames, "ann", "bob", "absent")
	ask(s, loader.Comments, ids("doc01/c1", "doc01/c2", "doc02/c1")...)
	ask(s, loader.CommentPages, lists...)
	ask(s, loader.ReplyTotals, ids("doc01/c1", "doc01/c2")...)
	ask(s, loader.Files, ids("report")...)
	ask(s, loader.Editors, ids("editing")...)
	ask(s, loader.Liked, kinds.MarkKey{User: users[2], Subject: docs[2]}, kinds.MarkKey{User: users[2], Subject: docs[3]})
	return 12
}

// cost is what a level has cost.
type cost struct{ trips, statements, batches, levels int }

func costOf(t *testing.T, ctx context.Context, s *loader.Set) (c cost, loaders int) {
	t.Helper()
	ctx, rec := record.With(ctx)
	loaders = wide(s)
	run(ctx, t, s)
	report := rec.Report()
	for _, l := range report.Loaders {
		if l.Batches != 1 || l.Timer != 0 {
			t.Errorf("loader %s: %+v", l.Name, *l)
		}
	}
	for _, text := range report.SQL.List {
		if text.Count != 1 {
			t.Errorf("ran %d times: %s", text.Count, text.Text)
		}
	}
	return cost{report.Redis.RoundTrips, report.SQL.Statements, steps(rec, record.Batch), steps(rec, record.Level)}, loaders
}

// TestCostOfALevel checks that the loaders of a level have one statement each and share one round trip, and that near hits have
// no batch at all.
func TestCostOfALevel(t *testing.T) {
	const n = 12
	for _, dialect := range []string{"sqlite", "postgres"} {
		url := community(t, dialect)
		for name, want := range map[string]struct{ cold, warm cost }{
			"no cache":  {cost{0, n, n, 1}, cost{0, n, n, 1}},
			"near tier": {cost{0, n, n, 1}, cost{0, 0, 0, 1}},
			"both":      {cost{1, n, n, 1}, cost{0, 0, 0, 1}},
			"far tier":  {cost{1, n, n, 1}, cost{1, 0, n, 1}},
		} {
			t.Run(dialect+"/"+name, func(t *testing.T) {
				app := apptest.Open(t, url, tiers[name])
				cold, loaders := costOf(t, t.Context(), app.Sources.New(as("ann")))
				app.Cache.Settle()
				warm, _ := costOf(t, t.Context(), app.Sources.New(as("ann")))
				if loaders != n || cold != want.cold || warm != want.warm {
					t.Errorf("cold %+v, warm %+v, want %+v", cold, warm, want)
				}
			})
		}
	}
}

// TestKnownKeysCostNothing asks a set a second time for what it knows.
func TestKnownKeysCostNothing(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			set := app.Sources.New(as("ann"))
			wide(set)
			run(t.Context(), t, set)
			ctx, rec := record.With(t.Context())
			wide(set)
			run(ctx, t, set)
			if r := rec.Report(); len(r.Steps) != 0 || r.Redis.RoundTrips != 0 || r.SQL.Statements != 0 {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// TestNearHitsSendNoBatch checks that a loader whose keys are in the near tier sends no batch.
func TestNearHitsSendNoBatch(t *testing.T) {
	app := embedded(t)
	warm := app.Sources.New(as(""))
	read(t.Context(), t, warm, loader.Documents, documents(12)...)
	if !loader.Documents.In(warm).Sent() {
		t.Error("a cold level has sent no batch")
	}
	ctx, rec := record.With(t.Context())
	set := app.Sources.New(as(""))
	if got := read(ctx, t, set, loader.Documents, documents(12)...); len(got) != 12 {
		t.Errorf("%d values", len(got))
	}
	if loader.Documents.In(set).Sent() || steps(rec, record.Batch) != 0 {
		t.Errorf("a warm level has sent a batch: %+v", rec.Report().Steps)
	}
}

// TestOnlyMissesAreSent mixes near hits, negative entries and misses in one level.
func TestOnlyMissesAreSent(t *testing.T) {
	app := embedded(t)
	absent := uuid.New()
	known := append(documents(10), absent)
	read(t.Context(), t, app.Sources.New(as("")), loader.Documents, known...)
	ctx, rec := record.With(t.Context())
	keys := append(documents(25), absent)
	got := read(ctx, t, app.Sources.New(as("")), loader.Documents, keys...)
	for _, k := range keys[:25] {
		if got[k] == nil || got[k].ID != k {
			t.Errorf("document %v is %v", k, got[k])
		}
	}
	if k := *rec.Report().Kinds[0]; len(got) != 25 || k.Near != 11 || k.Negative != 1 || k.Loads != 15 {
		t.Errorf("%d values, %+v", len(got), k)
	}
}
