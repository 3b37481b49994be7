package admission_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/errs"
	"docsquare/internal/limit/admission"
)

// TestLightClientsDoNotWait admits clients without debt at once, while those in debt share the slots in the order of what they owe.
func TestLightClientsDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Leak: 10})
		for i := range 3 {
			g.Note(fmt.Sprint(i), 2000+1000*i)
		}
		turn, err := g.Enter(t.Context(), "2", 0) // the only slot
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var order []string
		for _, client := range []string{"2", "1", "0"} {
			go func() {
				turn, err := g.Enter(t.Context(), client, 0)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, client)
				mu.Unlock()
				turn.Leave()
			}()
			synctest.Wait()
		}
		for range 50 {
			begun := time.Now()
			turn, err := g.Enter(t.Context(), "light", 0)
			if err != nil || time.Since(begun) > 0 {
				t.Errorf("a client without debt has waited for %v: %v", time.Since(begun), err)
			}
			turn.Leave()
		}
		if len(order) > 0 {
			t.Errorf("%q ran although the slot was taken", order)
		}
		turn.Leave()
		synctest.Wait()
		if fmt.Sprint(order) != "[0 1 2]" {
			t.Errorf("the order was %q", order)
		}
	})
}

// TestDebtDecays admits a client at once when its debt has decayed.
func TestDebtDecays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Leak: 100})
		g.Note("a", 500)
		turn, _ := g.Enter(t.Context(), "a", 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Enter(ctx, "a", 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second request in debt: %v", err)
		}
		time.Sleep(4 * time.Second) //nolint:forbidigo // in a synctest bubble
		if _, err := g.Enter(t.Context(), "a", 0); err != nil {
			t.Error(err)
		}
		turn.Leave()
	})
}

// TestSlotsComeBack releases a slot that is held for too long, and those of waiters that have gone.
func TestSlotsComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 1, Leak: 1, Waiting: 2, Hold: time.Second})
		g.Note("a", 1_000_000)
		slow, err := g.Enter(t.Context(), "a", 0)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) //nolint:forbidigo // in a synctest bubble, it is not waited for
		slow.Waits()
		gone, cancel := context.WithCancel(t.Context())
		for range 2 {
			go func() { _, _ = g.Enter(gone, "a", 0) }()
		}
		synctest.Wait()
		if _, err := g.Enter(t.Context(), "a", 0); !errs.Is(err, errs.RateLimited) || errs.As(err).RetryAfter == 0 {
			t.Errorf("one more than may wait: %v", err)
		}
		cancel()
		synctest.Wait()
		begun := time.Now()
		turn, err := g.Enter(t.Context(), "a", 0)
		if took := time.Since(begun); err != nil || took != time.Second {
			t.Errorf("a slot that was held for too long came back after %v: %v", took, err)
		}
		slow.Leave() // does nothing any more
		turn.Leave()
		if again, err := g.Enter(t.Context(), "a", 0); err != nil {
			t.Error(err)
		} else {
			again.Leave()
		}
	})
}

// TestDearRequestWaits has a request wait that costs much by what is known of it, although its client owes nothing.
func TestDearRequestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Wait: 3 * time.Second})
		turn, err := g.Enter(t.Context(), "a", 101)
		if err != nil {
			t.Fatal(err)
		}
		defer turn.Leave()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Enter(ctx, "b", 101); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("another one: %v", err)
		}
		begun := time.Now()
		if _, err := g.Enter(t.Context(), "b", 101); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 3*time.Second {
			t.Errorf("one whose context does not end has waited for %v: %v", time.Since(begun), err)
		}
		other, err := g.Enter(t.Context(), "b", 100)
		if err != nil {
			t.Error(err)
		}
		other.Leave()
	})
}

