package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// BenchmarkPrices measures what a point pays for: the time of an operation next to its price, for more and more of the same work. Each
// text is new, so that the operation is executed.
func BenchmarkPrices(b *testing.B) {
	app := apptest.Open(b, servicetest.Community(b, "sqlite"), servicetest.Tiers{})
	token := app.Token(b, servicetest.ID("ann"))
	id := made(b, app, token, strings.Repeat("0123456789abcde\n", 8<<10))
	for _, work := range []struct {
		name  string
		query func(n int) string
	}{
		{"objects", func(n int) string { return fmt.Sprintf(`documents(first: %d) { nodes { id title } }`, n) }},
		{"objects_in_lists", func(n int) string {
			return fmt.Sprintf(`documents(first: 20) { nodes { comments(first: %d) { nodes { body author { username } } } } }`, n)
		}},
		{"texts", func(n int) string { return `document(id: "` + id + `") { ` + manyAliases("body", n) + ` }` }},
		{"html", func(n int) string { return `document(id: "` + id + `") { ` + manyAliases("bodyHtml", n) + ` }` }},
		{"searches", func(n int) string {
			return strings.ReplaceAll(manyAliases(`search(query: "document", first: 10) { edges { score snippets { html } } }`, n), `"document"`, `"graph"`)
		}},
		{"suggestions", func(n int) string {
			return strings.ReplaceAll(manyAliases(`searchSuggestions(prefix: "doc") { __typename }`, n), `"doc"`, `"docu"`)
		}},
	} {
		for _, n := range []int{1, 4, 16} {
			b.Run(fmt.Sprintf("%s/%d", work.name, n), func(b *testing.B) {
				points, i := 0, 0
				for b.Loop() {
					i++
					points += price(b, app.Handler, fmt.Sprintf("query Q%d { %s }", i, work.query(n)), token)
				}
				b.ReportMetric(float64(points)/float64(i), "points/op")
			})
		}
	}
}

// made is the ID of a new public document.
func made(tb testing.TB, app *apptest.App, token, body string) string {
	tb.Helper()
	var out struct {
		Made struct{ Document struct{ ID string } }
	}
	client{handler: app.Handler, token: token}.must(tb, `mutation ($b: String) { made: createDocument(input: {title: "Long", body: $b, visibility: PUBLIC}) { document { id } } }`, variables{"b": body}, &out)
	return out.Made.Document.ID
}

// price sends a query and returns what it did cost, in points.
func price(tb testing.TB, h http.Handler, query, token string) int {
	tb.Helper()
	out := priced(tb, h, query, nil, token)
	if len(out.Errors) > 0 {
		tb.Fatalf("%s: %v", query, out.Errors)
	}
	return out.Extensions.Cost.Actual
}

// cost is an answer without its data.
type cost struct {
	Errors     []any
	Extensions struct {
		Cost struct{ Requested, Actual int }
	}
}

// priced sends a query and returns what its answer has about its cost.
func priced(tb testing.TB, h http.Handler, query string, v variables, token string) (c cost) {
	tb.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	testkit.Must(tb, err)
	headers := []string{"X-Cost", "1"}
	if token != "" {
		headers = append(headers, "Authorization", "Bearer "+token)
	}
	testkit.Must(tb, json.Unmarshal(asking{body: string(body), headers: headers}.of(tb, h).Body.Bytes(), &c))
	return c
}
