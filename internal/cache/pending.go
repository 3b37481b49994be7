package cache

import (
	"context"
	"sync"

	"docsquare/internal/telemetry/explain"
)

// FillStep is the name of the step in which a record shows the fills of an operation.
const FillStep = "fill"

// pending collects the fills of an operation, to be sent in one round trip at its end.
type pending struct {
	mu    sync.Mutex
	fills []FarFill
}

func (p *pending) add(fills []FarFill) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fills = append(p.fills, fills...)
}

// Operation collects the fills of all fetches under the context. Call done at the end: it passes them to the far tier, which
// writes them in one round trip, without delaying the answer.
func (e *Engine) Operation(ctx context.Context) (collecting context.Context, done func()) {
	p := &pending{}
	return withScope(ctx, func(s *Scope) { s.pending = p }), func() { e.flush(ctx, p) }
}

// flush passes the fills of an operation to the far tier.
func (e *Engine) flush(ctx context.Context, p *pending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fills) > 0 {
		explain.From(ctx).Start(ctx, explain.RoundTrip, FillStep).End(len(p.fills), nil)
		e.far.Fill(p.fills)
		p.fills = nil
	}
}

// queue keeps fills for the end of the operation, or passes them on at once if the context has no operation.
func (e *Engine) queue(ctx context.Context, fills []FarFill) {
	if len(fills) == 0 {
		return
	}
	if p := scopeOf(ctx).pending; p != nil {
		p.add(fills)
		return
	}
	e.far.Fill(fills)
}

// Settle blocks until the far tier has written every fill that was queued before, but no longer than a write may take.
func (e *Engine) Settle() { e.far.Settle() }
