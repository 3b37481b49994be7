package operation_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/cache"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestEndReleases checks that an operation ends its context and hands the memory of its loaders to a later one.
func TestEndReleases(t *testing.T) {
	app := apptest.Open(t, community(t), servicetest.Tiers{})
	ann, reused := servicetest.ID("ann"), false
	for range 200 { // a pool may drop what it is given
		op := operation.Begin(requested(t.Context(), "ann"), app.Sources, time.Minute, false)
		if u, err := user(op, ann); err != nil || u.ID != ann {
			t.Fatalf("got %v, %v", u, err)
		}
		used := loader.Users.In(op.Loaders)
		op.End()
		if !errors.Is(op.Err(), context.Canceled) {
			t.Errorf("got %v", op.Err())
		}
		next := operation.Begin(requested(t.Context(), "bob"), app.Sources, time.Minute, false)
		reused = reused || loader.Users.In(next.Loaders) == used
		next.End()
	}
	if !reused {
		t.Error("no loader was used again")
	}
}

// TestEndTwice checks that a second end does nothing.
func TestEndTwice(t *testing.T) {
	op := operation.Begin(requested(t.Context(), "ann"), bare(t), time.Minute, true)
	op.End()
	op.End()
	op.Filled()
}

// TestFilledTwice checks that what an operation has loaded is sent to Redis once, however often and wherever it is called.
func TestFilledTwice(t *testing.T) {
	url, tiers := community(t), servicetest.Tiers{Redis: true, Prefix: testkit.Redis(t).Prefix}
	app := apptest.Open(t, url, tiers)
	ann, asked := servicetest.ID("ann"), requested(t.Context(), "ann")
	op := operation.Begin(asked, app.Sources, time.Minute, false)
	if u, err := user(op, ann); err != nil || u.ID != ann {
		t.Fatalf("got %v, %v", u, err)
	}
	if n := asked.Record.Report().Redis.RoundTrips; n != 1 {
		t.Errorf("%d round trips before the fill", n)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(op.Filled)
	}
	all.Wait()
	op.End()
	op.Filled()
	if r := asked.Record.Report().Redis; r.RoundTrips != 2 {
		t.Errorf("%d round trips, want one to read and one to fill", r.RoundTrips)
	}
	app.Cache.Settle()
	other := requested(t.Context(), "bob")
	if u, err := user(begin(t, other, apptest.Open(t, url, tiers).Sources), ann); err != nil || u.ID != ann {
		t.Fatalf("got %v, %v", u, err)
	}
	if k := *other.Record.Report().Kinds[0]; k.Far != 1 || k.Loads != 0 {
		t.Errorf("another instance has read %+v", k)
	}
}

// TestTracked checks that the cache keeps what an answer depends on if the operation asks for it, and only then.
func TestTracked(t *testing.T) {
	app := apptest.Open(t, community(t), servicetest.Tiers{})
	for _, tracked := range []bool{true, false} {
		op := operation.Begin(requested(t.Context(), "ann"), app.Sources, time.Minute, tracked)
		if _, err := user(op, servicetest.ID("ann")); err != nil {
			t.Fatal(err)
		}
		derived := cache.NewDerived[string, int](app.Cache.Engine, "test")
		_, _, turn := derived.Derive(op, "key")
		turn.Keep(1, op.Cache.ReadSet())
		if _, kept := derived.Get(op, "key"); kept != tracked {
			t.Errorf("tracked %v: kept %v", tracked, kept)
		}
		op.End()
	}
}

// TestOperationsSideBySide runs operations of different viewers at the same time: each has its own loaders, viewer and record.
func TestOperationsSideBySide(t *testing.T) {
	app := apptest.Open(t, community(t), servicetest.Tiers{Redis: true})
	secret := servicetest.ID("secret")
	var all sync.WaitGroup
	for _, who := range []string{"ann", "bob", "cy", "ann", "bob"} {
		all.Go(func() {
			for range 40 {
				asked := requested(t.Context(), who)
				op := operation.Begin(asked, app.Sources, time.Minute, false)
				if _, ok, err := operation.One(op, loader.Documents, secret); ok != (who == "ann") || err != nil {
					t.Errorf("%s: %v, %v", who, ok, err)
				}
				op.End()
				if got := asked.Record.Report().Loaders; len(got) != 1 || *got[0] != (record.Loader{Name: "Document", Keys: 1, Unique: 1, Batches: 1}) {
					t.Errorf("%s: %+v", who, got)
				}
			}
		})
	}
	all.Wait()
}
