package ratelimit

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/process"
)

func back(tb testing.TB, all ...*Limiter) {
	tb.Helper()
	testkit.Eventually(tb, "all of them use Redis again", func() bool {
		for _, l := range all {
			if !l.Usage().RedisInUse {
				return false
			}
		}
		return true
	})
}

// TestRedisComesBackEmpty after 600 of 1,000 points were let through. Then each of three instances lets through at most
// the 400 that it knows of, and once Redis is back nothing more.
func TestRedisComesBackEmpty(t *testing.T) {
	server := testkit.StartRedis(t)
	var all []*Limiter
	for range 3 {
		l, _ := limiter(t, server.Addr, "", patient)
		all = append(all, l)
	}
	b := per("a", 1000, ages)
	for i := range 600 {
		take(t, all[i%3], 1, b)
	}
	for _, l := range all {
		testkit.Eventually(t, "all of them know it", func() bool { return l.Peek(t.Context(), b)[0].Remaining <= 400 })
	}
	server.Stop()
	during := hammer(t, all, 10, 300, b)
	for _, n := range during {
		if n < 400-3*b.Rate.chunk() || n > 400 { // what others hold as leases counts as spent
			t.Errorf("during the outage %v were let through", during)
		}
	}
	server.Restart()
	back(t, all...)
	if after := hammer(t, all, 10, 300, b); sum(after) != 0 {
		t.Errorf("after the outage %v were let through", after)
	}
	newcomer, _ := limiter(t, server.Addr, "", patient)
	no(t, newcomer, 1, b)
	for _, l := range all {
		if u := l.Usage(); u.Losses == 0 || u.Degraded == 0 {
			t.Errorf("got %+v", u)
		}
	}
}

// TestRedisIsKilledUnderLoad in the middle of the budget, and again and again. No instance alone lets through more than
// the budget.
func TestRedisIsKilledUnderLoad(t *testing.T) {
	server := testkit.StartRedis(t)
	var all []*Limiter
	for range 3 {
		l, _ := limiter(t, server.Addr, "", patient)
		all = append(all, l)
	}
	b := per("a", 1000, ages)
	var ended atomic.Bool
	done := make(chan []int)
	go func() {
		total := make([]int, len(all))
		for !ended.Load() {
			for i, n := range hammer(t, all, 10, 10, b) {
				total[i] += n
			}
		}
		done <- total
	}()
	for round := range 3 {
		testkit.Eventually(t, "the takes go on", func() bool { return all[0].Usage().Allowed+all[0].Usage().Refused >= int64(100*(round+1)) })
		server.Stop()
		testkit.Eventually(t, "it is noticed", func() bool { return all[0].Usage().Losses > int64(round) })
		server.Restart()
		back(t, all...)
	}
	ended.Store(true)
	total := <-done
	for i, n := range hammer(t, all, 10, 300, b) {
		total[i] += n
	}
	later := hammer(t, all, 10, 300, b)
	if lost := 9 * b.Rate.chunk(); sum(total) < 1000-lost || sum(later) > 3*b.Rate.chunk() { // leases, three at each kill
		t.Errorf("%v were let through, and %v later", total, later)
	}
	for i := range total {
		if total[i]+later[i] > 1000 {
			t.Errorf("one instance alone let through %d", total[i]+later[i])
		}
	}
}

// TestOutageIsAdded to what others have charged in Redis meanwhile.
func TestOutageIsAdded(t *testing.T) {
	server := testkit.StartRedis(t)
	proxy, err := process.StartProxy(t.Context(), server.Addr)
	testkit.Must(t, err)
	t.Cleanup(proxy.Close)
	cutOff, _ := limiter(t, proxy.Addr, "", patient)
	other, _ := limiter(t, server.Addr, "", patient)
	small, large := per("a", 90, ages), per("b", 1000, ages)
	take(t, cutOff, 10, small, large)
	testkit.Must(t, proxy.Set(t.Context(), process.Cut))
	take(t, cutOff, 20, small, large)
	take(t, cutOff, 10, small, large)
	cutOff.Return(5, small, large)
	take(t, other, 40, small, large)
	testkit.Must(t, proxy.Set(t.Context(), process.Pass))
	back(t, cutOff)
	testkit.Eventually(t, "both have charged their part", func() bool {
		left := other.Peek(t.Context(), small, large)
		return left[0].Remaining == 90-75 && left[1].Remaining == 1000-75
	})
	if u := cutOff.Usage(); u.Degraded != 2 || u.Losses != 1 || u.Allowed != 3 {
		t.Errorf("got %+v", u)
	}
}

