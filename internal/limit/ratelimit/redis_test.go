package ratelimit

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
)

// instances are limiters over the shared Redis, with clients of their own.
func instances(tb testing.TB, n int) []*Limiter {
	tb.Helper()
	server := testkit.Redis(tb)
	out := make([]*Limiter, n)
	for i := range out {
		out[i], _ = limiter(tb, server.Addr, server.Prefix, patient)
	}
	return out
}

// TestInstancesShareTheBudget lets through exactly the budget, with and without leases.
func TestInstancesShareTheBudget(t *testing.T) {
	all := instances(t, 3)
	for _, points := range []int{1000, 99, 10} {
		b := per("user:"+strconv.Itoa(points), points, ages)
		total := sum(hammer(t, all, 10, 10_000/30, b))
		testkit.Eventually(t, "a lease that came with the last take of an instance is back and used", func() bool {
			total += sum(hammer(t, all, 1, max(1, points-total), b))
			return total >= points
		})
		if total += sum(hammer(t, all, 10, 10, b)); total != points {
			t.Errorf("%d of %d were let through", total, points)
		}
		if left := all[0].Peek(t.Context(), b)[0]; left.Remaining != 0 {
			t.Errorf("left: %+v", left)
		}
	}
	for _, l := range all {
		if u := l.Usage(); u.Degraded != 0 || u.Losses != 0 || !u.RedisInUse {
			t.Errorf("got %+v", u)
		}
	}
}

// TestLeaseSparesRoundTrips makes about one for each fiftieth of the budget.
func TestLeaseSparesRoundTrips(t *testing.T) {
	server := testkit.Redis(t)
	l, trips := limiter(t, server.Addr, server.Prefix, patient)
	b := per("a", 100_000, ages)
	for range 10_000 {
		take(t, l, 1, b)
	}
	if n := trips.n.Load(); n < 6 || n > 1000 { // 6, and some more on a machine so busy that leases end
		t.Errorf("%d round trips", n)
	}
}

// TestSmallBudgetHasNoLeases so that another instance can have all that is left.
func TestSmallBudgetHasNoLeases(t *testing.T) {
	all := instances(t, 2)
	b := per("login:ada", 10, ages)
	for range 3 {
		take(t, all[0], 1, b)
	}
	for range 7 {
		take(t, all[1], 1, b)
	}
	no(t, all[0], 1, b)
	no(t, all[1], 1, b)
}

// TestRefusalsSpareRoundTrips while what is known is enough.
func TestRefusalsSpareRoundTrips(t *testing.T) {
	server := testkit.Redis(t)
	l, trips := limiter(t, server.Addr, server.Prefix, patient)
	b := per("login:ada", 10, ages)
	take(t, l, 10, b)
	began := time.Now()
	trips.n.Store(0) // the first take has connected, and may have sent the script
	for range 10_000 {
		no(t, l, 1, b)
	}
	if n, most := trips.n.Load(), 1+int64(time.Since(began)/quietTime); n > most {
		t.Errorf("%d round trips, where %d are enough", n, most)
	}
}

// TestTakesOfABucketShareARoundTrip lets many takes wait for one call, and the next one take for all of them.
func TestTakesOfABucketShareARoundTrip(t *testing.T) {
	server := testkit.StartRedis(t)
	l, trips := limiter(t, server.Addr, "", patient)
	b := per("a", 100_000, ages)
	take(t, l, 2000, b) // the whole lease
	server.Freeze()
	before := trips.n.Load()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { take(t, l, 1500, b) })
	}
	testkit.Eventually(t, "49 wait for the first", func() bool {
		s := l.table.shard(b.id())
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.budgets[b.id()].waiting == 49*1500
	})
	server.Thaw()
	all.Wait()
	if n := trips.n.Load() - before; n < 2 || n > 5 { // 2, unless the lease ends before all have got theirs
		t.Errorf("%d round trips", n)
	}
}

