package graph_test

import (
	"context"
	"net/http"
	"testing"

	"docsquare/graph"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit/servicetest"
)

// TestWhoMayBypassTheCache warms a query, and asks for it again with X-Cache-Bypass: it reads the database for those who may explain, and
// for others it is answered from the cache.
func TestWhoMayBypassTheCache(t *testing.T) {
	app := served(t, "sqlite")
	const body = `{"query": "{ documents(first: 3) { nodes { title author { username } } } }"}`
	var statements int
	for _, c := range []struct {
		name        string
		development bool
		want        bool
	}{{"", false, false}, {"bob", false, false}, {"cy", false, true}, {"", true, true}, {"bob", true, true}} {
		h := app.Serve(t, func(o *graph.Options) {
			o.Explain = c.development
			o.Observers = append(o.Observers, func(_ context.Context, op record.Operation) { statements = op.Record.Totals().Statements })
		})
		var headers []string
		if c.name != "" {
			headers = []string{"Authorization", "Bearer " + app.Token(t, servicetest.ID(c.name))}
		}
		for range 2 {
			asking{body: body, headers: headers}.of(t, h)
		}
		if statements != 0 {
			t.Fatalf("warm, %q takes %d statements", c.name, statements)
		}
		w := asking{body: body, headers: append(headers, "X-Cache-Bypass", "1")}.of(t, h)
		if w.Code != http.StatusOK || (statements > 0) != c.want {
			t.Errorf("%q, development %v: %d statements, status %d", c.name, c.development, statements, w.Code)
		}
	}
}
