package loader_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// asked is the keys that a set was asked for, by the name of the loader.
type asked struct {
	mu   sync.Mutex
	keys map[string]map[any]struct{}
}

func (a *asked) add(name string, keys ...uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.keys[name] == nil {
		a.keys[name] = map[any]struct{}{}
	}
	for _, k := range keys {
		a.keys[name][k] = struct{}{}
	}
}

// some is a few of the keys, in a row.
func some(keys []uuid.UUID) []uuid.UUID {
	from := rand.IntN(len(keys))
	return keys[from:min(len(keys), from+1+rand.IntN(5))]
}

// stress is many resolvers at once over one set.
type stress struct {
	set                        *loader.Set
	asked                      *asked
	users, documents, comments []uuid.UUID
}

// wave announces keys of several loaders and checks what it gets.
func (s *stress) wave(ctx context.Context, t *testing.T) {
	users, documents, comments, stats := some(s.users), some(s.documents), some(s.comments), some(s.documents)
	w := s.set.Wave(ctx)
	if rand.IntN(2) == 0 {
		loader.Announce(w, s.set.Users, users...)
		s.asked.add(s.set.Users.Name(), users...)
	}
	loader.Announce(w, s.set.Documents, documents...)
	loader.Announce(w, s.set.DocumentStats, stats...)
	loader.Announce(w, s.set.Comments, comments...)
	s.asked.add(s.set.Documents.Name(), documents...)
	s.asked.add(s.set.DocumentStats.Name(), stats...)
	s.asked.add(s.set.Comments.Name(), comments...)
	w.Run()
	if got := s.set.Documents.Known(documents); len(got) != len(documents) {
		t.Errorf("%d documents are known after the wave, want %d", len(got), len(documents))
	}
	for _, id := range documents {
		if d, ok, err := s.set.Documents.Load(ctx, id); err != nil || !ok || d.ID != id {
			t.Errorf("document %v: %v %v %v", id, d, ok, err)
		}
	}
	for _, id := range comments {
		if c, ok, err := s.set.Comments.Load(ctx, id); err != nil || !ok || c.ID != id {
			t.Errorf("comment %v: %v %v %v", id, c, ok, err)
		}
	}
	for _, id := range stats {
		if st, ok, err := s.set.DocumentStats.Load(ctx, id); err != nil || !ok || st.DocumentID != id {
			t.Errorf("statistics of %v: %v %v %v", id, st, ok, err)
		}
	}
}

// alone asks without announcing, as a resolver that no look-ahead has foreseen.
func (s *stress) alone(ctx context.Context, t *testing.T) {
	ids := some(s.users)
	s.asked.add(s.set.Users.Name(), ids...)
	got, err := s.set.Users.LoadAll(ctx, ids)
	if err != nil || len(got) != len(ids) {
		t.Errorf("%d users of %d, %v", len(got), len(ids), err)
	}
	missing := uuid.New()
	s.asked.add(s.set.Users.Name(), missing)
	if u, ok, err := s.set.Users.Load(ctx, missing); ok || err != nil {
		t.Errorf("nobody is %v, %v", u, err)
	}
}

// operation runs many resolvers over one set and checks that each key was sent on once.
func (s *stress) operation(ctx context.Context, t *testing.T, app *apptest.App) {
	t.Helper()
	ctx, record := explain.With(ctx)
	ctx, done := app.Cache.Operation(ctx)
	defer done()
	s.set, s.asked = app.Sources.New(viewer.Viewer{UserID: apptest.ID("ann")}), &asked{keys: map[string]map[any]struct{}{}}
	over := make(chan struct{})
	go func() {
		defer close(over)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 5 {
					s.wave(ctx, t)
					s.alone(ctx, t)
				}
			})
		}
		all.Wait()
	}()
	testkit.Receive(t, "all resolvers", over)
	for _, l := range record.Report().Loaders {
		if want := len(s.asked.keys[l.Name]); l.Unique != want {
			t.Errorf("loader %s sent %d keys on, want %d, each once", l.Name, l.Unique, want)
		}
	}
}

func TestManyWavesOverOneSet(t *testing.T) {
	for name, tiers := range map[string]apptest.Tiers{"embedded": {}, "both tiers": {Redis: true}, "the far tier": {Redis: true, Far: true}} {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, testkit.Database(t, "sqlite"), tiers)
			apptest.NewCommunity(t, app.Store)
			s := &stress{}
			for _, id := range apptest.Names() {
				switch id.Type {
				case nodeid.User:
					s.users = append(s.users, id.UUID)
				case nodeid.Document:
					s.documents = append(s.documents, id.UUID)
				case nodeid.Comment:
					if exists(t, app, id.UUID) {
						s.comments = append(s.comments, id.UUID)
					}
				}
			}
			for range 15 {
				s.operation(t.Context(), t, app)
				var cold []cache.Tag
				for _, id := range slices.Concat(some(s.documents), some(s.comments)) {
					cold = append(cold, cache.DocumentTag(id), cache.CommentTag(id), cache.DocumentStatsTag(id))
				}
				testkit.Must(t, app.Cache.Replace(t.Context(), cold))
			}
		})
	}
}

// exists says whether the community has the comment: some of the names are of comments that nobody wrote.
func exists(t *testing.T, app *apptest.App, id uuid.UUID) bool {
	t.Helper()
	found, err := app.Sources.Interactions.CommentsByIDs(t.Context(), []uuid.UUID{id})
	testkit.Must(t, err)
	return len(found) == 1
}

func TestWaveOfKnownKeysEnds(t *testing.T) {
	app := apptest.Open(t, testkit.Database(t, "sqlite"), apptest.Tiers{Redis: true})
	apptest.NewCommunity(t, app.Store)
	ctx, record := explain.With(t.Context())
	set := app.Sources.New(viewer.Viewer{})
	for range 2 {
		over := make(chan struct{})
		go func() {
			defer close(over)
			w := set.Wave(ctx)
			loader.Announce(w, set.Users, apptest.ID("ann"), apptest.ID("ann"))
			loader.Announce[uuid.UUID](w, set.Documents)
			w.Run()
		}()
		testkit.Receive(t, "the wave", over)
	}
	l := record.Report().Loaders[0]
	if l.Name != "User" || l.Unique != 1 || l.Batches != 1 || l.Timer != 0 {
		t.Fatalf("got %+v", *l)
	}
}

func TestViewerDoesNotSeeThroughALoader(t *testing.T) {
	app := apptest.Open(t, testkit.Database(t, "sqlite"), apptest.Tiers{})
	apptest.NewCommunity(t, app.Store)
	for name, want := range map[string]bool{"ann": true, "bob": false} {
		_, ok, err := app.Sources.New(viewer.Viewer{UserID: apptest.ID(name)}).Documents.Load(t.Context(), apptest.ID("secret"))
		if ok != want || err != nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}

func TestPanicOfAFetchIsTheErrorOfItsBatch(t *testing.T) {
	app := apptest.Open(t, testkit.Database(t, "sqlite"), apptest.Tiers{})
	sources := app.Sources
	sources.Documents = nil // its methods then panic
	set := sources.New(viewer.Viewer{})
	ctx := loader.With(t.Context(), set)
	if _, ok, err := loader.One(ctx, set.Documents, uuid.New()); ok || err == nil {
		t.Fatalf("got %v, %v", ok, err)
	}
}
