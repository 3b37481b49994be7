package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/graph/subscription"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/viewer"
)

// subscribing gives each subscription a place for what its resolver finds out.
func subscribing(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		return next(ctx)
	}
	if !request.Of(ctx).Delivery.Many() {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{clientError(errs.BadUserInput,
			"a subscription needs a WebSocket (graphql-transport-ws), or a request that accepts text/event-stream")}})
	}
	return next(request.Derive(ctx, func(r *request.Request) { r.Subscription = subscription.New(ctx) }))
}

// follow subscribes the subscription of the context to the writes to a tag, and to those that may end the viewer's session.
func follow(ctx context.Context, c *kinds.Cache, tag cache.Tag) *subscription.Subscription {
	return followBy(ctx, c, tag, request.Of(ctx).Subscription.Written)
}

// followLoosely is follow for a tag that many writes touch: however many there were, the subscription looks once.
func followLoosely(ctx context.Context, c *kinds.Cache, tag cache.Tag) *subscription.Subscription {
	sub := request.Of(ctx).Subscription
	return followBy(ctx, c, tag, func(bool) { sub.Written(false) })
}

func followBy(ctx context.Context, c *kinds.Cache, tag cache.Tag, written func(sure bool)) *subscription.Subscription {
	sub, v := request.Of(ctx).Subscription, viewer.From(ctx)
	sub.Watching(c.Watch(tag, written))
	if !v.Guest() {
		sub.Watching(c.Watch(kinds.SessionsOfTag(v.UserID), func(bool) { sub.SessionsChanged() }))
	}
	return sub
}

// lookTime bounds the first look of a subscription.
const lookTime = 10 * time.Second

// look runs f in a separate operation: the first look of a subscription at its object.
func look(ctx context.Context, s loader.Sources, f func(context.Context) error) error {
	op := operation.Begin(ctx, s, lookTime, false)
	defer op.End()
	return f(op)
}
