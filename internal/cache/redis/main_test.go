package redis_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Deadlines of tests in which Redis is there all the time: a busy machine is no outage.
const patient = 20 * time.Second

// options of a cache, and of its far tier if there is a client.
type options struct {
	kinds.Options
	client *farredis.Client
	tier   farredis.Options
}

// open opens a cache over the server with its own client, as another process would, and waits until it follows the
// stream. Without a server, change sets the client and the prefix.
func open(t testing.TB, server *testkit.RedisServer, change ...func(*options)) *kinds.Cache {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	o := options{tier: farredis.Options{Log: log, ReadTimeout: patient, WriteTimeout: patient}}
	if o.Log = log; server != nil {
		o.tier.Prefix, o.client = server.Prefix, far(t, server)
	}
	for _, f := range change {
		f(&o)
	}
	return cachetest.Open(t, farredis.NewTier(o.client, o.tier), func(k *kinds.Options) {
		o.Far = k.Far
		*k = o.Options
	})
}

// farOnly leaves the near tier out, so that Redis alone answers.
func farOnly(o *options) { cachetest.FarOnly(&o.Options) }

// The keys of a tier that tests read and delete. Entries are under layoutPrefix and cachetest.FarKey.
const layoutPrefix = "v1:"

const streamBatch = 1000 // how many changes a tier reads at once

func stampKey(prefix string, tag cache.Tag) string {
	return prefix + layoutPrefix + "@" + tag
}

func streamKey(prefix string) string { return prefix + layoutPrefix + "@@changes" }

// far returns what a tier takes.
func far(t testing.TB, server *testkit.RedisServer) *farredis.Client {
	t.Helper()
	c, err := farredis.Connect(farredis.Endpoint{URL: "redis://" + server.Addr, Timeout: patient})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// tierOf returns a tier with the timeouts of the server, and without a log.
func tierOf(c *farredis.Client, server *testkit.RedisServer) cache.Far {
	return farredis.NewTier(c, farredis.Options{Prefix: server.Prefix, Log: slog.New(slog.DiscardHandler)})
}

// client returns what a test looks into Redis with.
func client(t testing.TB, server *testkit.RedisServer) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{
		Addr: server.Addr, MaxRetries: -1, ContextTimeoutEnabled: true, DialTimeout: patient, ReadTimeout: patient, WriteTimeout: patient,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}
