package redis

import (
	"context"
	"time"

	"docsquare/internal/cache"
)

// fillQueue is how many batches of fills may wait.
const fillQueue = 1024

// fillBatch is the fills of one round trip. A batch with done has no fills: the worker closes done when it gets there.
type fillBatch struct {
	fills []cache.FarFill
	done  chan struct{}
}

// Fill queues entries for the worker, which writes them in one round trip. If the queue is full, they are dropped.
func (t *Tier) Fill(fills []cache.FarFill) {
	select {
	case t.fills <- fillBatch{fills: fills}:
	default:
	}
}

// Settle blocks until every fill that was queued before is in Redis, but no longer than the timeout of a write.
func (t *Tier) Settle() {
	late, done := time.After(t.writeTimeout), make(chan struct{})
	select {
	case t.fills <- fillBatch{done: done}:
	case <-late:
		return
	}
	select {
	case <-done:
	case <-late:
	}
}

// runFills writes fills until the context ends, and then those that are already queued.
func (t *Tier) runFills(ctx context.Context) {
	for {
		select {
		case batch := <-t.fills:
			t.write(batch)
		case <-ctx.Done():
			for {
				select {
				case batch := <-t.fills:
					t.write(batch)
				default:
					return
				}
			}
		}
	}
}

// write writes a batch in one round trip. A fill that is lost is a later miss.
func (t *Tier) write(batch fillBatch) {
	if batch.done != nil {
		close(batch.done)
		return
	}
	if !t.receiver.Available() {
		return
	}
	ctx := context.Background()
	pipe := t.client.Pipeline()
	for _, f := range batch.fills {
		pipe.Set(ctx, t.prefix+f.Key, f.Value, max(f.TTL, time.Millisecond))
	}
	_ = t.run(ctx, callFill, pipe, t.writeTimeout) // the breaker counts failures
}
