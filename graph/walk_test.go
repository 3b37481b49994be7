package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// values are what a walk puts into arguments, as GraphQL literals. Two walks with values of the same lengths ask the same
// questions in the same order, but for the values.
type values struct {
	ids      []string // for every argument and input field of the type ID
	authors  []string // for authorId
	document string   // where a mutation needs a document in addition to the identifier that is tried
	texts    map[string][]string
}

// walk makes questions from the schema itself, so that a field that is added later is asked as well: one for each path of
// object fields from a root, with every leaf on the way.
type walk struct {
	t      *testing.T
	schema *ast.Schema
	values values
	paging string // "first" or "last"
	depth  int
	asked  []string
	pairs  map[[2]string]bool // of a field and the next one, beyond wholeDepth
}

// shallowDepth is enough to come from a root to the objects of a list, for what is asked in more than one way.
const shallowDepth = 3

// wholeDepth is how far every way is asked. Beyond it, each pair of a field and the next one is asked on one way only: what a field answers depends
// on its object, and not on the way to it.
const wholeDepth = 2

// queries is every question from the root of the queries: paged forward to the depth, and backward less deep.
func queries(t *testing.T, v values, depth int) []string {
	t.Helper()
	var all []string
	for i, paging := range []string{"first", "last"} {
		w := &walk{t: t, schema: present(t), values: v, paging: paging, depth: []int{depth, min(depth, shallowDepth)}[i], pairs: map[[2]string]bool{}}
		w.into(w.schema.Query, "", "", nil, 0)
		all = append(all, w.asked...)
	}
	return all
}

// into asks everything below a type. Open and shut are the query text around its selection.
func (w *walk) into(def *ast.Definition, open, shut string, path []string, paged int) {
	leaves, deeper := "__typename", false
	for _, f := range def.Fields {
		if w.schema.Types[f.Type.Name()].IsLeafType() && !strings.HasPrefix(f.Name, "__") {
			leaves += " " + f.Name
		}
	}
	for _, f := range def.Fields {
		step := def.Name + "." + f.Name
		to := w.schema.Types[f.Type.Name()]
		if to.IsLeafType() || strings.HasPrefix(f.Name, "__") || slices.Contains(path, step) || len(path) >= w.depth {
			continue
		}
		if f.Name == "node" && strings.HasSuffix(def.Name, "Edge") && len(path) > shallowDepth {
			continue // the same objects as those of nodes, by the same loaders
		}
		if step == "Query.auditTrail" {
			continue // it tells administrators of deletions, by identifiers alone: see TestAuditTrail
		}
		if step == "Query.cache" {
			continue // it tells administrators what is in the cache, by identifiers alone: see TestCacheReport
		}
		if len(path) >= wholeDepth {
			pair := [2]string{path[len(path)-1], step}
			if w.pairs[pair] {
				continue
			}
			w.pairs[pair] = true
		}
		deeper = true
		pages := paged
		if f.Arguments.ForName(w.paging) != nil {
			pages++
		}
		for i, args := range w.arguments(step, f.Arguments, paged) {
			depth := w.depth
			if i > 0 && len(path) == 0 && to.Kind == ast.Object {
				w.depth = min(depth, shallowDepth)
			}
			for _, t := range w.types(to) {
				w.into(t, open+" { "+leaves+" "+f.Name+args+on(to, t), unless(to == t, " }")+" }"+shut, append(slices.Clone(path), step), pages)
			}
			w.depth = depth
		}
	}
	if !deeper {
		w.asked = append(w.asked, open+" { "+leaves+" }"+shut)
	}
}

// types is the object types that a field may give.
func (w *walk) types(def *ast.Definition) []*ast.Definition {
	if def.IsAbstractType() {
		return w.schema.GetPossibleTypes(def)
	}
	return []*ast.Definition{def}
}

func on(declared, actual *ast.Definition) string {
	return unless(declared == actual, " { ... on "+actual.Name)
}

func unless(condition bool, text string) string {
	if condition {
		return ""
	}
	return text
}

// arguments is every way to fill the arguments of a field: each optional one alone, with the required ones.
func (w *walk) arguments(step string, list ast.ArgumentDefinitionList, paged int) []string {
	var required, optional []string
	ways := [][]string{nil}
	for _, a := range list {
		switch {
		case a.Name == w.paging:
			required = append(required, fmt.Sprintf("%s: %d", a.Name, map[bool]int{true: 30, false: 4}[paged == 0]))
		case slices.Contains([]string{"first", "last", "after", "before"}, a.Name):
		case a.Type.NonNull && a.DefaultValue == nil:
			var next [][]string
			for _, way := range ways {
				for _, v := range w.literals(step, a.Name, a.Type) {
					next = append(next, append(slices.Clone(way), a.Name+": "+v))
				}
			}
			ways = next
		default:
			for _, v := range w.literals(step, a.Name, a.Type) {
				optional = append(optional, a.Name+": "+v)
			}
		}
	}
	var all []string
	for _, way := range ways {
		way = append(way, required...)
		all = append(all, parenthesised(way))
		for _, o := range optional {
			all = append(all, parenthesised(append(slices.Clone(way), o)))
		}
	}
	return all
}