// TestFrozenRedis has one Take wait for the timeout, and the later ones for nothing.
func TestFrozenRedis(t *testing.T) {
	server := testkit.StartRedis(t)
	const timeout = 500 * time.Millisecond
	l, trips := limiter(t, server.Addr, "", timeout)
	small, large := per("a", 50, ages), per("b", 1000, ages)
	take(t, l, 1, small, large)
	server.Freeze()
	before := trips.n.Load()
	for range 40 {
		take(t, l, 1, small, large)
	}
	no(t, l, 20, small, large)
	if n := trips.n.Load() - before; n > 1 { // none, where the background has noticed before
		t.Errorf("%d round trips were waited for", n)
	}
	if longest := time.Duration(trips.deadline.Load()); longest > timeout {
		t.Errorf("a Take would have waited for %v", longest)
	}
	server.Thaw()
	back(t, l)
	testkit.Eventually(t, "what was taken is charged", func() bool { return l.Peek(t.Context(), small)[0].Remaining <= 50-41 })
}

// TestFrozenRedisHoldsUpOneCall for all who wait for the same lease.
func TestFrozenRedisHoldsUpOneCall(t *testing.T) {
	server := testkit.StartRedis(t)
	l, trips := limiter(t, server.Addr, "", 500*time.Millisecond)
	b := per("a", 1000, ages)
	take(t, l, 1, b)
	server.Freeze()
	before := trips.n.Load()
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() { take(t, l, 20, b) })
	}
	all.Wait()
	if n := trips.n.Load() - before; n > 1 {
		t.Errorf("%d round trips were waited for", n)
	}
	server.Thaw()
	back(t, l)
	testkit.Eventually(t, "what was taken is charged", func() bool { return l.Peek(t.Context(), b)[0].Remaining <= 1000-601 })
}

// TestRedisWasNeverThere costs the first Take a refused connection.
func TestRedisWasNeverThere(t *testing.T) {
	server := testkit.StartRedis(t)
	server.Stop()
	l, trips := limiter(t, server.Addr, "", patient)
	b := per("a", 50, ages)
	for range 50 {
		take(t, l, 1, b)
	}
	no(t, l, 1, b)
	if got := l.Peek(t.Context(), b)[0]; got.Remaining != 0 || trips.n.Load() != 1 {
		t.Errorf("got %+v, %d round trips", got, trips.n.Load())
	}
	l.Return(2, b)
	take(t, l, 2, b)
	server.Restart()
	back(t, l)
	no(t, l, 1, b)
}

// TestManyBudgetsAreToldAgain to a Redis that comes back empty, more than go into one round trip.
func TestManyBudgetsAreToldAgain(t *testing.T) {
	server := testkit.StartRedis(t)
	l, _ := limiter(t, server.Addr, "", patient)
	const n = 5*batch + 7
	bucket := func(i int) Bucket { return per(time.Duration(i).String(), 10, ages) }
	for i := range n {
		take(t, l, 10, bucket(i))
	}
	server.Restart()
	no(t, l, 1, bucket(0)) // notices
	if l.Usage().RedisInUse {
		l.lose(errors.New("the client has connected again without a word"))
	}
	back(t, l)
	c, _ := client(t, server.Addr)
	if got, err := c.DBSize(t.Context()).Result(); err != nil || got != n+1 { // and the one that is probed with
		t.Errorf("%d budgets, %v", got, err)
	}
	newcomer, _ := limiter(t, server.Addr, "", patient)
	for i := range n {
		no(t, newcomer, 1, bucket(i))
	}
}

// TestRedisTakesNoWrites is an outage too.
func TestRedisTakesNoWrites(t *testing.T) {
	server := testkit.StartRedis(t)
	l, _ := limiter(t, server.Addr, "", patient)
	c, _ := client(t, server.Addr)
	b := per("a", 50, ages)
	testkit.Must(t, c.ConfigSet(t.Context(), "maxmemory", "1").Err())
	for range 50 {
		take(t, l, 1, b)
	}
	no(t, l, 1, b)
	testkit.Must(t, c.ConfigSet(t.Context(), "maxmemory", "0").Err())
	back(t, l)
	no(t, l, 1, b)
}
