package exec

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// encoder writes the answer of a run in one pass.
type encoder struct {
	run     *run
	buf     []byte
	pause   int   // the length of buf beyond which the encoder looks whether it may go on
	stopped error // why it may not
	errors  int   // reported so far
	path    []pathStep
	parts   []part // that follow
}

// paceBytes is how many bytes of an answer are written until Options.Pace is called again.
const paceBytes = 64 << 10

// encoder returns an encoder of the answer of a run.
func (r *run) encoder() *encoder {
	e := &encoder{run: r}
	e.begin(int(r.plan.size.Load()))
	return e
}

// begin begins to write an object of about so many bytes into a new buffer.
func (e *encoder) begin(size int) {
	e.pause = min(paceBytes, e.run.executor.options.MaxBytes)
	e.buf = append(newBuffer(min(size, e.pause)), '{')
}

// pathStep is one step of the path to what is encoded: a field, or the index of an item.
type pathStep struct {
	sel   *selection
	index int
}

// full reports whether the encoder stops: the answer has more bytes than it may have, or Options.Pace has failed.
func (e *encoder) full() bool { return len(e.buf) > e.pause && !e.mayGoOn() }

// mayGoOn returns once the encoder may write further bytes. It returns false if it may not: e.stopped is the reason.
func (e *encoder) mayGoOn() bool {
	o := &e.run.executor.options
	switch {
	case e.stopped != nil:
	case len(e.buf) > o.MaxBytes:
		e.stopped = ErrTooLarge
	case o.Pace != nil:
		e.stopped = o.Pace(e.run.ctx, len(e.buf))
	}
	if e.stopped != nil {
		e.pause = -1
		return false
	}
	e.pause = min(len(e.buf)+paceBytes, o.MaxBytes)
	size := int(e.run.plan.size.Load()) // of the last answer
	if cap(e.buf)-len(e.buf) < paceBytes {
		size = max(size, 2*len(e.buf)) // append would copy large answers more often
	}
	if size = min(size, o.MaxBytes); size > cap(e.buf) {
		e.buf = slices.Grow(e.buf, size+256-len(e.buf))
	}
	return true
}

// object writes the object at an index of the column of a node. It returns false, and has written null, if a field of it is
// null and must not be.
func (e *encoder) object(n *node, index int) bool {
	start := len(e.buf)
	e.buf = append(e.buf, '{')
	if !e.fields(n.fields, e.run.columns[n.index].objects[index], index) {
		return e.null(start)
	}
	e.buf = append(e.buf, '}')
	e.deferParts(n, index, start)
	return true
}

// fields writes fields of the object at an index. It returns false if one of them is null and must not be.
func (e *encoder) fields(fields []*selection, object any, index int) bool {
	ok := true
	for i, s := range fields {
		if e.full() {
			return ok
		}
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if !e.field(s, object, index) {
			ok = false
		}
	}
	return ok
}

// null replaces what was written since start by null. It returns false.
func (e *encoder) null(start int) bool {
	e.buf = append(e.buf[:start], "null"...)
	if len(e.parts) > 0 {
		e.dropParts(start)
	}
	return false
}

// field writes a field of the object at an index. It returns false if it is null and must not be.
func (e *encoder) field(s *selection, object any, index int) bool {
	e.buf = append(e.buf, s.key...)
	if s.constant != nil {
		e.buf = append(e.buf, s.constant...)
		return true
	}
	e.path = append(e.path, pathStep{sel: s})
	ok := e.value(s, object, index)
	e.path = e.path[:len(e.path)-1]
	return ok || !s.def.Type.NonNull
}

// value writes the value of a field. It returns false if that is null.
func (e *encoder) value(s *selection, object any, index int) bool {
	start := len(e.buf)
	if s.def.Append != nil {
		return e.plain(s, object, start)
	}
	f := &e.run.fetches[s.index]
	if f.badArgs {
		e.reportArgs(s)
		return e.null(start)
	}
	if f.refused {
		return e.null(start)
	}
	if err := f.err(index); err != nil {
		e.report(err)
		return e.null(start)
	}
	switch t := s.def.Type; {
	case t.Leaf:
		ok := e.leaf(s, f.leaves[index], start)
		if s.edge != nil && s.edge.Written != nil {
			s.edge.Written(f, index, start, len(e.buf))
		}
		return ok
	case t.List:
		return e.list(f, f.lists[index])
	default:
		return e.item(f, f.at[index], t.NonNull, false)
	}
}

// plain writes a leaf that is read from the struct.
func (e *encoder) plain(s *selection, object any, start int) (ok bool) {
	defer e.recovered(start)
	if e.buf, ok = s.def.Append(e.buf, object); !ok && s.def.Type.NonNull {
		e.reportNull("")
	}
	return ok
}

