package graph

import (
	"context"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/limits"
	"docsquare/graph/loader"
	"docsquare/graph/quota"
)

// Topics are the files of the schema in the order of the SDL.
var Topics = topics

// Published returns the schema as clients see it.
func Published() *ast.Schema { return published() }

// NewRuntime returns an executor of operations over one of the executable schemas, with what the handler puts around both:
// limits, the loaders of each operation and of each root field of a mutation, and the presentation of errors. The inner
// middleware runs between the loaders and the operation.
func NewRuntime(s loader.Sources, schema graphql.ExecutableSchema, timeout time.Duration, inner ...graphql.ResponseMiddleware) *executor.Executor {
	log, bounds := slog.New(slog.DiscardHandler), limits.Default
	bounds.Cost *= 20 // generated operations cost more than what clients may ask for
	e := executor.New(schema)
	e.SetQueryCache(newParsedTexts(parsedBytes))
	e.SetErrorPresenter(errorPresenter(log, true))
	e.SetRecoverFunc(recovered)
	e.Use(limits.Extension{Limits: bounds})
	e.AroundOperations(operate(s, Options{Timeout: timeout, Log: log}, &quota.Extension{}))
	for _, m := range inner {
		e.AroundResponses(m)
	}
	e.AroundRootFields(freshForMutations(s))
	return e
}

// Publications is what a subscription to published documents remembers, for tests that write between its parts.
type Publications struct{ p publications }

// Begin begins a subscription to all documents.
func (x *Publications) Begin(ctx context.Context, s loader.Sources) error {
	return look(ctx, s, x.p.begin)
}

// Look finds documents that are not known yet.
func (x *Publications) Look(ctx context.Context, s loader.Sources) error {
	return look(ctx, s, x.p.look)
}

// Next returns the title of the next document to be sent, "" if there is none.
func (x *Publications) Next(ctx context.Context, s loader.Sources) (title string, err error) {
	err = look(ctx, s, func(ctx context.Context) error {
		d, err := x.p.next(ctx)
		if d != nil {
			title = d.Title
		}
		return err
	})
	return title, err
}
