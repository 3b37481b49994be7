package ratelimit

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

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

// limiter returns an instance with its own client.
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
	testkit.Must(tb, err)
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
