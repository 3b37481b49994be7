package exec

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// deferral is what a selection set selects with @defer under one label.
type deferral struct {
	label  string
	fields []*selection
}

// deferral returns the deferral of a node with a label.
func (n *node) deferral(label string) *deferral {
	for _, d := range n.deferred {
		if d.label == label {
			return d
		}
	}
	d := &deferral{label: label}
	n.deferred = append(n.deferred, d)
	return d
}

// part is a deferral of one object. It is answered after the object.
type part struct {
	of    *deferral
	node  *node
	index int // of the object
	path  []pathStep
	start int // of the object in the buffer
}

// deferParts registers the deferrals of the object that was written at start.
func (e *encoder) deferParts(n *node, index int, start int) {
	for _, d := range n.deferred {
		e.parts = append(e.parts, part{d, n, index, slices.Clone(e.path), start})
	}
}

// dropParts drops the parts of objects that were written since start, because they are replaced by null.
func (e *encoder) dropParts(start int) {
	e.parts = slices.DeleteFunc(e.parts, func(p part) bool { return p.start >= start })
}

// later answers the parts of an operation, one after the other. All parts that are known are resolved together.
type later struct {
	enc      *encoder
	ctx      context.Context // of the operation
	resolved int             // parts that are resolved
	sent     int
}

// next answers the next part, nil if there is none.
func (l *later) next(ctx context.Context) *graphql.Response {
	if l.sent == len(l.enc.parts) {
		return nil
	}
	l.enc.run.ctx = continuation{l.ctx, ctx}
	if l.sent == l.resolved {
		l.resolve()
	}
	p := l.enc.parts[l.sent]
	l.sent++
	response := l.enc.part(p)
	more := l.sent < len(l.enc.parts)
	response.HasNext = &more
	if !more {
		l.enc.run.release()
	}
	return response
}

// resolve resolves the fields of all parts that are not resolved yet.
func (l *later) resolve() {
	r := l.enc.run
	for _, p := range l.enc.parts[l.resolved:] {
		fields := p.of.fields
		if p.node == r.plan.root {
			fields = r.admitted(fields)
		}
		for _, s := range fields {
			if s.constant == nil && s.def.Append == nil && !r.fetches[s.index].begun {
				r.begin(s, len(r.columns[p.node.index].objects))
			}
		}
	}
	r.finish()
	l.resolved = len(l.enc.parts)
}

// part writes a part into a new buffer.
func (e *encoder) part(p part) *graphql.Response {
	e.begin(0)
	e.path = p.path
	known := len(e.parts)
	ok := e.fields(p.of.fields, e.run.columns[p.node.index].objects[p.index], p.index)
	if !ok {
		e.parts = e.parts[:known]
	}
	for i := range e.parts {
		e.parts[i].start = -1 // of another buffer
	}
	response := e.response(e.run.ctx, ok)
	response.Path, response.Label = pathOf(p.path), p.of.label
	return response
}

func pathOf(steps []pathStep) ast.Path {
	path := make(ast.Path, len(steps))
	for i, s := range steps {
		if s.sel == nil {
			path[i] = ast.PathIndex(s.index)
		} else {
			path[i] = ast.PathName(s.sel.Alias)
		}
	}
	return path
}

// continuation is the context of a later part: that of the operation, with the errors of the part.
type continuation struct {
	context.Context
	part context.Context
}

// Value implements context.Context.
func (c continuation) Value(key any) any {
	if v := c.part.Value(key); v != nil {
		return v
	}
	return c.Context.Value(key)
}
