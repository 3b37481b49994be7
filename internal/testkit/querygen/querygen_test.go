package querygen_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"docsquare/internal/testkit/querygen"
)

const (
	operations = 2000
	depth      = 7
	fields     = 40
)

// smallSchema has what the schema of the application lacks: unions, interfaces of interfaces, oneOf, lists of lists.
const smallSchema = `
	type Query { pets(by: PetBy!, tags: [[String!]!], scores: [Float], deep: Deep): [Pet!]! owner(at: When = null): Named count: Int! }
	type Mutation { rename(id: ID! = "1", name: String! = "x", kinds: [Kind!]! = [DOG]): Dog }
	type Subscription { renamed: Named tick: Int! }
	union Pet = Cat | Dog
	interface Named { name: String }
	interface Owned implements Named { name: String owner(first: Int = 3): Person }
	interface Unused { name: String }
	type Cat implements Owned & Named { name: String owner(first: Int = 3, extra: Boolean): Person size: Int }
	type Dog implements Owned & Named { name: String owner(first: Int = 3): Person size: String! unused: Unused }
	type Person implements Named { name: String pets: [Pet] friends: [[Person!]]! }
	enum Kind { CAT DOG }
	scalar When
	input PetBy @oneOf { id: ID name: String kind: Kind all: [Int!] }
	input Deep { again: Deep list: [Deep!] kind: Kind! = CAT at: When }
`

func appSchema(t *testing.T) *ast.Schema {
	t.Helper()
	names, err := filepath.Glob("../../../graph/schema/*.graphqls")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schema files: %v", err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	return loadSchema(t, sources...)
}

func loadSchema(t *testing.T, sources ...*ast.Source) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// kindOf returns the kind of the i-th operation of a test: of ten, seven queries, two mutations and a subscription.
func kindOf(i int) ast.Operation {
	switch i % 10 {
	case 3, 6:
		return ast.Mutation
	case 9:
		return ast.Subscription
	default:
		return ast.Query
	}
}

// values knows two arguments, as a differential test does.
func values(r *rand.Rand, argument querygen.Argument, t *ast.Type) (any, bool) {
	switch {
	case argument.Name == "filter.authorId":
		return "VXNlcjox", true
	case argument.Name == "ids" && t.Elem != nil && r.IntN(2) == 0:
		return []string{"RG9jdW1lbnQ6MQ", "VXNlcjox"}[:r.IntN(3)], true
	case argument.Name == "ids" && t.Elem == nil:
		return "RG9jdW1lbnQ6MQ", true
	}
	return nil, false
}

// load fails the test if the operation is invalid or its variables do not coerce.
func load(t *testing.T, schema *ast.Schema, op querygen.Operation) *ast.QueryDocument {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, op.Query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatalf("invalid operation: %v\n%s", errs, op.Query)
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Name != op.Name {
		t.Fatalf("operation is not named %q:\n%s", op.Name, op.Query)
	}
	for name := range op.Variables {
		if doc.Operations[0].VariableDefinitions.ForName(name) == nil {
			t.Fatalf("undefined variable %q:\n%s", name, op.Query)
		}
	}
	if _, err := validator.VariableValues(schema, doc.Operations[0], op.Variables); err != nil {
		t.Fatalf("variables do not coerce: %v\n%s\n%#v", err, op.Query, op.Variables)
	}
	return doc
}

func TestOperationsAreValid(t *testing.T) {
	app, small := appSchema(t), loadSchema(t, &ast.Source{Name: "small", Input: smallSchema})
	for name, options := range map[string]querygen.Options{
		"application":   {Schema: app, Depth: depth, Fields: fields, Values: values},
		"defaults":      {Schema: app},
		"introspection": {Schema: app, Depth: 9, Introspection: true},
		"large":         {Schema: app, Depth: 12, Fields: 300},
		"small":         {Schema: small, Introspection: true},
		"minimal":       {Schema: small, Depth: 1, Fields: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, g := rand.New(rand.NewPCG(1, 2)), querygen.New(options)
			for i := range operations {
				load(t, options.Schema, g.Operation(r, kindOf(i)))
			}
		})
	}
}