// leaf writes a leaf that was resolved before.
func (e *encoder) leaf(s *selection, value any, start int) (ok bool) {
	defer e.recovered(start)
	if value == nil {
		e.null(start)
	} else {
		e.buf, ok = s.def.Encode(e.buf, value)
	}
	if !ok && s.def.Type.NonNull {
		e.reportNull("")
	}
	return ok
}

// recovered reports a panic while a leaf was written as an error of its field, which is null then.
func (e *encoder) recovered(start int) {
	if p := recover(); p != nil {
		e.null(start)
		ctx := e.context()
		e.add(ctx, graphql.Recover(ctx, p))
	}
}

// list writes a list of objects. A list that was not set is null, or empty if it must not be null. list returns false, and has written null, if it is null or an item is null and must not be.
func (e *encoder) list(f *Fetch, l span) bool {
	start, t := len(e.buf), f.sel.def.Type
	if !l.set && !t.NonNull {
		return e.null(start)
	}
	ok := true
	e.buf = append(e.buf, '[')
	for j := l.from; j < l.to && !e.full(); j++ {
		if j > l.from {
			e.buf = append(e.buf, ',')
		}
		e.path = append(e.path, pathStep{index: j - l.from})
		if err := f.items[j]; err != nil {
			e.add(e.context(), err) // as gqlgen does with what a resolver adds for an item
			e.null(len(e.buf))
			ok = ok && !t.ItemNonNull
		} else if !e.item(f, f.at[j], t.ItemNonNull, true) && t.ItemNonNull {
			ok = false
		}
		e.path = e.path[:len(e.path)-1]
	}
	if !ok {
		return e.null(start)
	}
	e.buf = append(e.buf, ']')
	return true
}

// item writes an object of a field or of a list. It returns false if that is null.
func (e *encoder) item(f *Fetch, at child, nonNull, inList bool) bool {
	start := len(e.buf)
	if at.node == 0 {
		return e.missing(f, start, nonNull, inList)
	}
	n := f.sel.children[at.node-1]
	col := &e.run.columns[n.index]
	if col.objects[at.index] != nil {
		return e.object(n, at.index)
	}
	if err := col.errs[at.index]; err != nil {
		e.report(err)
		return e.null(start)
	}
	return e.missing(f, start, nonNull, inList)
}

func (e *encoder) missing(f *Fetch, start int, nonNull, inList bool) bool {
	switch {
	case nonNull && inList:
		e.reportNull(f.sel.def.Type.Name + "!")
	case nonNull:
		e.reportNull("")
	}
	return e.null(start)
}

// report adds the error of a field to the answer.
func (e *encoder) report(err error) {
	ctx := e.context()
	p, panicking := errors.AsType[panicked](err)
	if panicking {
		err = p.error
	}
	if shared, ok := errors.AsType[*gqlerror.Error](err); ok && shared.Path == nil {
		err = withoutPath(shared) // a copy: gqlgen writes the path of this object into it
	}
	if !panicking { // gqlgen gives those no location
		err = graphql.AddFieldLocationToError(ctx, err)
	}
	e.add(ctx, err)
}

// reportNull adds the error of a value that is null and must not be.
func (e *encoder) reportNull(declared string) {
	if e.errors < e.run.executor.options.MaxErrors {
		graphql.AddInvalidNullError(e.context(), declared)
		e.errors++
	}
}

// reportArgs adds the error of arguments that could not be converted. They are converted again, as the error names its path.
func (e *encoder) reportArgs(s *selection) {
	defer e.recovered(len(e.buf))
	ctx := e.context()
	_, err := s.def.Args(ctx, s.ArgumentMap(e.run.vars))
	e.add(ctx, &ArgumentError{err})
}

func (e *encoder) add(ctx context.Context, err error) {
	if e.errors < e.run.executor.options.MaxErrors {
		graphql.AddError(ctx, err)
		e.errors++
	}
}

// context returns a context with the chain of fields that leads to what is encoded, as error presenters expect it.
func (e *encoder) context() context.Context {
	ctx := graphql.WithFieldContext(e.run.ctx, &graphql.FieldContext{Object: e.run.plan.root.typ.Name})
	for _, at := range e.path {
		fc := &graphql.FieldContext{}
		if at.sel == nil {
			fc.Index = &at.index
		} else {
			fc.Object, fc.Field = at.sel.owner.typ.Name, at.sel.CollectedField
			fc.IsResolver, fc.IsMethod = at.sel.def.Resolver, at.sel.def.Resolver
		}
		ctx = graphql.WithFieldContext(ctx, fc)
	}
	return ctx
}
