// Package guard owns the limits of an operation: depth, aliases, root fields and cost, computed from its text before
// anything runs, in linear time however fragments nest.
package guard

import (
	"context"
	"math"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/errs"
	"docsquare/internal/page"
)

// Limits of an operation. The zero value of a limit is none.
type Limits struct {
	Depth, Aliases, RootFields, Cost int
}

// Default is the limits of the contract.
var Default = Limits{Depth: 15, Aliases: 100, RootFields: 20, Cost: 5000}

// Guard refuses operations beyond its limits. It is an extension of the handler; add it before any other.
type Guard struct{ Limits }

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = Guard{}

const extension = "docsquareCost"

// ExtensionName names the extension.
func (Guard) ExtensionName() string { return "Guard" }

// Validate accepts every schema.
func (Guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext measures the operation and refuses it where it passes a limit.
func (g Guard) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := measure{op: op, fragments: map[*ast.FragmentDefinition]size{}}
	s := m.of(op.Operation.SelectionSet)
	op.Stats.SetExtension(extension, s.cost)
	introspection := m.onlyIntrospects(op.Operation.SelectionSet)
	switch {
	case g.RootFields > 0 && s.fields > g.RootFields:
		return refuse("the operation has %d root fields, but %d are allowed: send several operations", s.fields, g.RootFields)
	case g.Depth > 0 && s.depth > g.Depth && !introspection:
		return refuse("the operation is %d levels deep, but %d are allowed: fetch the inner objects by node", s.depth, g.Depth)
	case g.Aliases > 0 && s.aliases > g.Aliases:
		return refuse("the operation has %d aliases, but %d are allowed", s.aliases, g.Aliases)
	case g.Cost > 0 && s.cost > g.Cost && !introspection:
		return refuse("the operation costs %d points, but %d are allowed: ask for smaller pages", s.cost, g.Cost)
	}
	return nil
}

// Cost is the estimated cost of the operation of the context.
func Cost(ctx context.Context) int {
	cost, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(extension).(int)
	return cost
}

func refuse(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": errs.CostLimitExceeded}
	return err
}

// size is what a selection amounts to.
type size struct{ depth, fields, aliases, cost int }

type measure struct {
	op        *graphql.OperationContext
	fragments map[*ast.FragmentDefinition]size // each is measured once
}

// of measures a selection. An object costs a point, a list as many as it may have entries; fields of scalars are free.
func (m measure) of(set ast.SelectionSet) size {
	var total size
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			total = total.plus(m.field(s))
		case *ast.InlineFragment:
			total = total.plus(m.of(s.SelectionSet))
		case *ast.FragmentSpread:
			total = total.plus(m.fragment(s.Definition))
		}
	}
	return total
}

func (m measure) fragment(def *ast.FragmentDefinition) size {
	known, ok := m.fragments[def]
	if !ok {
		known = m.of(def.SelectionSet)
		m.fragments[def] = known
	}
	return known
}

func (m measure) field(f *ast.Field) size {
	inner := m.of(f.SelectionSet)
	s := size{depth: 1 + inner.depth, fields: 1, aliases: inner.aliases}
	if f.Alias != f.Name {
		s.aliases = saturated(s.aliases, 1)
	}
	if len(f.SelectionSet) == 0 {
		return s
	}
	s.cost = times(saturated(inner.cost, 1), m.entries(f))
	return s
}

// entries is how many objects a field may have: the page of a connection, otherwise one.
func (m measure) entries(f *ast.Field) int {
	if f.Definition == nil {
		return 1
	}
	args := f.ArgumentMap(m.op.Variables)
	if ids, ok := args["ids"].([]any); ok {
		return max(len(ids), 1)
	}
	if f.Definition.Arguments.ForName("first") == nil {
		return 1
	}
	for _, name := range []string{"first", "last"} {
		if n, err := graphql.UnmarshalInt(args[name]); err == nil && args[name] != nil {
			return min(max(n, 1), page.MaxSize)
		}
	}
	return page.DefaultSize
}

func (m measure) onlyIntrospects(set ast.SelectionSet) bool {
	for _, s := range set {
		if f, ok := s.(*ast.Field); !ok || f.Name != "__schema" && f.Name != "__type" && f.Name != "__typename" {
			return false
		}
	}
	return true
}

func (s size) plus(o size) size {
	return size{
		depth: max(s.depth, o.depth), fields: saturated(s.fields, o.fields),
		aliases: saturated(s.aliases, o.aliases), cost: saturated(s.cost, o.cost),
	}
}

func saturated(a, b int) int {
	if a > math.MaxInt32-b {
		return math.MaxInt32
	}
	return a + b
}

func times(a, b int) int {
	if b != 0 && a > math.MaxInt32/b {
		return math.MaxInt32
	}
	return a * b
}
