package redis_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

var topologies = map[string]testkit.RedisSetup{
	"single":                    {Topology: testkit.Single},
	"single, password":          {Topology: testkit.Single, Password: true},
	"single, user":              {Topology: testkit.Single, User: true},
	"single, TLS":               {Topology: testkit.Single, TLS: true},
	"Sentinel":                  {Topology: testkit.Sentinel},
	"Sentinel, password":        {Topology: testkit.Sentinel, Password: true},
	"Sentinel, user and TLS":    {Topology: testkit.Sentinel, User: true, TLS: true},
	"Cluster":                   {Topology: testkit.Cluster},
	"Cluster, password and TLS": {Topology: testkit.Cluster, Password: true, TLS: true},
}

// TestTopologies makes the same promises on every Redis that an operator may have, reached as the operator says.
func TestTopologies(t *testing.T) {
	for name, setup := range topologies {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // for most of it waits for servers to find each other
			site := testkit.StartRedisSite(t, setup)
			for _, promise := range []struct {
				name string
				test func(*testing.T, *testkit.RedisSite)
			}{
				{"others read what one has filled", othersReadFills},
				{"a load that a write overtakes leaves nothing", overtakenLoad},
				{"a write ends the near entries of others", othersHear},
				{"an outage loses writes", outage}, // and is the last: not everything stands again
				{"every key has the prefix", everyKeyHasThePrefix},
			} {
				t.Run(promise.name, func(t *testing.T) { promise.test(t, site) })
			}
		})
	}
}

// on opens a cache on the site, with deadlines that a busy machine keeps.
func on(t *testing.T, site *testkit.RedisSite, change ...func(*options)) *kinds.Cache {
	t.Helper()
	endpoint := site.Options
	endpoint.Timeout = patient
	c, err := farredis.Connect(endpoint)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return open(t, nil, append(change, func(o *options) { o.client, o.tier.Prefix = c, site.Prefix })...)
}

// servedBy opens a cache on the site as the server does, with its deadlines.
func servedBy(t *testing.T, site *testkit.RedisSite, change ...func(*options)) *kinds.Cache {
	t.Helper()
	c, err := farredis.Connect(site.Options)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return open(t, nil, append(change, func(o *options) {
		o.client, o.tier.Prefix, o.tier.ReadTimeout, o.tier.WriteTimeout = c, site.Prefix, 0, 0
	})...)
}

func othersReadFills(t *testing.T, site *testkit.RedisSite) {
	here, there := on(t, site, farOnly), on(t, site)
	ids := cachetest.NewIDs(30) // in a cluster, on all nodes
	s := cachetest.NewSource(ids...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	here.Settle()
	ctx, rec := record.With(t.Context())
	got, err := there.Documents.Fetch(ctx, ids, s.Load)
	testkit.Must(t, err)
	if k := cachetest.OfDocuments(rec); len(got) != len(ids) || k.Far != len(ids) || k.Loads != 0 {
		t.Fatalf("got %d, of which %d from Redis, and %d loads", len(got), k.Far, k.Loads)
	}
}

// As TestLoadThatAWriteOvertakes.
func overtakenLoad(t *testing.T, site *testkit.RedisSite) {
	here, there := on(t, site), on(t, site, farOnly)
	id := uuid.New()
	s := cachetest.NewSource(id)
	g := cachetest.NewGate()
	first := cachetest.Fetch(t.Context(), here, id, cachetest.Hold(g, s.Load))
	testkit.Receive(t, "the load", g.Reached)
	s.Write(id, "new")
	testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	close(g.Opened)
	if got := testkit.Receive(t, "the first fetch", first); got.Err != nil || got.Title != "old" {
		t.Fatalf("the fetch that began before the write: %+v", got)
	}
	here.Settle()
	cachetest.WantTitle(t, there, s, id, "new")
	testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, here, s, id) == "new" })
}

func othersHear(t *testing.T, site *testkit.RedisSite) {
	here, there := on(t, site), on(t, site)
	ids := cachetest.NewIDs(20)
	s := cachetest.NewSource(ids...)
	tags := make([]cache.Tag, len(ids))
	for i, id := range ids {
		cachetest.WantTitle(t, there, s, id, "old")
		s.Write(id, "new")
		tags[i] = kinds.DocumentTag(id)
	}
	testkit.Must(t, here.Replace(t.Context(), tags))
	for _, id := range ids {
		cachetest.WantTitle(t, here, s, id, "new")
		testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, there, s, id) == "new" })
	}
}

