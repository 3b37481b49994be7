package exec

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Options are the options of an executor.
type Options struct {
	// Env returns the environment of an operation. It is called once for each query, for each root field of a mutation and for
	// each event of a subscription, with the context that the field is resolved under.
	Env func(ctx context.Context) Env

	// MaxBytes bounds the JSON of one answer; 0 is no bound. An operation with a longer answer fails with ErrTooLarge, and its
	// memory is bounded by MaxBytes and one value.
	MaxBytes int

	// Pace is called while a long answer is written, for each paceBytes of it, with its length so far. It may block, so that others run first;
	// an error ends the operation. Nil: an answer is written at once.
	Pace func(ctx context.Context, bytes int) error

	MaxFields int // of a plan; 0: 10,000
	MaxErrors int // that one answer reports; 0: 1,000
	MaxPlans  int // operations whose plans are kept; 0: 1,000

	// MaxKept bounds the memory of the plans that are kept, in fields of about 400 bytes. Eight bytes of a text count as another one: the
	// plan keeps the parsed text, in which many fields may be one. 0: 200,000.
	MaxKept int
}

// ArgumentError is the error of arguments that could not be converted: the client has sent them.
type ArgumentError struct{ Err error }

func (e *ArgumentError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the conversion.
func (e *ArgumentError) Unwrap() error { return e.Err }

// ErrTooLarge is the error of an operation whose answer has more bytes than Options.MaxBytes.
var ErrTooLarge = errors.New("exec: the answer is too large")

// Executor is an executable schema that runs operations breadth-first. It replaces the runtime of gqlgen's executable schema,
// which it calls for operations without a plan: introspection, and @defer.
type Executor struct {
	graphql.ExecutableSchema

	schema  *Schema
	edges   Edges
	loaders map[string]loaderSet
	options Options
	plans   *plans
}

var _ graphql.ExecutableSchema = (*Executor)(nil)

// New returns an executor of a schema. Inner is gqlgen's executable schema, tables are those that package gen generated from it,
// and edges are the fields that loaders resolve. New panics if an edge names a field that the schema does not have, or if the
// edges have more than 64 loaders.
func New(inner graphql.ExecutableSchema, tables *Schema, edges Edges, o Options) *Executor {
	o.MaxBytes = orDefault(o.MaxBytes, math.MaxInt)
	o.MaxFields, o.MaxErrors = orDefault(o.MaxFields, 10_000), orDefault(o.MaxErrors, 1000)
	e := &Executor{ExecutableSchema: inner, schema: tables, edges: edges, loaders: map[string]loaderSet{}, options: o}
	e.plans = newPlans(orDefault(o.MaxPlans, 1000), orDefault(o.MaxKept, 200_000))
	for name, edge := range edges {
		if !tables.has(name) {
			panic("exec: the schema has no field " + name)
		}
		for _, l := range slices.Concat(edge.Loaders, edge.Then) {
			e.register(l)
		}
	}
	return e
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

func (e *Executor) register(loader string) {
	if _, ok := e.loaders[loader]; ok {
		return
	}
	if len(e.loaders) == 64 {
		panic("exec: more than 64 loaders")
	}
	e.loaders[loader] = 1 << len(e.loaders)
}

func (e *Executor) set(loaders []string) (s loaderSet) {
	for _, l := range loaders {
		s |= e.loaders[l]
	}
	return s
}

// Exec implements graphql.ExecutableSchema.
func (e *Executor) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	plan, err := e.plan(op)
	if errors.Is(err, errNoPlan) {
		return e.ExecutableSchema.Exec(ctx)
	}
	if err != nil {
		graphql.AddError(ctx, err)
		return nil
	}
	if plan.operation == ast.Subscription {
		return e.subscribe(ctx, plan)
	}
	var rest *later
	done := false
	return func(ctx context.Context) (response *graphql.Response) {
		switch {
		case rest != nil:
			return rest.next(ctx)
		case done:
			return nil
		}
		done = true
		response, rest = e.answer(ctx, plan)
		return response
	}
}

// Compile compiles all operations of a valid document and keeps their plans, so that their first execution does not have to.
// Operations with conditions are compiled for one value of their variables.
func (e *Executor) Compile(doc *ast.QueryDocument) error {
	for _, op := range doc.Operations {
		if _, err := e.plan(&graphql.OperationContext{Doc: doc, Operation: op, Variables: assumed(op)}); err != nil && !errors.Is(err, errNoPlan) {
			return err
		}
	}
	return nil
}

// answer runs a query or a mutation. If parts of the answer follow it returns what answers them.
func (e *Executor) answer(ctx context.Context, p *Plan) (*graphql.Response, *later) {
	r := e.start(ctx, p)
	enc := r.encoder()
	ok := true
	if p.operation == ast.Mutation {
		for i, s := range p.root.fields {
			ok = r.mutate(s, enc, i == 0) && ok
		}
	} else {
		r.env = e.options.Env(ctx)
		r.resolve(r.admitted(p.root.fields))
		if ok = enc.fields(p.root.fields, nil, 0); ok {
			enc.deferParts(p.root, 0, 0)
		}
	}
	ok = ok && !enc.full()
	response := enc.response(ctx, ok)
	if !ok || len(enc.parts) == 0 {
		r.release()
		return response, nil
	}
	more := true
	response.HasNext = &more
	return response, &later{enc: enc, ctx: ctx}
}

// admitted calls the middleware of root fields for each field and returns those that are to be resolved. As the fields of a query
// are resolved together, what a middleware does after it has called the next happens before the field is resolved.
func (r *run) admitted(fields []*selection) []*selection {
	admitted := make([]*selection, 0, len(fields))
	for _, s := range fields {
		if s.constant != nil {
			continue
		}
		if passes := r.middleware(s, func(context.Context) {}); passes {
			admitted = append(admitted, s)
		}
	}
	return admitted
}

// mutate resolves and writes one root field of a mutation. It returns false if it is null and must not be.
func (r *run) mutate(s *selection, enc *encoder, first bool) (ok bool) {
	if s.constant == nil {
		outer := r.ctx
		defer func() { r.ctx = outer }()
		r.middleware(s, func(ctx context.Context) {
			r.ctx, r.env = ctx, r.executor.options.Env(ctx)
			r.resolve([]*selection{s})
			ok = enc.root(s, first)
		})
		if !r.fetches[s.index].refused {
			return ok
		}
	}
	return enc.root(s, first)
}

// root writes one root field, after a comma if others stand before it. It returns false if it is null and must not be.
func (e *encoder) root(s *selection, first bool) bool {
	if e.full() {
		return true
	}
	if !first {
		e.buf = append(e.buf, ',')
	}
	return e.field(s, nil, 0)
}

// middleware calls the middleware of root fields around a function. It returns false if that was not called.
func (r *run) middleware(s *selection, next func(context.Context)) (called bool) {
	ctx := graphql.WithRootFieldContext(graphql.WithFieldContext(r.ctx, &graphql.FieldContext{Object: s.owner.typ.Name}), &graphql.RootFieldContext{Object: s.Name, Field: s.CollectedField})
	graphql.GetOperationContext(ctx).RootResolverMiddleware(ctx, func(ctx context.Context) graphql.Marshaler {
		called = true
		next(ctx)
		return graphql.Null
	})
	if !called {
		f := &r.fetches[s.index]
		f.reset(r, s, 1)
		f.refused = true
	}
	return called
}

// response returns what was encoded, or null.
func (e *encoder) response(ctx context.Context, ok bool) *graphql.Response {
	if ok {
		e.buf = append(e.buf, '}')
	}
	switch {
	case e.full():
		graphql.AddError(ctx, e.stopped)
		ok = false
	case ok:
		e.run.plan.size.Store(int64(len(e.buf)))
	}
	if !ok {
		e.buf = append(e.buf[:0], "null"...)
	}
	return &graphql.Response{Data: e.buf}
}

// has reports whether the schema has a field, such as "Document.author".
func (s *Schema) has(name string) bool {
	for _, t := range s.Types {
		for _, f := range t.Fields {
			if t.Name+"."+f.Name == name {
				return true
			}
		}
	}
	return false
}
