package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/graph/quota"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/nodeid"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// watched is an application that notes which of its operations were executed, and which were answered by a kept answer.
type watched struct {
	*apptest.App
	mu   sync.Mutex
	seen []record.Operation
}

func watch(t *testing.T, app *apptest.App, change func(*graph.Options)) *watched {
	t.Helper()
	w := &watched{App: app}
	app.Handler = app.Serve(t, func(o *graph.Options) {
		change(o)
		o.Observers = append(o.Observers, func(_ context.Context, op record.Operation) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.seen = append(w.seen, op)
		})
	})
	return w
}

// took returns how many operations were executed and how many answers were kept ones since the last call.
func (w *watched) took() (executed, kept int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, op := range w.seen {
		if op.Kept {
			kept++
		} else {
			executed++
		}
	}
	w.seen = nil
	return executed, kept
}

func unchanged(*graph.Options) {}

const feed = `query Feed { documents(first: 3) { nodes { title viewerHasLiked stats { likes } author { username } } } }`

// TestKeptAnswers keeps the answer of a request that comes again, until a write touches what it depends on.
func TestKeptAnswers(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := watch(t, served(t, dialect), unchanged)
			bob, shown, other := as(t, app.App, "bob"), variables{"id": global(nodeid.Document, "doc25")}, variables{"id": global(nodeid.Document, "doc02")}
			ask := func(c client, executed, kept int) string {
				t.Helper()
				app.took()
				a, err := c.send(t.Context(), feed, nil)
				testkit.Must(t, err)
				if e, k := app.took(); e != executed || k != kept {
					t.Errorf("%d operations were executed and %d answers were kept, want %d and %d", e, k, executed, kept)
				}
				return a.raw
			}
			first := ask(bob, 1, 0)
			if second, third := ask(bob, 1, 0), ask(bob, 0, 1); second != first || third != first {
				t.Errorf("the answers differ:\n%s\n%s\n%s", first, second, third)
			}
			as(t, app.App, "ann").must(t, `mutation ($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }`, other, new(any))
			if a := ask(bob, 0, 1); a != first {
				t.Errorf("after a like of another account for another document the answer is %s", a)
			}
			bob.must(t, `mutation ($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }`, shown, new(any))
			liked := ask(bob, 1, 0)
			if liked == first || !strings.Contains(liked, `"viewerHasLiked":true`) {
				t.Errorf("after a like the answer is %s", liked)
			}
			if a := ask(bob, 0, 1); a != liked {
				t.Errorf("the kept answer is %s", a)
			}
		})
	}
}

// TestKeptAnswersBelongToOneViewer never answers one viewer, or one session, with the answer to another.
func TestKeptAnswersBelongToOneViewer(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	private := variables{"id": global(nodeid.Document, "secret")}
	for _, query := range []string{`query ($id: ID!) { document(id: $id) { title } viewer { username sessions { current } } }`, `query ($id: ID!) { node(id: $id) { id ... on Document { title viewerCanEdit } } }`} {
		answers := map[string]string{}
		clients := map[string]client{"guest": as(t, app.App, ""), "ann": as(t, app.App, "ann"), "ann again": as(t, app.App, "ann"), "bob": as(t, app.App, "bob"), "cy": as(t, app.App, "cy")}
		for range 4 {
			for name, c := range clients {
				a, err := c.send(t.Context(), query, private)
				testkit.Must(t, err)
				if before, ok := answers[name]; ok && before != a.raw {
					t.Errorf("%s is answered by %s and then by %s", name, before, a.raw)
				}
				answers[name] = a.raw
				if shown := strings.Contains(a.raw, `"title"`); shown != strings.HasPrefix(name, "ann") {
					t.Errorf("%s is answered by %s", name, a.raw)
				}
			}
		}
	}
	if _, kept := app.took(); kept == 0 {
		t.Error("no answer was a kept one")
	}
}

// TestAnswersThatAreNotKept sends requests that must be executed each time.
func TestAnswersThatAreNotKept(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	admin := as(t, app.App, "cy")
	doc := global(nodeid.Document, "doc02")
	for name, a := range map[string]asking{
		"an error":             {body: `{"query": "{ node(id: \"x\") { id } }"}`},
		"an invalid operation": {body: `{"query": "{ nothing }"}`},
		"explain":              {body: `{"query": "{ formats { format } }"}`, headers: []string{"X-Explain", "1"}},
		"its cost":             {body: `{"query": "{ formats { format } }"}`, headers: []string{"X-Cost", "1"}},
		"what is left":         {body: `{"query": "{ rateLimit { remaining } }"}`},
		"the audit trail":      {body: `{"query": "{ auditTrail(first: 1) { nodes { action } } }"}`},
		"the cache":            {body: `{"query": "{ cache { state } }"}`},
		"a mutation":           {body: `{"query": "mutation { recordView(input: {documentId: \"` + doc + `\"}) { document { id } } }"}`},
		"a text of 17 KiB":     {body: `{"query": "{ formats { format } } #` + strings.Repeat("x", 17<<10) + `"}`},
		"parts":                {body: `{"query": "{ formats { format } ... @defer { categories { name } } }"}`, headers: []string{"Accept", "multipart/mixed"}},
		"events":               {body: `{"query": "{ formats { format } }"}`, headers: []string{"Accept", "text/event-stream"}},
	} {
		a.headers = append(a.headers, "Authorization", "Bearer "+admin.token)
		for range 3 {
			a.of(t, app.Handler)
		}
		if _, kept := app.took(); kept > 0 {
			t.Errorf("%s: %d answers were kept ones", name, kept)
		}
	}
}

