package cache_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/cache/readset"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// titles derives the title of a document as operations derive answers.
type titles struct {
	cache   *kinds.Cache
	kept    *cache.Derived[uuid.UUID, string]
	source  *cachetest.Source
	derived atomic.Int64
}

func newTitles(c *kinds.Cache, ids ...uuid.UUID) *titles {
	return &titles{cache: c, kept: cache.NewDerived[uuid.UUID, string](c.Engine, "titles"), source: cachetest.NewSource(ids...)}
}

// get returns the title of a document, derived if none is kept.
func (x *titles) get(ctx context.Context, t *testing.T, id uuid.UUID) string {
	t.Helper()
	title, ok, turn := x.kept.Derive(ctx, id)
	if ok {
		return title
	}
	defer turn.Drop()
	ctx, receipt := cachetest.Reading(ctx, x.cache, true)
	title = x.derive(ctx, t, id)
	if turn.Wanted() {
		turn.Keep(title, receipt)
	}
	return title
}

func (x *titles) derive(ctx context.Context, t *testing.T, id uuid.UUID) string {
	t.Helper()
	x.derived.Add(1)
	d, ok, err := x.cache.Documents.One(ctx, id, x.source.Load)
	testkit.Must(t, err)
	if !ok {
		return ""
	}
	return d.Title
}

// wantDerived checks a title, and how often titles were derived until now.
func (x *titles) wantDerived(ctx context.Context, t *testing.T, id uuid.UUID, title string, derived int64) {
	t.Helper()
	if got := x.get(ctx, t, id); got != title || x.derived.Load() != derived {
		t.Fatalf("the title is %q, after %d derivations: want %q, after %d", got, x.derived.Load(), title, derived)
	}
}

func TestDerivedIsKeptUntilAWrite(t *testing.T) {
	c, id := cachetest.Open(t, nil), uuid.New()
	x, ctx := newTitles(c, id), t.Context()
	x.wantDerived(ctx, t, id, "old", 1) // comes for the first time
	x.wantDerived(ctx, t, id, "old", 2)
	x.wantDerived(ctx, t, id, "old", 2)
	testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.DocumentTag(uuid.New())}))
	x.wantDerived(ctx, t, id, "old", 2)
	x.source.Write(id, "new")
	testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}))
	x.wantDerived(ctx, t, id, "new", 3)
	x.wantDerived(ctx, t, id, "new", 3)
	for _, tag := range []cache.Tag{cache.KindTag("document"), cache.Everything} {
		before := x.derived.Load()
		testkit.Must(t, c.Replace(ctx, []cache.Tag{tag}))
		x.wantDerived(ctx, t, id, "new", before+1)
	}
	past := x.derived.Load()
	x.wantDerived(cache.PastCache(ctx), t, id, "new", past+1)
	x.wantDerived(cache.PastCache(ctx), t, id, "new", past+2)
}

// TestDerivedEndsWithItsFirstEntry keeps a value no longer than the entries that it was derived from.
func TestDerivedEndsWithItsFirstEntry(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		x, ctx := newTitles(c), t.Context() // nothing is there, for a minute
		x.wantDerived(ctx, t, id, "", 1)
		x.wantDerived(ctx, t, id, "", 2)
		cachetest.Pass(30 * time.Second)
		x.wantDerived(ctx, t, id, "", 2)
		cachetest.Pass(31 * time.Second)
		x.wantDerived(ctx, t, id, "", 3)
	})
}

// TestDerivedOfAnotherSource keeps nothing that depends on more than entries of the cache.
func TestDerivedOfAnotherSource(t *testing.T) {
	for name, read := range map[string]func(ctx context.Context){
		"no cache follows it": cache.Untracked,
		"a statement":         cache.Statement,
	} {
		c, id := cachetest.Open(t, nil), uuid.New()
		x := newTitles(c, id)
		for range 3 {
			_, ok, turn := x.kept.Derive(t.Context(), id)
			if ok {
				t.Fatalf("%s: the value is kept", name)
			}
			ctx, receipt := cachetest.Reading(t.Context(), c, true)
			read(ctx)
			turn.Keep(x.derive(ctx, t, id), receipt)
		}
	}
	c, id := cachetest.Open(t, nil), uuid.New()
	ctx, receipt := cachetest.Reading(t.Context(), c, true)
	_, _, err := c.Usernames.One(ctx, "ann", func(ctx context.Context, _ []string) (map[string]uuid.UUID, error) {
		cache.Statement(ctx)
		return map[string]uuid.UUID{"ann": id}, nil
	})
	if testkit.Must(t, err); !cachetest.Still(receipt) {
		t.Error("a statement that a kind loads with is one that no cache follows")
	}
}

