package loader_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

var errFault = errors.New("the source fails")

type users = func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.User, error)

// faulty are fetches that fail, early or after they have asked Redis and the database.
func faulty(app *apptest.App) map[string]users {
	read := app.Accounts.ByIDs
	late := func(ctx context.Context, keys []uuid.UUID) error {
		_, err := read(ctx, keys)
		return errors.Join(err, errFault)
	}
	return map[string]users{
		"error": func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.User, error) { return nil, errFault },
		"panic": func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.User, error) { panic(errFault) },
		"late error": func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
			return nil, late(ctx, keys)
		},
		"late panic": func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
			panic(late(ctx, keys))
		},
	}
}

// TestFaultOfAFetch checks that an error or panic is the error of every key of its batch, and of no other loader of the level.
func TestFaultOfAFetch(t *testing.T) {
	for name, tier := range tiers {
		app := apptest.Open(t, community(t, "sqlite"), tier)
		for fault, fetch := range faulty(app) {
			t.Run(name+"/"+fault, func(t *testing.T) {
				broken := loader.Define("broken", fetch, nil)
				testkit.Must(t, app.Cache.Replace(t.Context(), []cache.Tag{cache.Everything}))
				set := app.Sources.New(as(""))
				keys := documents(25)
				at := ask(set, broken, keys...)
				ask(set, loader.Documents, keys...)
				ask(set, loader.Users, ids("ann", "bob")...)
				run(t.Context(), t, set)
				for _, i := range at {
					if u, ok, err := broken.In(set).Get(i); u != nil || ok || !isFault(err) {
						t.Fatalf("got %v, %v, %v", u, ok, err)
					}
				}
				if got, err := get(set, loader.Documents, keys...); err != nil || len(got) != len(keys) {
					t.Errorf("%d documents, %v", len(got), err)
				}
				if got, err := get(set, loader.Users, ids("ann", "bob")...); err != nil || len(got) != 2 {
					t.Errorf("%d users, %v", len(got), err)
				}
				checkLoadFails(t, app.Sources.New(as("")), broken, keys)
			})
		}
	}
}

// TestFaultOfARule checks that a panic of a rule about who sees a value is the error of its batch alone, whichever is sent first.
func TestFaultOfARule(t *testing.T) {
	app := embedded(t)
	numbers := func(_ context.Context, keys []int) (map[int]string, error) {
		values := map[int]string{}
		for _, k := range keys {
			values[k] = "value"
		}
		return values, nil
	}
	broken := loader.Define("broken", numbers, nil).SeenBy(func(viewer.Rules, string) bool { panic(errFault) })
	for _, first := range []bool{true, false} {
		testkit.Must(t, app.Cache.Replace(t.Context(), []cache.Tag{cache.Everything}))
		set := app.Sources.New(as(""))
		if !first {
			ask(set, loader.Users, ids("ann")...)
		}
		at := ask(set, broken, 1, 2, 3)
		if first {
			ask(set, loader.Users, ids("ann")...)
		}
		run(t.Context(), t, set)
		for _, i := range at {
			if v, ok, err := broken.In(set).Get(i); v != "" || ok || !isFault(err) {
				t.Errorf("got %q, %v, %v", v, ok, err)
			}
		}
		if got, err := get(set, loader.Users, ids("ann")...); err != nil || len(got) != 1 {
			t.Errorf("%d users, %v", len(got), err)
		}
	}
}

// isFault reports whether an error names the fault of the source.
func isFault(err error) bool {
	return errors.Is(err, errFault) || err != nil && strings.Contains(err.Error(), "broken: panic: "+errFault.Error())
}

// checkLoadFails checks the same for resolvers outside a plan.
func checkLoadFails(t *testing.T, set *loader.Set, broken *loader.Definition[uuid.UUID, *ent.User], keys []uuid.UUID) {
	t.Helper()
	if _, ok, err := broken.In(set).Load(t.Context(), keys[0]); ok || !isFault(err) {
		t.Errorf("Load: %v, %v", ok, err)
	}
	if got, err := broken.In(set).LoadAll(t.Context(), keys); got != nil || !isFault(err) {
		t.Errorf("LoadAll: %v, %v", got, err)
	}
}

