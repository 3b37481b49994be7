package graph

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/quota"
	"docsquare/graph/request"
	"docsquare/graph/subscription"
	"docsquare/graph/transport"
	"docsquare/internal/errs"
	"docsquare/internal/limit/admission"
	"docsquare/internal/telemetry/record"
)

// operate runs each operation, and each event of a subscription, as an operation.Operation.
func operate(s loader.Sources, o Options, prices *quota.Extension) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		var turn *admission.Turn
		switch r := request.Of(ctx); {
		case r.Subscription != nil:
			return o.events(s, prices, r.Subscription, next(ctx))
		case r.Delivery.Many():
			var err error
			if turn, err = o.enter(ctx); err != nil { // a request with one answer has entered before it was parsed
				return graphql.OneShot(failed(ctx, o, err))
			}
			ctx = recorded(ctx)
		}
		x := begin(ctx, s, o)
		responses, ended := next(x), false
		return func(ctx context.Context) *graphql.Response {
			if ended {
				return nil
			}
			response := responses(ctx)
			if response == nil && ctx.Err() != nil && x.Request().Err() == nil { // gqlgen answers nothing after the deadline
				response = failed(x, o, ctx.Err())
			}
			x.Bytes += o.encoded(response)
			if incomplete(response) {
				context.AfterFunc(x, func() { // if the client leaves before the last part
					x.Filled()
					turn.Leave()
				})
				return response
			}
			ended = true
			o.end(x, prices, response)
			turn.Leave()
			return response
		}
	}
}

// events answers the events of a subscription.
func (o Options) events(s loader.Sources, prices *quota.Extension, sub *subscription.Subscription, next graphql.ResponseHandler) graphql.ResponseHandler {
	look := func(ctx context.Context, answer graphql.ResponseHandler) *graphql.Response {
		charge, refused := prices.ChargeEvent(ctx)
		if refused != nil {
			sub.Stop()
			return &graphql.Response{Errors: gqlerror.List{refused}}
		}
		event := request.Derive(recorded(ctx), func(r *request.Request) {
			r.Estimate, r.Charge, r.Received, r.Comparisons = request.Estimate{}, charge, 0, 0 // it has no files
		})
		turn, err := o.enter(event)
		if err != nil {
			sub.Stop()
			return failed(ctx, o, err)
		}
		defer turn.Leave()
		x := begin(event, s, o)
		response := answer(x)
		x.Bytes = o.encoded(response)
		if !incomplete(response) {
			o.end(x, prices, response)
		}
		return response
	}
	if sub.Over() || sub.Step == nil { // the resolver has failed, and next answers with its error
		return next
	}
	failed := func(ctx context.Context, err error) *graphql.Response { return failed(ctx, o, err) }
	return func(ctx context.Context) *graphql.Response { return sub.Answer(ctx, look, next, failed) }
}

func failed(ctx context.Context, o Options, err error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{toGraphQLError(ctx, o.Log, err)}}
}

// refused ends what is answered without being executed.
func refused(s loader.Sources, o Options, prices *quota.Extension) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		response := next(ctx)
		switch {
		case operation.From(ctx) != nil || request.Of(ctx).Subscription != nil: // it was executed
		case !graphql.HasOperationContext(ctx) || graphql.GetOperationContext(ctx).Operation == nil: // it never became an operation
			prices.ChargeInvalid(request.Of(ctx))
			o.observe(ctx, response)
		default:
			request.Of(ctx).Estimate.Fixed = 0 // nothing of it was executed
			o.end(begin(ctx, s, o), prices, response)
		}
		return response
	}
}

// encoded returns how many bytes of data were encoded for an answer, also if it became too large.
func (o Options) encoded(r *graphql.Response) int {
	if r == nil {
		return 0
	}
	for _, err := range r.Errors {
		if errors.Is(err, exec.ErrTooLarge) {
			return o.MaxAnswer
		}
	}
	return len(r.Data)
}

// incomplete reports whether parts of an answer follow.
func incomplete(r *graphql.Response) bool { return r != nil && r.HasNext != nil && *r.HasNext }

// begin starts an operation, or one event of a subscription.
func begin(ctx context.Context, s loader.Sources, o Options) *operation.Operation {
	op := graphql.GetOperationContext(ctx)
	record.From(ctx).Stages(op.Stats.Parsing.End.Sub(op.Stats.Parsing.Start), op.Stats.Validation.End.Sub(op.Stats.Validation.Start))
	return operation.Begin(ctx, s, o.Timeout, tracked(ctx))
}

// recorded gives each answer its own record, of the same kind as that of the request.
func recorded(ctx context.Context) context.Context {
	switch rec := record.From(ctx); {
	case rec.Full():
		ctx, _ = record.With(ctx)
	case rec != nil:
		ctx, _ = record.Brief(ctx)
	}
	return ctx
}

// end ends an operation, settles what it has cost, and adds to its answer what the client has asked about it.
func (o Options) end(x *operation.Operation, prices *quota.Extension, response *graphql.Response) {
	defer x.End()
	defer o.observe(x, response)
	defer func() { logFailure(x, o.Log, x.Failure()) }()
	x.Filled()
	r := x.Request()
	actual := prices.Settle(r, x.Cache.ReadSet().Reads(), x.Bytes)
	if headers := answerHeaders(x); headers != nil {
		if v := x.Cache.Version(); v != "" {
			headers.Set(versionHeader, string(v))
		}
		r.Charge.SetHeaders(headers)
	}
	if response == nil {
		return
	}
	if graphql.GetOperationContext(x).Headers.Get(costHeader) == "1" {
		extend(response, "cost", r.Charge.Report(actual))
	}
	if rec := record.From(x); rec.Full() {
		rec.Cost(record.Cost{Estimated: r.Estimate.Points, Actual: actual})
		extend(response, "explain", rec.Report())
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
	r := request.Of(ctx)
	if r.Delivery.Incremental() {
		return nil
	}
	return r.Headers
}

// inParts refuses an operation with @defer if the client cannot receive an answer in parts: its later parts would be lost.
func inParts(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if request.Of(ctx).Delivery.Incremental() || !transport.Deferred(graphql.GetOperationContext(ctx)) {
		return next(ctx)
	}
	return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{clientError(errs.BadUserInput,
		"an operation with @defer needs a client that takes multipart/mixed or text/event-stream, or a WebSocket: name one in the Accept header, or leave @defer out")}})
}