// TestDerivedOnceAtATime has many ask for the same value at once: one derives it.
func TestDerivedOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, id := cachetest.Open(t, nil), uuid.New()
		x, started, release := newTitles(c, id), make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			_, _, turn := x.kept.Derive(t.Context(), id)
			defer turn.Drop()
			close(started)
			<-release
			ctx, receipt := cachetest.Reading(t.Context(), c, true)
			if title := x.derive(ctx, t, id); turn.Wanted() {
				turn.Keep(title, receipt)
			}
		})
		<-started
		for range 50 {
			all.Go(func() {
				if title := x.get(t.Context(), t, id); title != "old" {
					t.Errorf("the title is %q", title)
				}
			})
		}
		ended, cancel := context.WithCancel(t.Context())
		all.Go(func() {
			if _, ok, turn := x.kept.Derive(ended, id); ok || turn.Wanted() != true {
				t.Errorf("one who has stopped waiting has a value: %t", ok)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(release)
		all.Wait()
		if n := x.derived.Load(); n != 1 {
			t.Errorf("%d derivations, want 1", n)
		}
	})
}

// TestDerivedThatFails has those who wait derive the value themselves if the first keeps none.
func TestDerivedThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, id := cachetest.Open(t, nil), uuid.New()
		x := newTitles(c, id)
		_, _, first := x.kept.Derive(t.Context(), id)
		var others sync.WaitGroup
		for range 5 {
			others.Go(func() {
				if title := x.get(t.Context(), t, id); title != "old" {
					t.Errorf("the title is %q", title)
				}
			})
		}
		synctest.Wait()
		if n := x.derived.Load(); n != 0 {
			t.Errorf("%d derivations in addition to the first", n)
		}
		first.Drop()
		first.Drop()
		others.Wait()
		x.get(t.Context(), t, id)
		if n := x.derived.Load(); n > 5 {
			t.Errorf("%d derivations by 5", n)
		}
	})
}

// TestEveryHistoryOfADerivation has a write overtake a derivation in every order: what was read before it is never served after it.
func TestEveryHistoryOfADerivation(t *testing.T) {
	for _, h := range cachetest.Histories(2, 2, 3) {
		c, id := cachetest.Open(t, nil), uuid.New()
		x, ctx := newTitles(c, id), t.Context()
		x.get(ctx, t, id) // it comes again
		write := cachetest.Actor{
			func() { x.source.Write(id, "new") },
			func() { testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)})) },
		}
		emptied := cachetest.Actor{
			func() { testkit.Must(t, c.Replace(ctx, []cache.Tag{cache.KindTag("document")})) },
			func() { x.get(ctx, t, uuid.New()) },
		}
		var turn cache.Turn[uuid.UUID, string]
		var receipt *readset.Set
		var title string
		var found bool
		derive := cachetest.Actor{
			func() { title, found, turn = x.kept.Derive(ctx, id) },
			func() {
				if !found {
					var within context.Context
					within, receipt = cachetest.Reading(ctx, c, true)
					title = x.derive(within, t, id)
				}
			},
			func() {
				if !found {
					turn.Keep(title, receipt)
				}
			},
		}
		h.Play(write, emptied, derive)
		if got := x.get(ctx, t, id); got != "new" {
			t.Fatalf("history %v: after the write the title is %q", h, got)
		}
	}
}

// TestDerivedOfManyKeys derives from several goroutines while writes go on, under the race detector.
func TestDerivedOfManyKeys(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(8)
	x, ctx := newTitles(c, ids...), t.Context()
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range 500 {
				id := ids[(i+g)%len(ids)]
				if g == 0 {
					title := fmt.Sprint(i)
					x.source.Write(id, title)
					testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}))
					if got := x.get(ctx, t, id); got != title {
						t.Errorf("the title is %q, want %q", got, title)
					}
					continue
				}
				x.get(ctx, t, id)
			}
		})
	}
	all.Wait()
}

// TestUsageOfDerivedValues reports what all stores of a name keep, and how often they have answered.
func TestUsageOfDerivedValues(t *testing.T) {
	c, id := cachetest.Open(t, nil), uuid.New()
	one, two, ctx := newTitles(c, id), newTitles(c, id), t.Context()
	for range 3 {
		one.get(ctx, t, id)
		two.get(ctx, t, id)
	}
	u := cachetest.Used(t, c, "titles")
	if u.Entries != 2 || u.Bytes == 0 || u.Counts != (cache.Counts{Near: 2}) || u.TTL != time.Hour {
		t.Errorf("the usage is %+v", u)
	}
}
