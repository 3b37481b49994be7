package exec

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// resolve resolves root fields and everything that is selected below them, level by level.
func (r *run) resolve(roots []*selection) {
	for _, s := range roots {
		r.begin(s, 1)
	}
	r.finish()
}

// finish runs levels until no field waits for a loader.
func (r *run) finish() {
	for {
		if r.askLoaders() {
			continue
		}
		if len(r.waiting) == 0 {
			return
		}
		r.load()
		r.arrived, r.waiting = r.waiting, r.arrived[:0]
		for _, w := range r.arrived {
			w.fetch.proceed(w.next)
		}
	}
}

// load runs the loaders of a level. If the environment panics, the fields that wait for them fail.
func (r *run) load() {
	defer func() {
		if p := recover(); p != nil {
			err := panicError(r.ctx, p)
			for _, w := range r.waiting {
				w.fetch.FailAll(err)
			}
			r.waiting = r.waiting[:0]
		}
	}()
	r.env.Run(r.ctx)
}

// askLoaders begins every edge that does not wait for a later load of the same loader. It returns false if there is none. An
// edge without a load may have made others ready, which belong to the same level.
func (r *run) askLoaders() (asked bool) {
	begin := r.pending
	r.pending, r.beginning = r.beginning[:0], begin
	for i, f := range begin {
		if f.sel.later() == 0 && r.expected(f, begin, i) {
			r.pending = append(r.pending, f)
			continue
		}
		f.ask()
		asked = true
	}
	return asked
}

// expected reports whether a loader of the field will be asked again by what is selected below another field.
func (r *run) expected(f *Fetch, begin []*Fetch, self int) bool {
	for i, other := range begin {
		if i != self && other.sel.later().intersects(f.sel.asks) {
			return true
		}
	}
	for _, w := range r.waiting {
		if w.later.intersects(f.sel.asks) {
			return true
		}
	}
	return false
}

// ready begins the fields of a node, once its objects are there.
func (r *run) ready(n *node) {
	objects := len(r.columns[n.index].objects)
	if objects == 0 {
		return
	}
	for _, s := range n.fetch {
		if !r.fetches[s.index].begun {
			r.begin(s, objects)
		}
	}
}

// beginEarly begins the fields of a node that need only the identifiers of its objects, in the level that loads these.
func (r *run) beginEarly(n *node) {
	for _, s := range n.early {
		f := &r.fetches[s.index]
		f.reset(r, s, len(r.columns[n.index].objects))
		if f.convertArgs() {
			f.ask()
		}
	}
}

// begin begins a field for n objects. An edge is left to the scheduler; any other field is resolved at once.
func (r *run) begin(s *selection, n int) {
	f := &r.fetches[s.index]
	f.reset(r, s, n)
	if !f.convertArgs() {
		return
	}
	if s.edge != nil {
		r.pending = append(r.pending, f)
		return
	}
	f.callAll()
	f.done()
}

// convertArgs converts the arguments, which are the same for all objects of the level. It returns false if that fails.
func (f *Fetch) convertArgs() (ok bool) {
	if f.sel.def.Args == nil {
		return true
	}
	if known := f.sel.args.Load(); known != nil {
		f.args = *known
		return true
	}
	defer func() {
		if p := recover(); p != nil {
			f.badArgs, ok = true, false
		}
	}()
	var err error
	f.args, err = f.sel.def.Args(f.run.ctx, f.sel.ArgumentMap(f.run.vars))
	if f.badArgs = err != nil; f.badArgs { // the encoder reports it for each object, with its path
		return false
	}
	if f.sel.constantArgs {
		args := f.args // of the plan, not of the run
		f.sel.args.Store(&args)
	}
	return true
}

// ask begins the edge of the field.
func (f *Fetch) ask() { f.step(f.sel.edge.Begin, nil) }

// proceed takes the next step of the edge, unless the operation is over.
func (f *Fetch) proceed(next Step) { f.step(nil, next) }

// step takes a step of the edge. A panic of the edge fails the field.
func (f *Fetch) step(begin func(*Fetch) Step, next Step) {
	defer f.recovered()
	if err := f.run.ctx.Err(); err != nil {
		f.FailAll(err)
		return
	}
	later := f.sel.below
	if begin != nil {
		next, later = begin(f), f.sel.later()
	} else {
		next = next()
	}
	if next != nil {
		f.run.waiting = append(f.run.waiting, waiting{f, next, later})
		return
	}
	f.done()
}

func (f *Fetch) recovered() {
	if p := recover(); p != nil {
		f.FailAll(panicError(f.run.ctx, p))
	}
}

// panicked is the error of a panic. It has no path: each object that the panic fails has its own.
type panicked struct{ error }

func panicError(ctx context.Context, p any) error {
	err := graphql.Recover(ctx, p)
	if located, ok := errors.AsType[*gqlerror.Error](err); ok {
		err = withoutPath(located)
	}
	return panicked{err}
}

func withoutPath(err *gqlerror.Error) error {
	bare := *err
	bare.Path = nil
	return &bare
}

// done makes everything ready that is selected of the values of the field.
func (f *Fetch) done() {
	for _, n := range f.sel.children {
		f.run.ready(n)
	}
}

// callAll resolves a field that has no edge, object by object.
func (f *Fetch) callAll() {
	ctx := f.run.ctx
	if f.sel.def.Resolver {
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: f.sel.owner.typ.Name, Field: f.sel.CollectedField, Args: f.args, IsMethod: true, IsResolver: true})
	}
	objects := f.column().objects
	for i := range f.n {
		if objects[i] == nil && f.sel.owner != f.run.plan.root {
			continue
		}
		value, err := f.call(ctx, objects[i])
		if err != nil {
			f.Fail(i, err)
			continue
		}
		f.set(i, value)
	}
}

// call calls the resolver of the field for one object. A panic is an error of this object alone.
func (f *Fetch) call(ctx context.Context, object any) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			value, err = nil, panicError(ctx, p)
		}
	}()
	return f.sel.def.Value(ctx, object, f.args)
}

// set sets a value as Field.Value returns it.
func (f *Fetch) set(i int, value any) {
	switch t := f.sel.def.Type; {
	case t.Leaf:
		f.SetLeaf(i, value)
	case value == nil:
	case t.List:
		objects, _ := value.([]any)
		f.SetObjects(i, objects)
	default:
		f.SetObject(i, value)
	}
}