// remembered is a document whose stamp is on the doomed server and whose entry is in Redis.
func remembered(t *testing.T, site *testkit.RedisSite, c *kinds.Cache) (uuid.UUID, *cachetest.Source) {
	t.Helper()
	id := uuid.New()
	for !site.Doomed(stampKey(site.Prefix, kinds.DocumentTag(id))) {
		id = uuid.New()
	}
	s := cachetest.NewSource(id)
	testkit.Eventually(t, "Redis is filled", func() bool {
		cachetest.WantTitle(t, c, s, id, "old")
		c.Settle()
		ctx, rec := record.With(t.Context())
		_, _, err := c.Documents.One(ctx, id, s.Load)
		testkit.Must(t, err)
		return cachetest.OfDocuments(rec).Far == 1
	})
	return id, s
}

// deliver replaces the stamps of a document after a write, as often as the outbox would.
func deliver(t *testing.T, c *kinds.Cache, id uuid.UUID) {
	t.Helper()
	testkit.Eventually(t, "the stamps are replaced", func() bool {
		return c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}) == nil
	})
}

// The server that has the stamps is gone, and its replacement has missed the last of them: a replica that was cut
// off, or the server itself from a snapshot. All along, fetches succeed and find what was written.
func outage(t *testing.T, site *testkit.RedisSite) {
	here, there := servedBy(t, site, farOnly), servedBy(t, site, farOnly)
	cachetest.WantState(t, here, "ok")
	id, s := remembered(t, site, here)
	stamp := stampKey(site.Prefix, kinds.DocumentTag(id))
	site.Forget()
	old := site.Value(stamp)
	s.Write(id, "new")
	deliver(t, here, id)
	if site.Value(stamp) == old {
		t.Fatal("the write did not reach Redis: this test shows nothing")
	}

	site.Fall()
	for _, c := range []*kinds.Cache{here, there} {
		for range 5 {
			cachetest.WantTitle(t, c, s, id, "new")
			fresh := uuid.New()
			s.Write(fresh, "fresh")
			cachetest.WantTitle(t, c, s, fresh, "fresh")
		}
		cachetest.WantState(t, c, "degraded")
		cachetest.WantTitle(t, c, s, id, "new")
	}
	site.Rise()
	if site.Value(stamp) != old {
		t.Fatal("Redis has not forgotten the write: this test shows nothing")
	}
	for _, c := range []*kinds.Cache{here, there} {
		testkit.Eventually(t, "Redis is in use again", func() bool {
			cachetest.WantTitle(t, c, s, id, "new")
			return c.State() == "ok"
		})
		cachetest.WantTitle(t, c, s, id, "new")
	}
	cachetest.WantTitle(t, on(t, site, farOnly), s, id, "new")
	remembered(t, site, here) // and it is filled and read again
}

// Prefix: several servers may share one Redis, and the keys of its user may be bound to it.
func everyKeyHasThePrefix(t *testing.T, site *testkit.RedisSite) {
	keys := site.Keys()
	if len(keys) == 0 {
		t.Fatal("there are no keys")
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, site.Prefix) {
			t.Errorf("%q", key)
		}
	}
}

// A replica that has missed the last writes takes over from a master that is still there, as after an operator's word. So
// no connection breaks before: it is the new one that shows it. A single server has no replica.
func TestReplicaThatTakesOver(t *testing.T) {
	for name, setup := range map[string]testkit.RedisSetup{
		"Sentinel": {Topology: testkit.Sentinel},
		"Cluster":  {Topology: testkit.Cluster},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := testkit.StartRedisSite(t, setup)
			here, there := on(t, site, farOnly), on(t, site, farOnly)
			id, s := remembered(t, site, here)
			stamp := stampKey(site.Prefix, kinds.DocumentTag(id))
			cachetest.WantTitle(t, there, s, id, "old")
			site.Forget()
			old := site.Value(stamp)
			s.Write(id, "new")
			deliver(t, here, id)

			done := make(chan struct{})
			go func() {
				defer close(done)
				site.Usurp()
			}()
			for taken := false; !taken; {
				select {
				case <-done:
					taken = true
				default:
				}
				cachetest.WantTitle(t, here, s, id, "new")
				cachetest.WantTitle(t, there, s, id, "new")
			}
			if site.Value(stamp) != old {
				t.Fatal("Redis has not forgotten the write: this test shows nothing")
			}
			for _, c := range []*kinds.Cache{here, there} {
				testkit.Eventually(t, "the cache starts cold and is in use", func() bool {
					cachetest.WantTitle(t, c, s, id, "new")
					return c.State() == "ok"
				})
			}
			remembered(t, site, here)
		})
	}
}