// TestForgetting keeps the number of clients within its bound.
func TestForgetting(t *testing.T) {
	g := admission.New(admission.Options{Clients: 100, Slots: 1})
	for i := range 10_000 {
		g.Note(fmt.Sprint(i), 1000)
	}
	turn, err := g.Enter(t.Context(), "9999", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer turn.Leave()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := g.Enter(ctx, "9999", 0); err == nil {
		t.Error("the latest is forgotten")
	}
}

// ExampleGate runs the requests of a client that has had much work done.
func ExampleGate() {
	g := admission.New(admission.Options{})
	turn, err := g.Enter(context.Background(), "address:192.0.2.1", 0)
	if err != nil {
		return
	}
	defer turn.Leave()
	g.Note("address:192.0.2.1", 40) // what the request did cost
	fmt.Println("answered")
	// Output: answered
}

// TestExpensiveRequestsWait has a request that becomes expensive while it runs wait for a slot, as one of a client in debt does, and others go
// on.
func TestExpensiveRequestsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Leak: 10})
		enter := func(client string) *admission.Turn {
			turn, err := g.Enter(t.Context(), client, 0)
			if err != nil {
				t.Fatal(err)
			}
			return turn
		}
		a, b, c, light := enter("a"), enter("b"), enter("c"), enter("light")
		cost := func(turn *admission.Turn, points int) {
			if err := turn.Costs(t.Context(), points); err != nil {
				t.Error(err)
			}
		}
		cost(a, 90)
		cost(b, 90)
		cost(a, 101) // takes the slot
		cost(a, 900)
		var order []string
		var all sync.WaitGroup
		for _, x := range []struct {
			name   string
			turn   *admission.Turn
			points int
		}{{"c", c, 400}, {"b", b, 200}} {
			all.Go(func() {
				cost(x.turn, x.points)
				order = append(order, x.name)
				x.turn.Leave()
			})
			synctest.Wait()
		}
		cost(light, 100)
		light.Leave()
		if len(order) > 0 {
			t.Errorf("%q ran although the slot was taken", order)
		}
		a.Leave()
		all.Wait()
		if fmt.Sprint(order) != "[b c]" {
			t.Errorf("the order was %q, want that of what they owe", order)
		}
		cost(enter("a"), 90) // nothing of it runs any more
	})
}

// TestExpensiveRequestGivesUp has a request that waits in the middle end with its context, and leaves no slot taken.
func TestExpensiveRequestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Leak: 10})
		var turns []*admission.Turn
		for _, client := range []string{"a", "b"} {
			turn, err := g.Enter(t.Context(), client, 0)
			if err != nil {
				t.Fatal(err)
			}
			turns = append(turns, turn)
		}
		if err := turns[0].Costs(t.Context(), 500); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := turns[1].Costs(ctx, 500); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		turns[1].Leave()
		turns[0].Leave()
		begun := time.Now()
		turn, err := g.Enter(t.Context(), "b", 500)
		if err != nil || time.Since(begun) > 0 {
			t.Errorf("waited for %v: %v", time.Since(begun), err)
		}
		turn.Leave()
	})
}

// TestRequestLeavesWhileItWaits has a request that waits in the middle leave, as one whose client is gone. The slot that it gets then is free.
func TestRequestLeavesWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := admission.New(admission.Options{Slots: 1, Free: 100, Leak: 10})
		first, err := g.Enter(t.Context(), "a", 500)
		if err != nil {
			t.Fatal(err)
		}
		turn, err := g.Enter(t.Context(), "b", 0)
		if err != nil {
			t.Fatal(err)
		}
		var got error
		go func() { got = turn.Costs(t.Context(), 500) }()
		synctest.Wait()
		turn.Leave()
		first.Leave()
		synctest.Wait()
		if !errors.Is(got, context.Canceled) {
			t.Errorf("a request that has left may go on: %v", got)
		}
		begun := time.Now()
		next, err := g.Enter(t.Context(), "c", 500)
		if err != nil || time.Since(begun) > 0 {
			t.Fatalf("the next has waited for %v: %v", time.Since(begun), err)
		}
		next.Leave()
	})
}
