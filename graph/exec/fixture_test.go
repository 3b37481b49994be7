package exec_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"

	"docsquare/graph/exec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fixture is an executor over a library, behind the parser and validator of gqlgen.
type fixture struct {
	library  *library
	faults   *faults
	executor *exec.Executor
	server   *executor.Executor
	envs     []*env
}

func newFixture(d *library) *fixture { return newFixtureWith(d, exec.Options{}) }

func newFixtureWith(d *library, o exec.Options) *fixture {
	f := &fixture{library: d, faults: &faults{}}
	if o.Env == nil {
		o.Env = f.newEnv
	}
	f.use(exec.New(inner{}, tables(f.faults, d), edges(f.faults), o))
	return f
}

func (f *fixture) newEnv(context.Context) exec.Env {
	f.envs = append(f.envs, newEnv(f.library, f.faults))
	return f.envs[len(f.envs)-1]
}

// use puts gqlgen in front of an executor.
func (f *fixture) use(e *exec.Executor) {
	f.executor, f.server = e, executor.New(e)
	f.server.SetRecoverFunc(func(_ context.Context, p any) error { return fmt.Errorf("recovered: %v", p) })
	f.server.SetQueryCache(lru.New[*ast.QueryDocument](100))
}

var errInner = errors.New("answered by the inner schema")

// inner is the schema that operations without a plan are passed to.
type inner struct{}

func (inner) Schema() *ast.Schema { return schema }

func (inner) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (inner) Exec(ctx context.Context) graphql.ResponseHandler {
	graphql.AddError(ctx, errInner)
	return nil
}

// answer is an answer with its errors as "path: message".
type answer struct {
	data   string
	errors []string
}

func answerOf(r *graphql.Response) answer {
	a := answer{data: string(r.Data)}
	for _, err := range r.Errors {
		a.errors = append(a.errors, fmt.Sprintf("%s: %s", err.Path, err.Message))
	}
	return a
}

// request returns the context and the operation of a request.
func (f *fixture) request(ctx context.Context, query string, variables map[string]any) (context.Context, *graphql.OperationContext, gqlerror.List) {
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := f.server.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	return ctx, op, errs
}

// start starts an operation and returns its handler.
func (f *fixture) start(t testing.TB, query string, variables map[string]any) (graphql.ResponseHandler, context.Context) {
	t.Helper()
	ctx, op, errs := f.request(t.Context(), query, variables)
	if errs != nil {
		t.Fatalf("%s\nis not valid: %s", query, errs)
	}
	return f.server.DispatchOperation(ctx, op)
}

// do answers a query or a mutation.
func (f *fixture) do(t testing.TB, query string, variables map[string]any) answer {
	t.Helper()
	f.envs = nil
	handler, ctx := f.start(t, query, variables)
	return answerOf(handler(ctx))
}

// levels returns what the environments of the last operation have run.
func (f *fixture) levels() (levels []string) {
	for _, e := range f.envs {
		levels = append(levels, e.levels...)
	}
	return levels
}

func check(t testing.TB, got answer, data string, errs ...string) {
	t.Helper()
	if got.data != data {
		t.Errorf("data:\n got %s\nwant %s", got.data, data)
	}
	checkList(t, "errors", got.errors, errs)
}

func checkList(t testing.TB, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s %d:\n got %s\nwant %s", what, i, got[i], want[i])
		}
	}
}
