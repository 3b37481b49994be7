package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// run is one execution of a plan, or of one root field of a mutation after the other.
type run struct {
	plan     *Plan
	executor *Executor
	ctx      context.Context
	env      Env
	vars     map[string]any

	columns   []column // by index of the node
	fetches   []Fetch  // by index of the selection
	pending   []*Fetch // edges that have not begun
	beginning []*Fetch // scratch of the scheduler
	waiting   []waiting
	arrived   []waiting // scratch of the scheduler
}

// waiting is a field whose loaders were asked.
type waiting struct {
	fetch *Fetch
	next  Step
	later loaderSet // the loaders that are asked after this step
}

// column is all objects of one node, in the order in which fields found them.
type column struct {
	objects []any // nil: there is no such object
	ids     any   // *[]K
	errs    map[int]error
}

func (c *column) fail(i int, err error) {
	c.objects[i] = nil
	if c.errs == nil {
		c.errs = map[int]error{}
	}
	c.errs[i] = err
}

func (c *column) release() {
	clear(c.objects)
	*c = column{objects: c.objects[:0]}
}

// start returns a run of the plan with the root object in place.
func (e *Executor) start(ctx context.Context, p *Plan) *run {
	r, ok := p.runs.Get().(*run)
	if !ok {
		r = &run{plan: p, executor: e, columns: make([]column, p.nodes), fetches: make([]Fetch, p.fields)}
	}
	r.ctx, r.vars = ctx, graphql.GetOperationContext(ctx).Variables
	r.columns[p.root.index].objects = append(r.columns[p.root.index].objects, nil)
	return r
}

// release gives the run back. Nothing that an operation has put into it may be reachable after.
func (r *run) release() {
	for i := range r.columns {
		r.columns[i].release()
	}
	for i := range r.fetches {
		if r.fetches[i].begun {
			r.fetches[i].release()
		}
	}
	clear(r.pending[:cap(r.pending)])
	clear(r.beginning[:cap(r.beginning)])
	clear(r.waiting[:cap(r.waiting)])
	clear(r.arrived[:cap(r.arrived)])
	r.pending, r.waiting, r.arrived = r.pending[:0], r.waiting[:0], r.arrived[:0]
	r.ctx, r.env, r.vars = nil, nil, nil
	r.plan.runs.Put(r)
}
