package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/graph/trusted"
	"docsquare/internal/httpserver"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/web"
)

// coded is the code of the first error of an answer.
func coded(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	return decoded(t, w).code()
}

// decoded is an answer.
func decoded(t *testing.T, w *httptest.ResponseRecorder) (a answer) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return a
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestPersistedQueries registers a text on one instance, and finds it by its hash on another; what is not valid, or is not
// what was hashed, is never registered.
func TestPersistedQueries(t *testing.T) {
	here, there := two(t, "sqlite")
	const text = `query Named($n: String!) { user(username: $n) { username } }`
	by := func(hash string) string {
		return url.Values{"variables": {`{"n": "ann"}`}, "extensions": {`{"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}`}}.Encode()
	}
	with := func(text, hash string) string {
		body, err := json.Marshal(map[string]any{"query": text, "variables": variables{"n": "ann"}, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}})
		testkit.Must(t, err)
		return string(body)
	}
	for range 2 {
		if w := (asking{query: by(hashOf(text))}).of(t, there.Handler); coded(t, w) != "PERSISTED_QUERY_NOT_FOUND" || !strings.Contains(w.Body.String(), "PersistedQueryNotFound") {
			t.Fatalf("an unknown hash is answered by %s", w.Body)
		}
	}
	for name, c := range map[string]struct{ text, hash, code string }{
		"another text": {text, hashOf("{ x }"), "BAD_USER_INPUT"},
		"no hash":      {text, "abc", "BAD_USER_INPUT"},
		"not valid":    {"{ nope }", hashOf("{ nope }"), "GRAPHQL_VALIDATION_FAILED"},
		"too dear":     {`{ documents(first: 100) { nodes { comments(first: 100) { nodes { id } } } } }`, hashOf(`{ documents(first: 100) { nodes { comments(first: 100) { nodes { id } } } } }`), "COST_LIMIT_EXCEEDED"},
	} {
		if w := (asking{body: with(c.text, c.hash)}).of(t, here.Handler); coded(t, w) != c.code {
			t.Errorf("%s is answered by %s", name, w.Body)
		}
		if w := (asking{query: by(hashOf(c.text))}).of(t, here.Handler); coded(t, w) != "PERSISTED_QUERY_NOT_FOUND" {
			t.Errorf("%s was registered: %s", name, w.Body)
		}
	}
	if w := (asking{body: with(text, hashOf(text))}).of(t, here.Handler); w.Body.String() != `{"data":{"user":{"username":"ann"}}}` {
		t.Fatalf("%s", w.Body)
	}
	here.Cache.Settle()
	for i, app := range []*apptest.App{here, there} {
		if w := (asking{query: by(hashOf(text))}).of(t, app.Handler); w.Body.String() != `{"data":{"user":{"username":"ann"}}}` {
			t.Errorf("instance %d answers %s", i, w.Body)
		}
	}
}

// TestTrustedDocuments runs documents of a manifest by their names over every way to ask, and in enforce nothing else.
func TestTrustedDocuments(t *testing.T) {
	app := served(t, "sqlite")
	const text = `query Ann { user(username: "ann") { username } }`
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	testkit.Must(t, os.WriteFile(manifest, fmt.Appendf(nil, `{%q: %q}`, "ann-1", text), 0o600))
	const want = `{"data":{"user":{"username":"ann"}}}`
	documents, err := graph.LoadDocuments([]string{manifest}, 2000)
	testkit.Must(t, err)
	for _, mode := range []trusted.Mode{trusted.Log, trusted.Prefer, trusted.Enforce} {
		h := app.Serve(t, func(o *graph.Options) { o.Trusted = graph.Trusted{Mode: mode, Documents: documents} })
		for name, a := range map[string]asking{
			"by POST":      {body: `{"documentId": "ann-1"}`},
			"by GET":       {query: "documentId=ann-1"},
			"as Relay":     {body: `{"doc_id": "ann-1"}`},
			"by its hash":  {body: `{"documentId": "sha256:` + hashOf(text) + `"}`},
			"as Apollo":    {body: `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hashOf(text) + `"}}}`},
			"by its words": {body: fmt.Sprintf(`{"query": %q}`, text)},
		} {
			for range 3 { // the last time by the answer that is kept
				if w := a.of(t, h); w.Body.String() != want {
					t.Errorf("%s: %s is answered by %s", mode, name, w.Body)
				}
			}
		}
		if w := (asking{body: `{"documentId": "bob-1"}`}).of(t, h); coded(t, w) != "PERSISTED_QUERY_NOT_FOUND" {
			t.Errorf("%s: an unknown name is answered by %s", mode, w.Body)
		}
		code := coded(t, asking{body: `{"query": "{ user(username: \"ann\") { id } }"}`}.of(t, h))
		if (code == "BAD_USER_INPUT") != (mode == trusted.Enforce) {
			t.Errorf("%s: another text is answered by %q", mode, code)
		}
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		s := greeted(t, server.URL, "")
		s.say(frame{ID: "1", Type: "subscribe", Payload: json.RawMessage(`{"documentId": "ann-1"}`)})
		var got struct{ User struct{ Username string } }
		if s.next("1", &got); got.User.Username != "ann" {
			t.Errorf("%s: over a socket it is %+v", mode, got)
		}
	}
	asked := 0
	documents.Each(func(_, _ string, count uint64) { asked += int(count) })
	if asked != 3*(6*3+1) {
		t.Errorf("it was asked for %d times", asked)
	}
	if _, err := graph.LoadDocuments([]string{"nowhere.json"}, 2000); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("a manifest that is not there is %v", err)
	}
}

