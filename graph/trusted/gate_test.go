package trusted_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/request"
	"docsquare/graph/trusted"
	"docsquare/internal/errs"
)

// echo is an executable schema whose data say what ran.
type echo struct{}

func (echo) Schema() *ast.Schema { return schema }

func (echo) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (echo) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	id := ""
	if d := request.Of(ctx).Trusted; d != nil {
		id = d.ID()
	}
	data, err := json.Marshal("ran " + op.Operation.Name + " of " + id)
	if err != nil {
		panic(err)
	}
	return graphql.OneShot(&graphql.Response{Data: data})
}

// newExecutor has a gate before automatic persisted queries, which know no text yet, and a limit of tokens that only Hello
// keeps.
func newExecutor(mode trusted.Mode, documents *trusted.Documents, log *slog.Logger) *executor.Executor {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	e := executor.New(echo{})
	e.SetParserTokenLimit(5)
	if documents != nil {
		e.SetQueryCache(documents.Cache(graphql.NoCache[*ast.QueryDocument]{}))
	}
	e.Use(trusted.NewGate(mode, documents, log))
	e.Use(extension.AutomaticPersistedQuery{Cache: graphql.MapCache[string]{}})
	return e
}

type sent struct {
	query, operation string
	extensions       map[string]any
	headers          http.Header
}

// ask is what comes of a request, as text: the data, or the code and the message of the error.
func ask(t testing.TB, e *executor.Executor, r sent) string {
	t.Helper()
	ctx := graphql.StartOperationTrace(&request.Request{Context: t.Context()})
	op, wrong := e.CreateOperationContext(ctx, &graphql.RawParams{
		Query: r.query, OperationName: r.operation, Extensions: r.extensions, Headers: r.headers,
	})
	if len(wrong) > 0 {
		return fmt.Sprintf("%v: %s", wrong[0].Extensions["code"], wrong[0].Message)
	}
	responses, ctx := e.DispatchOperation(ctx, op)
	return strings.Trim(string(responses(ctx).Data), `"`)
}

func TestModes(t *testing.T) {
	const (
		notFound  = "PERSISTED_QUERY_NOT_FOUND: no trusted document is named"
		noNames   = "PERSISTED_QUERY_NOT_FOUND: this server knows no documents by their names: send the text as query"
		untrusted = "BAD_USER_INPUT: only trusted documents run here"
		another   = "BAD_USER_INPUT: the request names the document"
		twoNames  = "BAD_USER_INPUT: the request names two documents"
		apq       = "PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound" // the answer of automatic persisted queries
		ranHello  = "ran Hello of h1"
		ranOther  = "ran Other of "
		none      = "GRAPHQL_VALIDATION_FAILED: no operation provided"
	)
	hash, otherHash := sha(hello), sha(other)
	for name, tc := range map[string]struct {
		request              sent
		off, prefer, enforce string // log is as prefer
	}{
		"documentId":                      {sent{extensions: named("h1")}, noNames, ranHello, ranHello},
		"the hash of its text":            {sent{extensions: named("sha256:" + hash)}, noNames, ranHello, ranHello},
		"Apollo, with the hash":           {sent{extensions: persisted(hash)}, apq, ranHello, ranHello},
		"Apollo, with an id that is none": {sent{extensions: persisted("h1")}, apq, ranHello, ranHello},
		"its text":                        {sent{query: hello}, "ran Hello of ", ranHello, ranHello},
		"its text and its id":             {sent{query: hello, extensions: named("h1")}, "ran Hello of ", ranHello, ranHello},
		"its text and its hash":           {sent{query: hello, extensions: persisted(hash)}, "ran Hello of ", ranHello, ranHello},
		"its text and more space":         {sent{query: hello + " "}, "ran Hello of ", "ran Hello of ", untrusted},
		"more tokens than the limit":      {sent{extensions: named("r1")}, noNames, "ran Rename of r1", "ran Rename of r1"},
		"its text, over the limit":        {sent{query: rename}, "GRAPHQL_PARSE_FAILED: exceeded token limit of 5", "ran Rename of r1", "ran Rename of r1"},
		"a subscription":                  {sent{extensions: named("t1")}, noNames, "ran Ticks of t1", "ran Ticks of t1"},
		"the first of two":                {sent{extensions: named("two"), operation: "First"}, noNames, "ran First of two", "ran First of two"},
		"the second of two":               {sent{query: two, operation: "Second"}, "GRAPHQL_PARSE_FAILED", "ran Second of two", "ran Second of two"},
		"a third of two":                  {sent{extensions: named("two"), operation: "Third"}, noNames, "GRAPHQL_VALIDATION_FAILED: operation Third not found", "GRAPHQL_VALIDATION_FAILED"},
		"none of two":                     {sent{extensions: named("two")}, noNames, "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_FAILED"},
		"another text":                    {sent{query: other}, ranOther, ranOther, untrusted},
		"introspection":                   {sent{query: "{ __typename }"}, "ran  of ", "ran  of ", untrusted},
		"what does not parse":             {sent{query: "{"}, "GRAPHQL_PARSE_FAILED", "GRAPHQL_PARSE_FAILED", untrusted},
		"nothing":                         {sent{}, none, none, untrusted},
		"an unknown id":                   {sent{extensions: named("x")}, noNames, notFound + ` "x": send the text`, notFound + ` "x", and no other runs here: give this server the manifest`},
		"an unknown hash":                 {sent{extensions: named("sha256:" + otherHash)}, noNames, notFound, notFound},
		"an unknown hash, Apollo":         {sent{extensions: persisted(otherHash)}, apq, apq, notFound},
		"the same, with its text":         {sent{query: other, extensions: persisted(otherHash)}, ranOther, ranOther, untrusted},
		"an unknown id with a text":       {sent{query: other, extensions: named("x")}, ranOther, another, another},
		"an unknown id with a known one":  {sent{query: hello, extensions: named("x")}, "ran Hello of ", another, another},
		"an id with another's text":       {sent{query: other, extensions: named("h1")}, ranOther, another, another},
		"a hash with another's text":      {sent{query: other, extensions: persisted(hash)}, ": provided APQ hash does not match query", another, another},
		"two names":                       {sent{extensions: both(named("h1"), persisted("r1"))}, twoNames, twoNames, twoNames},
		"two names and a text":            {sent{query: hello, extensions: both(named("h1"), persisted(hash))}, "ran Hello of ", twoNames, twoNames},
		"no hash in Apollo's":             {sent{extensions: persisted("")}, "BAD_USER_INPUT: extensions.persistedQuery", "BAD_USER_INPUT", "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			for mode, want := range map[trusted.Mode]string{
				"": tc.off, trusted.Off: tc.off, trusted.Log: tc.prefer, trusted.Prefer: tc.prefer, trusted.Enforce: tc.enforce,
			} {
				documents := load(t, relay)
				if mode == trusted.Off || mode == "" {
					documents = nil
				}
				r := tc.request
				r.extensions = maps.Clone(r.extensions)
				got := ask(t, newExecutor(mode, documents, nil), r)
				if !strings.Contains(got, want) || strings.HasPrefix(want, "ran") && got != want {
					t.Errorf("%s: got %s, want %s", mode, got, want)
				}
			}
		})
	}
}