// TestOneRoundTripForAllBuckets charges small and large ones in it, or none of them.
func TestOneRoundTripForAllBuckets(t *testing.T) {
	server := testkit.Redis(t)
	l, trips := limiter(t, server.Addr, server.Prefix, patient)
	other, _ := limiter(t, server.Addr, server.Prefix, patient)
	wide, small, narrow := per("a", 10_000, ages), per("b", 50, ages), per("c", 5, ages)
	take(t, l, 1, per("first", 50, ages)) // it connects, and may have to teach Redis the script
	before := trips.n.Load()
	take(t, l, 3, wide, small, narrow)
	if n := trips.n.Load() - before; n != 1 {
		t.Errorf("%d round trips", n)
	}
	before = trips.n.Load()
	if r := refusal(t, l, 3, per("d", 10_000, ages), wide, small, narrow); r.Bucket != narrow || r.State.Remaining != 2 {
		t.Errorf("got %+v", r)
	}
	if n := trips.n.Load() - before; n != 1 {
		t.Errorf("%d round trips", n)
	}
	testkit.Eventually(t, "the others are as they were", func() bool {
		left := other.Peek(t.Context(), wide, small, narrow, per("d", 10_000, ages))
		return left[0].Remaining == 10_000-3 && left[1].Remaining == 47 && left[2].Remaining == 2 && left[3].Remaining == 10_000
	})
}

// TestLeasesAreGivenBack when they are not used, and when the limiter is closed.
func TestLeasesAreGivenBack(t *testing.T) {
	all := instances(t, 3)
	b := per("a", 1000, ages)
	take(t, all[0], 1, b)
	take(t, all[0], 1, b) // and a lease, unless the machine has paused
	testkit.Eventually(t, "the rest of the lease is back", func() bool { return all[1].Peek(t.Context(), b)[0].Remaining == 998 })
	take(t, all[0], 1, b)
	take(t, all[0], 1, b)
	all[0].Close()
	if left := all[1].Peek(t.Context(), b)[0]; left.Remaining != 996 {
		t.Errorf("left: %+v", left)
	}
	take(t, all[1], 996, b)
	no(t, all[2], 1, b)
}

func TestReturnReachesOtherInstances(t *testing.T) {
	all := instances(t, 2)
	for _, b := range []Bucket{per("a", 50, ages), per("b", 1000, ages)} {
		take(t, all[0], b.Rate.Points, b)
		no(t, all[1], 1, b)
		all[0].Return(30, b)
		testkit.Eventually(t, "it is back", func() bool { return all[1].Peek(t.Context(), b)[0].Remaining == 30 })
		all[0].Return(1<<40, b)
		testkit.Eventually(t, "all is back", func() bool { return all[1].Peek(t.Context(), b)[0].Remaining == b.Rate.Points })
		take(t, all[1], b.Rate.Points, b)
		no(t, all[0], 1, b)
	}
}

// TestScriptIsTaughtAgain to a Redis that has forgotten it.
func TestScriptIsTaughtAgain(t *testing.T) {
	server := testkit.StartRedis(t)
	l, _ := limiter(t, server.Addr, "", patient)
	c, _ := client(t, server.Addr)
	b := per("a", 10, ages)
	for range 10 {
		testkit.Must(t, c.ScriptFlush(t.Context()).Err())
		take(t, l, 1, b)
	}
	no(t, l, 1, b)
	if u := l.Usage(); u.Losses != 0 {
		t.Errorf("got %+v", u)
	}
}

// TestForgottenBudgetIsRestored where Redis has lost it without a word.
func TestForgottenBudgetIsRestored(t *testing.T) {
	server := testkit.StartRedis(t)
	l, _ := limiter(t, server.Addr, "", patient)
	c, _ := client(t, server.Addr)
	other, _ := limiter(t, server.Addr, "", patient)
	small, large := per("a", 10, ages), per("b", 1000, ages)
	for _, first := range []*Limiter{l, other} {
		testkit.Must(t, c.FlushAll(t.Context()).Err())
		take(t, first, 4, small)
		take(t, first, 400, large)
	}
	take(t, l, 1, small) // it has known of 4, and does not believe that there are but the 4 of the other
	take(t, l, 100, large)
	for _, x := range []*Limiter{l, other} {
		if got := x.Peek(t.Context(), small, large); got[0].Remaining != 5 || got[1].Remaining != 500 {
			t.Errorf("got %+v", got)
		}
	}
}

