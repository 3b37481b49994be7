package cache_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/testkit"
)

// embedded runs the test over the embedded cache, in a synctest bubble with its own clock.
func embedded(t *testing.T, f func(t *testing.T, c *kinds.Cache), change ...func(*options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, open(t, nil, change...)) })
}

func TestEntriesEndWithTheirTime(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		wantTitle(t, c, s, id, "old")
		s.write(id, "new")
		pass(53 * time.Minute) // an hour less the jitter of a tenth
		wantTitle(t, c, s, id, "old")
		pass(8 * time.Minute)
		wantTitle(t, c, s, id, "new")
		wantLoads(t, s, id, 2)
	})
}

func TestWhatIsMissingIsAskedForOnce(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource()
		ctx, record := explain.With(t.Context())
		for range 3 {
			if _, ok, err := c.Documents.One(ctx, id, s.load); ok || err != nil {
				t.Fatalf("got %v, %v for a missing key", ok, err)
			}
		}
		wantLoads(t, s, id, 1)
		if k := record.Report().Kinds[0]; k.Negative != 2 || k.Near != 2 || k.Loads != 1 {
			t.Fatalf("counted %+v", *k)
		}
		s.write(id, "new")
		pass(53 * time.Second)
		wantTitle(t, c, s, id, "")
		pass(8 * time.Second)
		wantTitle(t, c, s, id, "new")
	})
}

func TestNegativeEntriesDoNotOutliveAShorterTTL(t *testing.T) {
	short := func(o *options) { o.TTL = map[string]time.Duration{"document": time.Second} }
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource()
		wantTitle(t, c, s, id, "")
		s.write(id, "new")
		pass(2 * time.Second)
		wantTitle(t, c, s, id, "new")
	}, short)
}

// ranking is a source of rankings: each load gives another one, and waits while the source is shut.
type ranking struct {
	loads atomic.Int32
	shut  sync.RWMutex
}

func (r *ranking) load(_ context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
	n := r.loads.Add(1)
	r.shut.RLock()
	defer r.shut.RUnlock()
	return map[kinds.TrendingKey][]uuid.UUID{keys[0]: nthRanking(int(n))}, nil
}

func nthRanking(n int) []uuid.UUID { return []uuid.UUID{{15: byte(n)}} }

func wantRanking(t *testing.T, c *kinds.Cache, load cache.Load[kinds.TrendingKey, []uuid.UUID], n int) {
	t.Helper()
	got, _, err := c.Trending.One(t.Context(), kinds.TrendingKey{First: 1}, load)
	testkit.Must(t, err)
	if diff := cmp.Diff(nthRanking(n), got); diff != "" {
		t.Fatalf("not load %d (-want +got):\n%s", n, diff)
	}
}

func TestStaleEntriesAreServedWhileOneRefreshRuns(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		pass(61 * time.Second)

		r.shut.Lock()
		for range 10 {
			wantRanking(t, c, r.load, 1)
		}
		r.shut.Unlock()
		synctest.Wait()
		if n := r.loads.Load(); n != 2 {
			t.Fatalf("%d loads, want the first and one refresh", n)
		}
		wantRanking(t, c, r.load, 2)

		pass(12 * time.Minute) // past the time, and past being stale
		wantRanking(t, c, r.load, 3)
		synctest.Wait()
		if n := r.loads.Load(); n != 3 {
			t.Fatalf("%d loads, want no refresh in addition to a load", n)
		}
	})
}

func TestStaleEntriesAreNotServedAfterAWrite(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		pass(61 * time.Second)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		wantRanking(t, c, r.load, 2)
	})
}

// A ranking that is requested all the time never expires: no caller waits for its load, however long that takes.
func TestRefreshAheadOfExpiry(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		const slow, often = 5 * time.Second, 100 * time.Millisecond
		r := &ranking{}
		load := func(ctx context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			if r.loads.Load() > 0 {
				pass(slow)
			}
			return r.load(ctx, keys)
		}
		wantRanking(t, c, load, 1)
		for range 10 * time.Minute / often {
			began := time.Now()
			ctx, record := explain.With(t.Context())
			_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, load)
			testkit.Must(t, err)
			if waited := time.Since(began); waited > 0 {
				t.Fatalf("a reader has waited %v", waited)
			}
			if k := record.Report().Kinds[0]; k.Stale != 0 {
				t.Fatal("an entry past its time was served")
			}
			pass(often)
		}
		if n := r.loads.Load(); n < 10 || n > 14 {
			t.Errorf("%d loads in ten minutes of a ranking that lives one", n)
		}
	})
}

// A kind that may be stale is answered from its last entry where the source fails, also after a write, but no longer than
// it declares; any other kind fails with its source.
func TestSourceFails(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r, broken := &ranking{}, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, errSource
		}
		wantRanking(t, c, r.load, 1)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		wantRanking(t, c, broken, 1)
		pass(10 * time.Minute)
		wantRanking(t, c, broken, 1)
		pass(2 * time.Minute)
		if _, _, err := c.Trending.One(t.Context(), kinds.TrendingKey{First: 1}, broken); !errors.Is(err, errSource) {
			t.Errorf("past its bound: %v", err)
		}
		id := uuid.New()
		s := newSource(id)
		wantTitle(t, c, s, id, "old")
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		s.fail(errSource)
		if _, _, err := c.Documents.One(t.Context(), id, s.load); !errors.Is(err, errSource) {
			t.Errorf("a kind that may not be stale: %v", err)
		}
	})
}

func TestRefreshThatPanicsOrFailsHarmsNobody(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		pass(61 * time.Second)
		wantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			panic("a fault")
		}, 1)
		synctest.Wait()
		wantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, errSource
		}, 1)
		synctest.Wait()
		wantRanking(t, c, r.load, 1)
		synctest.Wait()
		wantRanking(t, c, r.load, 2)
	})
}

// pass lets time pass in a bubble of synctest.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of the bubble
}