// TestFaultBesideNearHits checks that only the keys that had to be fetched fail, also when they are asked for again.
func TestFaultBesideNearHits(t *testing.T) {
	app := embedded(t)
	near := ids("ann", "bob")
	read(t.Context(), t, app.Sources.New(as("")), loader.Users, near...)
	broken := loader.Define("broken", faulty(app)["error"], func(c *kinds.Cache) *cache.Kind[uuid.UUID, *ent.User] { return c.Users })
	set := app.Sources.New(as(""))
	for range 2 {
		at := ask(set, broken, append(near, servicetest.ID("cy"))...)
		run(t.Context(), t, set)
		for i, key := range near {
			if u, ok, err := broken.In(set).Get(at[i]); !ok || err != nil || u.ID != key {
				t.Errorf("got %v, %v, %v", u, ok, err)
			}
		}
		if _, ok, err := broken.In(set).Get(at[2]); ok || !errors.Is(err, errFault) {
			t.Errorf("got %v, %v", ok, err)
		}
	}
}

// TestEndedContext checks that every key that had to be fetched fails with the error of the context.
func TestEndedContext(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for name, tier := range tiers {
		app := apptest.Open(t, community(t, "sqlite"), tier)
		for end, ctx := range map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: expired} {
			t.Run(name+"/"+end.Error(), func(t *testing.T) {
				set := app.Sources.New(as(""))
				at := ask(set, loader.Documents, documents(10)...)
				ask(set, loader.Users, ids("ann")...)
				run(ctx, t, set)
				for _, i := range at {
					if _, ok, err := loader.Documents.In(set).Get(i); ok || !errors.Is(err, end) {
						t.Fatalf("got %v, %v", ok, err)
					}
				}
				if _, err := get(set, loader.Users, ids("ann")...); !errors.Is(err, end) {
					t.Errorf("got %v", err)
				}
				if _, _, err := loader.Comments.In(set).Load(ctx, servicetest.ID("doc01/c1")); !errors.Is(err, end) {
					t.Errorf("Load: %v", err)
				}
			})
		}
	}
}

// TestCancelEndsALevel cancels a level while one of its fetches waits for the end of the context.
func TestCancelEndsALevel(t *testing.T) {
	app := apptest.Open(t, community(t, "sqlite"), servicetest.Tiers{Redis: true})
	ctx, cancel := context.WithCancel(t.Context())
	blocked := loader.Define("blocked", func(ctx context.Context, _ []int) (map[int]string, error) {
		cancel()
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}, nil)
	set := app.Sources.New(as(""))
	at := ask(set, blocked, 1, 2)
	ask(set, loader.Users, ids("ann")...)
	run(ctx, t, set)
	for _, i := range at {
		if _, ok, err := blocked.In(set).Get(i); ok || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, %v", ok, err)
		}
	}
}

// TestIncompleteResults checks that a key without a value is missing, and that a value that was not asked for is ignored.
func TestIncompleteResults(t *testing.T) {
	for name, values := range map[string]map[int]string{"nil": nil, "some": {1: "one", 99: "not asked for"}} {
		t.Run(name, func(t *testing.T) {
			d := loader.Define("incomplete", func(context.Context, []int) (map[int]string, error) { return values, nil }, nil)
			sources := bare(t)
			set := sources.New(as(""))
			at := ask(set, d, 0, 1, 2)
			run(t.Context(), t, set)
			for i := range at {
				want, has := values[i]
				if v, ok, err := d.In(set).Get(at[i]); v != want || ok != has || err != nil {
					t.Errorf("key %d: %q, %v, %v", i, v, ok, err)
				}
			}
			got, err := d.In(sources.New(as(""))).LoadAll(t.Context(), []int{0, 1, 2})
			if err != nil || got[1] != values[1] || len(got) != min(len(values), 1) {
				t.Errorf("LoadAll: %v, %v", got, err)
			}
		})
	}
}
