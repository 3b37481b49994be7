package exec_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/testkit/querygen"
)

// operations generates operations with the identifiers of the library.
var operations = querygen.New(querygen.Options{Schema: schema, Fields: 60, Values: func(r *rand.Rand, a querygen.Argument, t *ast.Type) (any, bool) {
	id := fmt.Sprint(string("abbrx"[r.IntN(5)]), 1+r.IntN(6))
	switch {
	case a.Field == "author":
		return "a" + id[1:], true
	case t.NamedType == "ID" && a.Field != "node" && a.Name != "ids":
		return "b" + id[1:], true
	case t.NamedType == "ID":
		return id, true
	case a.Field == "ticks":
		return r.IntN(4), true
	case t.NamedType == "Int" && r.IntN(20) == 0:
		return 13, true
	}
	return nil, false
}})

// TestEqualsReference compares random operations over random data with random faults.
func TestEqualsReference(t *testing.T) {
	for _, kind := range []ast.Operation{ast.Query, ast.Mutation, ast.Subscription} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			seen := map[string]int{}
			for seed := range uint64(1500) {
				r := rand.New(rand.NewPCG(seed, 1))
				f := newFixture(randomLibrary(r))
				f.faults.at = randomFaults(r)
				op := operations.Operation(r, kind)
				got := f.compare(t, op.Query, op.Variables)
				count(seen, got)
				if t.Failed() {
					t.Fatalf("seed %d, faults %v, variables %v\n%s", seed, f.faults.at, op.Variables, op.Query)
				}
			}
			t.Log(seen)
		})
	}
}

func count(seen map[string]int, answers []answer) {
	for _, a := range answers {
		seen["answers"]++
		seen["bytes"] += len(a.data)
		if len(a.errors) > 0 {
			seen["with errors"]++
		}
		for _, e := range a.errors {
			_, message, _ := strings.Cut(e, ": ")
			seen[strings.Fields(message)[0]]++
		}
		if a.data == "null" {
			seen["null"]++
		}
	}
}

// randomFaults puts faults into about one of ten places.
func randomFaults(r *rand.Rand) map[string]fault {
	at := map[string]fault{}
	put := func(place string, kinds ...fault) {
		if r.IntN(12) == 0 {
			at[place] = kinds[r.IntN(len(kinds))]
		}
	}
	if r.IntN(3) == 0 {
		return at
	}
	for _, l := range []string{"Books", "Authors", "Reviews", "Sales", "Scores"} {
		for i := range 6 {
			put(fmt.Sprint(l, "/", strings.ToLower(l[:1]), i+1), failing, missing, missing, panicking)
		}
	}
	for _, l := range []string{"Books", "Authors", "Sales", "BookList", "BooksOf/a1:2"} {
		if r.IntN(4) == 0 {
			put(l, failing, missing, panicking)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(edgeValues)) {
		put(name, failing, panicking)
		put(name+" then", panicking)
	}
	for i := range 6 {
		put(fmt.Sprint("Author.email/a", i+1), failing, panicking)
		put(fmt.Sprint("Book.title/b", i+1), panicking)
		put(fmt.Sprint("Author.bio/a", i+1), panicking)
	}
	put("Query.fragile", failing, panicking)
	put("Book.summary encoding", panicking)
	return at
}

// compare answers an operation by the executor and by the reference, and returns the answers of the executor.
func (f *fixture) compare(t testing.TB, query string, variables map[string]any) (answers []answer) {
	ctx, op, errs := f.request(t.Context(), query, variables)
	if errs != nil {
		t.Errorf("the operation is not valid: %s", errs)
		return nil
	}
	other := *f.library
	other.books = maps.Clone(f.library.books)
	handler, ctx := f.server.DispatchOperation(ctx, op)
	expected, ok := f.expected(op, &other)
	if !ok {
		return nil
	}
	for _, want := range expected {
		response := handler(ctx)
		if response == nil {
			t.Error("the executor has ended the stream too early")
			return answers
		}
		answers = append(answers, answerOf(response))
		answers[len(answers)-1].equals(t, want)
	}
	if extra := handler(ctx); extra != nil {
		t.Errorf("one answer too many: %s", extra.Data)
	}
	checkList(t, "log", f.library.log, other.log)
	return answers
}

// equals compares an answer with that of the reference, which does not say why a value was null.
func (a answer) equals(t testing.TB, want answer) {
	errs := slices.Clone(a.errors)
	for i, e := range errs {
		if strings.Contains(e, ": cannot return null for") {
			errs[i] = e[:strings.LastIndex(e, ": ")]
		}
	}
	if got, want := tokens(t, a.data), tokens(t, want.data); got != want {
		t.Errorf("data:\n got %s\nwant %s", got, want)
	}
	checkList(t, "errors", errs, want.errors)
}

// expected returns the answers of the reference, and false if it has given up.
func (f *fixture) expected(op *graphql.OperationContext, d *library) (answers []answer, ok bool) {
	r := &reference{op: op, tables: tables(f.faults, d), library: d, faults: f.faults}
	if op.Operation.Operation == ast.Subscription {
		answers = r.stream()
	} else {
		answers = []answer{r.answer(nil)}
	}
	return answers, r.fields <= maxFields
}

// tokens returns JSON in one form, with its keys in their order.
func tokens(t testing.TB, data string) string {
	if data == "" {
		return ""
	}
	if !json.Valid([]byte(data)) {
		t.Errorf("no JSON: %s", data)
	}
	var text bytes.Buffer
	for d := json.NewDecoder(strings.NewReader(data)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return text.String()
		}
		fmt.Fprintf(&text, "%T%q ", token, fmt.Sprint(token))
	}
}
