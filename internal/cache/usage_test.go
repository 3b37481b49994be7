package cache_test

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
)

// used is what the cache says of a kind.
func used(t testing.TB, c *kinds.Cache, kind string) cache.KindUsage {
	t.Helper()
	for _, k := range c.Usage().Kinds {
		if k.Name == kind {
			return k
		}
	}
	t.Fatalf("there is no kind %q", kind)
	return cache.KindUsage{}
}

func wantCounts(t *testing.T, c *kinds.Cache, kind string, want cache.Counts) {
	t.Helper()
	if got := used(t, c, kind).Counts; got != want {
		t.Errorf("%s was counted %+v, want %+v", kind, got, want)
	}
}

// TestUsageCounts counts each key by where its answer came from, and what was wrong with it.
func TestUsageCounts(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := newIDs(3)
		id, missing := ids[0], ids[1]
		s := newSource(id)
		for range 3 {
			wantTitle(t, c, s, id, "old")
			wantTitle(t, c, s, missing, "")
		}
		want := cache.Counts{Near: 4, Loads: 2, Negative: 2}
		wantCounts(t, c, "document", want)

		s.fail(errSource)
		if _, _, err := c.Documents.One(t.Context(), ids[2], s.load); !errors.Is(err, errSource) {
			t.Fatal(err)
		}
		want.Loads, want.Failed = 3, 1
		wantCounts(t, c, "document", want)
		s.fail(nil)

		g := newGate()
		first := fetch(t.Context(), c, ids[2], hold(g, s.load))
		testkit.Receive(t, "the load", g.reached)
		second := fetch(t.Context(), c, ids[2], s.load)
		synctest.Wait()
		close(g.opened)
		<-first
		<-second
		want.Loads, want.Shared = 4, 1
		wantCounts(t, c, "document", want)
		if want.Hits() != 5 {
			t.Errorf("%d hits", want.Hits())
		}
		wantCounts(t, c, "user", cache.Counts{})
	})
}

// TestUsageCountsWhatIsStale counts what is served past its time, while it is refreshed or while its source fails.
func TestUsageCountsWhatIsStale(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		pass(70 * time.Second)
		wantRanking(t, c, r.load, 1)
		synctest.Wait()
		wantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 2, Stale: 1})
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.SquareTag}))
		wantRanking(t, c, func(context.Context, []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
			return nil, errSource
		}, 2)
		wantCounts(t, c, "trending", cache.Counts{Near: 1, Loads: 3, Stale: 2, Failed: 1})
	})
}

// TestUsageOfTheFarTier counts what Redis has answered and what could not be decoded, and says how Redis is.
func TestUsageOfTheFarTier(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := newIDs(3)
	s := newSource(ids[:2]...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	here.Settle()
	_, err = there.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	wantCounts(t, here, "document", cache.Counts{Loads: 3})
	wantCounts(t, there, "document", cache.Counts{Far: 3, Negative: 1})
	other := uuid.New()
	testkit.Must(t, client(t, server).Set(t.Context(), server.Prefix+layoutPrefix+there.Documents.FarKey(other), "rubbish", time.Minute).Err())
	wantTitle(t, there, s, other, "")
	if u := there.Usage(); u.Far != cache.OK || u.Losses != 0 || u.Undecodable != 1 || u.Limit != 64<<20 {
		t.Errorf("%+v", u)
	}
	if u := open(t, nil, farOnly).Usage(); u.Far != cache.Off || u.Limit != 0 {
		t.Errorf("without any tier: %+v", u)
	}
}

// TestUsageOfKinds lists the kinds by name, with what holds for them and what they take.
func TestUsageOfKinds(t *testing.T) {
	c := open(t, nil, func(o *options) { o.TTL = map[string]time.Duration{"user": 10 * time.Second} })
	ids := newIDs(20)
	_, err := c.Documents.Fetch(t.Context(), ids, newSource(ids...).load)
	testkit.Must(t, err)
	if k := used(t, c, "document"); k.Bytes < 20*256 {
		t.Errorf("20 entries weigh %d bytes", k.Bytes)
	}
	if k := used(t, c, "document"); k.Entries != 20 || k.Limit <= k.Bytes || k.Version != 2 || k.TTL != time.Hour || k.Absent != time.Minute || k.Stale != 0 {
		t.Errorf("%+v", k)
	}
	if k := used(t, c, "user"); k.Entries != 0 || k.Bytes != 0 || k.TTL != 10*time.Second || k.Absent != 10*time.Second {
		t.Errorf("%+v", k)
	}
	if k := used(t, c, "trending"); k.Stale != 10*time.Minute {
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
	if u.Tags != 22 || u.TagBytes < 22*64 || total != c.Weight() {
		t.Errorf("%d bytes are counted, %d for %d tags, but %d used", total, u.TagBytes, u.Tags, c.Weight())
	}
	if !slices.Equal(names, kinds.Names()) || total > u.Limit {
		t.Errorf("%q take %d of %d bytes", names, total, u.Limit)
	}
}
