package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/economy"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/graph/wire"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/explain"
	"docsquare/internal/viewer"
)

// execution is one operation under way, or one answer of a subscription: what is opened for it, and closed with it.
type execution struct {
	receipt *cache.Receipt
	version func() cache.Version
	filled  func()
	cancel  context.CancelFunc
}

const executionStats = "docsquareExecution"

// begin opens an operation: its deadline, its loaders, and what notes what it does.
func begin(ctx context.Context, s loader.Sources, timeout time.Duration) (*execution, context.Context) {
	x, op := &execution{}, graphql.GetOperationContext(ctx)
	ctx, x.cancel = context.WithTimeout(ctx, timeout)
	explain.From(ctx).Stages(op.Stats.Parsing.End.Sub(op.Stats.Parsing.Start), op.Stats.Validation.End.Sub(op.Stats.Validation.Start))
	ctx, x.filled = s.Cache.Operation(ctx)
	ctx, x.version = s.Cache.Versioned(ctx)
	ctx, x.receipt = s.Cache.Receipt(ctx, keeps(ctx, methodOf(ctx)) && !wire.Parts(ctx))
	op.Stats.SetExtension(receiptStats, x.receipt)
	return x, loader.With(ctx, s.New(viewer.From(ctx)))
}

// later leaves an operation open until the last part of its answer, or until its client is gone.
func (x *execution) later(ctx context.Context) {
	graphql.GetOperationContext(ctx).Stats.SetExtension(executionStats, x)
	context.AfterFunc(ctx, x.filled)
}

// underWay is the operation of which one part was answered, nil where there is none.
func underWay(ctx context.Context) *execution {
	x, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(executionStats).(*execution)
	return x
}

// end closes an operation, settles what it costs, and adds to its answer what the client wants to know of it.
func (x *execution) end(ctx context.Context, o Options, prices *economy.Economy, response *graphql.Response) {
	defer x.cancel()
	defer o.observe(ctx, response)
	x.filled()
	op := graphql.GetOperationContext(ctx)
	actual, charge := prices.Settle(op, x.receipt.Reads()), economy.ChargeOf(op)
	if headers := answerHeaders(ctx); headers != nil {
		if v := x.version(); v != "" {
			headers.Set(versionHeader, string(v))
		}
		charge.Describe(headers)
	}
	if response == nil {
		return
	}
	if op.Headers.Get(costHeader) == "1" {
		extend(response, "cost", charge.Report(actual))
	}
	if record := explain.From(ctx); record.Full() {
		record.Cost(explain.Cost{Estimated: guard.EstimateOf(op).Points, Actual: actual})
		extend(response, "explain", record.Report())
	}
}

func extend(r *graphql.Response, name string, value any) {
	if r.Extensions == nil {
		r.Extensions = map[string]any{}
	}
	r.Extensions[name] = value
}

type headersKey struct{}

// answerHeaders is the headers of the answer, nil where those are sent already: those of a stream, or of a socket whose
// operations run side by side.
func answerHeaders(ctx context.Context) http.Header {
	if headers, ok := ctx.Value(headersKey{}).(http.Header); ok && !wire.Parts(ctx) {
		return headers
	}
	return nil
}

// inParts refuses an operation that wants an answer in parts where none can be sent: its later parts would be lost.
func inParts(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if wire.Parts(ctx) || !wire.Deferred(graphql.GetOperationContext(ctx)) {
		return next(ctx)
	}
	return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{plainly(errs.BadUserInput,
		"an operation with @defer needs a client that takes multipart/mixed or text/event-stream, or a WebSocket: name one in the Accept header, or leave @defer out")}})
}
