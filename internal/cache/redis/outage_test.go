package redis_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// served opens a cache as the server does, with its deadlines.
func served(t *testing.T, urls string, prefix string, change ...func(*options)) *kinds.Cache {
	t.Helper()
	redis, err := farredis.Connect(farredis.Endpoint{URL: urls})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = redis.Close() })
	return open(t, nil, append([]func(*options){func(o *options) {
		o.client, o.tier.Prefix, o.tier.ReadTimeout, o.tier.WriteTimeout = redis, prefix, 0, 0
	}}, change...)...)
}

// answers fetches documents of all kinds of warmness, which must all come without an error.
func answers(t *testing.T, c *kinds.Cache, s *cachetest.Source, known uuid.UUID) {
	t.Helper()
	for range 5 {
		fresh := uuid.New()
		s.Write(fresh, "fresh")
		cachetest.WantTitle(t, c, s, fresh, "fresh")
		cachetest.WantTitle(t, c, s, known, "old")
	}
}

// ask has a Redis do something to itself.
func ask(t *testing.T, args ...any) func(*testkit.RedisServer) {
	t.Helper()
	return func(s *testkit.RedisServer) { testkit.Must(t, client(t, s).Do(t.Context(), args...).Err()) }
}

// afterAll is several things in a row.
func afterAll(steps ...func(*testkit.RedisServer)) func(*testkit.RedisServer) {
	return func(s *testkit.RedisServer) {
		for _, step := range steps {
			step(s)
		}
	}
}

// Whatever is the matter with Redis, every fetch is answered, the log says it once, and Redis is used again after it.
func TestRedisIsAway(t *testing.T) {
	withPassword := func(s *testkit.RedisServer) {
		c := redis.NewClient(&redis.Options{Addr: s.Addr, Password: "changed"})
		defer c.Close()
		testkit.Must(t, c.ConfigSet(t.Context(), "requirepass", "").Err())
	}
	for name, tc := range map[string]struct{ leave, back func(*testkit.RedisServer) }{
		"stopped":       {(*testkit.RedisServer).Stop, (*testkit.RedisServer).Restart},
		"frozen":        {(*testkit.RedisServer).Freeze, (*testkit.RedisServer).Thaw},
		"out of memory": {ask(t, "config", "set", "maxmemory", "1"), ask(t, "config", "set", "maxmemory", "0")},
		"read-only":     {ask(t, "replicaof", "127.0.0.1", "1"), ask(t, "replicaof", "no", "one")},
		"another password": {afterAll(ask(t, "config", "set", "requirepass", "changed"), func(s *testkit.RedisServer) {
			c := redis.NewClient(&redis.Options{Addr: s.Addr, Password: "changed"})
			defer c.Close()
			testkit.Must(t, c.Do(t.Context(), "client", "kill", "type", "normal").Err())
		}), withPassword},
	} {
		t.Run(name, func(t *testing.T) {
			server := testkit.StartRedis(t)
			told := &warnings{}
			c := served(t, server.URL, server.Prefix, func(o *options) {
				o.Log, o.tier.Log = slog.New(told), slog.New(told)
				o.tier.ReadTimeout, o.tier.WriteTimeout = time.Second, time.Second // a busy machine is no outage
			})
			id := uuid.New()
			s := cachetest.NewSource(id)
			cachetest.WantState(t, c, "ok")
			answers(t, c, s, id)

			tc.leave(server)
			testkit.Eventually(t, "the state is degraded", func() bool {
				answers(t, c, s, id)
				return c.State() == "degraded"
			})
			for range 20 {
				answers(t, c, s, id)
				if err := c.Replace(t.Context(), []cache.Tag{"something"}); err == nil {
					t.Fatal("a write that Redis did not hear of was no error")
				}
			}
			tc.back(server)
			cachetest.WantState(t, c, "ok")
			answers(t, c, s, id)
			if got := told.count(); got != 1 {
				t.Errorf("the log warns %d times of one outage: %q", got, told.lines)
			}
			testkit.Eventually(t, "Redis is filled and read again", func() bool {
				fresh, other := uuid.New(), open(t, server)
				s.Write(fresh, "fresh")
				cachetest.WantTitle(t, c, s, fresh, "fresh")
				c.Settle()
				ctx, rec := record.With(t.Context())
				_, _, err := other.Documents.One(ctx, fresh, s.Load)
				testkit.Must(t, err)
				return cachetest.OfDocuments(rec).Far == 1
			})
		})
	}
}

// warnings is a log that keeps what is said as a warning or worse.
type warnings struct {
	mu    sync.Mutex
	lines []string
}

func (*warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (w *warnings) WithAttrs([]slog.Attr) slog.Handler         { return w }
func (w *warnings) WithGroup(string) slog.Handler              { return w }

func (w *warnings) Handle(_ context.Context, r slog.Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	w.lines = append(w.lines, line)
	return nil
}

func (w *warnings) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.lines)
}

func TestRedisIsAwayFromTheStart(t *testing.T) {
	server := testkit.StartRedis(t)
	server.Stop()
	redis, err := farredis.Connect(farredis.Endpoint{URL: server.URL})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = redis.Close() })
	c := kinds.New(kinds.Options{Options: cache.Options{Far: tierOf(redis, server)}})
	t.Cleanup(c.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Ready(ctx); err == nil || c.State() != "degraded" {
		t.Fatalf("got %v, %s", err, c.State())
	}
	id := uuid.New()
	answers(t, c, cachetest.NewSource(id), id)
	server.Restart()
	testkit.Run(t, c, nil)
	cachetest.WantState(t, c, "ok")
}
