package cache

import (
	"context"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// pending gathers what an operation fills, to be sent in one round trip when it is over.
type pending struct {
	mu    sync.Mutex
	fills []farFill
}

// Operation gathers the fills of all fetches under the context. Call done at the end: it hands them to the worker that
// sends them to Redis in one round trip, beside the answer.
func (e *Engine) Operation(ctx context.Context) (gathering context.Context, done func()) {
	if e.far == nil {
		return ctx, func() {}
	}
	p := &pending{}
	return withScope(ctx, func(s *Scope) { s.pending = p }), func() { e.sendAll(ctx, p) }
}

// sendAll hands the fills of an operation to the worker.
func (e *Engine) sendAll(ctx context.Context, p *pending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fills) > 0 {
		explain.From(ctx).Start(ctx, explain.RoundTrip, callFill).End(len(p.fills), nil)
		e.send(p.fills)
		p.fills = nil
	}
}

// withoutOperation lets fills under the context go at once.
func withoutOperation(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.pending = nil })
}

// queue takes fills for the end of the operation, or at once where there is none.
func (e *Engine) queue(ctx context.Context, fills []farFill) {
	if len(fills) == 0 {
		return
	}
	if p := scopeOf(ctx).pending; p != nil {
		p.mu.Lock()
		p.fills = append(p.fills, fills...)
		p.mu.Unlock()
		return
	}
	e.send(fills)
}

// send hands fills to the worker. Where it is too far behind they are dropped: a fill that is lost is a later miss.
func (e *Engine) send(fills []farFill) {
	select {
	case e.fills <- fillBatch{fills: fills}:
	default:
	}
}

// fillBatch is fills for one round trip, or a question whether those before it are done.
type fillBatch struct {
	fills []farFill
	done  chan struct{}
}

// Settle waits until every fill that was queued before is in Redis, but no longer than a write to Redis may take.
func (e *Engine) Settle() {
	if e.far == nil {
		return
	}
	late, done := time.After(e.far.writeIn), make(chan struct{})
	select {
	case e.fills <- fillBatch{done: done}:
	case <-late:
		return
	}
	select {
	case <-done:
	case <-late:
	}
}

// filler sends fills to Redis until the context ends, and then what is already queued.
func (e *Engine) filler(ctx context.Context) {
	for {
		select {
		case batch := <-e.fills:
			e.fillFar(batch)
		case <-ctx.Done():
			for {
				select {
				case batch := <-e.fills:
					e.fillFar(batch)
				default:
					return
				}
			}
		}
	}
}

func (e *Engine) fillFar(batch fillBatch) {
	if batch.done != nil {
		close(batch.done)
		return
	}
	if e.farReady() {
		_ = e.far.fill(context.Background(), batch.fills) // counted by the breaker; a fill that is lost is a later miss
	}
}
