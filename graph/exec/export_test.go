package exec

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// MaxVariants is how many plans of one operation are kept.
const MaxVariants = maxVariants

// Plans returns how many operations and how many plans are kept, and what those weigh together.
func Plans(t *testing.T, e *Executor) (operations, plans, weight int) {
	t.Helper()
	for _, v := range e.plans.operations.Values() {
		operations++
		plans += v.plans.Len()
		for _, p := range v.plans.Values() {
			weight += p.weight
		}
	}
	if weight != e.plans.weight {
		t.Errorf("the plans weigh %d, but %d are counted", weight, e.plans.weight)
	}
	return operations, plans, weight
}

// Fields returns how many fields the largest plan has.
func Fields(e *Executor) (n int) {
	for _, v := range e.plans.operations.Values() {
		for _, p := range v.plans.Values() {
			n = max(n, p.fields)
		}
	}
	return n
}

// Planned reports whether an operation has a plan.
func Planned(e *Executor, op *graphql.OperationContext) bool {
	_, err := e.plan(op)
	return err == nil
}

// Released calls fn with each run that the plans of an executor keep, and keeps it again.
func Released(e *Executor, fn func(run any)) (n int) {
	for _, v := range e.plans.operations.Values() {
		for _, p := range v.plans.Values() {
			for r, ok := p.runs.Get().(*run); ok; r, ok = p.runs.Get().(*run) {
				n++
				fn(r)
				defer p.runs.Put(r)
			}
		}
	}
	return n
}

// Shared reports whether a type is shared by the runs of a plan.
func Shared(value any) bool {
	switch value.(type) {
	case Plan, Executor, selection, node, Type, Field:
		return true
	}
	return false
}

// Poison fills the memory that a released run keeps.
func Poison(released any) {
	r := released.(*run)
	for i := range r.columns {
		fill[any](r.columns[i].objects, "poison")
	}
	for i := range r.fetches {
		f := &r.fetches[i]
		fill[any](f.leaves, "poison")
		fill(f.at, child{1, 1 << 20})
		fill(f.lists, span{1 << 20, 1 << 21, true})
		if p, ok := f.spare.(interface{ poison() }); ok {
			p.poison()
		}
	}
	fill(r.pending, &Fetch{})
	fill(r.waiting, waiting{fetch: &Fetch{}})
	fill(r.arrived, waiting{fetch: &Fetch{}})
}

func fill[T any](s []T, v T) {
	s = s[:cap(s)]
	for i := range s {
		s[i] = v
	}
}

func (c *Children[K, V]) poison() {
	fill(c.loads, 1<<20)
	fill(c.known, 1<<20)
}
