package cache_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestLookLeavesWhatIsDue leaves an entry that is due to Fetch, and does not count it.
func TestLookLeavesWhatIsDue(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		keys, a := []kinds.TrendingKey{{First: 1}}, cachetest.NewLookResult[[]uuid.UUID](1)
		if n := c.Trending.Look(t.Context(), keys, a.Values, a.Found, a.Known); n != 0 || !a.Known[0] || !a.Found[0] {
			t.Errorf("a new entry: %d missing, %+v", n, a)
		}
		cachetest.Pass(50 * time.Second)
		if n := c.Trending.Look(t.Context(), keys, a.Values, a.Found, a.Known); n != 1 || a.Known[0] || a.Found[0] || a.Values[0] != nil {
			t.Errorf("an entry that is due: %d missing, %+v", n, a)
		}
		cachetest.WantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 1})
	})
}

// TestLookPastTheCache answers nothing and counts nothing.
func TestLookPastTheCache(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(3)
	_, err := c.Documents.Fetch(t.Context(), ids, cachetest.NewSource(ids...).Load)
	testkit.Must(t, err)
	ctx, rec := record.With(t.Context())
	a := cachetest.NewLookResult[*ent.Document](3)
	if n := c.Documents.Look(cache.PastCache(ctx), ids, a.Values, a.Found, a.Known); n != 3 || slices.Contains(a.Known, true) {
		t.Errorf("%d missing, %+v", n, a)
	}
	if r := rec.Report(); len(r.Kinds) != 0 || len(r.Tags) != 0 {
		t.Errorf("%+v", r)
	}
	if n := c.Documents.Look(ctx, ids, a.Values, a.Found, a.Known); n != 0 || len(rec.Report().Tags) != 3 {
		t.Errorf("%d missing, tags %q", n, rec.Report().Tags)
	}
}

// TestLookDoesNotAllocate covers the keys that are counted as hot, too.
func TestLookDoesNotAllocate(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(20)
	_, err := c.Documents.Fetch(t.Context(), ids[:18], cachetest.NewSource(ids[:10]...).Load) // 8 negative entries
	testkit.Must(t, err)
	ctx, _ := record.Brief(t.Context())
	ctx, _ = cachetest.Reading(ctx, c, false)
	a := cachetest.NewLookResult[*ent.Document](len(ids))
	look := func() {
		if n := c.Documents.Look(ctx, ids, a.Values, a.Found, a.Known); n != 2 {
			t.Errorf("%d missing", n)
		}
	}
	for range 100 { // until each key is counted
		look()
	}
	if n := testing.AllocsPerRun(2000, look); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestLookOfConcurrentReaders runs under the race detector.
func TestLookOfConcurrentReaders(t *testing.T) {
	c := cachetest.Open(t, nil, func(o *kinds.Options) { o.Audit = .2 })
	ids := cachetest.NewIDs(40)
	s := cachetest.NewSource(ids...)
	ctx, rec := record.With(t.Context())
	ctx, receipt := cachetest.Reading(ctx, c, true)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				from := rand.IntN(20)
				got, err := cachetest.LookThenFetch(ctx, t, c.Documents, ids[from:from+20], s.Load)
				if err != nil || len(got) != 20 {
					t.Errorf("%d values, %v", len(got), err)
				}
				if err := c.Replace(ctx, []cache.Tag{kinds.DocumentTag(ids[from])}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if k := cachetest.OfDocuments(rec); k.Near+k.Shared+k.Loads != 4*200*20 {
		t.Errorf("%d keys were counted %+v", 4*200*20, k)
	}
	if cachetest.Still(receipt) || !strings.HasPrefix(rec.Report().Tags[0], "document:") {
		t.Error("the receipt does not follow the writes")
	}
}
