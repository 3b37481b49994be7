package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// TestOperationNames names the operations of a document if a request names none of them, or another one.
func TestOperationNames(t *testing.T) {
	handler := served(t, "sqlite").Handler
	for name, q := range map[string]struct{ query, operation, want string }{
		"no name":        {"query A { __typename } query B { __typename }", "", "name one of: A, B, as operationName"},
		"another name":   {"query A { __typename } mutation B { __typename }", "C", `no operation "C": name one of: A, B`},
		"one of another": {"query Feed { __typename }", "feed", `no operation "feed": name one of: Feed`},
		"no names":       {"{ __typename }", "A", `no operation "A": its only operation has no name, leave operationName out`},
		"three":          {"query A { __typename } query B { __typename } query C { __typename }", "", "name one of: A, B, C"},
	} {
		got := answered(t, handler, map[string]any{"query": q.query, "operationName": q.operation})
		if !strings.Contains(got, "BAD_USER_INPUT") || !strings.Contains(got, strings.ReplaceAll(q.want, `"`, `\"`)) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestNumbersAsIdentifiers sends identifiers as numbers, which GraphQL allows. They are malformed, each in its place.
func TestNumbersAsIdentifiers(t *testing.T) {
	handler := served(t, "sqlite").Handler
	user := nodeid.ID{Type: nodeid.User, UUID: servicetest.ID("ann")}.String()
	for name, q := range map[string]struct {
		query string
		ids   any
		want  []string
	}{
		"literals":   {`query ($i: ID = 3) { nodes(ids: [12, "` + user + `", -3]) { id } node(id: $i) { id } }`, nil, []string{`"nodes":[null,{"id":"` + user + `"},null]`, `"node":null`, `["nodes",0]`, `["nodes",2]`, `["node"]`}},
		"variables":  {"query ($i: [ID!]!) { nodes(ids: $i) { id } }", []any{12, user, "x", 1 << 60}, []string{`[null,{"id":"` + user + `"},null,null]`, `["nodes",0]`, `["nodes",2]`, `["nodes",3]`}},
		"a mutation": {`mutation ($i: ID!) { unlikeDocument(input: {documentId: $i}) { documentId } }`, 12, []string{"it is not the ID of a Document", `"field":"documentId"`}},
		"a fraction": {"query ($i: [ID!]!) { nodes(ids: $i) { id } }", []any{1.5}, []string{"BAD_USER_INPUT"}},
		"a boolean":  {"query ($i: [ID!]!) { nodes(ids: $i) { id } }", []any{true}, []string{"BAD_USER_INPUT"}},
	} {
		got := answered(t, handler, map[string]any{"query": q.query, "variables": map[string]any{"i": q.ids}})
		if q.ids == nil {
			got = answered(t, handler, map[string]any{"query": q.query})
		}
		for _, want := range q.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
}

// TestEmptyBody sends JSON without any.
func TestEmptyBody(t *testing.T) {
	handler := served(t, "sqlite").Handler
	for _, body := range []string{"", " ", "\n", "null", "{"} {
		if got := postJSON(t, handler, []byte(body)); !strings.Contains(got, "must be a JSON object with a query") {
			t.Errorf("%q: %s", body, got)
		}
	}
}

// TestCommentsAreVisible adds comments in which nothing can be seen.
func TestCommentsAreVisible(t *testing.T) {
	ann := as(t, served(t, "sqlite"), "ann")
	document, _ := ann.spelling(t, "", "PUBLIC")
	for body, want := range map[string]string{"": "1 to 5000", " \n": "1 to 5000", "\u200b": "seen", "\u2800 \u3164": "seen", "\ufeff\u00ad": "seen", "\u202e\u2066": "seen", "\u0301": "seen", "👍🏽": "", "…": "", "\u200b好": "", "\u00a9\ufe0f": ""} {
		got, err := ann.send(t.Context(), `mutation ($d: ID!, $b: String!) { addComment(input: {documentId: $d, body: $b}) { comment { id } } }`, variables{"d": document, "b": body})
		testkit.Must(t, err)
		if text := fmt.Sprint(got.Errors); (want == "") != (len(got.Errors) == 0) || !strings.Contains(text, want) {
			t.Errorf("%q: %s, want %q", body, text, want)
		}
	}
}

func answered(t *testing.T, handler http.Handler, request map[string]any) string {
	t.Helper()
	body, err := json.Marshal(request)
	testkit.Must(t, err)
	return postJSON(t, handler, body)
}

func postJSON(t *testing.T, handler http.Handler, body []byte) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Body.String()
}
