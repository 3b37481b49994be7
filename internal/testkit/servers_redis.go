package testkit

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"docsquare/internal/testkit/process"
)

// RedisServer is a real Redis for a test.
type RedisServer struct {
	Addr   string // host:port
	URL    string // the same in the form of REDIS_URL
	Prefix string // a prefix for keys, streams and channels that no other test has

	tb  testing.TB
	own *process.Redis // nil where the server is shared

	sentinel bool
}

// Redis is the Redis that all tests share: that of DOCSQUARE_TEST_REDIS_URL, which `make test` sets, else one that
// this test binary starts at the first call. It is not empty: a test keeps to keys that begin with Prefix, and one
// that flushes, configures or counts the whole server takes StartRedis. Without redis-server the test is skipped.
// Call it outside a synctest bubble.
func Redis(tb testing.TB) *RedisServer {
	tb.Helper()
	at, err := sharedRedis()
	if err != nil {
		unavailable(tb, err)
	}
	parsed, err := url.Parse(at)
	if err != nil {
		tb.Fatalf("%s: %v", process.RedisEnv, err)
	}
	return &RedisServer{Addr: parsed.Host, URL: at, Prefix: unique() + ":", tb: tb}
}

var sharedRedis = sync.OnceValues(func() (string, error) {
	if at := os.Getenv(process.RedisEnv); at != "" {
		return at, nil
	}
	server, err := process.StartRedis(context.Background())
	if err != nil {
		return "", err
	}
	started.add(server.Close)
	return server.URL(), nil
})

// StartRedis starts a Redis for this test alone, with further arguments such as "--maxmemory", "2mb"; it is gone at
// the end of the test. Without redis-server the test is skipped. Call it outside a synctest bubble.
func StartRedis(tb testing.TB, args ...string) *RedisServer {
	tb.Helper()
	return startRedis(tb, process.RedisOptions{Args: args})
}

func startRedis(tb testing.TB, o process.RedisOptions) *RedisServer {
	tb.Helper()
	server, err := process.StartRedisWith(tb.Context(), o)
	if err != nil {
		unavailable(tb, err)
	}
	tb.Cleanup(server.Close)
	return &RedisServer{Addr: server.Addr, URL: server.URL(), Prefix: unique() + ":", tb: tb, own: server}
}

// Stop kills the server as a crash would. Its data is lost.
func (s *RedisServer) Stop() {
	s.tb.Helper()
	s.private().Stop()
}

// Restart kills the server where it still runs, and starts it on the same port: empty, with another run id.
func (s *RedisServer) Restart() {
	s.tb.Helper()
	s.check(s.private().Restart(s.tb.Context()))
}

// Freeze suspends the server: connections stay open and new ones succeed, but nothing is answered.
func (s *RedisServer) Freeze() {
	s.tb.Helper()
	s.check(s.private().Freeze())
}

// Thaw lets a frozen server go on; it then answers what it was sent in the meantime.
func (s *RedisServer) Thaw() {
	s.tb.Helper()
	s.check(s.private().Thaw())
}

func (s *RedisServer) private() *process.Redis {
	s.tb.Helper()
	if s.own == nil {
		s.tb.Fatal("this Redis is shared with other tests: take StartRedis")
	}
	return s.own
}

func (s *RedisServer) check(err error) {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatal(err)
	}
}

// unique returns a name that is used nowhere else, of letters and digits as SQL identifiers allow.
func unique() string { return "test_" + strings.ToLower(rand.Text()) }
