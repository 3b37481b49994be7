package cache_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

func TestOverlappingFetchesLoadEachKeyOnce(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := newIDs(20)
		s := newSource(ids...)
		opened := make(chan struct{})
		slow := func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
			<-opened
			return s.load(ctx, ids)
		}
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				want := ids[i : i+10]
				got, err := c.Documents.Fetch(t.Context(), want, slow)
				if err != nil || len(got) != len(want) {
					t.Errorf("fetch %d: %d values of %d, %v", i, len(got), len(want), err)
				}
				for _, id := range want {
					if d := got[id]; d == nil || d.ID != id {
						t.Errorf("fetch %d: a wrong value for %v: %v", i, id, d)
					}
				}
			})
		}
		synctest.Wait() // everybody loads or waits
		close(opened)
		all.Wait()
		for _, id := range ids[:19] {
			wantLoads(t, s, id, 1)
		}
	})
}

func TestDoublesInOneFetch(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		got, err := c.Documents.Fetch(t.Context(), []uuid.UUID{id, id, id}, s.load)
		testkit.Must(t, err)
		if len(got) != 1 || got[id] == nil {
			t.Fatalf("got %v", got)
		}
		wantLoads(t, s, id, 1)
	})
}

// crowd starts a fetch whose load stops at the gate, and behind it others who wait for the same document.
func crowd(t *testing.T, c *kinds.Cache, id uuid.UUID, g gate, first, others cache.Load[uuid.UUID, *ent.Document]) (<-chan fetching, []<-chan fetching) {
	t.Helper()
	lead := fetch(t.Context(), c, id, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		close(g.reached)
		<-g.opened
		return first(ctx, ids)
	})
	<-g.reached
	waiting := make([]<-chan fetching, 5)
	for i := range waiting {
		waiting[i] = fetch(t.Context(), c, id, others)
	}
	synctest.Wait()
	return lead, waiting
}

func TestErrorOfALoad(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		g := newGate()
		failing := func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) { return nil, errSource }
		lead, waiting := crowd(t, c, id, g, failing, s.load)
		close(g.opened)
		if got := <-lead; !errors.Is(got.err, errSource) {
			t.Fatalf("the one whose load failed: %+v", got)
		}
		for _, w := range waiting {
			if got := <-w; got.err != nil || got.title != "old" {
				t.Fatalf("one who waited: %+v", got)
			}
		}
		wantLoads(t, s, id, 1) // they loaded again, once for all
	})
}

func TestErrorsAreNotCached(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		s.fail(errSource)
		for range 2 {
			if _, _, err := c.Documents.One(t.Context(), id, s.load); !errors.Is(err, errSource) {
				t.Fatalf("got %v", err)
			}
		}
		s.fail(nil)
		wantTitle(t, c, s, id, "old")
		wantLoads(t, s, id, 3)
	})
}

func TestEverybodyFailsWhereEveryLoadFails(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		s.fail(errSource)
		g := newGate()
		lead, waiting := crowd(t, c, id, g, s.load, s.load)
		close(g.opened)
		for _, w := range append(waiting, lead) {
			if got := <-w; !errors.Is(got.err, errSource) {
				t.Fatalf("got %+v", got)
			}
		}
	})
}

func TestPanicOfALoadLandsItsFlights(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		g := newGate()
		panicked := make(chan any, 1)
		go func() {
			defer func() { panicked <- recover() }()
			_, _, _ = c.Documents.One(t.Context(), id, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
				close(g.reached)
				<-g.opened
				panic("a fault")
			})
		}()
		<-g.reached
		waiting := fetch(t.Context(), c, id, s.load)
		synctest.Wait()
		close(g.opened)
		if p := <-panicked; p != "a fault" {
			t.Fatalf("the panic became %v", p)
		}
		if got := <-waiting; got.err != nil || got.title != "old" {
			t.Fatalf("who waited: %+v", got)
		}
		if c.Documents.InFlight(id) {
			t.Fatal("a flight is left over")
		}
	})
}

func TestCancelledWaiterLeavesOthersAlone(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		g := newGate()
		lead, waiting := crowd(t, c, id, g, s.load, s.load)
		ctx, cancel := context.WithCancel(t.Context())
		impatient := fetch(ctx, c, id, s.load)
		synctest.Wait()
		cancel()
		if got := <-impatient; !errors.Is(got.err, context.Canceled) {
			t.Fatalf("the one who was cancelled: %+v", got)
		}
		close(g.opened)
		for _, w := range append(waiting, lead) {
			if got := <-w; got.err != nil || got.title != "old" {
				t.Fatalf("another: %+v", got)
			}
		}
		wantLoads(t, s, id, 1)
	})
}

func TestLoadThatIsGivenUpIsTakenOver(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		g := newGate()
		ctx, cancel := context.WithCancel(t.Context())
		lead := fetch(ctx, c, id, hold(g, s.load))
		<-g.reached
		waiting := fetch(t.Context(), c, id, s.load)
		synctest.Wait()
		cancel()
		if got := <-lead; !errors.Is(got.err, context.Canceled) {
			t.Fatalf("the one who gave up: %+v", got)
		}
		if got := <-waiting; got.err != nil || got.title != "old" {
			t.Fatalf("who waited: %+v", got)
		}
	})
}

// A thousand requests miss one key in the same moment: one of them loads it, all have it.
func TestThousandMissesAreOneLoad(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		const readers = 1000
		id := uuid.New()
		s := newSource(id)
		g := newGate()
		load := hold(g, s.load)
		all := make([]<-chan fetching, readers)
		for i := range all {
			all[i] = fetch(t.Context(), c, id, load)
		}
		synctest.Wait() // one loads, the others wait
		close(g.opened)
		for _, one := range all {
			if got := <-one; got.err != nil || got.title != "old" {
				t.Fatalf("got %+v", got)
			}
		}
		wantLoads(t, s, id, 1)
	})
}