// TestConditionalRequests lets a guest keep an answer for exactly as long as no write touches what it rests on.
func TestConditionalRequests(t *testing.T) {
	here, there := two(t, "postgres")
	doc := global(nodeid.Document, "doc02")
	q := url.Values{"query": {`query ($id: ID!) { document(id: $id) { title stats { likes } } }`}, "variables": {`{"id": "` + doc + `"}`}}.Encode()
	first := asking{query: q}.of(t, here.Handler)
	etag := first.Header().Get("ETag")
	if etag == "" || first.Header().Get("Cache-Control") != "no-cache" || !strings.Contains(first.Header().Get("Vary"), "Authorization") {
		t.Fatalf("%v", first.Header())
	}
	again := func(app *apptest.App, query, etag string) *httptest.ResponseRecorder {
		return asking{query: query, headers: []string{"If-None-Match", `"other", ` + etag}}.of(t, app.Handler)
	}
	for name, app := range map[string]*apptest.App{"the same instance": here, "another instance": there} {
		if w := again(app, q, etag); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != etag {
			t.Errorf("%s answers %d %s", name, w.Code, w.Body)
		}
	}
	if w := again(here, strings.Replace(q, "likes", "views", 1), etag); w.Code != http.StatusOK {
		t.Errorf("another question has the same tag: %d", w.Code)
	}
	bob := as(t, here, "bob")
	bob.must(t, `mutation ($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": doc}, new(any))
	changed := again(here, q, etag)
	if changed.Code != http.StatusOK || changed.Header().Get("ETag") == etag {
		t.Errorf("after a write the answer is %d %s", changed.Code, changed.Body)
	}
	own := asking{query: q, headers: []string{"Authorization", "Bearer " + bob.token}}.of(t, here.Handler)
	broken := asking{query: "query=" + url.QueryEscape("{ nope }")}.of(t, here.Handler)
	for name, w := range map[string]*httptest.ResponseRecorder{"one's own": own, "an error": broken} {
		if w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") == "no-cache" {
			t.Errorf("%s may be kept: %v", name, w.Header())
		}
	}
}

// TestDefer answers in parts if the client accepts them, and with an error if it does not.
func TestDefer(t *testing.T) {
	app := served(t, "sqlite")
	body := fmt.Sprintf(`{"query": "query ($id: ID!) { document(id: $id) { title ... @defer(label: \"more\") { comments(first: 1) { totalCount } } } }", "variables": {"id": %q}}`, global(nodeid.Document, "doc01"))
	w := asking{body: body, headers: []string{"Accept", "multipart/mixed;deferSpec=20220824, application/json"}}.of(t, app.Handler)
	parts := strings.Split(w.Body.String(), "\r\n---")
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "multipart/mixed") || len(parts) != 3 || !strings.Contains(parts[0], `"hasNext":true`) ||
		!strings.Contains(parts[1], `"incremental":[{"data":{"comments":{"totalCount":`) || !strings.Contains(parts[1], `"path":["document"]`) || !strings.Contains(parts[1], `"hasNext":false`) {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
	if w := (asking{body: body}).of(t, app.Handler); coded(t, w) != "BAD_USER_INPUT" || !strings.Contains(w.Body.String(), "multipart/mixed") {
		t.Errorf("one who takes no parts is answered by %s", w.Body)
	}
}

// TestPages asks as browsers do for pages of other sites.
func TestPages(t *testing.T) {
	app := served(t, "sqlite")
	h := app.Serve(t, func(o *graph.Options) {
		o.Origins = httpserver.OriginPolicy{Origins: []string{"https://app.example.org"}}
	})
	const query = "query=%7B__typename%7D"
	for name, c := range map[string]struct {
		a    asking
		want int
	}{
		"a link":                          {asking{query: query, headers: []string{"Sec-Fetch-Site", "cross-site"}}, http.StatusForbidden},
		"an allowed page":                 {asking{query: query, headers: []string{"Origin", "https://app.example.org", "Sec-Fetch-Site", "cross-site"}}, http.StatusOK},
		"a form":                          {asking{body: "x", headers: []string{"Content-Type", "text/plain", "Origin", "https://evil.example"}}, http.StatusForbidden},
		"the address line":                {asking{query: query, headers: []string{"Sec-Fetch-Site", "none"}}, http.StatusOK},
		"a page that was asked for first": {asking{query: query, headers: []string{"Origin", "https://evil.example", "GraphQL-Preflight", "1"}}, http.StatusOK},
		"a socket":                        {asking{headers: []string{"Origin", "https://evil.example", "Upgrade", "websocket", "Authorization", ""}}, http.StatusForbidden},
	} {
		if w := c.a.of(t, h); w.Code != c.want {
			t.Errorf("%s is answered by %d %s", name, w.Code, w.Body)
		}
	}
}

// TestStrangersLearnLittle: without introspection no answer names parts of the schema, and only administrators see what was done.
func TestStrangersLearnLittle(t *testing.T) {
	app := served(t, "sqlite")
	h := app.Serve(t, func(o *graph.Options) { o.Introspection, o.Explain = false, false })
	for name, query := range map[string]string{
		"a field": `{ documentz { id } }`, "a type": `{ __type(name: "User") { name } }`, "a schema": `{ __schema { types { name } } }`,
		"an argument": `{ documents(firzt: 1) { totalCount } }`, "a value": `{ documents(orderBy: {field: CREATED}) { totalCount } }`,
		"an input field": `mutation { login(input: {usernamee: "a", password: "b"}) { token } }`,
	} {
		w := asking{body: fmt.Sprintf(`{"query": %q}`, query)}.of(t, h)
		if text := w.Body.String(); coded(t, w) == "" || strings.Contains(text, "Did you mean") || strings.Contains(text, "CREATED_AT") {
			t.Errorf("%s: %s", name, text)
		}
	}
	for name, want := range map[string]bool{"": false, "bob": false, "cy": true} {
		headers := []string{"X-Explain", "1"}
		if name != "" {
			headers = append(headers, "Authorization", "Bearer "+app.Token(t, servicetest.ID(name)))
		}
		w := asking{body: `{"query": "{ siteStats { users } }"}`, headers: headers}.of(t, h)
		if strings.Contains(w.Body.String(), `"explain"`) != want {
			t.Errorf("%q is explained: %v", name, !want)
		}
	}
}

// TestExamplesFit sends every example of the Playground: none is beyond the limits that hold where nothing is configured.
func TestExamplesFit(t *testing.T) {
	app := served(t, "sqlite")
	examples, err := web.Examples()
	testkit.Must(t, err)
	for _, x := range examples {
		vars := map[string]any{}
		if x.Variables != "" {
			testkit.Must(t, json.Unmarshal([]byte(x.Variables), &vars))
		}
		a, err := as(t, app, "").send(t.Context(), x.Query, vars)
		testkit.Must(t, err)
		if a.code() == "COST_LIMIT_EXCEEDED" || a.code() == "INTERNAL" {
			t.Errorf("%s: %s", x.Name, a.raw)
		}
	}
}

// TestDeadlineIsAnswered checks that a client whose operation has no time left is told so.
func TestDeadlineIsAnswered(t *testing.T) {
	c := client{handler: served(t, "sqlite").Serve(t, func(o *graph.Options) { o.Timeout = time.Nanosecond })}
	got, err := c.send(t.Context(), `{ documents(first: 2) { nodes { title } } }`, nil)
	testkit.Must(t, err)
	if got.code() != "COST_LIMIT_EXCEEDED" {
		t.Errorf("got %s", got.raw)
	}
}