func parenthesised(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return "(" + strings.Join(args, ", ") + ")"
}

// literals is every value to try for an argument or input field. It fails for one that it does not know.
func (w *walk) literals(step, name string, t *ast.Type) []string {
	def := w.schema.Types[t.Name()]
	switch {
	case t.Elem != nil && t.Name() == "ID":
		return []string{"[" + strings.Join(w.values.ids, ", ") + "]"}
	case name == "authorId":
		return w.values.authors
	case t.Name() == "ID":
		return w.values.ids
	case def.Kind == ast.Enum:
		var all []string
		for _, v := range def.EnumValues {
			all = append(all, v.Name)
		}
		return all
	case def.Kind == ast.InputObject:
		return w.objects(step, def)
	}
	known, ok := w.values.texts[name]
	if !ok {
		w.t.Fatalf("the walk does not know what to pass as %s of %s: say which values reach most", name, step)
	}
	return known
}

// objects is every way to fill an input object: each field alone, and two together where both are enums.
func (w *walk) objects(step string, def *ast.Definition) []string {
	var all, pairs []string
	for _, f := range def.Fields {
		for _, v := range w.literals(step+" "+def.Name, f.Name, f.Type) {
			field := f.Name + ": " + v
			all = append(all, "{"+field+"}")
			if w.schema.Types[f.Type.Name()].Kind == ast.Enum {
				for _, p := range pairs {
					all = append(all, "{"+p+", "+field+"}")
				}
			}
		}
		if w.schema.Types[f.Type.Name()].Kind == ast.Enum && len(pairs) == 0 {
			for _, v := range w.schema.Types[f.Type.Name()].EnumValues {
				pairs = append(pairs, f.Name+": "+v.Name)
			}
		}
	}
	return all
}

// attempt is a mutation of what an identifier names.
type attempt struct{ field, text string }

// mutations is every mutation that takes an identifier, with each identifier in each place.
func mutations(t *testing.T, v values) []attempt {
	t.Helper()
	w := &walk{t: t, schema: present(t), values: v}
	var all []attempt
	for _, f := range w.schema.Mutation.Fields {
		switch f.Name {
		case "setUserRole":
			continue // it is about accounts, which everybody sees, and works for administrators: see TestSetUserRole
		case "invalidateCache":
			continue // it says the same of whatever exists and does not: its tags are made of the identifier. See TestCacheReport
		}
		input := w.schema.Types[f.Arguments.ForName("input").Type.Name()]
		for _, target := range input.Fields {
			if target.Type.Name() != "ID" {
				continue
			}
			for _, id := range v.ids {
				fields := []string{target.Name + ": " + id}
				for _, other := range input.Fields {
					if other != target && other.Type.NonNull && other.DefaultValue == nil {
						fields = append(fields, other.Name+": "+w.needed(f.Name, other))
					}
				}
				payload := w.schema.Types[f.Type.Name()]
				all = append(all, attempt{f.Name, fmt.Sprintf("mutation { %s(input: {%s}) { %s } }", f.Name, strings.Join(fields, ", "), w.shallow(payload))})
			}
		}
	}
	return all
}

// needed returns a value for a required field other than the one that is tried.
func (w *walk) needed(mutation string, f *ast.FieldDefinition) string {
	switch f.Type.Name() {
	case "ID":
		return w.values.document
	case "Int":
		return "2"
	case "String":
		return `"changed by another"`
	}
	w.t.Fatalf("the walk does not know what to pass as %s of %s", f.Name, mutation)
	return ""
}

// shallow selects the leaves of a payload and of its objects.
func (w *walk) shallow(def *ast.Definition) string {
	text := "__typename"
	for _, f := range def.Fields {
		to := w.schema.Types[f.Type.Name()]
		if to.IsLeafType() {
			text += " " + f.Name
			continue
		}
		text += " " + f.Name + " { __typename"
		for _, inner := range to.Fields {
			if w.schema.Types[inner.Type.Name()].IsLeafType() {
				text += " " + inner.Name
			}
		}
		text += " }"
	}
	return text
}
