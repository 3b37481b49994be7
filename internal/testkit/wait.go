package testkit

import (
	"testing"
	"time"
)

const (
	eventuallyIn   = 30 * time.Second
	eventuallyPoll = 2 * time.Millisecond
)

// Eventually asks until the condition holds, and ends the test where it does not within half a minute. What describes what was
// waited for.
func Eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	tick := time.NewTicker(eventuallyPoll)
	defer tick.Stop()
	late := time.After(eventuallyIn)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			tb.Fatalf("not in %v: %s", eventuallyIn, what)
		case <-tb.Context().Done():
			tb.Fatalf("the test ended before: %s", what)
		}
	}
}

// Receive is the next value of a channel, or of a closed one the zero value; it ends the test where none comes.
func Receive[T any](tb testing.TB, what string, from <-chan T) T {
	tb.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(eventuallyIn):
		tb.Fatalf("not in %v: %s", eventuallyIn, what)
	}
	panic("unreachable")
}
