package cache_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestOneProcessFillsForAnother(t *testing.T) {
	store := cachetest.NewMemory()
	here, there := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier())
	ids := cachetest.NewIDs(2)
	s := cachetest.NewSource(ids[0])
	category, at := "guides", time.Date(2026, 3, 1, 8, 0, 0, 1000, time.UTC)
	full := &ent.Document{ID: ids[0], Title: "第一篇", Tags: []string{"a"}, Category: &category, CreatedAt: at, PublishedAt: &at, Revision: 3}
	_, err := here.Documents.Fetch(t.Context(), ids, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		return map[uuid.UUID]*ent.Document{full.ID: full}, nil
	})
	testkit.Must(t, err)
	here.Settle()

	ctx, rec := record.With(t.Context())
	got, err := there.Documents.Fetch(ctx, ids, s.Load)
	testkit.Must(t, err)
	if diff := cmp.Diff(map[uuid.UUID]*ent.Document{full.ID: full}, got, unexported); diff != "" {
		t.Fatalf("through the far tier (-want +got):\n%s", diff)
	}
	if k := cachetest.OfDocuments(rec); k.Far != 2 || k.Negative != 1 || k.Loads != 0 {
		t.Fatalf("counted %+v", k)
	}
	if _, err := there.Documents.Fetch(ctx, ids, s.Load); err != nil || cachetest.OfDocuments(rec).Near != 2 {
		t.Fatalf("the near tier was not filled: %v, %+v", err, cachetest.OfDocuments(rec))
	}
}

func TestEntryWithoutItsStampIsAMiss(t *testing.T) {
	store := cachetest.NewMemory()
	for _, tag := range []cache.Tag{"own", cache.Everything} {
		t.Run(tag, func(t *testing.T) {
			c := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
			id := uuid.New()
			s := cachetest.NewSource(id)
			if tag == "own" {
				tag = kinds.DocumentTag(id)
			}
			cachetest.WantTitle(t, c, s, id, "old")
			c.Settle()
			cachetest.WantTitle(t, c, s, id, "old")
			cachetest.WantLoads(t, s, id, 1)
			if !store.DropStamp(tag) {
				t.Fatal("there was no stamp")
			}
			cachetest.WantTitle(t, c, s, id, "old")
			cachetest.WantLoads(t, s, id, 2)
			c.Settle()
			cachetest.WantTitle(t, c, s, id, "old")
			cachetest.WantLoads(t, s, id, 2)
		})
	}
}

func TestEverythingEmptiesAll(t *testing.T) {
	store := cachetest.NewMemory()
	here, there := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	ids := cachetest.NewIDs(10)
	s := cachetest.NewSource(ids...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	here.Settle()
	testkit.Must(t, here.Replace(t.Context(), kinds.Touched(kinds.AllData{})))
	for n, c := range []*kinds.Cache{here, there} {
		s.Write(ids[0], "new")
		cachetest.WantTitle(t, c, s, ids[0], "new")
		_, err := c.Documents.Fetch(t.Context(), ids, s.Load)
		testkit.Must(t, err)
		for _, id := range ids {
			cachetest.WantLoads(t, s, id, 2) // by the first of the two, which filled for the other
		}
		c.Settle()
		if n == 0 && !cachetest.InNear(c.Documents, ids[0]) {
			t.Fatal("what was loaded after the write is not kept")
		}
	}
}

func TestEntriesOfAnotherVersionAreNotRead(t *testing.T) {
	store := cachetest.NewMemory()
	c := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()

	next := cache.NewVersion(c.Documents) // the same kind in a release that changed its shape
	d, ok, err := next.One(t.Context(), id, s.Load)
	if err != nil || !ok || d.ID != id {
		t.Fatalf("got %v %v %v", d, ok, err)
	}
	cachetest.WantLoads(t, s, id, 2)
	cachetest.WantTitle(t, c, s, id, "old")
	cachetest.WantLoads(t, s, id, 2)
}

// A refresh goes on after the operation that caused it, and what it loads is for everybody.
func TestRefreshFillsTheFarTierAfterItsOperation(t *testing.T) {
	store := cachetest.NewMemory()
	c := cachetest.Open(t, store.Tier(), func(o *kinds.Options) { o.TTL = map[string]time.Duration{"trending": time.Millisecond} })
	r := &cachetest.Ranking{}
	cachetest.WantRanking(t, c, r.Load, 1)
	c.Settle()
	entry := func() string {
		return string(store.Entry(cachetest.FarKey(c.Trending, kinds.TrendingKey{First: 1})))
	}
	before := entry()
	if before == "" {
		t.Fatal("the far tier was not filled")
	}
	r.Shut.Lock()
	open := sync.OnceFunc(r.Shut.Unlock)
	defer open()
	testkit.Eventually(t, "the entry is past its time", func() bool {
		ctx, scope := cachetest.Operation(t.Context(), c, false)
		defer scope.Fill(ctx)
		_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, r.Load)
		testkit.Must(t, err)
		return r.Loads.Load() == 2
	})
	open()
	testkit.Eventually(t, "the refresh reaches the far tier", func() bool { return entry() != before })
}
