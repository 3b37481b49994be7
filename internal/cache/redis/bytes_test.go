package redis_test

import (
	"context"
	"io"
	"net"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/codec"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// sent returns the bytes that a server has sent, to all clients.
func sent(t *testing.T, raw *redis.Client) int {
	t.Helper()
	text, err := raw.Info(t.Context(), "stats").Result()
	testkit.Must(t, err)
	n, err := strconv.Atoi(regexp.MustCompile(`total_net_output_bytes:(\d+)`).FindStringSubmatch(text)[1])
	testkit.Must(t, err)
	return n
}

func revisionKey(i int) kinds.RevisionKey {
	return kinds.RevisionKey{Document: cachetest.Numbered(i), Number: 1}
}

func revisionOf(bytes int) func(int) *ent.Revision {
	return func(i int) *ent.Revision {
		return &ent.Revision{ID: cachetest.Numbered(i), Body: cachetest.Text(i, bytes)}
	}
}

// TestLargeValuesStayOutOfRedis reads 100 texts of 512 KiB, as one operation may: none of their bytes come from Redis. Small ones do.
func TestLargeValuesStayOutOfRedis(t *testing.T) {
	server := testkit.StartRedis(t)
	c, raw := open(t, server, farOnly), client(t, server)
	testkit.Must(t, c.Ready(t.Context()))
	for bytes, want := range map[int]struct{ far, most int }{512 << 10: {0, 256 << 10}, 100: {100, 256 << 10}, codec.MaxBytes - 512: {100, 8 << 20}} {
		key := func(i int) kinds.RevisionKey { return revisionKey(bytes*1000 + i) }
		cachetest.Fill(t, c.Texts, 100, key, revisionOf(bytes))
		c.Settle()
		before := sent(t, raw)
		keys := make([]kinds.RevisionKey, 100)
		for i := range keys {
			keys[i] = key(i)
		}
		ctx, rec := record.With(t.Context())
		_, err := c.Texts.Fetch(ctx, keys, func(_ context.Context, keys []kinds.RevisionKey) (map[kinds.RevisionKey]*ent.Revision, error) {
			values := map[kinds.RevisionKey]*ent.Revision{}
			for _, k := range keys {
				values[k] = &ent.Revision{}
			}
			return values, nil
		})
		testkit.Must(t, err)
		n, far := sent(t, raw)-before, 0
		for _, k := range rec.Report().Kinds {
			far += k.Far
		}
		t.Logf("100 values of %d bytes: %d from Redis, %d bytes", bytes, far, n)
		if far != want.far || n > want.most {
			t.Errorf("100 values of %d bytes: %d come from Redis with %d bytes, want %d and at most %d", bytes, far, n, want.far, want.most)
		}
	}
}

// TestManyKeysAreSeveralRoundTrips reads 1,000 keys in bounded parts.
func TestManyKeysAreSeveralRoundTrips(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server, farOnly)
	testkit.Must(t, c.Ready(t.Context()))
	cachetest.Fill(t, c.ReplyTotals, 1000, cachetest.Numbered, func(i int) int { return i })
	c.Settle()
	ids := make([]uuid.UUID, 1000)
	for i := range ids {
		ids[i] = cachetest.Numbered(i)
	}
	ctx, rec := record.With(t.Context())
	values, err := c.ReplyTotals.Fetch(ctx, ids, nil) // nothing is loaded
	testkit.Must(t, err)
	for i, id := range ids {
		if values[id] != i {
			t.Fatalf("key %d has the value %d", i, values[id])
		}
	}
	if trips := rec.Report().Redis.RoundTrips; trips != 8 {
		t.Errorf("%d round trips, want 8 of 128 keys", trips)
	}
}

// narrow is a way to a server on which answers are slow, byte by byte, while it is narrow.
type narrow struct {
	listener net.Listener
	slow     atomic.Bool
}

func newNarrow(t *testing.T, addr string) *narrow {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	n := &narrow{listener: l}
	var all sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	all.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			away, err := (&net.Dialer{}).DialContext(context.WithoutCancel(t.Context()), "tcp", addr)
			if err != nil {
				_ = near.Close()
				continue
			}
			all.Go(func() { _, _ = io.Copy(away, near); _ = away.Close() })
			all.Go(func() { n.answer(near, away); _ = near.Close() })
		}
	})
	return n
}

// answer passes answers on, 32 KiB in 10 ms while the way is narrow.
func (n *narrow) answer(near, away net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		got, err := away.Read(buffer)
		if err != nil {
			return
		}
		if n.slow.Load() && got == len(buffer) {
			<-time.After(10 * time.Millisecond)
		}
		if _, err := near.Write(buffer[:got]); err != nil {
			return
		}
	}
}

// TestLargeAnswersAreNoFailure reads so much at once that answers end after the timeout: Redis remains in use.
func TestLargeAnswersAreNoFailure(t *testing.T) {
	server := testkit.Redis(t)
	way := newNarrow(t, server.Addr)
	through, err := farredis.Connect(farredis.Endpoint{URL: "redis://" + way.listener.Addr().String(), Timeout: patient})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = through.Close() })
	c := open(t, server, farOnly, func(o *options) { o.client, o.tier.ReadTimeout = through, 250*time.Millisecond })
	testkit.Must(t, c.Ready(t.Context()))
	keys := make([]kinds.RevisionKey, 100)
	for i := range keys {
		keys[i] = revisionKey(i)
	}
	cachetest.Fill(t, c.Texts, len(keys), revisionKey, revisionOf(60<<10))
	c.Settle()
	way.slow.Store(true)
	for range 6 { // more than the breaker allows
		loads := 0
		_, err := c.Texts.Fetch(t.Context(), keys, func(_ context.Context, keys []kinds.RevisionKey) (map[kinds.RevisionKey]*ent.Revision, error) {
			loads += len(keys)
			return map[kinds.RevisionKey]*ent.Revision{}, nil
		})
		testkit.Must(t, err)
		if loads != len(keys) {
			t.Fatalf("%d of %d keys are loaded: the answer was in time", loads, len(keys))
		}
		if state := c.State(); state != cache.OK {
			t.Fatalf("after large answers Redis is %s", state)
		}
	}
}

// TestChangeOfManyTags publishes a change of many tags in entries of bounded size, and has another process hear of all.
func TestChangeOfManyTags(t *testing.T) {
	server := testkit.Redis(t)
	here, there, raw := open(t, server), open(t, server), client(t, server)
	known := cachetest.NewIDs(500)
	s, tags := cachetest.NewSource(known...), make([]cache.Tag, len(known))
	for i, id := range known {
		cachetest.WantTitle(t, here, s, id, "old")
		s.Write(id, "new")
		tags[i] = kinds.DocumentTag(id)
	}
	testkit.Must(t, there.Replace(t.Context(), tags))
	for _, id := range known {
		testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, here, s, id) == "new" })
	}
	entries, err := raw.XRange(t.Context(), streamKey(server.Prefix), "-", "+").Result()
	testkit.Must(t, err)
	for _, e := range entries {
		if text, _ := e.Values["tags"].(string); len(text) > 1024 {
			t.Errorf("an entry of the stream has %d bytes", len(text))
		}
	}
	if len(entries) < 20 {
		t.Errorf("%d entries for %d tags", len(entries), len(tags))
	}
}
