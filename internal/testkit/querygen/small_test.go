package querygen_test

import (
	"math/rand/v2"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/testkit/querygen"
)

// TestUnionsAndOneOf covers what the schema of the application lacks.
func TestUnionsAndOneOf(t *testing.T) {
	schema := loadSchema(t, &ast.Source{Name: "small", Input: smallSchema})
	r, g := rand.New(rand.NewPCG(3, 4)), querygen.New(querygen.Options{Schema: schema})
	seen := map[string]int{}
	for range operations {
		visit(load(t, schema, g.Query(r)), func(s ast.Selection, _ int) {
			switch s := s.(type) {
			case *ast.InlineFragment:
				if s.ObjectDefinition.Kind == ast.Union {
					seen["fragment in union on "+s.TypeCondition]++
				}
			case *ast.Field:
				if s.Name == "pets" && s.ObjectDefinition.Name == "Query" {
					addPets(seen, s)
				}
			}
		})
	}
	for _, name := range []string{
		"fragment in union on Cat", "fragment in union on Owned", "fragment in union on Pet", "oneOf literal",
		"oneOf variable", "variable in oneOf", "list of lists", "input object in input object",
	} {
		if seen[name] == 0 {
			t.Errorf("feature never generated: %s", name)
		}
	}
	t.Log(seen)
}

// addPets counts the features of the arguments of Query.pets.
func addPets(seen map[string]int, field *ast.Field) {
	by := field.Arguments.ForName("by").Value
	switch {
	case by.Kind == ast.Variable:
		seen["oneOf variable"]++
	case by.Children[0].Value.Kind == ast.Variable:
		seen["variable in oneOf"]++
	default:
		seen["oneOf literal"]++
	}
	if tags := field.Arguments.ForName("tags"); tags != nil {
		for _, child := range tags.Value.Children {
			if child.Value.Kind == ast.ListValue {
				seen["list of lists"]++
			}
		}
	}
	if deep := field.Arguments.ForName("deep"); deep != nil {
		if again := deep.Value.Children.ForName("again"); again != nil && again.Kind == ast.ObjectValue {
			seen["input object in input object"]++
		}
	}
}
