package graph_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/internal/testkit/querygen"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// runtimes are gqlgen's runtime and the breadth-first executor. Each may have its own application.
type runtimes struct{ gqlgen, breadth *executor.Executor }

// newRuntimes returns both runtimes over the sources of two applications.
func newRuntimes(gqlgen, breadth loader.Sources) runtimes {
	return runtimes{
		gqlgen:  graph.NewRuntime(gqlgen, graph.Schema(gqlgen), time.Minute),
		breadth: graph.NewRuntime(breadth, graph.Executor(breadth, exec.Options{}), time.Minute),
	}
}

// runtimesWith returns both runtimes with a deadline for operations and with a middleware around them.
func runtimesWith(s loader.Sources, timeout time.Duration, inner ...graphql.ResponseMiddleware) runtimes {
	return runtimes{graph.NewRuntime(s, graph.Schema(s), timeout, inner...), graph.NewRuntime(s, graph.Executor(s, exec.Options{}), timeout, inner...)}
}

// reply is the answer of a runtime in a form that can be compared.
type reply struct {
	data   string
	errors []string // as JSON, sorted by path and message
}

// operation is one operation of one viewer.
type operation struct {
	viewer viewer.Viewer
	name   string // of the viewer
	querygen.Operation
}

// execute runs an operation. The reply is empty if there is no answer.
func execute(ctx context.Context, e *executor.Executor, o operation) reply {
	ctx = graphql.StartOperationTrace(viewer.With(ctx, o.viewer))
	variables := map[string]any{}
	if raw, err := json.Marshal(o.Variables); err == nil { // numbers as a transport reads them
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		_ = d.Decode(&variables)
	}
	op, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: o.Query, Variables: variables})
	if len(errs) > 0 {
		return replyOf(e.DispatchError(graphql.WithOperationContext(ctx, op), errs))
	}
	answers, ctx := e.DispatchOperation(ctx, op)
	return replyOf(answers(ctx))
}

var requestIDs = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

func replyOf(r *graphql.Response) reply {
	if r == nil {
		return reply{}
	}
	type sortable struct{ key, text string }
	list := make([]sortable, len(r.Errors))
	for i, e := range r.Errors {
		path, _ := json.Marshal(e.Path)
		text, err := json.Marshal(e)
		if err != nil {
			text = []byte(err.Error())
		}
		if _, internal := e.Extensions["requestId"]; internal {
			text = requestIDs.ReplaceAll(text, []byte("<request>"))
		}
		list[i] = sortable{string(path) + " " + string(text), string(text)}
	}
	slices.SortFunc(list, func(a, b sortable) int { return strings.Compare(a.key, b.key) })
	out := reply{data: string(r.Data)}
	for _, s := range list {
		out.errors = append(out.errors, s.text)
	}
	return out
}

// normalised returns a reply without what differs between two databases: new identifiers, tokens and recent times.
func (r reply) normalised() reply {
	list := make([]string, len(r.errors))
	for i, e := range r.errors {
		list[i] = normalised(e)
	}
	return reply{normalised(r.data), list}
}

var cursors = regexp.MustCompile(`"[A-Za-z0-9_-]{38}"`)

func normalised(text string) string {
	text = cursors.ReplaceAllStringFunc(text, func(quoted string) string {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Trim(quoted, `"`))
		if err != nil {
			return quoted
		}
		at := time.UnixMicro(int64(binary.BigEndian.Uint64(raw[4:])))
		if id := uuid.UUID(raw[12:]); id.Version() == 7 && time.Unix(id.Time().UnixTime()).After(recent()) || at.After(recent()) {
			return `"<cursor>"`
		}
		return quoted
	})
	return (&testCase{}).collapse(text)
}

// recent is when the community is over: what is later has happened in the test.
func recent() time.Time { return servicetest.Base.AddDate(0, 6, 0) }

// diff returns how two replies differ, empty if they are equal.
func (r reply) diff(other reply) string {
	if r.data == other.data && slices.Equal(r.errors, other.errors) {
		return ""
	}
	return cmp.Diff(r.pretty(), other.pretty()) + "(-gqlgen +breadth-first)"
}

func (r reply) pretty() string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(r.data), "", "  "); err != nil {
		return fmt.Sprintf("not JSON: %s: %q", err, r.data)
	}
	return out.String() + "\n" + strings.Join(r.errors, "\n") + "\n"
}

// String returns what is needed to repeat an operation by hand.
func (o operation) String() string {
	variables, _ := json.Marshal(o.Variables)
	return fmt.Sprintf("viewer %q, variables %s\n%s", o.name, variables, o.Query)
}

// compare runs an operation on both runtimes and reports a difference.
func (r runtimes) compare(t *testing.T, what string, o operation) reply {
	t.Helper()
	want, got := execute(t.Context(), r.gqlgen, o), execute(t.Context(), r.breadth, o)
	if diff := want.diff(got); diff != "" {
		t.Errorf("%s: %s\n%s", what, o, diff)
	}
	return want
}
