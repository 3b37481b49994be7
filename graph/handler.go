package graph

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/generated"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/graph/wire"
	"docsquare/internal/explain"
	"docsquare/internal/viewer"
)

// Options of the handler.
type Options struct {
	Limits        guard.Limits
	Timeout       time.Duration // of one operation
	Explain       bool          // whether X-Explain is answered
	Introspection bool
	Log           *slog.Logger

	SmallFile int64           // bytes of a file that comes with a request
	PublicURL string          // where clients reach the server; empty: where each request was sent to
	Draining  <-chan struct{} // closed when the server is about to end
}

const (
	maxTokens     = 2000 // validation is quadratic in them
	maxBody       = 1 << 20
	queryCache    = 1000
	explainHeader = "X-Explain"

	// versionHeader carries the version of what was written, in an answer, and in a request that is to be answered with
	// nothing older.
	versionHeader = "X-Cache-Version"
)

// Schema is the executable schema over the services.
func Schema(s loader.Sources) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: NewResolver(s)})
}

// Handler answers GraphQL over HTTP, WebSocket and server-sent events.
func Handler(s loader.Sources, o Options) http.Handler {
	srv := handler.New(Schema(s))
	transports(srv, s, o)
	srv.SetQueryCache(lru.New[*ast.QueryDocument](queryCache))
	srv.SetParserTokenLimit(maxTokens)
	srv.SetErrorPresenter(presented(o.Log))
	srv.SetRecoverFunc(recovered(o.Log))
	srv.Use(guard.Guard{Limits: o.Limits})
	if o.Introspection {
		srv.Use(extension.Introspection{})
	}
	srv.AroundOperations(subscribing)
	srv.AroundResponses(operate(s, o))
	srv.AroundRootFields(freshForMutations(s))
	srv.AroundRootFields(accompanied)
	return limited(o.SmallFile, located(o.PublicURL, explaining(o.Explain, versioned(s.Cache, authenticate(s, o.Log, srv)))))
}

// operate gives each operation, and each answer of a subscription, its loaders and its deadline, and shows its record where
// one is kept.
func operate(s loader.Sources, o Options) graphql.ResponseMiddleware {
	answer := func(ctx context.Context, next func(context.Context) *graphql.Response) *graphql.Response {
		ctx, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		stats := graphql.GetOperationContext(ctx).Stats
		record := explain.From(ctx)
		record.Stages(stats.Parsing.End.Sub(stats.Parsing.Start), stats.Validation.End.Sub(stats.Validation.Start), guard.Cost(ctx))
		ctx, done := s.Cache.Operation(ctx)
		ctx, version := s.Cache.Versioned(ctx)
		set := s.New(viewer.From(ctx))
		set.Accompany(rootFields(ctx))
		response := next(loader.With(ctx, set))
		done()
		nameVersion(ctx, version())
		if record != nil && response != nil {
			if response.Extensions == nil {
				response.Extensions = map[string]any{}
			}
			response.Extensions["explain"] = record.Report()
		}
		return response
	}
	failed := func(ctx context.Context, err error) *graphql.Response {
		return &graphql.Response{Errors: gqlerror.List{shown(ctx, o.Log, err)}}
	}
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if !graphql.HasOperationContext(ctx) || graphql.GetOperationContext(ctx).Operation == nil { // the request never became an operation
			return next(ctx)
		}
		if sub := subscriptionOf(ctx); sub != nil {
			return sub.answer(ctx, answer, next, failed)
		}
		if wire.Streams(ctx) {
			ctx = recorded(ctx)
		}
		return answer(ctx, next)
	}
}

// rootFields is how many fields of a query are resolved side by side.
func rootFields(ctx context.Context) int {
	op, n := graphql.GetOperationContext(ctx), 0
	for _, f := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"}) {
		if !introspects(f) {
			n++
		}
	}
	return n
}

func introspects(f graphql.CollectedField) bool { return strings.HasPrefix(f.Name, "__") }

// accompanied lets the root fields of a query go together.
func accompanied(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Query && !introspects(graphql.GetRootFieldContext(ctx).Field) {
		entered, leave := loader.From(ctx).Enter(ctx)
		defer leave()
		ctx = entered
	}
	return next(ctx)
}

// freshForMutations gives each root field of a mutation loaders of its own, so that no answer is older than its write, and
// a viewer of its own, for a sign-in changes who asks.
func freshForMutations(s loader.Sources) graphql.RootFieldMiddleware {
	return func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
			v := viewer.From(ctx)
			ctx = loader.With(viewer.With(ctx, v), s.New(v))
		}
		return next(ctx)
	}
}
