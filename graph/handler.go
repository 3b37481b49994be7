package graph

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
	"docsquare/graph/generated"
	"docsquare/graph/inputs"
	"docsquare/graph/limits"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/quota"
	"docsquare/graph/transport"
	"docsquare/graph/trusted"
	"docsquare/internal/httpserver"
	"docsquare/internal/limit/admission"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/telemetry/record"
)

// Options of the handler.
type Options struct {
	Limits        limits.Limits
	Timeout       time.Duration // of one operation
	Explain       bool          // whether X-Explain and X-Cache-Bypass are granted to everybody; administrators always have them
	Introspection bool          // whether the schema can be asked for, and errors suggest names
	Log           *slog.Logger

	Limiter *ratelimit.Limiter // nil: nothing is limited over time
	Budgets quota.Budgets
	Gate    *admission.Gate // nil: all requests run at once
	Trusted Trusted
	Origins httpserver.OriginPolicy // which web pages may ask
	Proxies int                     // before the server, each of which adds to X-Forwarded-For

	Connections          int // WebSockets and event streams of an address; 0: no bound
	Subscriptions        int // operations on a WebSocket at one time; 0: 100
	AddressSubscriptions int // operations on all WebSockets of an address at one time; 0: no bound

	MaxAnswer int             // bytes of the data of one answer; 0: no bound
	SmallFile int64           // bytes of a file that comes with a request
	PublicURL string          // where clients reach the server; empty: where each request was sent to
	Draining  <-chan struct{} // closed when the server is about to end

	Observers []func(context.Context, record.Operation) // are called after each operation, and must return at once
	Slow      time.Duration                             // from when on an operation is logged, with what it did; 0: never
	Live      *transport.Live                           // counts what is open; nil: nothing is counted
}

// Trusted is the trusted documents of the handler.
type Trusted struct {
	Mode      trusted.Mode
	Documents *trusted.Documents // of LoadDocuments
}

// LoadDocuments reads the manifests of trusted documents: files, or directories of them. It fails where one does not fit the
// schema. Tokens bounds each document.
func LoadDocuments(manifests []string, tokens int) (*trusted.Documents, error) {
	d, err := trusted.Load(published(), manifests, tokens)
	if err != nil {
		return nil, fmt.Errorf("TRUSTED_DOCUMENTS: %w", err)
	}
	return d, nil
}

const (
	maxBody        = 1 << 20
	maxPlans       = 1000
	parsedBytes    = 1 << 20 // of texts that are kept parsed and validated, in addition to trusted documents
	explainHeader  = "X-Explain"
	uncachedHeader = "X-Cache-Bypass" // for those who may explain: both tiers are bypassed
	costHeader     = "X-Cost"

	// versionHeader carries the version of what was written, in an answer, and in a request that is to be answered with
	// nothing older.
	versionHeader = "X-Cache-Version"
)

// Schema returns the executable schema over the services, on the runtime of gqlgen.
func Schema(s loader.Sources) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(config(s))
}

// Executor returns the executable schema over the services, on the breadth-first runtime. Its environment is the loaders of
// the context.
func Executor(s loader.Sources, o exec.Options) *exec.Executor {
	o.Env = func(ctx context.Context) exec.Env { return operation.Loaders(ctx) }
	return exec.New(Schema(s), generated.Tables(config(s)), edges(), o)
}

func config(s loader.Sources) generated.Config {
	return generated.Config{Resolvers: NewResolver(s), Schema: published()}
}

// Handler answers GraphQL over HTTP, WebSocket and server-sent events. It fails where the schema has a limit that makes no
// sense.
func Handler(s loader.Sources, o Options) (http.Handler, error) {
	documents := o.Trusted.Documents
	if documents == nil {
		documents = &trusted.Documents{}
	}
	plans := Executor(s, exec.Options{MaxBytes: o.MaxAnswer, Pace: pace, MaxPlans: maxPlans + documents.Len()})
	if err := documents.Compile(plans.Compile); err != nil {
		return nil, err
	}
	schema := graphql.ExecutableSchema(plans)
	if s.Alone { // plans make batches
		schema = Schema(s)
	}
	prices, err := quota.New(o.clients(), schema)
	if err != nil {
		return nil, err
	}
	srv := executor.New(schema)
	known := documents.Cache(newParsedTexts(parsedBytes))
	srv.SetQueryCache(known)
	validated := func(ctx context.Context, text string) bool {
		_, ok := known.Get(ctx, text)
		return ok
	}
	srv.SetParserTokenLimit(o.Limits.Tokens)
	srv.SetDisableSuggestion(!o.Introspection)
	srv.SetErrorPresenter(errorPresenter(o.Log, o.Introspection))
	srv.SetRecoverFunc(recovered)
	for _, x := range []graphql.HandlerExtension{ // what is refused is not registered
		trusted.NewGate(o.Trusted.Mode, documents, o.Log),
		persisted{s.Cache},
		limits.Extension{Limits: o.Limits, Known: validated},
		&inputs.Extension{Introspection: o.Introspection}, prices,
		registering{s.Cache},
	} {
		srv.Use(x)
	}
	if o.Introspection {
		srv.Use(extension.Introspection{})
	}
	srv.AroundOperations(subscribing)
	srv.AroundOperations(inParts)
	srv.AroundOperations(operate(s, o, prices))
	srv.AroundResponses(refused(s, o, prices))
	srv.AroundRootFields(prices.Root)
	srv.AroundRootFields(freshForMutations(s))
	return o.fromHTTP(s, transports(srv, s, prices, o)), nil
}

// freshForMutations gives each root field of a mutation its own loaders, so that no answer is older than its write. A sign-in changes
// their viewer.
func freshForMutations(s loader.Sources) graphql.RootFieldMiddleware {
	return func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
			ctx = operation.From(ctx).Fresh(ctx, s)
		}
		return next(ctx)
	}
}
