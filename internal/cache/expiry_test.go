package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestEntriesEndWithTheirTime(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, c, s, id, "old")
		s.Write(id, "new")
		cachetest.Pass(53 * time.Minute) // an hour less the jitter of a tenth
		cachetest.WantTitle(t, c, s, id, "old")
		cachetest.Pass(8 * time.Minute)
		cachetest.WantTitle(t, c, s, id, "new")
		cachetest.WantLoads(t, s, id, 2)
	})
}

func TestWhatIsMissingIsAskedForOnce(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource()
		ctx, rec := record.With(t.Context())
		for range 3 {
			if _, ok, err := c.Documents.One(ctx, id, s.Load); ok || err != nil {
				t.Fatalf("got %v, %v for a missing key", ok, err)
			}
		}
		cachetest.WantLoads(t, s, id, 1)
		if k := rec.Report().Kinds[0]; k.Negative != 2 || k.Near != 2 || k.Loads != 1 {
			t.Fatalf("counted %+v", *k)
		}
		s.Write(id, "new")
		cachetest.Pass(53 * time.Second)
		cachetest.WantTitle(t, c, s, id, "")
		cachetest.Pass(8 * time.Second)
		cachetest.WantTitle(t, c, s, id, "new")
	})
}

func TestNegativeEntriesDoNotOutliveAShorterTTL(t *testing.T) {
	short := func(o *kinds.Options) { o.TTL = map[string]time.Duration{"document": time.Second} }
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource()
		cachetest.WantTitle(t, c, s, id, "")
		s.Write(id, "new")
		cachetest.Pass(2 * time.Second)
		cachetest.WantTitle(t, c, s, id, "new")
	}, short)
}

func TestStaleEntriesAreServedWhileOneRefreshRuns(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		cachetest.Pass(61 * time.Second)

		r.Shut.Lock()
		for range 10 {
			cachetest.WantRanking(t, c, r.Load, 1)
		}
		r.Shut.Unlock()
		synctest.Wait()
		if n := r.Loads.Load(); n != 2 {
			t.Fatalf("%d loads, want the first and one refresh", n)
		}
		cachetest.WantRanking(t, c, r.Load, 2)

		cachetest.Pass(12 * time.Minute) // past the time, and past being stale
		cachetest.WantRanking(t, c, r.Load, 3)
		synctest.Wait()
		if n := r.Loads.Load(); n != 3 {
			t.Fatalf("%d loads, want no refresh in addition to a load", n)
		}
	})
}

func TestStaleEntriesAreNotServedAfterAWrite(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		cachetest.Pass(61 * time.Second)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		cachetest.WantRanking(t, c, r.Load, 2)
	})
}

// A ranking that is requested all the time never expires: no caller waits for its load, however long that takes.
func TestRefreshAheadOfExpiry(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		const slow, often = 5 * time.Second, 100 * time.Millisecond
		r := &cachetest.Ranking{}
		load := func(ctx context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			if r.Loads.Load() > 0 {
				cachetest.Pass(slow)
			}
			return r.Load(ctx, keys)
		}
		cachetest.WantRanking(t, c, load, 1)
		for range 10 * time.Minute / often {
			began := time.Now()
			ctx, rec := record.With(t.Context())
			_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, load)
			testkit.Must(t, err)
			if waited := time.Since(began); waited > 0 {
				t.Fatalf("a reader has waited %v", waited)
			}
			if k := rec.Report().Kinds[0]; k.Stale != 0 {
				t.Fatal("an entry past its time was served")
			}
			cachetest.Pass(often)
		}
		if n := r.Loads.Load(); n < 10 || n > 14 {
			t.Errorf("%d loads in ten minutes of a ranking that lives one", n)
		}
	})
}

// A kind that may be stale is answered from its last entry where the source fails, also after a write, but no longer than
// it declares; any other kind fails with its source.
func TestSourceFails(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r, broken := &cachetest.Ranking{}, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, cachetest.ErrSource
		}
		cachetest.WantRanking(t, c, r.Load, 1)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		cachetest.WantRanking(t, c, broken, 1)
		cachetest.Pass(10 * time.Minute)
		cachetest.WantRanking(t, c, broken, 1)
		cachetest.Pass(2 * time.Minute)
		if _, _, err := c.Trending.One(t.Context(), kinds.TrendingKey{First: 1}, broken); !errors.Is(err, cachetest.ErrSource) {
			t.Errorf("past its bound: %v", err)
		}
		id := uuid.New()
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, c, s, id, "old")
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		s.Fail(cachetest.ErrSource)
		if _, _, err := c.Documents.One(t.Context(), id, s.Load); !errors.Is(err, cachetest.ErrSource) {
			t.Errorf("a kind that may not be stale: %v", err)
		}
	})
}

func TestRefreshThatPanicsOrFailsHarmsNobody(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		cachetest.Pass(61 * time.Second)
		cachetest.WantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			panic("a fault")
		}, 1)
		synctest.Wait()
		cachetest.WantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, cachetest.ErrSource
		}, 1)
		synctest.Wait()
		cachetest.WantRanking(t, c, r.Load, 1)
		synctest.Wait()
		cachetest.WantRanking(t, c, r.Load, 2)
	})
}
