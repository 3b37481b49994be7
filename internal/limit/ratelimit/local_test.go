package ratelimit

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// inProcess runs a test of a limiter without Redis in a bubble, where time passes by itself.
func inProcess(t *testing.T, o Options, test func(t *testing.T, l *Limiter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := New(o)
		defer l.Close()
		test(t, l)
	})
}

func pass(d time.Duration) { time.Sleep(d) } //nolint:forbidigo // in a bubble

func TestBudgetComesBackEvenly(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		b := per("login:ada", 10, 10*time.Second)
		take(t, l, 10, b)
		for range 30 {
			if r := refusal(t, l, 1, b); r.RetryAfter != time.Second || r.State != (State{Limit: 10, Reset: 10 * time.Second}) {
				t.Fatalf("got %+v", r)
			}
			pass(time.Second - time.Millisecond)
			no(t, l, 1, b)
			pass(time.Millisecond)
			take(t, l, 1, b)
		}
		pass(5 * time.Second)
		if got := take(t, l, 2, b)[0]; got != (State{Limit: 10, Remaining: 3, Reset: 7 * time.Second}) {
			t.Errorf("got %+v", got)
		}
		pass(time.Hour)
		take(t, l, 10, b)
		no(t, l, 1, b)
	})
}

// TestRetryAfterIsEnough waits for exactly that, at rates whose points take no whole time to come back.
func TestRetryAfterIsEnough(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		for i, r := range []Rate{{7, time.Second}, {999_999_937, time.Minute}, {3, 5 * time.Hour}, {1, time.Millisecond}, {1000, time.Hour}} {
			b := Bucket{fmt.Sprint(i), r}
			take(t, l, r.Points, b)
			step := max(1, r.Points/100)
			for cost := step; cost <= r.Points; cost += step {
				pass(refusal(t, l, cost, b).RetryAfter)
				take(t, l, cost, b)
			}
		}
	})
}

func TestTakeIsAllOrNone(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		wide, narrow, slow, none := per("a", 100, time.Minute), per("b", 5, 10*time.Second), per("c", 5, time.Hour), Bucket{Key: "d"}
		states := take(t, l, 4, wide, none, narrow, slow)
		if states[0].Remaining != 96 || states[1] != (State{}) || states[2].Remaining != 1 || states[3].Remaining != 1 {
			t.Errorf("got %+v", states)
		}
		for range 100 {
			if r := refusal(t, l, 2, wide, narrow); r.Bucket != narrow || r.Cost != 2 || r.RetryAfter != 2*time.Second {
				t.Fatalf("got %+v", r)
			}
		}
		if got := l.Peek(t.Context(), wide, narrow); got[0].Remaining != 96 || got[1].Remaining != 1 {
			t.Errorf("got %+v", got)
		}
		if r := refusal(t, l, 2, wide, slow, narrow); r.Bucket != slow {
			t.Errorf("got %+v", r)
		}
	})
}

func TestCostAboveTheBudget(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		a, b := per("a", 100, time.Minute), per("b\x00", 10, time.Minute)
		states, err := l.Take(t.Context(), 11, a, b)
		large, ok := errors.AsType[*TooLarge](err)
		if !ok || large.Bucket != b || large.Cost != 11 || states != nil {
			t.Errorf("got %v, %v", states, err)
		}
		if _, err := l.Take(t.Context(), math.MaxInt, b); err == nil {
			t.Error("anything goes")
		}
		take(t, l, 100, a)
		take(t, l, 10, b)
		if got, err := l.Take(t.Context(), -5, a, b); err != nil || got[0].Remaining != 0 {
			t.Errorf("a cost below 0: got %+v, %v", got, err)
		}
		if u := l.Usage(); u.Allowed != 3 || u.Refused != 2 || u.Degraded != 0 || u.Calls != 0 || u.RedisInUse {
			t.Errorf("got %+v", u)
		}
	})
}

func TestNoRateIsNoLimit(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		for _, r := range []Rate{{}, {Points: 5}, {Window: time.Second}, {-1, time.Second}} {
			b := Bucket{"a", r}
			if got := take(t, l, 1_000_000, b); got[0] != (State{}) || r.String() != "0" {
				t.Errorf("%+v: got %+v", r, got)
			}
			l.Return(1, b)
		}
		if got := take(t, l, 5); len(got) != 0 || l.Usage().Buckets != 0 {
			t.Errorf("got %+v, %+v", got, l.Usage())
		}
	})
}

