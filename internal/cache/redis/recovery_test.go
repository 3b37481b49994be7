package redis_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

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
	c := kinds.New(kinds.Options{Options: cache.Options{Far: tierOf(redis, server)}})
	t.Cleanup(c.Close)
	left := outbox{make(chan struct{}, 1), make(chan struct{}, 1)}
	left.emptied <- struct{}{}
	testkit.Run(t, c, left.drain)
	<-left.asked
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	server.Freeze()
	s.Write(id, "new")
	if err := c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}); err == nil {
		t.Fatal("a write that Redis did not hear of was no error")
	}
	cachetest.WantTitle(t, c, s, id, "new")
	server.Thaw()
	testkit.Receive(t, "the outbox is asked for", left.asked)
	if n := client(t, server).Exists(t.Context(), server.Prefix+layoutPrefix+cachetest.FarKey(c.Documents, id)).Val(); n != 1 {
		t.Fatal("Redis has forgotten the entry: this test shows nothing")
	}
	if got := c.State(); got != "degraded" {
		t.Fatalf("Redis is %s while stamps are to be delivered", got)
	}
	cachetest.WantTitle(t, c, s, id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	left.emptied <- struct{}{}
	cachetest.WantState(t, c, "ok")
	cachetest.WantTitle(t, c, s, id, "new")
}

// A Redis that comes back from a snapshot has forgotten the last writes, and kept the entries from before them.
func TestRedisComesBackFromASnapshot(t *testing.T) {
	server := testkit.StartRedis(t)
	c := open(t, server, farOnly)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	testkit.Must(t, client(t, server).Save(t.Context()).Err())
	s.Write(id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	cachetest.WantTitle(t, c, s, id, "new")

	server.Restart()
	if n := client(t, server).Exists(t.Context(), server.Prefix+layoutPrefix+cachetest.FarKey(c.Documents, id)).Val(); n != 1 {
		t.Fatal("Redis has forgotten the entry: this test shows nothing")
	}
	cachetest.WantTitle(t, c, s, id, "new")
	cachetest.WantTitle(t, open(t, server), s, id, "new")
	cachetest.WantState(t, c, "ok")
	cachetest.WantTitle(t, c, s, id, "new")
}

// An emptied Redis gets a new stamp for everything first.
func TestRedisIsEmptied(t *testing.T) {
	server := testkit.StartRedis(t)
	c, raw := open(t, server), client(t, server)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	before, err := raw.Get(t.Context(), stampKey(server.Prefix, cache.Everything)).Result()
	testkit.Must(t, err)
	testkit.Must(t, raw.FlushAll(t.Context()).Err())
	testkit.Eventually(t, "it is noticed", func() bool {
		now, err := raw.Get(t.Context(), stampKey(server.Prefix, cache.Everything)).Result()
		return err == nil && now != before && c.State() == "ok"
	})
	s.Write(id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	cachetest.WantTitle(t, c, s, id, "new")
}

// A stream that was evicted starts again from the beginning, and what was added in between may be lost.
func TestTheStreamIsLost(t *testing.T) {
	server := testkit.StartRedis(t)
	writer, raw := open(t, server), client(t, server)
	for range 3 {
		testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something"}))
	}
	c, line := over(t, server, "xread") // has seen these at its start
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	g := cachetest.NewGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.Reached)
	s.Write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	testkit.Must(t, raw.Del(t.Context(), streamKey(server.Prefix)).Err())
	close(g.Opened)
	testkit.Eventually(t, "the new value is read", func() bool { return cachetest.Title(t, c, s, id) == "new" })
}

// What stands in Redis in the place of an entry or a stamp but is no text is a miss, and no trouble.
func TestKeysOfAnotherType(t *testing.T) {
	server := testkit.Redis(t)
	c, raw := open(t, server, farOnly), client(t, server)
	id := uuid.New()
	s := cachetest.NewSource(id)
	for _, key := range []string{server.Prefix + layoutPrefix + cachetest.FarKey(c.Documents, id), stampKey(server.Prefix, kinds.DocumentTag(id))} {
		testkit.Must(t, raw.XAdd(t.Context(), &redis.XAddArgs{Stream: key, Values: []any{"a", "b"}}).Err())
	}
	for range 5 {
		cachetest.WantTitle(t, c, s, id, "old")
		c.Settle()
	}
	if got := c.State(); got != "ok" {
		t.Fatalf("Redis is %s for keys of another type", got)
	}
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)})) // puts a stamp in its place
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	before := s.Loaded(id)
	cachetest.WantTitle(t, c, s, id, "old")
	cachetest.WantLoads(t, s, id, before)
}
