// Package operation owns the values of a request and of an operation: one struct for each, which is the context of everything
// that runs for it. What begins with an operation ends with it.
package operation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/graph/request"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/viewer"
)

// Operation is one operation, or one event of a subscription, while it runs: its deadline, its loaders and what the cache keeps
// for it.
type Operation struct {
	context.Context

	Loaders  *loader.Set
	Cache    *cache.Scope
	Tracked  bool   // the cache keeps what the answer depends on
	Bytes    int    // of the data of its answer, all parts
	Marks    []Mark // in the data of the answer, in the order of their positions; only if it is tracked
	request  *request.Request
	cancel   context.CancelFunc
	below    *Operation // of which this is a fresh one
	failures failures
}

// Mark is the position in the data of an answer of whether its viewer has marked a document or comment: true or false in the bytes from
// one position up to another.
type Mark struct {
	From, To int
	Sets     *loader.Definition[uuid.UUID, *kinds.MarkSet] // of what the viewers have marked
	Subject  uuid.UUID
}

// Begin starts an operation of a viewer. With tracked, the cache keeps what its answer depends on. Call End.
func Begin(ctx context.Context, s loader.Sources, timeout time.Duration, tracked bool) *Operation {
	r := request.Of(ctx)
	op := &Operation{Loaders: s.New(viewer.From(ctx)), Cache: s.Cache.Scope(ctx, tracked), Tracked: tracked, request: r}
	op.Context, op.cancel = context.WithTimeout(ctx, timeout)
	return op
}

// Fresh returns a context above an operation with loaders that have read nothing yet.
func (o *Operation) Fresh(ctx context.Context, s loader.Sources) *Operation {
	return &Operation{Context: ctx, Loaders: s.New(viewer.From(ctx)), Cache: o.Cache, request: o.request, below: o}
}

// Value implements context.Context.
func (o *Operation) Value(key any) any {
	switch key {
	case request.Key{}:
		return o
	case viewer.ContextKey{}:
		v := o.Loaders.Viewer() // the answer is for this viewer alone
		return &v
	case cache.ScopeKey{}:
		return o.Cache
	}
	return o.Context.Value(key)
}

// Request implements request.Holder.
func (o *Operation) Request() *request.Request { return o.request }

// From returns the operation of a context, nil if it has none.
func From(ctx context.Context) *Operation {
	o, _ := ctx.Value(request.Key{}).(*Operation)
	return o
}

// Loaders returns the loaders of the operation of a context, nil if it has none.
func Loaders(ctx context.Context) *loader.Set {
	if o := From(ctx); o != nil {
		return o.Loaders
	}
	return nil
}

// One reads one key at once, in a separate level. Call it where no plan runs.
func One[K comparable, V any](ctx context.Context, d *loader.Definition[K, V], key K) (V, bool, error) {
	return loader.One(ctx, Loaders(ctx), d, key)
}

// Filled sends what the operation has loaded to Redis. It may be called more than once.
func (o *Operation) Filled() { o.Cache.Fill(o) }

// End ends the operation. Nothing may run for it any more.
func (o *Operation) End() {
	o.Filled()
	o.Loaders.Release()
	o.cancel()
}
