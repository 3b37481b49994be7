package limits

import (
	"math"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/page"
)

// The directives of the IBM cost specification (https://ibm.github.io/graphql-specs/cost-spec.html) that the schema uses.
const (
	costDirective = "cost"
	listDirective = "listSize"
)

// size is what a selection amounts to.
type size struct{ depth, fields, aliases, cost, fixed int }

// measure measures one operation. A fragment is measured once for each number of entries that it is spread over.
type measure struct {
	op        *graphql.OperationContext
	fragments map[spread]size
}

// list is a field of which some of the fields below are lists of so many entries.
type list struct {
	entries int
	sized   *ast.FieldDefinition // whose directive names them; nil where there are none
}

type spread struct {
	fragment *ast.FragmentDefinition
	within   list
}

var none = list{entries: 1}

// of measures a selection.
func (m measure) of(set ast.SelectionSet, within list) size {
	var total size
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			total = total.plus(m.field(s, within))
		case *ast.InlineFragment:
			total = total.plus(m.of(s.SelectionSet, within))
		case *ast.FragmentSpread:
			total = total.plus(m.fragment(spread{s.Definition, within}))
		}
	}
	return total
}

func (m measure) fragment(s spread) size {
	known, ok := m.fragments[s]
	if !ok {
		known = m.of(s.fragment.SelectionSet, s.within)
		m.fragments[s] = known
	}
	return known
}

// field measures a field: an object costs a point and a scalar nothing, unless the schema names another weight; a list costs
// as much as the entries that it may have.
func (m measure) field(f *ast.Field, within list) size {
	entries, below := m.entries(f), none
	if d := directive(f, listDirective); d != nil && d.Arguments.ForName("sizedFields") != nil {
		entries, below = 1, list{entries: entries, sized: f.Definition}
	}
	if within.sized != nil && names(within.sized.Directives.ForName(listDirective), "sizedFields", f.Name) {
		entries = times(entries, within.entries)
	}
	inner := m.of(f.SelectionSet, below)
	own, named := m.weight(f)
	s := size{depth: 1 + inner.depth, fields: 1, aliases: inner.aliases, cost: times(saturated(own, inner.cost), entries), fixed: times(inner.fixed, entries)}
	if named && len(f.SelectionSet) > 0 { // what a leaf costs depends on its bytes
		s.fixed = saturated(s.fixed, times(own, entries))
	}
	if f.Alias != f.Name {
		s.aliases = saturated(s.aliases, 1)
	}
	return s
}

// weight returns what one value of a field costs without its selection, and whether the schema names it.
func (m measure) weight(f *ast.Field) (points int, named bool) {
	if len(f.SelectionSet) > 0 {
		points = 1
	}
	if w, ok := weightIn(directive(f, costDirective)); ok {
		points, named = w, true
	}
	for _, a := range f.Arguments {
		if f.Definition == nil {
			break
		}
		if def := f.Definition.Arguments.ForName(a.Name); def != nil {
			w, _ := weightIn(def.Directives.ForName(costDirective))
			points = saturated(points, w)
		}
	}
	return points, named
}

func weightIn(d *ast.Directive) (int, bool) {
	if d == nil {
		return 0, false
	}
	w, err := strconv.Atoi(d.Arguments.ForName("weight").Value.Raw)
	return max(w, 0), err == nil
}

func directive(f *ast.Field, name string) *ast.Directive {
	if f.Definition == nil {
		return nil
	}
	return f.Definition.Directives.ForName(name)
}

// entries is how many entries a list may have: what its slicing arguments say, otherwise what the schema assumes; one where
// the field is no list.
func (m measure) entries(f *ast.Field) int {
	d := directive(f, listDirective)
	if d == nil {
		return 1
	}
	if slicing := d.Arguments.ForName("slicingArguments"); slicing != nil {
		args := f.ArgumentMap(m.op.Variables)
		for _, c := range slicing.Value.Children {
			if n, ok := sliced(args[c.Value.Raw]); ok {
				return n
			}
		}
	}
	if assumed := d.Arguments.ForName("assumedSize"); assumed != nil {
		if n, err := strconv.Atoi(assumed.Value.Raw); err == nil {
			return n
		}
	}
	return page.DefaultSize
}

// sliced is how many entries an argument asks for: its number, or its own entries where it is a list.
func sliced(value any) (int, bool) {
	if many, ok := value.([]any); ok {
		return max(len(many), 1), true
	}
	if value == nil {
		return 0, false
	}
	n, err := graphql.UnmarshalInt(value)
	return min(max(n, 1), page.MaxSize), err == nil
}

// names reports whether a list in a directive has an entry.
func names(d *ast.Directive, argument, name string) bool {
	of := d.Arguments.ForName(argument)
	return of != nil && slices.ContainsFunc(of.Value.Children, func(c *ast.ChildValue) bool { return c.Value.Raw == name })
}

func (s size) plus(o size) size {
	return size{
		depth: max(s.depth, o.depth), fields: saturated(s.fields, o.fields), aliases: saturated(s.aliases, o.aliases),
		cost: saturated(s.cost, o.cost), fixed: saturated(s.fixed, o.fixed),
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
