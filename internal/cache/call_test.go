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
	"docsquare/internal/testkit/cachetest"
)

func TestOverlappingFetchesLoadEachKeyOnce(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(20)
		s := cachetest.NewSource(ids...)
		opened := make(chan struct{})
		slow := func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
			<-opened
			return s.Load(ctx, ids)
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
			cachetest.WantLoads(t, s, id, 1)
		}
	})
}

func TestDoublesInOneFetch(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		got, err := c.Documents.Fetch(t.Context(), []uuid.UUID{id, id, id}, s.Load)
		testkit.Must(t, err)
		if len(got) != 1 || got[id] == nil {
			t.Fatalf("got %v", got)
		}
		cachetest.WantLoads(t, s, id, 1)
	})
}

// crowd starts a fetch whose load stops at the gate, and behind it others who wait for the same document.
func crowd(t *testing.T, c *kinds.Cache, id uuid.UUID, g cachetest.Gate, first, others cache.Load[uuid.UUID, *ent.Document]) (<-chan cachetest.Fetched, []<-chan cachetest.Fetched) {
	t.Helper()
	lead := cachetest.Fetch(t.Context(), c, id, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		close(g.Reached)
		<-g.Opened
		return first(ctx, ids)
	})
	<-g.Reached
	waiting := make([]<-chan cachetest.Fetched, 5)
	for i := range waiting {
		waiting[i] = cachetest.Fetch(t.Context(), c, id, others)
	}
	synctest.Wait()
	return lead, waiting
}

func TestErrorOfALoad(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		g := cachetest.NewGate()
		failing := func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
			return nil, cachetest.ErrSource
		}
		lead, waiting := crowd(t, c, id, g, failing, s.Load)
		close(g.Opened)
		if got := <-lead; !errors.Is(got.Err, cachetest.ErrSource) {
			t.Fatalf("the one whose load failed: %+v", got)
		}
		for _, w := range waiting {
			if got := <-w; got.Err != nil || got.Title != "old" {
				t.Fatalf("one who waited: %+v", got)
			}
		}
		cachetest.WantLoads(t, s, id, 1) // they loaded again, once for all
	})
}

func TestErrorsAreNotCached(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		s.Fail(cachetest.ErrSource)
		for range 2 {
			if _, _, err := c.Documents.One(t.Context(), id, s.Load); !errors.Is(err, cachetest.ErrSource) {
				t.Fatalf("got %v", err)
			}
		}
		s.Fail(nil)
		cachetest.WantTitle(t, c, s, id, "old")
		cachetest.WantLoads(t, s, id, 3)
	})
}

func TestEverybodyFailsWhereEveryLoadFails(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		s.Fail(cachetest.ErrSource)
		g := cachetest.NewGate()
		lead, waiting := crowd(t, c, id, g, s.Load, s.Load)
		close(g.Opened)
		for _, w := range append(waiting, lead) {
			if got := <-w; !errors.Is(got.Err, cachetest.ErrSource) {
				t.Fatalf("got %+v", got)
			}
		}
	})
}

func TestPanicOfALoadLandsItsFlights(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		g := cachetest.NewGate()
		panicked := make(chan any, 1)
		go func() {
			defer func() { panicked <- recover() }()
			_, _, _ = c.Documents.One(t.Context(), id, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
				close(g.Reached)
				<-g.Opened
				panic("a fault")
			})
		}()
		<-g.Reached
		waiting := cachetest.Fetch(t.Context(), c, id, s.Load)
		synctest.Wait()
		close(g.Opened)
		if p := <-panicked; p != "a fault" {
			t.Fatalf("the panic became %v", p)
		}
		if got := <-waiting; got.Err != nil || got.Title != "old" {
			t.Fatalf("who waited: %+v", got)
		}
		if c.Documents.InFlight(id) {
			t.Fatal("a flight is left over")
		}
	})
}

func TestCancelledWaiterLeavesOthersAlone(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		g := cachetest.NewGate()
		lead, waiting := crowd(t, c, id, g, s.Load, s.Load)
		ctx, cancel := context.WithCancel(t.Context())
		impatient := cachetest.Fetch(ctx, c, id, s.Load)
		synctest.Wait()
		cancel()
		if got := <-impatient; !errors.Is(got.Err, context.Canceled) {
			t.Fatalf("the one who was cancelled: %+v", got)
		}
		close(g.Opened)
		for _, w := range append(waiting, lead) {
			if got := <-w; got.Err != nil || got.Title != "old" {
				t.Fatalf("another: %+v", got)
			}
		}
		cachetest.WantLoads(t, s, id, 1)
	})
}

func TestLoadThatIsGivenUpIsTakenOver(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		g := cachetest.NewGate()
		ctx, cancel := context.WithCancel(t.Context())
		lead := cachetest.Fetch(ctx, c, id, cachetest.Hold(g, s.Load))
		<-g.Reached
		waiting := cachetest.Fetch(t.Context(), c, id, s.Load)
		synctest.Wait()
		cancel()
		if got := <-lead; !errors.Is(got.Err, context.Canceled) {
			t.Fatalf("the one who gave up: %+v", got)
		}
		if got := <-waiting; got.Err != nil || got.Title != "old" {
			t.Fatalf("who waited: %+v", got)
		}
	})
}

// A thousand requests miss one key in the same moment: one of them loads it, all have it.
func TestThousandMissesAreOneLoad(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		const readers = 1000
		id := uuid.New()
		s := cachetest.NewSource(id)
		g := cachetest.NewGate()
		load := cachetest.Hold(g, s.Load)
		all := make([]<-chan cachetest.Fetched, readers)
		for i := range all {
			all[i] = cachetest.Fetch(t.Context(), c, id, load)
		}
		synctest.Wait() // one loads, the others wait
		close(g.Opened)
		for _, one := range all {
			if got := <-one; got.Err != nil || got.Title != "old" {
				t.Fatalf("got %+v", got)
			}
		}
		cachetest.WantLoads(t, s, id, 1)
	})
}
