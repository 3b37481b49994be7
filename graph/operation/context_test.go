package operation_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"docsquare/graph/operation"
	"docsquare/internal/testkit"
)

// TestCancellationReachesThrough cancels below a request and has everything above its operation end.
func TestCancellationReachesThrough(t *testing.T) {
	cause := errors.New("the client has left")
	client, leave := context.WithCancelCause(t.Context())
	op := begin(t, requested(client, "ann"), bare(t))
	top, cancel := context.WithCancel(context.WithValue(op, key{"on top"}, 1))
	defer cancel()
	ended := make(chan struct{})
	defer context.AfterFunc(top, func() { close(ended) })()
	if op.Err() != nil || top.Err() != nil {
		t.Fatalf("ended at the beginning: %v, %v", op.Err(), top.Err())
	}
	leave(cause)
	testkit.Receive(t, "the end of the operation", top.Done())
	testkit.Receive(t, "the function after the end", ended)
	if !errors.Is(op.Err(), context.Canceled) || !errors.Is(top.Err(), context.Canceled) || !errors.Is(context.Cause(top), cause) {
		t.Errorf("got %v, %v, %v", op.Err(), top.Err(), context.Cause(top))
	}
}

// TestCancelAboveLeavesTheOperation ends what is above an operation, and neither it nor its request.
func TestCancelAboveLeavesTheOperation(t *testing.T) {
	asked := requested(t.Context(), "ann")
	op := begin(t, asked, bare(t))
	top, cancel := context.WithCancel(op)
	cancel()
	if top.Err() == nil || op.Err() != nil || asked.Err() != nil {
		t.Errorf("got %v, %v, %v", top.Err(), op.Err(), asked.Err())
	}
	op.End()
	if !errors.Is(op.Err(), context.Canceled) || asked.Err() != nil {
		t.Errorf("after the end: %v, %v", op.Err(), asked.Err())
	}
}

// TestDeadline checks that an operation ends with its time, or earlier with its request.
func TestDeadline(t *testing.T) {
	s := bare(t)
	soon := operation.Begin(requested(t.Context(), "ann"), s, time.Nanosecond, false)
	defer soon.End()
	testkit.Receive(t, "the deadline", soon.Done())
	if !errors.Is(soon.Err(), context.DeadlineExceeded) {
		t.Errorf("got %v", soon.Err())
	}
	early := time.Now().Add(time.Second)
	bounded, cancel := context.WithDeadline(t.Context(), early)
	defer cancel()
	for _, timeout := range []time.Duration{time.Millisecond, time.Hour} {
		op := operation.Begin(requested(bounded, "ann"), s, timeout, false)
		top, cancel := context.WithCancel(op)
		at, ok := top.Deadline()
		if !ok || at.After(early) || timeout == time.Hour && !at.Equal(early) {
			t.Errorf("a timeout of %v ends at %v, the request at %v", timeout, at, early)
		}
		cancel()
		op.End()
	}
}

// opaque hides from package context what it wraps.
type opaque struct{ context.Context }

func (opaque) Value(any) any { return nil }

// started returns how many goroutines contexts above ctx have started. It ends them.
func started(t *testing.T, ctx context.Context, children int) int {
	t.Helper()
	before := runtime.NumGoroutine()
	var cancels []context.CancelFunc
	for range children {
		a, cancel := context.WithCancel(ctx)
		b, cancelTimer := context.WithTimeout(context.WithValue(a, key{"on top"}, 1), time.Hour)
		stop := context.AfterFunc(b, func() {})
		cancels = append(cancels, func() { stop() }, cancelTimer, cancel)
	}
	after := runtime.NumGoroutine()
	for _, cancel := range cancels {
		cancel()
	}
	testkit.Eventually(t, "the goroutines end", func() bool { return runtime.NumGoroutine() < before+children/2 })
	return after - before
}

// TestContextsAboveStartNoGoroutine checks that package context finds the end of an operation below its values. If it does not, it
// starts a goroutine for each context above.
func TestContextsAboveStartNoGoroutine(t *testing.T) {
	const children = 100
	asked := requested(t.Context(), "ann")
	op := begin(t, asked, bare(t))
	for name, ctx := range map[string]context.Context{"request": asked, "operation": op, "value": context.WithValue(op, key{"on top"}, 1)} {
		if n := started(t, ctx, children); n > children/10 {
			t.Errorf("%s: %d goroutines for %d contexts", name, n, children)
		}
	}
	if n := started(t, opaque{op}, children); n < children {
		t.Errorf("the test is blind: %d goroutines for %d contexts that hide their end", n, children)
	}
}
