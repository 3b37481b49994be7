// Package operation owns the values of a request and of an operation: one struct for each, which is the context of everything
// that runs for it. What begins with an operation ends with it.
package operation

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/viewer"
)

// Request is what is known of a request before it becomes an operation. Its viewer and record are those that viewer.From and
// explain.From return for the context.
type Request struct {
	context.Context

	Viewer        viewer.Viewer
	Authorization string          // as the client has sent it
	Record        *explain.Record // nil: none is kept
	Location      string          // where the client reaches the server, without a slash at the end
	Method        string
	Headers       http.Header // of the answer
	Unkept        bool        // the answer tells of this request, such as its cost, so that it is no answer to another
}

type requestKey struct{}

// Value implements context.Context.
func (r *Request) Value(key any) any {
	switch key {
	case requestKey{}:
		return r
	case viewer.ContextKey{}:
		return &r.Viewer
	case explain.ContextKey{}:
		return r.Record
	}
	return r.Context.Value(key)
}

// RequestOf returns the request of a context, an empty one if it has none.
func RequestOf(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{Context: ctx}
}

// Operation is one operation, or one event of a subscription, while it runs: its deadline, its loaders and what the cache keeps
// for it. Its loaders are those that loader.From returns for the context.
type Operation struct {
	context.Context

	Loaders *loader.Set
	Cache   *cache.Scope
	Tracked bool   // the cache keeps what the answer depends on
	Marks   []Mark // in the data of the answer, in the order of their positions; only if it is tracked
	cancel  context.CancelFunc
}

// Mark is a place in the data of an answer that tells whether its viewer has marked a document: true or false in the bytes from
// one position up to another.
type Mark struct {
	From, To int
	Sets     *loader.Definition[uuid.UUID, *kinds.MarkSet] // of what the viewers have marked
	Document uuid.UUID
}

type operationKey struct{}

// Begin starts an operation of a viewer. With tracked, the cache keeps what its answer depends on. Call End.
func Begin(ctx context.Context, s loader.Sources, timeout time.Duration, tracked bool) *Operation {
	op := &Operation{Loaders: s.New(viewer.From(ctx)), Cache: s.Cache.Scope(tracked), Tracked: tracked}
	op.Context, op.cancel = context.WithTimeout(ctx, timeout)
	return op
}

// Value implements context.Context.
func (o *Operation) Value(key any) any {
	switch key {
	case operationKey{}:
		return o
	case viewer.ContextKey{}:
		o.Loaders.Viewer() // the answer is for this viewer alone
	case loader.ContextKey{}:
		return o.Loaders
	case cache.ScopeKey{}:
		return o.Cache
	}
	return o.Context.Value(key)
}

// From returns the operation of a context, nil if it has none.
func From(ctx context.Context) *Operation {
	o, _ := ctx.Value(operationKey{}).(*Operation)
	return o
}

// Filled sends what the operation has loaded to Redis. It may be called more than once.
func (o *Operation) Filled() { o.Cache.Fill(o) }

// End ends the operation. Nothing may run for it any more.
func (o *Operation) End() {
	o.Filled()
	o.Loaders.Release()
	o.cancel()
}
