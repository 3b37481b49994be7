package graph

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/generated"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
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

// Handler answers GraphQL over HTTP.
func Handler(s loader.Sources, o Options) http.Handler {
	srv := handler.New(Schema(s))
	srv.AddTransport(transport.Options{})
	srv.AddTransport(transport.GET{})
	srv.AddTransport(transport.POST{})
	srv.SetQueryCache(lru.New[*ast.QueryDocument](queryCache))
	srv.SetParserTokenLimit(maxTokens)
	srv.SetErrorPresenter(presented(o.Log))
	srv.SetRecoverFunc(recovered(o.Log))
	srv.Use(guard.Guard{Limits: o.Limits})
	if o.Introspection {
		srv.Use(extension.Introspection{})
	}
	srv.AroundResponses(operate(s, o))
	srv.AroundRootFields(freshForMutations(s))
	srv.AroundRootFields(accompanied)
	return http.MaxBytesHandler(explaining(o.Explain, versioned(s.Cache, authenticate(s, o.Log, srv))), maxBody)
}

// explaining keeps a record of each request that asks for one.
func explaining(allowed bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if allowed && r.Header.Get(explainHeader) == "1" {
			ctx, _ := explain.With(r.Context())
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

type headersKey struct{}

// versioned answers a request with nothing older than the version that it names.
func versioned(c *cache.Cache, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), headersKey{}, w.Header())
		if v := r.Header.Get(versionHeader); v != "" {
			ctx = c.NotBefore(ctx, cache.Version(v))
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// nameVersion puts the version of what an operation has written into the headers of its answer.
func nameVersion(ctx context.Context, v cache.Version) {
	if headers, ok := ctx.Value(headersKey{}).(http.Header); ok && v != "" {
		headers.Set(versionHeader, string(v))
	}
}

// operate gives each operation its loaders and its deadline, and shows its record where one is kept.
func operate(s loader.Sources, o Options) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if !graphql.HasOperationContext(ctx) { // the request never became an operation
			return next(ctx)
		}
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

// authenticate reads the viewer from the session token. A bad token is refused, never taken for a guest.
func authenticate(s loader.Sources, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewer.Viewer{}
		if header := r.Header.Get("Authorization"); header != "" {
			token, _ := strings.CutPrefix(header, "Bearer ")
			var err error
			if v, err = s.Accounts.Authenticate(r.Context(), strings.TrimSpace(token)); err != nil {
				refuse(r.Context(), log, w, err)
				return
			}
		}
		v.UserAgent, v.Address = r.UserAgent(), viewer.AddressOf(r.RemoteAddr)
		next.ServeHTTP(w, r.WithContext(viewer.With(r.Context(), v)))
	})
}

// refuse answers a request that does not become an operation.
func refuse(ctx context.Context, log *slog.Logger, w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errs.Is(err, errs.Unauthenticated) {
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{shown(ctx, log, err)}}) // nobody is left to hear of a failure
}