// TestKeys are short and clean, whatever the buckets are called, and end by themselves.
func TestKeys(t *testing.T) {
	server := testkit.StartRedis(t)
	l, _ := limiter(t, server.Addr, "p:", patient)
	c, _ := client(t, server.Addr)
	keys := []string{"", "user:42", strings.Repeat("long", 1<<18), "{a}", "a\x00b", "a b\r\n", "ü", "#", "*", "a|10/1m"}
	for _, key := range keys {
		take(t, l, 5, per(key, 10, time.Minute), per(key, 10, time.Hour), per(key, 1000, time.Hour))
	}
	found, err := c.Keys(t.Context(), "*").Result()
	testkit.Must(t, err)
	if len(found) != 3*len(keys) {
		t.Errorf("%d keys, want %d", len(found), 3*len(keys))
	}
	for _, key := range found {
		if len(key) > 100 || strings.ContainsAny(key, "{}\x00 \r\n*") {
			t.Errorf("key %q", key)
		}
		ttl, err := c.PTTL(t.Context(), key).Result()
		if limit := time.Hour + 2*maxHold; err != nil || ttl <= 0 || ttl > limit {
			t.Errorf("%s: %v, %v", key, ttl, err)
		}
	}
	for _, key := range keys {
		if got := l.Peek(t.Context(), per(key, 10, time.Minute))[0]; got.Remaining < 5 || got.Remaining > 6 {
			t.Errorf("%.20q: %+v", key, got)
		}
	}
}

// TestSmallTableOverRedis forgets buckets with leases, which come back all the same, or leak away.
func TestSmallTableOverRedis(t *testing.T) {
	server := testkit.Redis(t)
	c, _ := client(t, server.Addr)
	l := New(Options{Redis: c, Prefix: server.Prefix, Timeout: patient, Buckets: 1})
	t.Cleanup(l.Close)
	other, _ := limiter(t, server.Addr, server.Prefix, patient)
	for i := range 50 {
		b := per(strconv.Itoa(i), 1000, ages)
		take(t, l, 1, b)
		take(t, l, 1, b)
		if got := other.Peek(t.Context(), b)[0]; got.Remaining > 998 || got.Remaining < 1000-1-b.Rate.chunk() {
			t.Errorf("got %+v", got)
		}
	}
	if n := l.Usage().Buckets; n != 1 {
		t.Errorf("%d buckets", n)
	}
}

// TestPeek charges nothing and leaves nothing behind in Redis.
func TestPeek(t *testing.T) {
	all := instances(t, 2)
	a, b := per("a", 1000, ages), per("b", 10, ages)
	take(t, all[0], 400, a)
	for range 100 {
		got := all[1].Peek(t.Context(), a, Bucket{}, b)
		if got[0].Remaining != 600 || got[1] != (State{}) || got[2] != (State{Limit: 10, Remaining: 10}) {
			t.Fatalf("got %+v", got)
		}
	}
}

// TestCluster has one round trip for budgets of many slots.
func TestCluster(t *testing.T) {
	server := testkit.StartRedis(t, "--cluster-enabled", "yes")
	plain, _ := client(t, server.Addr)
	slots := make([]int, 16384)
	for i := range slots {
		slots[i] = i
	}
	testkit.Must(t, plain.ClusterAddSlots(t.Context(), slots...).Err())
	testkit.Eventually(t, "the cluster is up", func() bool {
		info, err := plain.ClusterInfo(t.Context()).Result()
		return err == nil && strings.Contains(info, "cluster_state:ok")
	})
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{server.Addr}, MaxRetries: -1, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = c.Close() })
	l := New(Options{Redis: c, Timeout: patient})
	t.Cleanup(l.Close)
	var buckets []Bucket
	for i := range 50 {
		buckets = append(buckets, per(strconv.Itoa(i), 10, ages))
	}
	take(t, l, 10, buckets...)
	no(t, l, 1, buckets...)
	if u := l.Usage(); u.Losses != 0 {
		t.Errorf("got %+v", u)
	}
}
