package loader_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// tries is how often a test lets go of memory until a loader is given to another set: a pool may drop what it is given.
const tries = 200

// TestReleasedMemoryIsReused checks that a loader that had only near hits is used again, and that it is empty then.
func TestReleasedMemoryIsReused(t *testing.T) {
	app := embedded(t)
	names := []string{"ann", "bob"}
	for range 2 * loader.SmallIndex {
		names = append(names, "unknown-"+uuid.NewString()[:18]) // the near tier knows that no account has such a name
	}
	read(t.Context(), t, app.Sources.New(as("")), loader.Usernames, names...)
	read(t.Context(), t, app.Sources.New(as("")), loader.Documents, documents(25)...)
	reused := map[string]bool{}
	for range tries {
		set := app.Sources.New(as("ann"))
		read(t.Context(), t, set, loader.Documents, documents(25)...)
		read(t.Context(), t, set, loader.Usernames, names...)
		docs, owners := loader.Documents.In(set), loader.Usernames.In(set)
		set.Release()
		checkEmpty(t, docs)
		checkEmpty(t, owners)
		next := app.Sources.New(as("bob"))
		reused["documents"] = reused["documents"] || loader.Documents.In(next) == docs
		reused["usernames"] = reused["usernames"] || loader.Usernames.In(next) == owners
		if got := read(t.Context(), t, next, loader.Usernames, "bob"); got["bob"] != servicetest.ID("bob") || len(got) != 1 {
			t.Errorf("got %v", got)
		}
		next.Release()
	}
	if !reused["documents"] || !reused["usernames"] {
		t.Errorf("not reused in %d operations: %v", tries, reused)
	}
}

// checkEmpty checks that the memory of a released loader refers to nothing.
func checkEmpty[K, V comparable](t *testing.T, l *loader.Loader[K, V]) {
	t.Helper()
	keys, values, index := l.Memory()
	if !l.Empty() || index != 0 {
		t.Error("a released loader is not empty")
	}
	if slices.ContainsFunc(keys, func(k K) bool { return k != *new(K) }) {
		t.Errorf("a released loader has keys: %v", keys)
	}
	if slices.ContainsFunc(values, func(v V) bool { return v != *new(V) }) {
		t.Errorf("a released loader has values: %v", values)
	}
}

// TestSentLoaderIsNotReused checks that a loader with a batch is not given to another set, by whichever way it was sent.
func TestSentLoaderIsNotReused(t *testing.T) {
	app := apptest.Open(t, community(t, "sqlite"), servicetest.Tiers{Far: true})
	for way, send := range map[string]func(*loader.Set){
		"Run": func(s *loader.Set) { read(t.Context(), t, s, loader.Users, servicetest.ID("ann")) },
		"Load": func(s *loader.Set) {
			if _, ok, err := loader.Users.In(s).Load(t.Context(), servicetest.ID("ann")); !ok || err != nil {
				t.Errorf("got %v, %v", ok, err)
			}
		},
	} {
		sent := map[*loader.Loader[uuid.UUID, *ent.User]]bool{}
		for range tries {
			set := app.Sources.New(as(""))
			l := loader.Users.In(set)
			if sent[l] {
				t.Fatalf("a loader that has sent a batch by %s is used again", way)
			}
			sent[l] = true
			send(set)
			set.Release()
		}
	}
}

// TestReleaseTwice gives a loader back once.
func TestReleaseTwice(t *testing.T) {
	app := embedded(t)
	read(t.Context(), t, app.Sources.New(as("")), loader.Users, ids("ann")...)
	for range tries {
		set := app.Sources.New(as(""))
		read(t.Context(), t, set, loader.Users, ids("ann")...)
		set.Release()
		set.Release()
		a, b := app.Sources.New(as("")), app.Sources.New(as(""))
		if loader.Users.In(a) == loader.Users.In(b) {
			t.Fatal("two sets have the same loader")
		}
	}
}

// TestNothingCrossesOver runs operations of different viewers after each other and side by side, over memory that they hand on to
// each other. Each gets its own values, whether they come from the near tier or in a batch.
func TestNothingCrossesOver(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			operations := func(seed uint64) {
				random := rand.New(rand.NewPCG(seed, 7))
				for range 30 {
					operate(t, app, random)
				}
			}
			operations(0)
			var all sync.WaitGroup
			for seed := range uint64(6) {
				all.Go(func() { operations(seed + 1) })
			}
			all.Wait()
		})
	}
}

// operate runs one operation of a random viewer in two levels.
func operate(t *testing.T, app *apptest.App, random *rand.Rand) {
	who := []string{"ann", "bob", "cy", ""}[random.IntN(4)]
	set := app.Sources.New(as(who))
	defer set.Release()
	keys := slices.Concat(documents(25), ids("secret", "linked"), []uuid.UUID{uuid.New()})
	random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if random.IntN(5) == 0 {
		testkit.Must(t, app.Cache.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(keys[0]), kinds.UserTag(servicetest.ID("bob"))}))
	}
	n := 1 + random.IntN(len(keys)-1)
	for _, level := range [][]uuid.UUID{keys[:n], keys} {
		docs, authors := ask(set, loader.Documents, level...), ask(set, loader.Users, ids("bob", "absent")...)
		set.Run(t.Context())
		for i, key := range level {
			d, ok, err := loader.Documents.In(set).Get(docs[i])
			visible := key != servicetest.ID("secret") || who == "ann"
			if exists := key.Version() == 7; err != nil || ok != (exists && visible) || ok && d.ID != key || !ok && d != nil {
				t.Errorf("%q gets %v, %v, %v for %v", who, d, ok, err, key)
			}
		}
		if u, ok, err := loader.Users.In(set).Get(authors[0]); !ok || err != nil || u.ID != servicetest.ID("bob") {
			t.Errorf("the user is %v, %v, %v", u, ok, err)
		}
		if u, ok, err := loader.Users.In(set).Get(authors[1]); u != nil || ok || err != nil {
			t.Errorf("a user who does not exist is %v, %v, %v", u, ok, err)
		}
	}
}
