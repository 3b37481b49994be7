package cache_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/ent"
	"docsquare/internal/cache"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var errSource = errors.New("the source has failed")

// Deadlines of tests in which Redis is there all the time: a busy machine is no outage.
const patient = 20 * time.Second

// open opens a cache over the server with its own client, as another process would, and waits until it follows the
// stream. Without a server it is the embedded cache.
func open(t testing.TB, server *testkit.RedisServer, change ...func(*options)) *kinds.Cache {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	o := options{Options: cache.Options{Log: log}, tier: farredis.Options{Log: log, ReadTimeout: patient, WriteTimeout: patient}}
	if server != nil {
		o.tier.Prefix, o.client = server.Prefix, far(t, server)
	}
	for _, f := range change {
		f(&o)
	}
	if o.client != nil {
		o.Far = farredis.NewTier(o.client, o.tier)
	}
	c := kinds.New(o.Options)
	t.Cleanup(c.Close)
	testkit.Run(t, c, nil)
	return c
}

// options of an engine, and of its far tier if there is a client.
type options struct {
	cache.Options
	client *farredis.Client
	tier   farredis.Options
}

// The keys of a tier that tests read and delete. Entries are under layoutPrefix and Kind.FarKey.
const layoutPrefix = "v1:"

const streamBatch = 1000 // how many changes a tier reads at once

func stampKey(prefix string, tag cache.Tag) string {
	return prefix + layoutPrefix + "@" + tag
}

func streamKey(prefix string) string { return prefix + layoutPrefix + "@@changes" }

// farOnly leaves the near tier out, so that Redis alone answers.
func farOnly(o *options) { o.NearBytes = -1 }

// far is what an engine takes, and client what a test looks into Redis with.
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

func client(t testing.TB, server *testkit.RedisServer) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{
		Addr: server.Addr, MaxRetries: -1, ContextTimeoutEnabled: true, DialTimeout: patient, ReadTimeout: patient, WriteTimeout: patient,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// source is where documents come from: by identifier, with a title. It counts what is asked of it.
type source struct {
	mu     sync.Mutex
	titles map[uuid.UUID]string
	loads  map[uuid.UUID]int
	calls  int
	err    error
}

func newSource(ids ...uuid.UUID) *source {
	s := &source{titles: map[uuid.UUID]string{}, loads: map[uuid.UUID]int{}}
	for _, id := range ids {
		s.titles[id] = "old"
	}
	return s
}

func (s *source) load(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	out := map[uuid.UUID]*ent.Document{}
	for _, id := range ids {
		s.loads[id]++
		if title, ok := s.titles[id]; ok {
			out[id] = &ent.Document{ID: id, Title: title}
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	return out, nil
}

// write changes a title, as a committed transaction does before its tags are replaced.
func (s *source) write(id uuid.UUID, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles[id] = title
}

func (s *source) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// loaded is how often a document was loaded.
func (s *source) loaded(id uuid.UUID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads[id]
}

func (s *source) called() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// gate holds a load up: it tells that the load has read its values, and lets it go on only when opened.
type gate struct{ reached, opened chan struct{} }

func newGate() gate { return gate{make(chan struct{}), make(chan struct{})} }

// hold makes a load that stops at the gate, once it has read its values.
func hold[K comparable, V any](g gate, load cache.Load[K, V]) cache.Load[K, V] {
	return func(ctx context.Context, keys []K) (map[K]V, error) {
		out, err := load(ctx, keys)
		close(g.reached)
		select {
		case <-g.opened:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return out, err
	}
}

// title is the title of a document as a fetch finds it.
func title(t testing.TB, c *kinds.Cache, s *source, id uuid.UUID) string {
	t.Helper()
	d, ok, err := c.Documents.One(t.Context(), id, s.load)
	testkit.Must(t, err)
	if !ok {
		return ""
	}
	return d.Title
}

func wantTitle(t testing.TB, c *kinds.Cache, s *source, id uuid.UUID, want string) {
	t.Helper()
	if got := title(t, c, s, id); got != want {
		t.Fatalf("got title %q, want %q", got, want)
	}
}

func wantLoads(t testing.TB, s *source, id uuid.UUID, want int) {
	t.Helper()
	if got := s.loaded(id); got != want {
		t.Fatalf("loaded %d times, want %d", got, want)
	}
}

// fetching is a fetch of one document that runs concurrently with the test.
type fetching struct {
	title string
	err   error
}

func fetch(ctx context.Context, c *kinds.Cache, id uuid.UUID, load cache.Load[uuid.UUID, *ent.Document]) <-chan fetching {
	done := make(chan fetching, 1)
	go func() {
		d, ok, err := c.Documents.One(ctx, id, load)
		f := fetching{err: err}
		if ok {
			f.title = d.Title
		}
		done <- f
	}()
	return done
}

func newIDs(n int) []uuid.UUID {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.Must(uuid.NewV7())
	}
	return ids
}
