package redis_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// Every key in Redis expires, but the stamp that all entries depend on is renewed for as long as any process runs.
func TestTheStampOfEverythingIsRenewed(t *testing.T) {
	server := testkit.Redis(t)
	raw := client(t, server)
	c := open(t, server)
	id := uuid.New()
	cachetest.WantTitle(t, c, cachetest.NewSource(id), id, "old")
	c.Settle()
	var keys []string
	scan := raw.Scan(t.Context(), 0, server.Prefix+"*", 1000).Iterator()
	for scan.Next(t.Context()) {
		keys = append(keys, scan.Val())
	}
	testkit.Must(t, scan.Err())
	if len(keys) < 4 {
		t.Fatalf("only %q is in Redis", keys)
	}
	for _, key := range keys {
		if ttl := raw.TTL(t.Context(), key).Val(); ttl <= 0 {
			t.Errorf("%s has no time to live: %v", key, ttl)
		}
	}
	testkit.Must(t, raw.Expire(t.Context(), stampKey(server.Prefix, cache.Everything), time.Hour).Err())
	testkit.Eventually(t, "the time is renewed", func() bool { return raw.TTL(t.Context(), stampKey(server.Prefix, cache.Everything)).Val() > time.Hour })
}

func TestFetchOfManyKeysIsOneRoundTrip(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := cachetest.NewIDs(50)
	s := cachetest.NewSource(ids...)
	measure := func(c *kinds.Cache, want int) {
		t.Helper()
		ctx, rec := record.With(t.Context())
		ctx, scope := cachetest.Operation(ctx, c, false)
		_, err := c.Documents.Fetch(ctx, ids, s.Load)
		testkit.Must(t, err)
		scope.Fill(ctx)
		if got := cachetest.RoundTrips(rec); got != want {
			t.Fatalf("%d round trips, want %d", got, want)
		}
	}
	measure(here, 2) // the look and the fill
	here.Settle()
	measure(there, 1)
	measure(there, 0)
	if s.Called() != 1 {
		t.Fatalf("%d loads", s.Called())
	}
}

func TestFillsOfAnOperationAreOneRoundTrip(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server)
	ids := cachetest.NewIDs(3)
	ctx, rec := record.With(t.Context())
	ctx, scope := cachetest.Operation(ctx, c, false)
	for _, id := range ids {
		_, _, err := c.Users.One(ctx, id, cachetest.Users)
		testkit.Must(t, err)
		_, _, err = c.Comments.One(ctx, id, cachetest.Comments)
		testkit.Must(t, err)
	}
	scope.Fill(ctx)
	scope.Fill(ctx) // twice does no harm
	if got := cachetest.RoundTrips(rec); got != 6+1 {
		t.Fatalf("%d round trips, want six looks and one fill", got)
	}
	c.Settle()
	if n := client(t, server).Exists(t.Context(), server.Prefix+layoutPrefix+cachetest.FarKey(c.Users, ids[0]), server.Prefix+layoutPrefix+cachetest.FarKey(c.Comments, ids[2])).Val(); n != 2 {
		t.Fatal("the fills are not in Redis")
	}
}

// TestOthersEntriesAreNotRead reads nothing under another prefix.
func TestOthersEntriesAreNotRead(t *testing.T) {
	server := testkit.Redis(t)
	c, id := open(t, server, farOnly), uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	other := open(t, server, farOnly, func(o *options) { o.tier.Prefix += "other:" })
	cachetest.WantTitle(t, other, s, id, "old")
	cachetest.WantLoads(t, s, id, 2)
	cachetest.WantTitle(t, c, s, id, "old")
	cachetest.WantLoads(t, s, id, 2)
}
