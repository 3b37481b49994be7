package exec

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// collector collects the fields that are selected on one object type, as CollectFields of the specification. CollectFields of
// gqlgen takes quadratic time, and it does not merge fields that are selected on a union and on a member of it, or on unrelated
// interfaces.
type collector struct {
	variables map[string]any
	typ       *Type
	fields    []graphql.CollectedField // in the order of the answer
	index     map[string]int           // of fields, by alias
	seen      map[string]bool          // the fragments that were spread
	visits    int                      // that are left
}

// collect returns the fields that a selection set selects on a type.
func (c *compiler) collect(t *Type, set ast.SelectionSet) ([]graphql.CollectedField, error) {
	clear(c.collector.index)
	clear(c.collector.seen)
	c.collector.typ, c.collector.fields = t, make([]graphql.CollectedField, 0, len(set))
	c.collector.set(set, nil)
	if c.collector.visits < 0 {
		return nil, ErrTooManyFields
	}
	return c.collector.fields, nil
}

func (c *collector) set(set ast.SelectionSet, deferred *graphql.Deferrable) {
	for _, s := range set {
		if c.visits--; c.visits < 0 {
			return
		}
		switch s := s.(type) {
		case *ast.Field:
			if c.included(s.Directives) {
				c.field(s, deferred)
			}
		case *ast.InlineFragment:
			if c.included(s.Directives) {
				c.fragment(s.TypeCondition, s.Directives, s.SelectionSet, deferred)
			}
		case *ast.FragmentSpread:
			if !c.seen[s.Name] && c.included(s.Directives) {
				c.seen[s.Name] = true
				c.fragment(s.Definition.TypeCondition, s.Directives, s.Definition.SelectionSet, deferred)
			}
		}
	}
}

func (c *collector) field(s *ast.Field, deferred *graphql.Deferrable) {
	i, ok := c.index[s.Alias]
	if !ok {
		i = len(c.fields)
		c.index[s.Alias] = i
		c.fields = append(c.fields, graphql.CollectedField{Field: s, Selections: slices.Clip(s.SelectionSet)})
	} else {
		c.fields[i].Selections = append(c.fields[i].Selections, s.SelectionSet...)
	}
	if deferred != nil {
		c.fields[i].Deferrables = append(c.fields[i].Deferrables, deferred)
	} else {
		c.fields[i].IsNonDeferrable = true
	}
}

func (c *collector) fragment(condition string, directives ast.DirectiveList, set ast.SelectionSet, deferred *graphql.Deferrable) {
	if condition != "" && !slices.Contains(c.typ.Satisfies, condition) {
		return
	}
	if d := directives.ForName("defer"); d != nil && c.condition(d) {
		deferred = &graphql.Deferrable{Label: c.label(d)}
	}
	c.set(set, deferred)
}

// label returns the label of a @defer, empty if it has none.
func (c *collector) label(d *ast.Directive) string {
	a := d.Arguments.ForName("label")
	if a == nil {
		return ""
	}
	v, _ := a.Value.Value(c.variables) // fails only for literals that are no strings
	label, _ := v.(string)
	return label
}

func (c *collector) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name == "skip" && c.condition(d) || d.Name == "include" && !c.condition(d) {
			return false
		}
	}
	return true
}

// condition returns the argument if of a directive, true if it has none.
func (c *collector) condition(d *ast.Directive) bool {
	a := d.Arguments.ForName("if")
	if a == nil {
		return true
	}
	v, _ := a.Value.Value(c.variables) // fails only for literals that are no Booleans
	on, _ := v.(bool)
	return on
}
