package ratelimit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"docsquare/internal/testkit/process"
)

// These tests do without testkit, which knows the whole application: they start servers by themselves.

func TestMain(m *testing.M) {
	redis.SetLogger(silence{}) // tests take servers away
	code := m.Run()
	stopShared()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines left over:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// env is what the command that runs the suite says.
func env(name string) string { return os.Getenv(name) } //nolint:forbidigo // as testkit does

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

// stopShared stops the server that sharedRedis has started.
var stopShared = func() {}

var sharedRedis = sync.OnceValues(func() (string, error) {
	if at := env(process.RedisEnv); at != "" {
		parsed, err := url.Parse(at)
		return parsed.Host, err
	}
	server, err := process.StartRedis(context.Background())
	if err != nil {
		return "", err
	}
	stopShared = server.Close
	return server.Addr, nil
})

// shared is the address of a Redis that other tests use too, and a prefix that none of them has.
func shared(tb testing.TB) (addr, prefix string) {
	tb.Helper()
	addr, err := sharedRedis()
	if err != nil {
		unavailable(tb, err)
	}
	return addr, rand.Text() + ":"
}

// own starts a Redis for one test.
func own(tb testing.TB, args ...string) *process.Redis {
	tb.Helper()
	server, err := process.StartRedis(tb.Context(), args...)
	if err != nil {
		unavailable(tb, err)
	}
	tb.Cleanup(server.Close)
	return server
}

// unavailable skips the test where Redis is not installed, but for CI=true, and has the command that runs the suite tell.
func unavailable(tb testing.TB, err error) {
	tb.Helper()
	var missing *process.MissingError
	if !errors.As(err, &missing) || env("CI") == "true" {
		tb.Fatal(err)
	}
	if path := env(process.SkippedEnv); path != "" {
		list, openErr := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		must(tb, openErr)
		defer list.Close()
		fmt.Fprintf(list, "%s %s: %v\n", filepath.Base(os.Args[0]), tb.Name(), err)
	}
	tb.Skip(err)
}

// patient is the timeout of tests in which Redis is there all the time: a busy machine is no outage.
const patient = 20 * time.Second

// client is a client like that of the cache, which counts round trips.
func client(tb testing.TB, addr string) (*redis.Client, *trips) {
	tb.Helper()
	c := redis.NewClient(&redis.Options{
		Addr: addr, MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true, PoolSize: 64,
		DialTimeout: time.Minute, ReadTimeout: time.Minute, WriteTimeout: time.Minute, PoolTimeout: time.Minute,
	})
	tb.Cleanup(func() { _ = c.Close() })
	t := &trips{}
	c.AddHook(t)
	return c, t
}

// limiter is an instance with a client of its own.
func limiter(tb testing.TB, addr, prefix string, timeout time.Duration) (*Limiter, *trips) {
	tb.Helper()
	c, t := client(tb, addr)
	l := New(Options{Redis: c, Prefix: prefix, Timeout: timeout})
	tb.Cleanup(l.Close)
	return l, t
}

// asked marks the context of requests, to tell their round trips from those in the background.
type asked struct{}

func request(tb testing.TB) context.Context { return context.WithValue(tb.Context(), asked{}, true) }

// trips counts the round trips of requests.
type trips struct {
	n        atomic.Int64
	deadline atomic.Int64 // the longest that one of them was given
}

func (*trips) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (*trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (t *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if ctx.Value(asked{}) != nil {
			t.n.Add(1)
			if end, ok := ctx.Deadline(); ok {
				t.deadline.Store(max(t.deadline.Load(), int64(time.Until(end))))
			}
		}
		return next(ctx, cmds)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// eventually asks until the condition holds.
func eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			tb.Fatal("never: ", what)
		}
	}
}

// per is a bucket of so many points over a window.
func per(key string, points int, window time.Duration) Bucket {
	return Bucket{Key: key, Rate: Rate{points, window}}
}

// ages is a window in which nothing comes back while a test runs: not a hundredth of a point in a minute of a thousand.
const ages = 10_000 * time.Hour

// hammer makes so many takes of a point from each of some goroutines per limiter, and returns how many were let through
// by each limiter.
func hammer(tb testing.TB, limiters []*Limiter, goroutines, takes int, b Bucket) []int {
	tb.Helper()
	allowed := make([]atomic.Int64, len(limiters))
	var all sync.WaitGroup
	for i, l := range limiters {
		for range goroutines {
			all.Go(func() {
				for range takes {
					_, err := l.Take(tb.Context(), 1, b)
					var refusal *Refused
					switch {
					case err == nil:
						allowed[i].Add(1)
					case !errors.As(err, &refusal):
						tb.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	out := make([]int, len(limiters))
	for i := range allowed {
		out[i] = int(allowed[i].Load())
	}
	return out
}

func sum(all []int) (n int) {
	for _, x := range all {
		n += x
	}
	return n
}

// take is a Take that must be let through, and no one that must be refused.
func take(tb testing.TB, l *Limiter, cost int, buckets ...Bucket) []State {
	tb.Helper()
	states, err := l.Take(request(tb), cost, buckets...)
	must(tb, err)
	return states
}

func no(tb testing.TB, l *Limiter, cost int, buckets ...Bucket) {
	tb.Helper()
	_ = refusal(tb, l, cost, buckets...)
}

func refusal(tb testing.TB, l *Limiter, cost int, buckets ...Bucket) *Refused {
	tb.Helper()
	_, err := l.Take(request(tb), cost, buckets...)
	var refused *Refused
	if !errors.As(err, &refused) {
		tb.Fatalf("%d points: got %v, want a refusal", cost, err)
	}
	return refused
}
