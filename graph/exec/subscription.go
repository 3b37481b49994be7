package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// subscribe starts a subscription and returns the handler of its events. If the stream cannot be started the error is reported
// and the handler is nil.
func (e *Executor) subscribe(ctx context.Context, p *Plan) graphql.ResponseHandler {
	if len(p.root.fields) != 1 || p.root.fields[0].constant != nil {
		graphql.AddErrorf(ctx, "must subscribe to exactly one stream")
		return nil
	}
	s := p.root.fields[0]
	next, ok := e.stream(ctx, p, s)
	if !ok {
		return nil
	}
	return func(ctx context.Context) *graphql.Response {
		event, more := next(ctx)
		if !more {
			return nil
		}
		return e.event(ctx, p, s, event)
	}
}

// stream calls the resolver of a subscription. It returns false if that fails, and reports why.
func (e *Executor) stream(ctx context.Context, p *Plan, s *selection) (next func(context.Context) (any, bool), ok bool) {
	r := e.start(ctx, p)
	defer r.release()
	at := (&encoder{run: r, path: []pathStep{{sel: s}}}).context()
	defer func() {
		if recovered := recover(); recovered != nil {
			graphql.AddError(at, graphql.Recover(at, recovered))
			next, ok = nil, false
		}
	}()
	var args map[string]any
	var err error
	if s.def.Args != nil {
		if args, err = s.def.Args(at, s.ArgumentMap(r.vars)); err != nil {
			graphql.AddError(at, &ArgumentError{err})
			return nil, false
		}
	}
	if next, err = s.def.Stream(at, args); err != nil {
		graphql.AddError(at, graphql.AddFieldLocationToError(at, err))
		return nil, false
	}
	return next, next != nil
}

// event answers with one event: what is selected of it is resolved as of any other value.
func (e *Executor) event(ctx context.Context, p *Plan, s *selection, event any) *graphql.Response {
	r := e.start(ctx, p)
	defer r.release()
	r.env = e.options.Env(ctx)
	f := &r.fetches[s.index]
	f.reset(r, s, 1)
	f.set(0, event)
	f.done()
	r.finish()
	enc := r.encoder()
	return enc.response(ctx, enc.fields(p.root.fields, nil, 0))
}
