package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"docsquare/graph/exec"
)

// TestConcurrentRuns runs few plans from many goroutines with different variables.
func TestConcurrentRuns(t *testing.T) {
	d, x := smallLibrary(), &faults{at: map[string]fault{"Author.email/a2": panicking, "Sales/b1": failing}}
	newServer := func() *fixture {
		f := &fixture{library: d, faults: x}
		f.use(exec.New(inner{}, tables(x, d), edges(x), exec.Options{MaxPlans: 2, Env: func(context.Context) exec.Env { return newEnv(d, x) }}))
		return f
	}
	queries := []string{
		`query($id: ID!, $n: Int!, $on: Boolean!) { book(id: $id) { title sales reviews(first: $n) { id author { email } } ... @include(if: $on) { author { books(first: $n) { id } } } } }`,
		`query($id: ID!, $n: Int!, $on: Boolean!) { node(id: $id) { id @skip(if: $on) ... on Book { editor { email } summary(length: $n) } } books(first: $n) { id } }`,
		`query($id: ID!, $n: Int!, $on: Boolean!) { items(ids: [$id, "a2"]) { __typename ... on Author @include(if: $on) { email books(first: $n) { sales } } } }`,
	}
	shared := newServer()
	var done sync.WaitGroup
	for g := range 8 {
		done.Go(func() {
			r, own := rand.New(rand.NewPCG(uint64(g), 4)), newServer()
			for range 100 {
				query := queries[r.IntN(len(queries))]
				variables := map[string]any{"id": fmt.Sprint("b", 1+r.IntN(4)), "n": r.IntN(3), "on": r.IntN(2) == 0}
				want, got := own.once(t, query, variables), shared.once(t, query, variables)
				check(t, got, want.data, want.errors...)
			}
		})
	}
	done.Wait()
}

// once is do without the bookkeeping of environments.
func (f *fixture) once(t *testing.T, query string, variables map[string]any) answer {
	ctx, op, errs := f.request(t.Context(), query, variables)
	if errs != nil {
		t.Error(errs)
		return answer{}
	}
	handler, ctx := f.server.DispatchOperation(ctx, op)
	return answerOf(handler(ctx))
}
