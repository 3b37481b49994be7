package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"docsquare/graph/exec"
)

func TestSelections(t *testing.T) {
	for _, test := range []struct{ name, query, data string }{
		{"order of keys", `{ book(id: "b1") { year title id } greeting }`, `{"book":{"year":1901,"title":"One","id":"b1"},"greeting":"hello"}`},
		{"aliases", `{ a: greeting b: greeting(loud: true) }`, `{"a":"hello","b":"HELLO"}`},
		{"merged fields", `{ book(id: "b1") { title } book(id: "b1") { title year } }`, `{"book":{"title":"One","year":1901}}`},
		{
			"merged below fragments", `{ ...F book(id: "b1") { author { id } } } fragment F on Query { book(id: "b1") { author { name } id } }`,
			`{"book":{"author":{"name":"Ann","id":"a1"},"id":"b1"}}`,
		},
		{
			"typename", `{ __typename t: __typename book(id: "b1") { __typename } node(id: "a1") { __typename } items(ids: ["b1"]) { __typename } }`,
			`{"__typename":"Query","t":"Query","book":{"__typename":"Book"},"node":{"__typename":"Author"},"items":[{"__typename":"Book"}]}`,
		},
		{
			"fragments on types", `{ a: node(id: "a1") { ...F } b: node(id: "b1") { ...F } } fragment F on Node { ... on Author { name } id ... on Titled { title } ... on Item { __typename } }`,
			`{"a":{"name":"Ann","id":"a1","__typename":"Author"},"b":{"id":"b1","title":"One","__typename":"Book"}}`,
		},
		{
			"one name in two types", `{ items(ids: ["a1", "b1", "x"]) { ... on Author { label: name } ... on Book { label: title } } }`,
			`{"items":[{"label":"Ann"},{"label":"One"},null]}`,
		},
		{
			"one name on unrelated types", `{ book(id: "b1") { ... on Node { x: __typename } ... on Titled { x: __typename } ... on Item { x: __typename } } }`,
			`{"book":{"x":"Book"}}`,
		},
		{
			"objects of one name on unrelated types", `{ book(id: "b1") { ... on Written { author { id } } ... on Edited { author { name } } author { score } } }`,
			`{"book":{"author":{"id":"a1","name":"Ann","score":10}}}`,
		},
		{"no field of the type", `{ node(id: "r1") { ... on Author { name } } }`, `{"node":{}}`},
		{"objects of a value", `{ library { name motto highlights { ... on Book { id author { id } } ... on Author { name } } } }`, `{"library":{"name":"Library","motto":null,"highlights":[null,{"id":"b1","author":{"id":"a1"}},{"name":"Ann"},{"id":"b2","author":{"id":"a2"}},{"name":"Bob"},{"id":"b3","author":{"id":"a1"}},{"name":"Cyd"}]}}`},
		{"all skipped", `{ greeting @skip(if: true) }`, `{}`},
		{"an object twice", `{ books(first: 3) { author { name books { id } } } }`, `{"books":[{"author":{"name":"Ann","books":[{"id":"b1"},{"id":"b3"}]}},{"author":{"name":"Bob","books":[{"id":"b2"}]}},{"author":{"name":"Ann","books":[{"id":"b1"},{"id":"b3"}]}}]}`},
		{"leaves", `{ book(id: "b2") { genre tags price sales } b: book(id: "b3") { genre tags price sales } }`, `{"book":{"genre":null,"tags":[],"price":null,"sales":200},"b":{"genre":"ESSAY","tags":[],"price":3,"sales":null}}`},
		{"names are escaped", `{ book(id: "b1") { summary(suffix: "\"\u0001\\文") } }`, `{"book":{"summary":"One\"\u0001\\文"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(smallLibrary())
			check(t, f.do(t, test.query, nil), test.data)
			check(t, f.do(t, test.query, nil), test.data) // by the plan and the memory of the first run
		})
	}
}

func TestArguments(t *testing.T) {
	query := `query($n: Int! = 2, $id: ID!, $loud: Boolean! = true) { greeting(loud: $loud) book(id: $id) { reviews(first: $n) { id } summary(length: $n) } }`
	f := newFixture(smallLibrary())
	for _, test := range []struct {
		variables map[string]any
		data      string
	}{
		{map[string]any{"id": "b1"}, `{"greeting":"HELLO","book":{"reviews":[{"id":"r1"},{"id":"r2"}],"summary":"On"}}`},
		{map[string]any{"id": "b1", "n": 1, "loud": false}, `{"greeting":"hello","book":{"reviews":[{"id":"r1"}],"summary":"O"}}`},
		{map[string]any{"id": "b9", "n": 0}, `{"greeting":"HELLO","book":null}`},
	} {
		check(t, f.do(t, query, test.variables), test.data)
	}
	check(t, f.do(t, `{ book(id: "b1") { reviews { id } summary } }`, nil), `{"book":{"reviews":[{"id":"r1"},{"id":"r2"}],"summary":"One"}}`)
}

// TestConditions checks that each combination of the variables of conditions has its own plan.
func TestConditions(t *testing.T) {
	f := newFixture(smallLibrary())
	query := `query($a: Boolean!, $b: Boolean! = true) { greeting @include(if: $a) ...F @skip(if: $b) fragile } fragment F on Query { book(id: "b1") { id title @include(if: $a) } }`
	for range 2 {
		check(t, f.do(t, query, map[string]any{"a": true}), `{"greeting":"hello","fragile":null}`)
		check(t, f.do(t, query, map[string]any{"a": true, "b": false}), `{"greeting":"hello","book":{"id":"b1","title":"One"},"fragile":null}`)
		check(t, f.do(t, query, map[string]any{"a": false, "b": false}), `{"book":{"id":"b1"},"fragile":null}`)
	}
	if n, plans, _ := exec.Plans(t, f.executor); n != 1 || plans != 3 {
		t.Errorf("%d operations with %d plans are kept, want 1 with 3", n, plans)
	}
	query = `query($a: Boolean!) { ...F } fragment F on Query { fragile ... { greeting @include(if: $a) } }`
	check(t, f.do(t, query, map[string]any{"a": true}), `{"fragile":null,"greeting":"hello"}`)
	check(t, f.do(t, query, map[string]any{"a": false}), `{"fragile":null}`)
	check(t, f.do(t, `query($a: Boolean = true) { greeting @include(if: $a) fragile @skip(if: $a) }`, nil), `{"greeting":"hello"}`)
}

// TestNullCondition checks a null for a nullable variable with a default, which the validator lets pass as a condition.
func TestNullCondition(t *testing.T) {
	f := newFixture(smallLibrary())
	query := `query($a: Boolean = true) { greeting @include(if: $a) fragile }`
	check(t, f.do(t, query, map[string]any{"a": false}), `{"fragile":null}`)
	check(t, f.do(t, query, map[string]any{"a": nil}), "", `: variable $a is null, but @skip and @include need a Boolean: send true or false`)
}

func TestPlansAreBounded(t *testing.T) {
	f := newFixtureWith(smallLibrary(), exec.Options{MaxPlans: 3})
	for i := range 10 {
		f.do(t, fmt.Sprintf("{ a%d: greeting }", i), nil)
	}
	if n, plans, _ := exec.Plans(t, f.executor); n != 3 || plans != 3 {
		t.Errorf("%d operations with %d plans are kept, want 3", n, plans)
	}
	query := `query($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!, $e: Boolean!) { a: greeting @skip(if: $a) b: greeting @skip(if: $b) c: greeting @skip(if: $c) d: greeting @skip(if: $d) e: greeting @skip(if: $e) z: greeting }`
	for i := range 32 {
		variables := map[string]any{}
		for bit, name := range []string{"a", "b", "c", "d", "e"} {
			variables[name] = i>>bit&1 == 1
		}
		f.do(t, query, variables)
	}
	if n, plans, _ := exec.Plans(t, f.executor); n != 3 || plans != 2+exec.MaxVariants {
		t.Errorf("%d operations with %d plans are kept, want 3 with %d", n, plans, 2+exec.MaxVariants)
	}
}

// TestKeptPlansAreBounded drops the plans that were used longest ago once all of them have too many fields, or keep too long texts.
func TestKeptPlansAreBounded(t *testing.T) {
	f := newFixtureWith(smallLibrary(), exec.Options{MaxKept: 100})
	for i := range 50 {
		f.do(t, fmt.Sprintf("query ($on: Boolean!) { a%d: greeting b: greeting c: greeting @include(if: $on) }", i), map[string]any{"on": i%2 == 0})
	}
	if n, plans, weight := exec.Plans(t, f.executor); n < 5 || plans != n || weight > 100 {
		t.Errorf("%d operations and %d plans are kept, which weigh %d, want at most 100", n, plans, weight)
	}
	for _, large := range []string{largeSelection(60), strings.Repeat("greeting ", 100)} {
		f.do(t, "{ greeting }", nil)
		f.do(t, "{ "+large+" }", nil)
		if n, _, _ := exec.Plans(t, f.executor); n != 1 {
			t.Errorf("%d operations are kept with one that weighs more than the limit, want it alone", n)
		}
	}
}

func largeSelection(fields int) string {
	var s strings.Builder
	for i := range fields {
		fmt.Fprintf(&s, "f%d: greeting ", i)
	}
	return s.String()
}

// TestInner checks which operations are passed to the inner schema.
func TestInner(t *testing.T) {
	f := newFixture(smallLibrary())
	for _, query := range []string{
		`{ __schema { queryType { name } } }`,
		`{ greeting __type(name: "Book") { name } }`,
	} {
		check(t, f.do(t, query, nil), "", ": "+errInner.Error())
	}
	for _, query := range []string{
		`{ fragile greeting ... @defer(if: false) { greeting } }`,
		`{ fragile greeting ... @defer { greeting } }`,
		`query($on: Boolean = false) { fragile ... @defer(if: $on) { greeting } }`,
	} {
		check(t, f.do(t, query, nil), `{"fragile":null,"greeting":"hello"}`)
	}
}

func TestSelects(t *testing.T) {
	var got []bool
	e := edges(&faults{})
	begin := e["Query.book"].Begin
	e["Query.book"] = exec.Edge{Loaders: []string{"Books"}, Begin: func(f *exec.Fetch) exec.Step {
		got = append(got, f.Selects("author", "name"), f.Selects("author"), f.Selects("title"), f.Selects("author", "bio"))
		return begin(f)
	}}
	f := newFixture(smallLibrary())
	f.use(exec.New(inner{}, tables(f.faults, f.library), e, exec.Options{Env: f.newEnv}))
	f.do(t, `{ book(id: "b1") { a: author { ... on Node { ... on Author { n: name } } } } }`, nil)
	if want := []bool{true, true, false, false}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCompile(t *testing.T) {
	f := newFixture(smallLibrary())
	_, op, errs := f.request(t.Context(), `query A($x: Boolean!) { greeting @skip(if: $x) } query B { fragile } query C { __schema { description } }`, nil)
	if op.Doc == nil {
		t.Fatal(errs)
	}
	if err := f.executor.Compile(op.Doc); err != nil {
		t.Fatal(err)
	}
	if n, plans, _ := exec.Plans(t, f.executor); n != 2 || plans != 2 {
		t.Errorf("%d operations with %d plans, want 2 with 2", n, plans)
	}
}

func TestNewPanics(t *testing.T) {
	many := exec.Edge{}
	for i := range 65 {
		many.Loaders = append(many.Loaders, fmt.Sprint(i))
	}
	for name, edges := range map[string]exec.Edges{
		"exec: the schema has no field Book.other": {"Book.other": {}},
		"exec: more than 64 loaders":               {"Book.author": many},
	} {
		func() {
			defer func() {
				if p := recover(); p != name {
					t.Errorf("got %v, want %s", p, name)
				}
			}()
			exec.New(inner{}, tables(&faults{}, smallLibrary()), edges, exec.Options{})
		}()
	}
}
