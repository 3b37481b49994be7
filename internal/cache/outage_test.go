package cache_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/testkit"
)

// served opens a cache as the server does, with its deadlines.
func served(t *testing.T, urls string, prefix string, change ...func(*cache.Options)) *cache.Cache {
	t.Helper()
	redis, err := cache.Connect(cache.RedisOptions{URL: urls})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = redis.Close() })
	return open(t, nil, append(change, func(o *cache.Options) {
		o.Redis, o.Prefix, o.ReadTimeout, o.WriteTimeout = redis, prefix, 0, 0
	})...)
}

func wantState(t *testing.T, c *cache.Cache, want string) {
	t.Helper()
	testkit.Eventually(t, "the state is "+want, func() bool { return c.State() == want })
}

// answers fetches documents of all kinds of warmness, which must all come without an error.
func answers(t *testing.T, c *cache.Cache, s *source, known uuid.UUID) {
	t.Helper()
	for range 5 {
		fresh := uuid.New()
		s.write(fresh, "fresh")
		wantTitle(t, c, s, fresh, "fresh")
		wantTitle(t, c, s, known, "old")
	}
}

func TestRedisIsAway(t *testing.T) {
	for name, tc := range map[string]struct{ leave, back func(*testkit.RedisServer) }{
		"stopped": {(*testkit.RedisServer).Stop, (*testkit.RedisServer).Restart},
		"frozen":  {(*testkit.RedisServer).Freeze, (*testkit.RedisServer).Thaw},
	} {
		t.Run(name, func(t *testing.T) {
			server := testkit.StartRedis(t)
			c := served(t, server.URL, server.Prefix)
			id := uuid.New()
			s := newSource(id)
			wantState(t, c, "ok")
			answers(t, c, s, id)

			tc.leave(server)
			answers(t, c, s, id)
			wantState(t, c, "degraded")
			answers(t, c, s, id)

			tc.back(server)
			wantState(t, c, "ok")
			answers(t, c, s, id)
			testkit.Eventually(t, "Redis is filled and read again", func() bool {
				fresh, other := uuid.New(), open(t, server)
				s.write(fresh, "fresh")
				wantTitle(t, c, s, fresh, "fresh")
				c.Settle()
				ctx, record := explain.With(t.Context())
				_, _, err := other.Documents.One(ctx, fresh, s.load)
				testkit.Must(t, err)
				return ofDocuments(record).Far == 1
			})
		})
	}
}

func TestRedisIsAwayFromTheStart(t *testing.T) {
	server := testkit.StartRedis(t)
	server.Stop()
	redis, err := cache.Connect(cache.RedisOptions{URL: server.URL})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = redis.Close() })
	c := cache.New(cache.Options{Redis: redis, Prefix: server.Prefix, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(c.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Ready(ctx); err == nil || c.State() != "degraded" {
		t.Fatalf("got %v, %s", err, c.State())
	}
	id := uuid.New()
	answers(t, c, newSource(id), id)
	server.Restart()
	testkit.Run(t, c, nil)
	wantState(t, c, "ok")
}

// outbox is what a process has left to deliver: Run calls drain, which the test lets go on.
type outbox struct{ asked, emptied chan struct{} }

func (o outbox) drain(ctx context.Context) error {
	select {
	case o.asked <- struct{}{}:
	default:
	}
	select {
	case <-o.emptied:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestWriteThatRedisDoesNotHearOf(t *testing.T) {
	server := testkit.StartRedis(t)
	redis := far(t, server)
	c := cache.New(cache.Options{Redis: redis, Prefix: server.Prefix, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(c.Close)
	left := outbox{make(chan struct{}, 1), make(chan struct{}, 1)}
	left.emptied <- struct{}{}
	testkit.Run(t, c, left.drain)
	<-left.asked
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	c.Settle()
	server.Freeze()
	s.write(id, "new")
	if err := c.Replace(t.Context(), []cache.Tag{cache.DocumentTag(id)}); err == nil {
		t.Fatal("a write that Redis did not hear of was no error")
	}
	wantTitle(t, c, s, id, "new")
	server.Thaw()
	testkit.Receive(t, "the outbox is asked for", left.asked)
	if n := client(t, server).Exists(t.Context(), c.Documents.RedisKey(id)).Val(); n != 1 {
		t.Fatal("Redis has forgotten the entry: this test shows nothing")
	}
	if got := c.State(); got != "degraded" {
		t.Fatalf("Redis is %s while stamps are to be delivered", got)
	}
	wantTitle(t, c, s, id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.DocumentTag(id)}))
	left.emptied <- struct{}{}
	wantState(t, c, "ok")
	wantTitle(t, c, s, id, "new")
}

func TestStateWithoutRedis(t *testing.T) {
	c := open(t, nil)
	c.Settle()
	if got := c.State(); got != "off" {
		t.Fatalf("got %s", got)
	}
}

// A Redis that comes back from a snapshot has forgotten the last writes, and kept the entries from before them.
func TestRedisComesBackFromASnapshot(t *testing.T) {
	server := testkit.StartRedis(t)
	c := open(t, server, farOnly)
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	c.Settle()
	testkit.Must(t, client(t, server).Save(t.Context()).Err())
	s.write(id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.DocumentTag(id)}))
	wantTitle(t, c, s, id, "new")

	server.Restart()
	if n := client(t, server).Exists(t.Context(), c.Documents.RedisKey(id)).Val(); n != 1 {
		t.Fatal("Redis has forgotten the entry: this test shows nothing")
	}
	wantTitle(t, c, s, id, "new")
	wantTitle(t, open(t, server), s, id, "new")
	wantState(t, c, "ok")
	wantTitle(t, c, s, id, "new")
}
