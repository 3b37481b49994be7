package cache_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/testkit"
)

// TestLookKeepsTheShareOfAudits audits the declared share of what is served, although Look leaves audits to Fetch.
func TestLookKeepsTheShareOfAudits(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := newIDs(1)
		s := newSource(ids...)
		const reads = 3000
		for range reads {
			_, err := lookThenFetch(t.Context(), t, c.Documents, ids, s.load)
			testkit.Must(t, err)
			synctest.Wait()
		}
		if got := c.Audit(); got.Compared < reads/10-100 || got.Compared > reads/10+100 {
			t.Errorf("%d audits of %d reads, want a tenth", got.Compared, reads)
		}
	}, func(o *options) { o.Audit = .1 })
}

// TestLookLeavesWhatIsDue leaves an entry that is due to Fetch, and does not count it.
func TestLookLeavesWhatIsDue(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		keys, a := []kinds.TrendingKey{{First: 1}}, newLookResult[[]uuid.UUID](1)
		if n := c.Trending.Look(t.Context(), keys, a.values, a.found, a.known); n != 0 || !a.known[0] || !a.found[0] {
			t.Errorf("a new entry: %d missing, %+v", n, a)
		}
		pass(50 * time.Second)
		if n := c.Trending.Look(t.Context(), keys, a.values, a.found, a.known); n != 1 || a.known[0] || a.found[0] || a.values[0] != nil {
			t.Errorf("an entry that is due: %d missing, %+v", n, a)
		}
		wantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 1})
	})
}

// TestLookPastTheCache answers nothing and counts nothing.
func TestLookPastTheCache(t *testing.T) {
	c := open(t, nil)
	ids := newIDs(3)
	_, err := c.Documents.Fetch(t.Context(), ids, newSource(ids...).load)
	testkit.Must(t, err)
	ctx, record := explain.With(t.Context())
	a := newLookResult[*ent.Document](3)
	if n := c.Documents.Look(cache.PastCache(ctx), ids, a.values, a.found, a.known); n != 3 || slices.Contains(a.known, true) {
		t.Errorf("%d missing, %+v", n, a)
	}
	if r := record.Report(); len(r.Kinds) != 0 || len(r.Tags) != 0 {
		t.Errorf("%+v", r)
	}
	if n := c.Documents.Look(ctx, ids, a.values, a.found, a.known); n != 0 || len(record.Report().Tags) != 3 {
		t.Errorf("%d missing, tags %q", n, record.Report().Tags)
	}
}

// TestLookDoesNotAllocate covers the keys that are counted as hot, too.
func TestLookDoesNotAllocate(t *testing.T) {
	c := open(t, nil)
	ids := newIDs(20)
	_, err := c.Documents.Fetch(t.Context(), ids[:18], newSource(ids[:10]...).load) // 8 negative entries
	testkit.Must(t, err)
	ctx, _ := explain.Brief(t.Context())
	ctx, _ = c.ReadSet(ctx, false)
	a := newLookResult[*ent.Document](len(ids))
	look := func() {
		if n := c.Documents.Look(ctx, ids, a.values, a.found, a.known); n != 2 {
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

// TestHotKeysOfLook counts a key once, whether Look or Fetch answers it.
func TestHotKeysOfLook(t *testing.T) {
	c := open(t, nil)
	ids := newIDs(3)
	s := newSource(ids...)
	const times = 20_000
	for range times {
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(ids[0])}))
		_, err := lookThenFetch(t.Context(), t, c.Documents, ids, s.load)
		testkit.Must(t, err)
	}
	for _, k := range c.HotKeys(3) {
		if k.Requests < times*8/10 || k.Requests > times*12/10 {
			t.Errorf("%d requests were counted as %d", times, k.Requests)
		}
	}
}

// TestLookOfConcurrentReaders runs under the race detector.
func TestLookOfConcurrentReaders(t *testing.T) {
	c := open(t, nil, func(o *options) { o.Audit = .2 })
	ids := newIDs(40)
	s := newSource(ids...)
	ctx, record := explain.With(t.Context())
	ctx, receipt := c.ReadSet(ctx, true)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				from := rand.IntN(20)
				got, err := lookThenFetch(ctx, t, c.Documents, ids[from:from+20], s.load)
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
	if k := ofDocuments(record); k.Near+k.Shared+k.Loads != 4*200*20 {
		t.Errorf("%d keys were counted %+v", 4*200*20, k)
	}
	if receipt.Still() || !strings.HasPrefix(record.Report().Tags[0], "document:") {
		t.Error("the receipt does not follow the writes")
	}
}