// TestEnforceWhateverComesBefore: what an extension before the gate has learned from clients does not run either.
func TestEnforceWhateverComesBefore(t *testing.T) {
	for name, order := range map[string]func(e *executor.Executor, gate, automatic graphql.HandlerExtension){
		"after":  func(e *executor.Executor, gate, automatic graphql.HandlerExtension) { e.Use(automatic); e.Use(gate) },
		"before": func(e *executor.Executor, gate, automatic graphql.HandlerExtension) { e.Use(gate); e.Use(automatic) },
	} {
		t.Run(name, func(t *testing.T) {
			e := executor.New(echo{})
			order(e, trusted.NewGate(trusted.Enforce, load(t, relay), slog.New(slog.DiscardHandler)),
				extension.AutomaticPersistedQuery{Cache: graphql.MapCache[string]{sha(other): other}})
			if got := ask(t, e, sent{extensions: persisted(sha(other))}); !strings.HasPrefix(got, "BAD_USER_INPUT") && !strings.HasPrefix(got, "PERSISTED_QUERY_NOT_FOUND") {
				t.Errorf("got %s", got)
			}
		})
	}
}

// TestEnforceTakesNoTextFromOthers: a text that takes its place after the gate has seen the parameters does not run.
func TestEnforceTakesNoTextFromOthers(t *testing.T) {
	g := trusted.NewGate(trusted.Enforce, load(t, relay), slog.New(slog.DiscardHandler))
	err := g.MutateOperationContext(t.Context(), &graphql.OperationContext{RawQuery: other})
	if err == nil || err.Extensions["code"] != errs.BadUserInput {
		t.Errorf("got %v", err)
	}
}

func TestADocumentWithoutDocumentsIsUnknown(t *testing.T) {
	for mode, want := range map[trusted.Mode]string{trusted.Prefer: "PERSISTED_QUERY_NOT_FOUND", trusted.Enforce: "PERSISTED_QUERY_NOT_FOUND"} {
		if got := ask(t, newExecutor(mode, nil, nil), sent{extensions: named("h1")}); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", mode, got)
		}
	}
}

// TestWhatRanIsGoneFromTheRequest: an id need not be the hash that automatic persisted queries expect.
func TestWhatRanIsGoneFromTheRequest(t *testing.T) {
	extensions := persisted("h1")
	extensions["trace"] = true
	ask(t, newExecutor(trusted.Prefer, load(t, relay), nil), sent{extensions: extensions})
	if len(extensions) != 1 || extensions["trace"] != true {
		t.Errorf("left are %v", extensions)
	}
}

func TestParseMode(t *testing.T) {
	for _, m := range []trusted.Mode{trusted.Off, trusted.Log, trusted.Prefer, trusted.Enforce} {
		if got, err := trusted.ParseMode(string(m)); got != m || err != nil {
			t.Errorf("%s: %s, %v", m, got, err)
		}
	}
	for _, bad := range []string{"", "Off", "on", " log", "enforced"} {
		_, err := trusted.ParseMode(bad)
		if want := fmt.Sprintf("%q is no mode of trusted documents: it must be off, log, prefer or enforce", bad); err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
}

// TestManyAtOnce is for the race detector.
func TestManyAtOnce(t *testing.T) {
	documents := load(t, relay)
	e := newExecutor(trusted.Log, documents, slog.New(slog.NewTextHandler(io.Discard, nil)))
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for i := range 100 {
				ask(t, e, sent{extensions: named("h1")})
				ask(t, e, sent{query: fmt.Sprintf("query Q%d { hello }", i)})
				documents.Usage()
			}
		})
	}
	running.Wait()
	if use := documents.Usage()[0]; use.Count != 800 {
		t.Errorf("got %+v", use)
	}
}
