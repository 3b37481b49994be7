package exec_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

// FuzzExecutor checks that every operation that parses and validates has a plan of bounded size, or a known error, and that its
// answer is that of the reference.
func FuzzExecutor(f *testing.F) {
	for _, query := range []string{
		`{ greeting }`,
		`query($on: Boolean = true, $id: ID!) { book(id: $id) { ...F @include(if: $on) } } fragment F on Titled { title ... on Item { ... on Book { t: title } } }`,
		`{ items(ids: ["a1", "b1"]) { ... on Node { id } ... on Titled { title } __typename } }`,
		`{ a: books { reviews { book { author { score } } } } ... { a: books { reviews { author { books { sales } } } } } }`,
		`mutation($n: Int! = 2) { sell(id: "b1", count: $n) { sold book { title } } rename(id: "b2", title: "") { title } }`,
		`subscription { reviews(book: "b3") { text book { reviews(first: 9) { author { email } } } } }`,
		`{ library { shelves { books { id } first { author { mentor { mentor { id } } } } } highlights { ... on Author { score } } } }`,
		`{ book(id: "b1") { summary(length: 13) reviews(first: -1) { id } } __schema { description } }`,
		`{ greeting ... @defer(label: "l") { book(id: "b1") { ... @defer { title } } } }`,
		multiplying(5), multiplying(30),
	} {
		f.Add(query, uint64(1))
	}
	r := rand.New(rand.NewPCG(1, 5))
	for i := range 30 {
		kind := []ast.Operation{ast.Query, ast.Mutation, ast.Subscription}[i%3]
		f.Add(operations.Operation(r, kind).Query, r.Uint64())
	}
	f.Fuzz(func(t *testing.T, query string, seed uint64) {
		if len(query) > 4000 {
			return
		}
		fuzz(t, query, seed)
	})
}

func fuzz(t *testing.T, query string, seed uint64) {
	const limit = 500
	r := rand.New(rand.NewPCG(seed, 6))
	f := newFixtureWith(randomLibrary(r), exec.Options{MaxFields: limit, MaxBytes: 10 << 20})
	f.faults.at = randomFaults(r)
	f.server.SetParserTokenLimit(1000)
	variables := map[string]any{"id": "b1", "n": 2, "on": seed%2 == 0}
	_, op, errs := f.request(t.Context(), query, variables)
	if errs != nil {
		return
	}
	err := f.executor.Compile(op.Doc)
	if err != nil && !errors.Is(err, exec.ErrTooManyFields) {
		t.Fatal(err)
	}
	if n := exec.Fields(f.executor); n > limit {
		t.Fatalf("a plan has %d fields", n)
	}
	if exec.Planned(f.executor, op) && !strings.Contains(query, "@defer") { // the reference does not answer in parts
		f.compare(t, query, variables)
	}
}
