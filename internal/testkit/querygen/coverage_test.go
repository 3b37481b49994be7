package querygen_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/testkit/querygen"
)

// visit calls f for all selections of the text with their depth below the operation or fragment. Root fields have depth 1.
func visit(doc *ast.QueryDocument, f func(s ast.Selection, depth int)) {
	for _, op := range doc.Operations {
		visitSet(op.SelectionSet, 1, f)
	}
	for _, fragment := range doc.Fragments {
		visitSet(fragment.SelectionSet, 1, f)
	}
}

func visitSet(set ast.SelectionSet, depth int, f func(s ast.Selection, depth int)) {
	for _, s := range set {
		f(s, depth)
		switch s := s.(type) {
		case *ast.Field:
			visitSet(s.SelectionSet, depth+1, f)
		case *ast.InlineFragment:
			visitSet(s.SelectionSet, depth, f)
		}
	}
}

// reachable returns the fields below a type as "Type.field", and the types.
func reachable(schema *ast.Schema, types map[string]bool, root *ast.Definition) []string {
	types[root.Name] = true
	var found []string
	for _, field := range root.Fields {
		if !strings.HasPrefix(field.Name, "__") {
			found = append(found, root.Name+"."+field.Name)
		}
		below := schema.Types[field.Type.Name()]
		if !below.IsCompositeType() {
			continue
		}
		for _, def := range append([]*ast.Definition{below}, schema.GetPossibleTypes(below)...) {
			if !types[def.Name] && !strings.HasPrefix(def.Name, "__") {
				found = append(found, reachable(schema, types, def)...)
			}
		}
	}
	return found
}

// coverage counts what the operations of a test have.
type coverage struct {
	fields   map[string]int
	features map[string]int
}

func TestCoverage(t *testing.T) {
	schema := appSchema(t)
	g := querygen.New(querygen.Options{Schema: schema, Depth: depth, Fields: fields, Values: values})
	r := rand.New(rand.NewPCG(1, 2))
	c := &coverage{fields: map[string]int{}, features: map[string]int{}}
	for i := range operations {
		op := g.Operation(r, kindOf(i))
		c.add(load(t, schema, op), op)
	}
	types := map[string]bool{}
	queryFields := reachable(schema, types, schema.Query)
	c.checkFields(t, "query", queryFields, len(queryFields)*9/10)
	for _, root := range []*ast.Definition{schema.Mutation, schema.Subscription} {
		all := reachable(schema, types, root)
		c.checkFields(t, root.Name, all, len(all)*9/10)
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		var all []string
		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				all = append(all, root.Name+"."+field.Name)
			}
		}
		c.checkFields(t, "root "+root.Name, all, len(all))
	}
	c.checkTypes(t, types)
	c.checkFeatures(t)
}

func (c *coverage) checkFields(t *testing.T, name string, all []string, least int) {
	t.Helper()
	var missing []string
	for _, field := range all {
		if c.fields[field] == 0 {
			missing = append(missing, field)
		}
	}
	t.Logf("%s: %d of %d fields", name, len(all)-len(missing), len(all))
	if len(all)-len(missing) < least {
		t.Errorf("%s: fields never selected: %v", name, missing)
	}
}

func (c *coverage) checkTypes(t *testing.T, types map[string]bool) {
	t.Helper()
	selected := map[string]bool{}
	for field := range c.fields {
		object, _, _ := strings.Cut(field, ".")
		selected[object] = true
	}
	for name := range types {
		if !selected[name] {
			t.Errorf("type %s never selected", name)
		}
	}
	t.Logf("types: %d of %d", len(selected), len(types))
}

func (c *coverage) checkFeatures(t *testing.T) {
	t.Helper()
	for _, name := range allFeatures() {
		if c.features[name] == 0 {
			t.Errorf("feature never generated: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.features)) {
		t.Logf("%6d %s", c.features[name], name)
		if !slices.Contains(allFeatures(), name) {
			t.Errorf("feature not listed: %s", name)
		}
	}
}

func (c *coverage) count(name string, seen bool) {
	if seen {
		c.features[name]++
	}
}

func (c *coverage) add(doc *ast.QueryDocument, op querygen.Operation) {
	definition := doc.Operations[0]
	c.count("anonymous operation", op.Name == "")
	c.count("short form", strings.HasPrefix(strings.TrimSpace(op.Query), "{"))
	_, height := size(definition.SelectionSet)
	c.count("nesting up to Depth", height == depth)
	c.count("several root fields", len(definition.SelectionSet) > 1)
	c.count("Unicode escape with braces", strings.Contains(op.Query, `\u{`))
	c.count("Unicode escape with surrogates", strings.Contains(op.Query, `\uD83`))
	spreads := map[string][]int{}
	visit(doc, func(s ast.Selection, depth int) {
		switch s := s.(type) {
		case *ast.Field:
			c.addField(s)
			c.addDirectives("field", s.Directives)
		case *ast.InlineFragment:
			c.count("inline fragment with type condition", s.TypeCondition != "")
			c.count("inline fragment without type condition", s.TypeCondition == "")
			c.addDirectives("inline fragment", s.Directives)
		case *ast.FragmentSpread:
			spreads[s.Name] = append(spreads[s.Name], depth)
			c.addDirectives("spread", s.Directives)
		}
	})
	for _, f := range doc.Fragments {
		c.addFragment(f, spreads[f.Name])
	}
	for _, v := range definition.VariableDefinitions {
		given, ok := op.Variables[v.Variable]
		c.addVariable(v, given, ok)
	}
	c.addMerges(definition.SelectionSet)
}

func (c *coverage) addField(f *ast.Field) {
	c.fields[f.ObjectDefinition.Name+"."+f.Name]++
	c.count("__typename", f.Name == "__typename")
	c.count("alias", f.Alias != f.Name)
	c.count("alias is the name of another field", f.Alias != f.Name && f.ObjectDefinition.Fields.ForName(f.Alias) != nil)
	for _, def := range f.Definition.Arguments {
		given := f.Arguments.ForName(def.Name) != nil
		c.count("argument default used", def.DefaultValue != nil && !given)
		c.count("argument default overridden", def.DefaultValue != nil && given)
	}
	first, last := f.Arguments.ForName("first"), f.Arguments.ForName("last")
	c.count("first and last", first != nil && last != nil)
	for _, a := range f.Arguments {
		c.addValue(a.Value, "argument")
		if a.Name == "first" || a.Name == "last" {
			c.count("small page size", a.Value.Kind == ast.IntValue && len(a.Value.Raw) == 1)
			c.count("page size 0", a.Value.Raw == "0")
			c.count("page size 101", a.Value.Raw == "101")
		}
	}
}

func (c *coverage) addFragment(f *ast.FragmentDefinition, depths []int) {
	c.count("named fragment on "+strings.ToLower(string(f.Definition.Kind)), true)
	c.count("named fragment spread several times", len(depths) > 1)
	c.count("named fragment spread at several depths", len(depths) > 1 && slices.Min(depths) != slices.Max(depths))
	visitSet(f.SelectionSet, 1, func(s ast.Selection, _ int) {
		_, nested := s.(*ast.FragmentSpread)
		c.count("named fragment in named fragment", nested)
	})
}

func (c *coverage) addDirectives(on string, list ast.DirectiveList) {
	c.count("@skip and @include on "+on, len(list) == 2)
	for _, d := range list {
		kind := "literal"
		if d.Arguments[0].Value.Kind == ast.Variable {
			kind = "variable"
		}
		c.count("@"+d.Name+" with "+kind+" on "+on, true)
	}
}
