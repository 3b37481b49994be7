package exec_test

import (
	"context"
	"errors"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/exec"
)

func TestMutations(t *testing.T) {
	f := newFixture(smallLibrary())
	got := f.do(t, `mutation {
		sell(id: "b1") { sold book { title } }
		first: rename(id: "b1", title: "Uno") { id title sequel { title } }
		__typename
		second: rename(id: "b9", title: "Nine") { id }
		again: sell(id: "b1", count: 2) { sold book { title editor { name } } }
	}`, nil)
	check(t, got, `{"sell":{"sold":1,"book":{"title":"One"}},"first":{"id":"b1","title":"Uno","sequel":{"title":"Two"}},"__typename":"Mutation","second":null,"again":{"sold":2,"book":{"title":"Uno","editor":{"name":"Bob"}}}}`,
		"second: book b9: unknown")
	checkList(t, "log", f.library.log, []string{"sell b1 1", "rename b1", "rename b9", "sell b1 2"})
	if len(f.envs) != 4 {
		t.Errorf("%d environments, want one for each field", len(f.envs))
	}
	checkList(t, "levels", f.levels(), []string{"Books(b1)", "Books(b2)", "Books(b1)", "Authors(a2)"})
}

// TestFailedMutation checks that the fields after a failed one are resolved too.
func TestFailedMutation(t *testing.T) {
	f := newFixture(smallLibrary())
	f.faults.at = map[string]fault{"Mutation.sell": panicking}
	check(t, f.do(t, `mutation { a: sell(id: "b1") { sold } rename(id: "b2", title: "Due") { title } }`, nil), `null`,
		"a: recovered: Mutation.sell panics")
	checkList(t, "log", f.library.log, []string{"rename b2"})
}

var errRefused = errors.New("refused")

// TestRootFieldMiddleware checks a middleware that refuses fields.
func TestRootFieldMiddleware(t *testing.T) {
	for _, test := range []struct {
		query, data string
		errors      []string
		log         []string
	}{
		{
			`{ greeting refused: book(id: "b1") { title } book(id: "b2") { title } t: __typename }`,
			`{"greeting":"hello","refused":null,"book":{"title":"Two"},"t":"Query"}`,
			[]string{"refused: refused"},
			[]string{"greeting", "refused", "book"},
		},
		{`{ refused: greeting fragile }`, `null`, []string{"refused: refused"}, []string{"refused", "fragile"}},
		{
			`mutation { rename(id: "b1", title: "Uno") { title } refused: rename(id: "b2", title: "Due") { title } }`,
			`{"rename":{"title":"Uno"},"refused":null}`,
			[]string{"refused: refused"},
			[]string{"rename", "rename b1", "refused"},
		},
		{`mutation { refused: sell(id: "b1") { sold } }`, `null`, []string{"refused: refused"}, []string{"refused"}},
	} {
		f := newFixture(smallLibrary())
		f.server.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
			field := graphql.GetRootFieldContext(ctx)
			f.library.log = append(f.library.log, field.Field.Alias)
			if field.Field.Alias == "refused" {
				at := graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: field.Field})
				graphql.AddError(at, errRefused)
				return graphql.Null
			}
			return next(ctx)
		})
		for range 2 {
			f.library.log = nil
			check(t, f.do(t, test.query, nil), test.data, test.errors...)
			checkList(t, "log", f.library.log, test.log)
		}
	}
}

type ctxKey struct{}

// TestMiddlewareReplacesContext checks that a field of a mutation is resolved under the context that the middleware gives it, and
// no other field.
func TestMiddlewareReplacesContext(t *testing.T) {
	f := newFixture(smallLibrary())
	var of []any
	f.use(exec.New(inner{}, tables(f.faults, f.library), edges(f.faults), exec.Options{Env: func(ctx context.Context) exec.Env {
		of = append(of, ctx.Value(ctxKey{}))
		return f.newEnv(ctx)
	}}))
	f.server.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if alias := graphql.GetRootFieldContext(ctx).Field.Alias; alias != "c" {
			var cancel context.CancelFunc
			ctx, cancel = context.WithCancel(context.WithValue(ctx, ctxKey{}, alias))
			defer cancel()
			if alias == "b" {
				cancel()
			}
		}
		return next(ctx)
	})
	check(t, f.do(t, `mutation { a: sell(id: "b1") { book { id } } b: sell(id: "b1") { book { id } } c: sell(id: "b1") { book { id } } }`, nil),
		`{"a":{"book":{"id":"b1"}},"b":{"book":null},"c":{"book":{"id":"b1"}}}`, "b.book: context canceled")
	if len(of) != 3 || of[0] != "a" || of[1] != "b" || of[2] != nil {
		t.Errorf("the environments have the contexts of %v", of)
	}
}
