package ops_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestUsageCounts counts each key by where its answer came from, and what was wrong with it.
func TestUsageCounts(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(3)
		id, missing := ids[0], ids[1]
		s := cachetest.NewSource(id)
		for range 3 {
			cachetest.WantTitle(t, c, s, id, "old")
			cachetest.WantTitle(t, c, s, missing, "")
		}
		want := cache.Counts{Near: 4, Loads: 2, Negative: 2}
		cachetest.WantCounts(t, c, "document", want)

		s.Fail(cachetest.ErrSource)
		if _, _, err := c.Documents.One(t.Context(), ids[2], s.Load); !errors.Is(err, cachetest.ErrSource) {
			t.Fatal(err)
		}
		want.Loads, want.Failed = 3, 1
		cachetest.WantCounts(t, c, "document", want)
		s.Fail(nil)

		g := cachetest.NewGate()
		first := cachetest.Fetch(t.Context(), c, ids[2], cachetest.Hold(g, s.Load))
		testkit.Receive(t, "the load", g.Reached)
		second := cachetest.Fetch(t.Context(), c, ids[2], s.Load)
		synctest.Wait()
		close(g.Opened)
		<-first
		<-second
		want.Loads, want.Shared = 4, 1
		cachetest.WantCounts(t, c, "document", want)
		if want.Hits() != 5 {
			t.Errorf("%d hits", want.Hits())
		}
		cachetest.WantCounts(t, c, "user", cache.Counts{})
	})
}

// TestUsageCountsWhatIsStale counts what is served past its time, while it is refreshed or while its source fails.
func TestUsageCountsWhatIsStale(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		cachetest.Pass(70 * time.Second)
		cachetest.WantRanking(t, c, r.Load, 1)
		synctest.Wait()
		cachetest.WantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 2, Stale: 1})
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		cachetest.WantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, cachetest.ErrSource
		}, 2)
		cachetest.WantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 3, Stale: 2, Failed: 1})
	})
}

// TestUsageOfTheFarTier counts what Redis has answered and what could not be decoded, and reports the state of Redis.
func TestUsageOfTheFarTier(t *testing.T) {
	store := cachetest.NewMemory()
	here, there := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier())
	ids := cachetest.NewIDs(3)
	s := cachetest.NewSource(ids[:2]...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	here.Settle()
	_, err = there.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	cachetest.WantCounts(t, here, "document", cache.Counts{Loads: 3})
	cachetest.WantCounts(t, there, "document", cache.Counts{Far: 3, Negative: 1})
	other := uuid.New()
	store.SetEntry(cachetest.FarKey(there.Documents, other), []byte("rubbish"))
	cachetest.WantTitle(t, there, s, other, "")
	if u := there.Usage(); u.Far != cache.OK || u.Losses != 0 || u.Undecodable != 1 || u.Limit != 64<<20 {
		t.Errorf("%+v", u)
	}
	if u := cachetest.Open(t, nil, cachetest.FarOnly).Usage(); u.Far != cache.Off || u.Limit != 0 {
		t.Errorf("without any tier: %+v", u)
	}
}

// TestUsageOfKinds lists the kinds by name, with what holds for them and what they take.
func TestUsageOfKinds(t *testing.T) {
	c := cachetest.Open(t, nil, func(o *kinds.Options) { o.TTL = map[string]time.Duration{"user": 10 * time.Second} })
	ids := cachetest.NewIDs(20)
	_, err := c.Documents.Fetch(t.Context(), ids, cachetest.NewSource(ids...).Load)
	testkit.Must(t, err)
	if k := cachetest.Used(t, c, "document"); k.Bytes < 20*256 {
		t.Errorf("20 entries weigh %d bytes", k.Bytes)
	}
	if k := cachetest.Used(t, c, "document"); k.Entries != 20 || k.Limit <= k.Bytes || k.Spec != c.Documents.View().Spec || k.TTL != time.Hour || k.Negative != time.Minute || k.Stale != 0 {
		t.Errorf("%+v", k)
	}
	if k := cachetest.Used(t, c, "user"); k.Entries != 0 || k.Bytes != 0 || k.TTL != 10*time.Second || k.Negative != 10*time.Second {
		t.Errorf("%+v", k)
	}
	if k := cachetest.Used(t, c, "trending"); k.Stale != 10*time.Minute {
		t.Errorf("%+v", k)
	}
	u := c.Usage()
	var names []string
	total := u.TagBytes
	for _, k := range u.Kinds {
		if names, total = append(names, k.Name), total+int64(k.Bytes); k.Limit != uint64(u.Limit) {
			t.Errorf("%s may take %d of %d bytes", k.Name, k.Limit, u.Limit)
		}
	}
	if u.Tags != 22 || u.TagBytes < 22*64 {
		t.Errorf("%d bytes for %d tags", u.TagBytes, u.Tags)
	}
	if !slices.Equal(names, kinds.Names()) || total > u.Limit {
		t.Errorf("%q take %d of %d bytes", names, total, u.Limit)
	}
}
