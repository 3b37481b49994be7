package graph_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
)

// TestRefusedBeforeReading refuses a client whose budget is used up whatever it sends, with Retry-After, and registers nothing for it. What was
// refused for another reason has cost a point.
func TestRefusedBeforeReading(t *testing.T) {
	app := served(t, "sqlite")
	h := rationed(t, app, 100, 20)
	const text = `{ user(username: "ann") { username bio } }`
	registers := fmt.Sprintf(`{"query": %q, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": %q}}}`, text, hashOf(text))
	bodies := map[string]asking{
		"no JSON": {body: "{"}, "no operation": {body: `{"query": "{ nope }"}`}, "a bad token": {body: `{"query": "{ __typename }"}`, headers: []string{"Authorization", "Bearer nonsense"}},
		"a form": {body: "x", headers: []string{"Content-Type", "multipart/form-data; boundary=a"}},
	}
	asked := 0
	for asked < 20 { // each costs a point
		for name, a := range bodies {
			if asked++; asked > 20 {
				break
			}
			if w := a.of(t, h); w.Code == http.StatusTooManyRequests {
				t.Fatalf("request %d, %s, is refused", asked, name)
			}
		}
	}
	bodies["fields that overlap"] = asking{body: `{"query": "{ ` + strings.Repeat("__typename ", 1900) + `}"}`}
	bodies["a text to register"] = asking{body: registers}
	bodies["a query"] = asking{query: "query=%7B__typename%7D"}
	for name, a := range bodies {
		w := a.of(t, h)
		if w.Code != http.StatusTooManyRequests || coded(t, w) != "RATE_LIMITED" || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s is answered by %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
	known := asking{body: `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hashOf(text) + `"}}}`}
	if w := known.of(t, app.Handler); coded(t, w) != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("the text of a refused client was registered: %s", w.Body)
	}
	dear := `{ documents(first: 20) { nodes { title } } }` // more than is left after the admission
	h = rationed(t, app, 100, 15)
	w := asking{body: fmt.Sprintf(`{"query": %q, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": %q}}}`, dear, hashOf(dear))}.of(t, h)
	if code := coded(t, w); code != "COST_LIMIT_EXCEEDED" && code != "RATE_LIMITED" {
		t.Fatalf("%s", w.Body)
	}
	known.body = strings.ReplaceAll(known.body, hashOf(text), hashOf(dear))
	if w := known.of(t, app.Handler); coded(t, w) != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("the text of an operation that was refused was registered: %s", w.Body)
	}
}

// TestInvalidTextsCostTheirBytes charges a request whose text cannot be parsed, is not valid or overlaps by its bytes, and one that is no JSON.
func TestInvalidTextsCostTheirBytes(t *testing.T) {
	app := served(t, "sqlite")
	const budget = 10_000
	h := rationed(t, app, budget, budget)
	left := func() int { return remaining(t, asking{query: "query=%7B__typename%7D"}.of(t, h)) }
	for name, text := range map[string]string{
		"not parsed": "{ nope" + strings.Repeat(" #", 20<<10), "not valid": "{ nope " + strings.Repeat("#", 40<<10) + `\n}`, "too long": "{ nope" + strings.Repeat("#", 80<<10),
		"fields that overlap": "{ " + strings.Repeat("__typename ", 1900) + "}",
	} {
		before := left()
		if w := (asking{body: `{"query": "` + text + `"}`}).of(t, h); coded(t, w) == "" {
			t.Fatalf("%s: %s", name, w.Body)
		}
		paid, kilobytes := before-left()-1, len(text)>>10
		if paid < kilobytes || paid > 1+kilobytes*5/4 {
			t.Errorf("%s: %d kB cost %d points", name, kilobytes, paid)
		}
	}
	before := left()
	asking{body: strings.Repeat("[", 400<<10)}.of(t, h)
	if paid := before - left() - 1; paid < 100 {
		t.Errorf("400 kB that are no JSON cost %d points", paid)
	}
}

// TestValidationWork bounds what validation may cost: a text that is refused takes no more than its length times what the longest text takes
// that passes.
func TestValidationWork(t *testing.T) {
	app := served(t, "sqlite")
	best := func(query string, code string) time.Duration {
		t.Helper()
		least := time.Hour
		for i := range 5 {
			a := asking{body: fmt.Sprintf(`{"query": "# %d\n%s"}`, i, query)}
			began := time.Now()
			w := a.of(t, app.Handler)
			least = min(least, time.Since(began))
			if got := coded(t, w); got != code {
				t.Fatalf("%.100s", w.Body)
			}
		}
		return least
	}
	many := func(n int) string { return "{ siteStats { " + strings.Repeat("users ", n) + "} }" }
	within, beyond := best(many(316), ""), best(many(1900), "COST_LIMIT_EXCEEDED")
	if beyond > within*1900/316 {
		t.Errorf("316 fields take %v, 1,900 are refused after %v", within, beyond)
	}
}

// TestSDL serves the schema from memory, and not again to a client that has it.
func TestSDL(t *testing.T) {
	get := func(etag string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/schema.graphql", nil)
		r.Header.Set("If-None-Match", etag)
		graph.ServeSDL(w, r)
		return w
	}
	first := get("")
	etag := first.Header().Get("ETag")
	if first.Code != http.StatusOK || first.Body.String() != graph.SDL() || len(etag) < 20 {
		t.Fatalf("%d %v", first.Code, first.Header())
	}
	if w := get(etag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
	if n := testing.AllocsPerRun(10, func() { get(etag) }); n > 60 {
		t.Errorf("%v allocations: it is formatted again", n)
	}
}
