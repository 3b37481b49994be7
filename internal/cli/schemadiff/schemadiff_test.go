package schemadiff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/cli/schemadiff"
)

// base is prepended to every schema without its own Query.
const base = "type Query { ok: Boolean }\n"

func TestBreaking(t *testing.T) {
	for name, c := range map[string]struct {
		released, present string
		want              []string
	}{
		"nothing":               {"type A { a: Int }", "type A { a: Int }", nil},
		"a new description":     {"type A { a: Int }", "\"new\" type A { \"new\" a: Int }", nil},
		"a new type":            {"", "type A { a: Int }", nil},
		"a removed type":        {"type A { a: Int }", "", []string{"The type A was removed."}},
		"another kind":          {"type A { a: Int }", "input A { a: Int }", []string{"The type A was OBJECT and is INPUT_OBJECT."}},
		"a new field":           {"type A { a: Int }", "type A { a: Int b: Int! }", nil},
		"a removed field":       {"type A { a: Int b: Int }", "type A { b: Int }", []string{"The field A.a was removed."}},
		"a removed scalar":      {"scalar S", "", []string{"The type S was removed."}},
		"a removed mutation":    {"type Mutation { a: Int }", "", []string{"The type Mutation was removed.", "The schema no longer has the mutation type Mutation."}},
		"an interface given up": {"interface I { a: Int } type A implements I { a: Int }", "interface I { a: Int } type A { a: Int }", []string{"The type A no longer implements I."}},
		"a removed member":      {"type A { a: Int } type B { a: Int } union U = A | B", "type A { a: Int } type B { a: Int } union U = A", []string{"The union U no longer has the member B."}},
		"a new member":          {"type A { a: Int } type B { a: Int } union U = A", "type A { a: Int } type B { a: Int } union U = A | B", nil},
		"a removed value":       {"enum E { A B }", "enum E { B }", []string{"The enum E no longer has the value A."}},
		"a new value":           {"enum E { A }", "enum E { A B }", nil},

		"output that is never null now": {"type A { a: Int }", "type A { a: Int! }", nil},
		"output that may be null now":   {"type A { a: Int! }", "type A { a: Int }", []string{"The field A.a gave Int! and gives Int."}},
		"entries that may be null now":  {"type A { a: [Int!]! }", "type A { a: [Int]! }", []string{"The field A.a gave [Int!]! and gives [Int]!."}},
		"entries that are never null":   {"type A { a: [Int] }", "type A { a: [Int!] }", nil},
		"output of another type":        {"type A { a: Int }", "type A { a: String }", []string{"The field A.a gave Int and gives String."}},
		"output that became a list":     {"type A { a: Int }", "type A { a: [Int] }", []string{"The field A.a gave Int and gives [Int]."}},

		"an argument that is optional now": {"type A { a(x: Int!): Int }", "type A { a(x: Int): Int }", nil},
		"an argument that is required now": {"type A { a(x: Int): Int }", "type A { a(x: Int!): Int }", []string{"The field A.a's argument x was optional and is required."}},
		"an argument that refuses null":    {"type A { a(x: Int): Int }", "type A { a(x: Int! = 1): Int }", []string{"The field A.a's argument x took Int and takes Int!."}},
		"an argument of another type":      {"type A { a(x: Int): Int }", "type A { a(x: String): Int }", []string{"The field A.a's argument x took Int and takes String."}},
		"a removed argument":               {"type A { a(x: Int): Int }", "type A { a: Int }", []string{"The field A.a no longer takes the argument x."}},
		"a new optional argument":          {"type A { a: Int }", "type A { a(x: Int, y: Int! = 1): Int }", nil},
		"a new required argument":          {"type A { a: Int }", "type A { a(x: Int!): Int }", []string{"The field A.a requires the new argument x."}},
		"another default":                  {"type A { a(x: Int = 1): Int }", "type A { a(x: Int = 2): Int }", []string{"The field A.a's argument x had the default 1 and has 2."}},
		"a default given up":               {"type A { a(x: Int = 1): Int }", "type A { a(x: Int): Int }", []string{"The field A.a's argument x had the default 1 and has none."}},

		"an input field that is optional now": {"input I { x: Int! }", "input I { x: Int }", nil},
		"an input field that is required now": {"input I { x: Int }", "input I { x: Int! }", []string{"The input field I.x was optional and is required."}},
		"entries of input that refuse null":   {"input I { x: [Int] }", "input I { x: [Int!] }", []string{"The input field I.x took [Int] and takes [Int!]."}},
		"a removed input field":               {"input I { x: Int y: Int }", "input I { y: Int }", []string{"The field I.x was removed."}},
		"a new optional input field":          {"input I { x: Int }", "input I { x: Int y: Int z: Int! = 1 }", nil},
		"a new required input field":          {"input I { x: Int }", "input I { x: Int y: Int! }", []string{"The input I requires the new field y."}},

		"a removed directive":         {"directive @d on FIELD", "", []string{"The directive @d was removed."}},
		"a directive in fewer places": {"directive @d on FIELD | QUERY", "directive @d on FIELD", []string{"The directive @d may no longer stand on QUERY."}},
		"a stricter directive":        {"directive @d on FIELD", "directive @d(x: Int!) on FIELD", []string{"The directive @d requires the new argument x."}},
		"a new directive":             {"", "directive @d on FIELD", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := schemadiff.Breaking(parse(t, c.released), parse(t, c.present))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnotherRootIsBreaking(t *testing.T) {
	released := gqlparser.MustLoadSchema(&ast.Source{Input: "schema { query: A } type A { a: Int } type B { a: Int }"})
	present := gqlparser.MustLoadSchema(&ast.Source{Input: "schema { query: B } type A { a: Int } type B { a: Int }"})
	want := []string{"The schema no longer has the query type A."}
	if diff := cmp.Diff(want, schemadiff.Breaking(released, present)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func parse(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: t.Name(), Input: base + sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
