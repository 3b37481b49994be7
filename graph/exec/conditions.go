package exec

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// conditionsOf returns the names of the variables that decide what an operation selects, and those of them that must not be
// null.
func conditionsOf(op *graphql.OperationContext) (names, nonNull []string) {
	c := conditions{doc: op.Doc, seen: map[string]bool{}}
	c.walk(op.Operation.SelectionSet)
	return c.names, c.nonNull
}

type conditions struct {
	doc     *ast.QueryDocument
	seen    map[string]bool // fragments
	names   []string
	nonNull []string // those in @skip and @include
}

func (c *conditions) walk(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			c.note(s.Directives)
			c.walk(s.SelectionSet)
		case *ast.InlineFragment:
			c.note(s.Directives)
			c.walk(s.SelectionSet)
		case *ast.FragmentSpread:
			c.note(s.Directives)
			if f := c.doc.Fragments.ForName(s.Name); f != nil && !c.seen[s.Name] {
				c.seen[s.Name] = true
				c.walk(f.SelectionSet)
			}
		}
	}
}

func (c *conditions) note(list ast.DirectiveList) {
	for _, d := range list {
		a := d.Arguments.ForName("if")
		if a == nil || a.Value.Kind != ast.Variable {
			continue
		}
		if !slices.Contains(c.names, a.Value.Raw) {
			c.names = append(c.names, a.Value.Raw)
		}
		if d.Name == "skip" || d.Name == "include" {
			c.nonNull = append(c.nonNull, a.Value.Raw)
		}
	}
}

// usesVariable reports whether a variable is used in a value.
func usesVariable(v *ast.Value) bool {
	if v.Kind == ast.Variable {
		return true
	}
	for _, c := range v.Children {
		if usesVariable(c.Value) {
			return true
		}
	}
	return false
}