func TestReturnNeverOverfills(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		for _, b := range []Bucket{per("a", 10, time.Minute), per("b", 1000, time.Minute)} {
			take(t, l, b.Rate.Points, b)
			l.Return(3, b)
			l.Return(-7, b)
			if got := l.Peek(t.Context(), b)[0]; got.Remaining != 3 {
				t.Errorf("got %+v", got)
			}
			l.Return(math.MaxInt, b, b, per("unknown", 5, time.Minute))
			if got := l.Peek(t.Context(), b)[0]; got.Remaining != b.Rate.Points || got.Reset != 0 {
				t.Errorf("got %+v", got)
			}
			take(t, l, b.Rate.Points, b)
			no(t, l, 1, b)
		}
	})
}

// TestSpendMayOwe charges more than there is, and lets nothing through until it has come back.
func TestSpendMayOwe(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		for _, b := range []Bucket{per("a", 10, time.Minute), per("b", 1000, time.Minute)} {
			take(t, l, 1, b)
			l.Spend(b.Rate.Points/2, b)
			l.Spend(-7, b)
			if got := l.Peek(t.Context(), b)[0]; got.Remaining != b.Rate.Points/2-1 {
				t.Errorf("got %+v", got)
			}
			l.Spend(math.MaxInt, b)
			no(t, l, 1, b)
			pass(59 * time.Second)
			no(t, l, 1, b)
			pass(time.Minute)
			take(t, l, 1, b)
		}
	})
}

func TestProcessKeepsTheBudgetUnderLoad(t *testing.T) {
	l := New(Options{})
	t.Cleanup(l.Close)
	for _, points := range []int{10, 1000} {
		if got := hammer(t, []*Limiter{l}, 30, 200, per("a", points, ages)); got[0] != points {
			t.Errorf("%d of %d were let through", got[0], points)
		}
	}
}

func TestFullBucketsAreForgotten(t *testing.T) {
	inProcess(t, Options{}, func(t *testing.T, l *Limiter) {
		quick, slow := per("a", 10, time.Second), per("b", 10, time.Hour)
		take(t, l, 10, quick, slow)
		pass(3 * time.Second)
		if n := l.Usage().Buckets; n != 1 {
			t.Errorf("%d buckets", n)
		}
		no(t, l, 10, slow)
		pass(2 * time.Hour)
		if n := l.Usage().Buckets; n != 0 {
			t.Errorf("%d buckets", n)
		}
	})
}

// TestFloodOfKeys stays within the bound, and does not wash away a budget that is exhausted.
func TestFloodOfKeys(t *testing.T) {
	inProcess(t, Options{Buckets: 1000}, func(t *testing.T, l *Limiter) {
		login := per("login:ada", 10, time.Hour)
		take(t, l, 10, login)
		for i := range 100_000 {
			take(t, l, 1, per(fmt.Sprint("address:", i), 60, time.Minute))
		}
		no(t, l, 1, login)
		if n := l.Usage().Buckets; n > 1000 {
			t.Errorf("%d buckets", n)
		}
	})
}

func TestSmallTable(t *testing.T) {
	inProcess(t, Options{Buckets: 1}, func(t *testing.T, l *Limiter) {
		for i := range 100 {
			take(t, l, 1, per(fmt.Sprint(i), 60, time.Minute))
		}
		if n := l.Usage().Buckets; n != 1 {
			t.Errorf("%d buckets", n)
		}
	})
}

func TestErrorsNameTheBucket(t *testing.T) {
	r := &Refused{Bucket: per("user:7", 10, time.Minute), Cost: 3, RetryAfter: 6 * time.Second, State: State{Limit: 10, Remaining: 2}}
	if want := "ratelimit: user:7 has 2 points left of 10/1m, but 3 are wanted: retry after 6s"; r.Error() != want {
		t.Errorf("got %q", r)
	}
	l := &TooLarge{Bucket: per("a b", 10, time.Minute), Cost: 30}
	if want := "ratelimit: 30 points are wanted, more than #c8687a08aa5d6ed2044328fa6a697ab8 ever has: 10/1m"; l.Error() != want {
		t.Errorf("got %q", l)
	}
}
