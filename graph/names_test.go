package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"docsquare/internal/testkit"
)

// TestOperationNames names the operations of a document if a request names none of them, or another one.
func TestOperationNames(t *testing.T) {
	handler := served(t, "sqlite").Handler
	for name, q := range map[string]struct{ query, operation, want string }{
		"no name":        {"query A { __typename } query B { __typename }", "", "name one of: A, B, as operationName"},
		"another name":   {"query A { __typename } mutation B { __typename }", "C", `no operation "C": name one of: A, B`},
		"one of another": {"query Feed { __typename }", "feed", `no operation "feed": name one of: Feed`},
		"three":          {"query A { __typename } query B { __typename } query C { __typename }", "", "name one of: A, B, C"},
	} {
		body, err := json.Marshal(map[string]any{"query": q.query, "operationName": q.operation})
		testkit.Must(t, err)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), "BAD_USER_INPUT") || !strings.Contains(w.Body.String(), strings.ReplaceAll(q.want, `"`, `\"`)) {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}
