package main

import (
	"context"
	"time"
)

const (
	// usualWrite is how long a write takes, until some have been measured.
	usualWrite = 10 * time.Millisecond

	// leftFor is how long after the client has left the server may begin or go on to write: then the outcome is looked up.
	leftFor = 500 * time.Millisecond
)

// connection returns the context of a write: if the writer leaves, it ends at a random moment between the beginning of the write and half
// its usual time after its end.
func (w *writer) connection(ctx context.Context) (context.Context, context.CancelFunc) {
	if !w.leaves || w.random.IntN(2) == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(w.random.Int64N(int64(w.usual)*3/2)))
}

// afterLeaving finds out what became of a write whose client has left.
func (w *writer) afterLeaving(ctx context.Context, x write, before []string) (committed bool) {
	w.record.left.Add(1)
	_ = wait(ctx, leftFor) // it does not end
	committed = w.resolve(ctx, x, before)
	if committed {
		w.record.kept.Add(1)
	}
	return committed
}
