package redis

import (
	"context"
	"time"

	"docsquare/internal/cache"
)

// The bounds of fills.
const (
	fillQueue     = 1024     // batches that wait
	maxQueuedFill = 16 << 20 // bytes that wait
	maxFill       = 1 << 20  // bytes of one round trip
)

// fillBatch is fills that were queued together. A batch with done has no fills: the worker closes done when it gets there.
type fillBatch struct {
	fills []cache.FarFill
	bytes int64
	done  chan struct{}
}

// Fill queues entries for the worker, which writes them together. If the queue is full, they are dropped.
func (t *Tier) Fill(fills []cache.FarFill) {
	batch := fillBatch{fills: fills}
	for _, f := range fills {
		batch.bytes += fillBytes(f)
	}
	if t.queued.Add(batch.bytes) <= maxQueuedFill {
		select {
		case t.fills <- batch:
			return
		default:
		}
	}
	t.queued.Add(-batch.bytes)
}

func fillBytes(f cache.FarFill) int64 { return int64(len(f.Key) + len(f.Value)) }

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

// write writes a batch, maxFill bytes in one round trip. A fill that is lost is a later miss.
func (t *Tier) write(batch fillBatch) {
	if batch.done != nil {
		close(batch.done)
		return
	}
	defer t.queued.Add(-batch.bytes)
	for rest := batch.fills; len(rest) > 0 && t.receiver.Available(); {
		ctx := context.Background()
		pipe, bytes := t.client.Pipeline(), int64(0)
		for len(rest) > 0 && (bytes == 0 || bytes+fillBytes(rest[0]) <= maxFill) {
			f := rest[0]
			pipe.Set(ctx, t.prefix+f.Key, f.Value, max(f.TTL, time.Millisecond))
			bytes, rest = bytes+fillBytes(f), rest[1:]
		}
		_ = t.run(ctx, callFill, pipe, t.writeTimeout) // the breaker counts failures
	}
}
