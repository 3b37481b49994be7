package querygen

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// maxWraps is how many fragments may nest without a field between them.
	maxWraps = 3
	// maxFragmentFields keeps fragments small enough to be spread several times.
	maxFragmentFields = 8
)

// fragment is a named fragment. It does not change after its first spread.
type fragment struct {
	name  string
	on    *ast.Definition
	set   []selection
	scope *scope
}

// fragmentSelection generates a fragment, or nothing if a field is to be selected.
func (b *builder) fragmentSelection(at place, budget int) (selection, bool) {
	if at.wraps >= maxWraps {
		return selection{}, false
	}
	chances := struct{ inline, known, added int }{inline: 9, known: 18, added: 6}
	if at.parent.IsAbstractType() { // most fields of these are behind a condition
		chances.inline, chances.added = 45, 12
	}
	switch n := b.r.IntN(100); {
	case n < chances.inline:
		return b.inlineFragment(at, budget), true
	case n < chances.inline+chances.known:
		return b.spreadKnown(at, budget)
	case n < chances.inline+chances.known+chances.added:
		return b.spreadNew(at, budget)
	}
	return selection{}, false
}

func (b *builder) inlineFragment(at place, budget int) selection {
	text := "..."
	inner := at
	inner.wraps++
	conditions := b.g.types[at.parent.Name].conditions
	if len(conditions) > 0 && (at.parent.IsAbstractType() && b.chance(90) || b.chance(60)) {
		inner.parent = pick(b.r, conditions)
		text += " on " + inner.parent.Name
	}
	text += b.directives(at, 25)
	return newSelection(text, b.selectionSet(inner, budget), 0)
}

// spreadKnown spreads a fragment of the operation again.
func (b *builder) spreadKnown(at place, budget int) (selection, bool) {
	var possible []*fragment
	for _, f := range b.fragments {
		if slices.Contains(b.g.types[at.parent.Name].conditions, f.on) && countFields(f.set) <= budget &&
			height(f.set) <= at.levels && at.scope.accepts(f.scope) {
			possible = append(possible, f)
		}
	}
	if len(possible) == 0 {
		return selection{}, false
	}
	return b.spread(at, pick(b.r, possible)), true
}

// spreadNew generates a fragment and spreads it. If the scope does not accept its fields, it is dropped, with the variables
// and fragments that were generated for it.
func (b *builder) spreadNew(at place, budget int) (selection, bool) {
	conditions := b.g.types[at.parent.Name].conditions
	if len(conditions) == 0 || isIntrospection(at.parent.Name) { // a fragment does not know the introspection lists above it
		return selection{}, false
	}
	variables, fragments := len(b.variables), len(b.fragments)
	f := &fragment{on: pick(b.r, conditions), scope: &scope{}}
	inner := place{
		parent: f.on, scope: f.scope, levels: 1 + b.r.IntN(at.levels), wraps: at.wraps + 1, root: at.root,
	}
	f.set = b.selectionSet(inner, 1+b.r.IntN(min(budget, maxFragmentFields)))
	if !at.scope.accepts(f.scope) {
		b.variables, b.fragments = b.variables[:variables], b.fragments[:fragments]
		return selection{}, false
	}
	f.name = b.newName(f.on.Name + "Fields")
	b.fragments = append(b.fragments, f)
	return b.spread(at, f), true
}

func (b *builder) spread(at place, f *fragment) selection {
	at.scope.merge(f.scope)
	return selection{text: "..." + f.name + b.directives(at, 20), fields: countFields(f.set), height: height(f.set)}
}

// directives returns @skip, @include or both in the given percentage of calls. The root of a subscription has none.
func (b *builder) directives(at place, percent int) string {
	if at.root && b.kind == ast.Subscription || !b.chance(percent) {
		return ""
	}
	names := []string{"skip", "include"}
	b.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	if b.chance(75) {
		names = names[:1]
	}
	var text strings.Builder
	for _, name := range names {
		text.WriteString(" @" + name + "(if: " + b.condition() + ")")
	}
	return text.String()
}

// condition returns a Boolean literal or variable.
func (b *builder) condition() string {
	return b.value(slot{argument: Argument{Name: "if"}, typ: b.g.boolean}).text
}