func TestSameSeedGivesSameOperations(t *testing.T) {
	options := querygen.Options{Schema: appSchema(t), Values: values}
	a, b := querygen.New(options), querygen.New(querygen.Options{Schema: appSchema(t), Values: values})
	ra, rb := rand.New(rand.NewPCG(5, 6)), rand.New(rand.NewPCG(5, 6))
	for i := range operations {
		if x, y := a.Operation(ra, kindOf(i)), b.Operation(rb, kindOf(i)); !reflect.DeepEqual(x, y) {
			t.Fatalf("operation %d differs:\n%v\n%v", i, x, y)
		}
	}
}

func TestLimits(t *testing.T) {
	schema := appSchema(t)
	for _, limits := range []struct{ depth, fields int }{{2, 2}, {2, 50}, {3, 7}, {7, 40}, {12, 300}, {20, 20}} {
		r := rand.New(rand.NewPCG(7, 8))
		g := querygen.New(querygen.Options{Schema: schema, Depth: limits.depth, Fields: limits.fields})
		deepest, most := 0, 0
		for i := range 5 * operations { // the deepest are rare
			doc := load(t, schema, g.Operation(r, kindOf(i)))
			count, height := size(doc.Operations[0].SelectionSet)
			deepest, most = max(deepest, height), max(most, count)
		}
		if deepest > limits.depth || most > limits.fields {
			t.Errorf("limits %v: depth %d, fields %d", limits, deepest, most)
		}
		if most < limits.fields*3/4 || deepest < min(limits.depth, limits.fields/2) {
			t.Errorf("limits %v are not used: depth %d, fields %d", limits, deepest, most)
		}
	}
}

// size returns the number of fields, with those of fragments once for each spread, and their nesting.
func size(set ast.SelectionSet) (count, height int) {
	for _, s := range set {
		var n, h int
		switch s := s.(type) {
		case *ast.Field:
			n, h = size(s.SelectionSet)
			n, h = n+1, h+1
		case *ast.InlineFragment:
			n, h = size(s.SelectionSet)
		case *ast.FragmentSpread:
			n, h = size(s.Definition.SelectionSet)
		}
		count, height = count+n, max(height, h)
	}
	return count, height
}

func TestSkippedFieldsAreNotSelected(t *testing.T) {
	schema := appSchema(t)
	skip := func(object, field string) bool {
		return field == "rateLimit" || object == "User" && field == "id"
	}
	r, g := rand.New(rand.NewPCG(9, 10)), querygen.New(querygen.Options{Schema: schema, Skip: skip})
	for range operations {
		doc := load(t, schema, g.Query(r))
		visit(doc, func(s ast.Selection, _ int) {
			f, ok := s.(*ast.Field)
			if ok && (f.Name == "rateLimit" || f.Name == "id" && (f.ObjectDefinition.Name == "User" || f.ObjectDefinition.Name == "Node")) {
				t.Fatalf("%s.%s is selected", f.ObjectDefinition.Name, f.Name)
			}
		})
	}
}

func TestKnownValuesAreUsed(t *testing.T) {
	schema := loadSchema(t, &ast.Source{Input: `
		type Query { a(in: In!, ids: [ID!], kind: Kind!, n: Float!): Int }
		input In { x: Int, kinds: [Kind!]!, in: In } enum Kind { A B }`})
	known := map[string]any{
		"in":  map[string]any{"kinds": []any{"A", "B"}, "in": map[string]any{"kinds": []string{}, "x": nil}},
		"ids": []string{"é\"", "2"}, "kind": "B", "n": float32(0.5),
	}
	g := querygen.New(querygen.Options{Schema: schema, Values: func(_ *rand.Rand, a querygen.Argument, _ *ast.Type) (any, bool) {
		v, ok := known[a.Name]
		return v, ok
	}})
	r := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		op := g.Query(r)
		doc := load(t, schema, op)
		visit(doc, func(s ast.Selection, _ int) {
			f, ok := s.(*ast.Field)
			if !ok || f.Name != "a" {
				return
			}
			vars, err := validator.VariableValues(schema, doc.Operations[0], op.Variables)
			if err != nil {
				t.Fatal(err)
			}
			args := f.ArgumentMap(vars)
			if kind, n := args["kind"], args["n"]; kind != "B" || n != 0.5 {
				t.Fatalf("arguments %v", args)
			}
		})
	}
}