// TestKeptAnswersOverGET answers GET and HEAD with kept answers, 304 to clients that have them.
func TestKeptAnswersOverGET(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	q := url.Values{"query": {`{ formats { format documents } }`}}.Encode()
	first := asking{query: q}.of(t, app.Handler)
	app.took()
	for name, c := range map[string]struct {
		asking
		status int
	}{
		"again":     {asking{query: q}, http.StatusOK},
		"unchanged": {asking{query: q, headers: []string{"If-None-Match", first.Header().Get("ETag")}}, http.StatusNotModified},
		"HEAD":      {asking{query: q, method: http.MethodHead}, http.StatusOK},
	} {
		w := c.of(t, app.Handler)
		if executed, kept := app.took(); executed != 0 || kept != 1 || w.Code != c.status || w.Header().Get("ETag") != first.Header().Get("ETag") || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d executed, %d kept, %d %v", name, executed, kept, w.Code, w.Header())
		}
		if c.status == http.StatusOK && (w.Body.String() != first.Body.String() || w.Header().Get("Content-Type") != first.Header().Get("Content-Type")) {
			t.Errorf("%s: %v %s", name, w.Header(), w.Body)
		}
	}
	if w := (asking{query: q, headers: []string{"Accept", "application/graphql-response+json"}}).of(t, app.Handler); !strings.HasPrefix(w.Header().Get("Content-Type"), "application/graphql-response+json") {
		t.Errorf("in another media type: %v", w.Header())
	}
}

// TestKeptAnswersAreCharged charges one point for a kept answer, and refuses a client without one.
func TestKeptAnswersAreCharged(t *testing.T) {
	limiter := ratelimit.New(ratelimit.Options{})
	defer limiter.Close()
	app := watch(t, served(t, "sqlite"), func(o *graph.Options) {
		o.Limiter, o.Budgets = limiter, quota.Budgets{User: ratelimit.Rate{Points: 400, Window: 24 * time.Hour}}
	})
	bob := as(t, app.App, "bob")
	body, _ := json.Marshal(map[string]string{"query": feed})
	a := asking{body: string(body), headers: []string{"Authorization", "Bearer " + bob.token}}
	a.of(t, app.Handler)
	a.of(t, app.Handler)
	left := remaining(t, a.of(t, app.Handler))
	for i := range 10 {
		if got := remaining(t, a.of(t, app.Handler)); got != left-i-1 {
			t.Fatalf("%d points are left after %d kept answers, %d before", got, i+1, left)
		}
	}
	for range left {
		if w := a.of(t, app.Handler); w.Code == http.StatusTooManyRequests {
			if coded(t, w) != "RATE_LIMITED" || w.Header().Get("Retry-After") == "" {
				t.Errorf("%v %s", w.Header(), w.Body)
			}
			return
		}
	}
	t.Error("kept answers cost nothing")
}

// TestIdenticalOperations has many send the same query at once, while nothing is kept: it is executed once, or once more where the
// first was over before the others came.
func TestIdenticalOperations(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	for round := range 20 {
		query := fmt.Sprintf(`query Round%d { documents(first: 20) { nodes { title bodyHtml comments(first: 5) { nodes { body author { username } } } } } }`, round)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if err := (client{handler: app.Handler}).into(t.Context(), query, nil, new(any)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if executed, kept := app.took(); executed > 2 || executed+kept != 16 {
			t.Errorf("%d executions, %d kept answers", executed, kept)
		}
	}
}

// stalled is the connection of a client that does not take its answer until it is released.
type stalled struct {
	*httptest.ResponseRecorder
	writing chan struct{}
	release chan struct{}
}

func (w stalled) Write(b []byte) (int, error) {
	close(w.writing)
	<-w.release
	return w.ResponseRecorder.Write(b)
}

// TestClientThatDoesNotTakeItsAnswer checks that another client with the same request does not wait for it.
func TestClientThatDoesNotTakeItsAnswer(t *testing.T) {
	app := served(t, "sqlite")
	for name, query := range map[string]string{"an answer": feed, "an error": `{ node(id: "x") { id } }`, "an invalid operation": `{ nothing }`} {
		body, _ := json.Marshal(map[string]string{"query": query})
		slow := stalled{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			app.Handler.ServeHTTP(slow, r)
		}()
		testkit.Receive(t, name, slow.writing)
		answered := make(chan string, 1)
		go func() { answered <- (asking{body: string(body)}).of(t, app.Handler).Body.String() }()
		got := testkit.Receive(t, name+" for the other client", answered)
		close(slow.release)
		<-ended
		if got == "" || got != slow.Body.String() {
			t.Errorf("%s: the other client gets %s, the first %s", name, got, slow.Body)
		}
	}
}

// twice sends a question twice, so that its answer is kept for those who ask next, and returns the answer.
func twice(t *testing.T, c client, q string) answer {
	t.Helper()
	first, err := c.send(t.Context(), q, nil)
	testkit.Must(t, err)
	second, err := c.send(t.Context(), q, nil)
	if testkit.Must(t, err); first.raw != second.raw {
		t.Fatalf("%s\nis answered by %s\nand then by %s", q, first.raw, second.raw)
	}
	return second
}
