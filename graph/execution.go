package graph

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/limits"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/quota"
	"docsquare/graph/transport"
	"docsquare/internal/errs"
	"docsquare/internal/telemetry/explain"
)

const operationStats = "docsquareOperation"

// begin starts an operation, or one event of a subscription.
func begin(ctx context.Context, s loader.Sources, o Options) *operation.Operation {
	op := graphql.GetOperationContext(ctx)
	explain.From(ctx).Stages(op.Stats.Parsing.End.Sub(op.Stats.Parsing.Start), op.Stats.Validation.End.Sub(op.Stats.Validation.Start))
	x := operation.Begin(ctx, s, o.Timeout, tracked(ctx))
	op.Stats.SetExtension(operationStats, x)
	return x
}

// continued returns the operation of which the first part of the answer was sent, nil if there is none.
func continued(ctx context.Context) *operation.Operation {
	x, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(operationStats).(*operation.Operation)
	return x
}

// end ends an operation, refunds what it did not cost, and adds to its answer what the client has asked about it.
func (o Options) end(x *operation.Operation, prices *quota.Extension, response *graphql.Response) {
	defer x.End()
	defer o.observe(x, response)
	x.Filled()
	op := graphql.GetOperationContext(x)
	actual, charge := prices.Refund(op, x.Cache.ReadSet().Reads()), quota.ChargeOf(op)
	if headers := answerHeaders(x); headers != nil {
		if v := x.Cache.Version(); v != "" {
			headers.Set(versionHeader, string(v))
		}
		charge.SetHeaders(headers)
	}
	if response == nil {
		return
	}
	if op.Headers.Get(costHeader) == "1" {
		extend(response, "cost", charge.Report(actual))
	}
	if record := explain.From(x); record.Full() {
		record.Cost(explain.Cost{Estimated: limits.EstimateOf(op).Points, Actual: actual})
		extend(response, "explain", record.Report())
	}
}

func extend(r *graphql.Response, name string, value any) {
	if r.Extensions == nil {
		r.Extensions = map[string]any{}
	}
	r.Extensions[name] = value
}

// answerHeaders returns the headers of the answer, nil if those are sent already: those of a stream, or of a socket whose
// operations run concurrently.
func answerHeaders(ctx context.Context) http.Header {
	if transport.Parts(ctx) {
		return nil
	}
	return operation.RequestOf(ctx).Headers
}

// inParts refuses an operation with @defer if the client cannot receive an answer in parts: its later parts would be lost.
func inParts(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if transport.Parts(ctx) || !transport.Deferred(graphql.GetOperationContext(ctx)) {
		return next(ctx)
	}
	return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{clientError(errs.BadUserInput,
		"an operation with @defer needs a client that takes multipart/mixed or text/event-stream, or a WebSocket: name one in the Accept header, or leave @defer out")}})
}
