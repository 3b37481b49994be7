package querygen

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	maxRootSelections = 4
	maxSelections     = 6
	// maxIntrospectionLists is the nesting of list fields that gqlparser permits in an introspection.
	maxIntrospectionLists = 2
)

// place is where selections are generated.
type place struct {
	parent *ast.Definition
	scope  *scope
	// levels is how deep fields may nest from here. At 1, only leaves are possible.
	levels int
	// wraps counts the fragments between the selections and the next field above.
	wraps int
	// lists counts the list fields of introspection above.
	lists int
	// root reports whether the parent is the root type of the operation.
	root bool
}

// selection is a field, inline fragment or fragment spread.
type selection struct {
	// text is the selection without its selection set.
	text     string
	children []selection
	// fields is the number of fields, including those of fragments.
	fields int
	// height is the nesting of these fields.
	height int
}

// newSelection returns a selection with its sizes. own is 1 for a field and 0 for a fragment.
func newSelection(text string, children []selection, own int) selection {
	return selection{text: text, children: children, fields: countFields(children) + own, height: height(children) + own}
}

func countFields(set []selection) int {
	count := 0
	for _, s := range set {
		count += s.fields
	}
	return count
}

func height(set []selection) int {
	highest := 0
	for _, s := range set {
		highest = max(highest, s.height)
	}
	return highest
}

// selectionSet generates a selection set with at least one field and at most budget fields.
func (b *builder) selectionSet(at place, budget int) []selection {
	wanted := b.wanted(at)
	var set []selection
	for left := budget; left > 0 && len(set) < wanted; {
		s := b.selection(at, b.share(left, wanted-len(set)))
		set = append(set, s)
		left -= s.fields
	}
	return set
}

// wanted returns the number of selections of a selection set.
func (b *builder) wanted(at place) int {
	switch {
	case b.narrow:
		return 1 + b.r.IntN(2)
	case at.root:
		return 1 + b.r.IntN(maxRootSelections)
	default:
		return 1 + b.r.IntN(maxSelections)
	}
}

// share returns how much of the budget the next of n selections may use.
func (b *builder) share(budget, n int) int {
	if n == 1 {
		return budget
	}
	return 1 + b.r.IntN(min(budget, 1+2*budget/n))
}

// selection generates one selection with at least one field and at most budget fields.
func (b *builder) selection(at place, budget int) selection {
	if s, ok := b.fragmentSelection(at, budget); ok {
		return s
	}
	if b.chance(12) {
		if s, ok := b.repeatedField(at, budget); ok {
			return s
		}
	}
	if b.chance(5) {
		return b.typename(at)
	}
	return b.anyField(at, budget)
}

// anyField selects a random field. If no field is possible, it selects __typename.
func (b *builder) anyField(at place, budget int) selection {
	leaves, composites := b.g.types[at.parent.Name].leaves, b.composites(at, budget)
	var fields []*ast.FieldDefinition
	switch {
	case at.root: // every root field has the same chance
		fields = slices.Concat(leaves, composites)
	case len(composites) > 0 && (len(leaves) == 0 || b.narrow || b.chance(50)):
		fields = composites
	default:
		fields = leaves
	}
	if len(fields) == 0 {
		return b.typename(at)
	}
	field := pick(b.r, fields)
	return b.field(at, b.newUse(at, field, b.arguments(at.parent, field)), budget)
}

// composites returns the fields with a selection set that are possible within the limits.
func (b *builder) composites(at place, budget int) []*ast.FieldDefinition {
	if at.levels < 2 || budget < 2 {
		return nil
	}
	fields := b.g.types[at.parent.Name].composites
	if at.lists < maxIntrospectionLists {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), func(field *ast.FieldDefinition) bool {
		return isIntrospectionList(at.parent, field.Name)
	})
}

func (b *builder) subscriptionField(at place) selection {
	fields := slices.Concat(b.g.types[at.parent.Name].leaves, b.composites(at, b.g.fields))
	if len(fields) == 0 {
		panic("querygen: all fields of the subscription type are skipped")
	}
	field := pick(b.r, fields)
	return b.field(at, b.newUse(at, field, b.arguments(at.parent, field)), b.g.fields)
}

// repeatedField selects a field again: with the same arguments under the same name, or with other arguments.
func (b *builder) repeatedField(at place, budget int) (selection, bool) {
	name, previous, ok := b.previous(at, budget)
	if !ok {
		return selection{}, false
	}
	if len(previous.field.Arguments) > 0 && b.chance(50) {
		return b.field(at, b.newUse(at, previous.field, b.arguments(at.parent, previous.field)), budget), true
	}
	return b.namedField(at, name, previous, budget), true
}

// previous returns a random field of the scope that was selected on the same parent.
func (b *builder) previous(at place, budget int) (name string, previous use, ok bool) {
	composites := b.composites(at, budget)
	var names []string
	var uses []use
	for _, e := range at.scope.entries {
		for _, u := range e.uses {
			possible := !b.g.isComposite(u.field) || slices.Contains(composites, u.field)
			if u.parent == at.parent && possible {
				names, uses = append(names, e.name), append(uses, u)
			}
		}
	}
	if len(uses) == 0 {
		return "", use{}, false
	}
	i := b.r.IntN(len(uses))
	return names[i], uses[i], true
}

func (b *builder) typename(at place) selection {
	field := &ast.FieldDefinition{Name: "__typename", Type: ast.NonNullNamedType("String", nil)}
	// gqlparser takes __typename for a nullable String. It must not share an alias with another field.
	return b.field(at, use{parent: at.parent, field: field, shape: field.Name}, 1)
}

func (b *builder) newUse(at place, field *ast.FieldDefinition, arguments []string) use {
	return use{parent: at.parent, field: field, arguments: arguments, shape: b.g.shape(field)}
}

// field selects a field under its name or an alias.
func (b *builder) field(at place, u use, budget int) selection {
	return b.namedField(at, b.responseName(at, u), u, budget)
}

// namedField selects a field under a response name that fits.
func (b *builder) namedField(at place, name string, u use, budget int) selection {
	text := u.field.Name
	if name != text {
		text = name + ": " + text
	}
	if len(u.arguments) > 0 {
		arguments := slices.Clone(u.arguments)
		b.r.Shuffle(len(arguments), func(i, j int) { arguments[i], arguments[j] = arguments[j], arguments[i] })
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	text += b.directives(at, 8)
	e := at.scope.add(name, u)
	if !b.g.isComposite(u.field) {
		return newSelection(text, nil, 1)
	}
	below := place{
		parent: b.g.schema.Types[u.field.Type.Name()], scope: e.children, levels: at.levels - 1, lists: at.lists,
	}
	if isIntrospectionList(at.parent, u.field.Name) {
		below.lists++
	}
	return newSelection(text, b.selectionSet(below, budget-1), 1)
}
