package trusted

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// coordinate is a field of the schema.
type coordinate struct{ owner, field string }

// Fields calls f for each field of the schema that a trusted document selects, with the number of requests for such documents since the
// start, also those refused afterwards. Introspection is left out. The order is that of the names.
func (d *Documents) Fields(f func(owner, field string, count uint64)) {
	counts := map[coordinate]uint64{}
	for _, known := range d.all {
		uses := known.uses.Load()
		for _, c := range known.fields {
			counts[c] += uses
		}
	}
	order := func(a, b coordinate) int { return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.field, b.field)) }
	for _, c := range slices.SortedFunc(maps.Keys(counts), order) {
		f(c.owner, c.field, counts[c])
	}
}

// coordinatesOf returns the fields that a validated document selects, each once.
func coordinatesOf(parsed *ast.QueryDocument) []coordinate {
	found := map[coordinate]struct{}{}
	for _, operation := range parsed.Operations {
		selected(operation.SelectionSet, found)
	}
	for _, fragment := range parsed.Fragments {
		selected(fragment.SelectionSet, found)
	}
	return slices.Collect(maps.Keys(found))
}

func selected(set ast.SelectionSet, into map[coordinate]struct{}) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if strings.HasPrefix(s.Name, "__") {
				continue // introspection, with everything below it
			}
			into[coordinate{s.ObjectDefinition.Name, s.Name}] = struct{}{}
			selected(s.SelectionSet, into)
		case *ast.InlineFragment:
			selected(s.SelectionSet, into)
		}
	}
}
