package limits_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"docsquare/graph/limits"
	"docsquare/graph/request"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	directive @cost(weight: String!) on FIELD_DEFINITION | ARGUMENT_DEFINITION
	directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
	type Query {
		me: User
		things(first: Int, last: Int): Things @listSize(slicingArguments: ["first", "last"], sizedFields: ["nodes"], assumedSize: 20)
		search(query: String @cost(weight: "7")): Things @cost(weight: "20") @listSize(slicingArguments: ["first"], sizedFields: ["nodes"], assumedSize: 20)
		tops(ids: [ID!], first: Int): [Thing] @listSize(slicingArguments: ["ids", "first"], assumedSize: 50)
		guess: [Thing] @listSize(assumedSize: 3)
	}
	type Things { nodes: [Thing] total: Int @cost(weight: "2") one: Thing }
	type Thing { id: ID owner: User things(first: Int): Things @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) }
	type User { id: ID name: String }
	type Mutation { act: User @cost(weight: "10") }`})

// measured returns the estimate of an operation, and why it is refused.
func measured(t *testing.T, bounds limits.Limits, query string, vars map[string]any) (request.Estimate, string) {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: vars}
	r := &request.Request{Context: t.Context()}
	if err := (limits.Extension{Limits: bounds}).MutateOperationContext(r, op); err != nil {
		return r.Estimate, err.Message
	}
	return r.Estimate, ""
}

// TestEstimate counts as the IBM cost specification does: an object is a point, a list as many as it may have.
func TestEstimate(t *testing.T) {
	for query, want := range map[string]request.Estimate{
		`{ __typename }`:                                  {},
		`{ me { name } }`:                                 {Points: 1},
		`{ things { nodes { id } } }`:                     {Points: 1 + 20},
		`{ things(first: 5) { nodes { owner { id } } } }`: {Points: 1 + 5*2},
		`{ things(last: 5) { nodes { id } one { id } } }`: {Points: 1 + 5 + 1},
		`{ things(first: 5) { total } }`:                  {Points: 1 + 2},
		`{ things(first: 999) { nodes { id } } }`:         {Points: 1 + 100},
		`{ things(first: -5) { nodes { id } } }`:          {Points: 1 + 1},
		`{ search { nodes { id } } }`:                     {Points: 20 + 20, Fixed: 20},
		`{ search(query: "x") { total } }`:                {Points: 20 + 7 + 2, Fixed: 27},
		`{ tops(ids: ["a", "b"]) { id } }`:                {Points: 2},
		`{ tops { id } }`:                                 {Points: 50},
		`{ guess { owner { id } } }`:                      {Points: 3 * 2},
		`mutation { act { id } again: act { id } }`:       {Points: 20, Fixed: 20},
		`{ things(first: 2) { ...F } } fragment F on Things { nodes { things(first: 3) { ...G } } } fragment G on Things { nodes { id } }`: {Points: 1 + 2*(1+1+3)},
		`{ a: things(first: 2) { ...F } b: things(first: 3) { ...F } } fragment F on Things { nodes { id } }`:                              {Points: 1 + 2 + 1 + 3},
	} {
		if got, refused := measured(t, limits.Limits{}, query, nil); got != want || refused != "" {
			t.Errorf("%s costs %+v, %s", query, got, refused)
		}
	}
	if got, _ := measured(t, limits.Limits{}, `query ($n: Int) { things(first: $n) { nodes { id } } }`, map[string]any{"n": 7}); got.Points != 8 {
		t.Errorf("a variable makes it %+v", got)
	}
}

// TestLimits refuses by each limit, and says which.
func TestLimits(t *testing.T) {
	deep := "{ things { nodes " + strings.Repeat("{ things(first: 1) { nodes ", 5) + "{ id }" + strings.Repeat(" } }", 5) + " } }"
	for words, c := range map[string]struct {
		limits limits.Limits
		query  string
	}{
		"13 levels deep":  {limits.Limits{Depth: 12}, deep},
		"2 aliases":       {limits.Limits{Aliases: 1}, `{ a: me { b: id } }`},
		"3 root fields":   {limits.Limits{RootFields: 2}, `{ me { id } b: me { id } c: me { id } }`},
		"costs 21 points": {limits.Limits{Cost: 20}, `{ things { nodes { id } } }`},
	} {
		if _, refused := measured(t, c.limits, c.query, nil); !strings.Contains(refused, words) {
			t.Errorf("%q is not in %q", words, refused)
		}
	}
	if err := (limits.Extension{Limits: limits.Limits{Bytes: 10}}).MutateOperationParameters(t.Context(), &graphql.RawParams{Query: "{ __typename }"}); err == nil {
		t.Error("a long text passes")
	}
}

// TestLongNames refuses long names wherever a name may be. Strings and comments may be longer.
func TestLongNames(t *testing.T) {
	const longest = 30
	x := limits.Extension{Limits: limits.Limits{NameBytes: longest}}
	for _, place := range []string{
		"{ %s }", "{ %s: me { id } }", "{ me(%s: 1) { id } }", "{ me(a: {%s: 1}) { id } }", "{ me(a: %s) { id } }", "{ me @%s { id } }", "{ ... on %s { id } }",
		"{ ...%s }", "query %s { me { id } }", "query ($%s: Int) { me { id } }", "query ($a: %s) { me { id } }", "fragment %s on User { id }",
	} {
		for n, refused := range map[int]bool{longest: false, longest + 1: true} {
			text := fmt.Sprintf(place, strings.Repeat("x", n))
			if err := x.MutateOperationParameters(&request.Request{Context: t.Context()}, &graphql.RawParams{Query: text}); (err != nil) != refused {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	long := strings.Repeat("x", 100)
	for _, text := range []string{`{ me(a: "` + long + `") { id } }`, `{ me(a: """` + long + `""") { id } }`, "{ me { id } } #" + long, "{ me(a: \"" + long} {
		if err := x.MutateOperationParameters(&request.Request{Context: t.Context()}, &graphql.RawParams{Query: text}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestDoubling measures fragments that spread each other twice, hundreds deep, before the universe ends.
func TestDoubling(t *testing.T) {
	var query strings.Builder
	query.WriteString("{ things(first: 1) { nodes { ...F0 } } }")
	const n = 300
	for i := range n {
		fmt.Fprintf(&query, " fragment F%d on Thing { a: things(first: 2) { nodes { ...F%d } } b: things(first: 2) { nodes { ...F%d } } }", i, i+1, i+1)
	}
	fmt.Fprintf(&query, " fragment F%d on Thing { id }", n)
	doc, err := gqlparser.LoadQueryWithRules(schema, query.String(), rules.NewDefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
	if err := (limits.Extension{Limits: limits.Default}).MutateOperationContext(t.Context(), op); err == nil {
		t.Error("it passes")
	}
}
