package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/graph/quota"
	"docsquare/internal/limit/admission"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// limited is a handler with budgets that come back so slowly that nothing does during a test.
func rationed(t *testing.T, app *apptest.App, user, address int) http.Handler {
	t.Helper()
	l := ratelimit.New(ratelimit.Options{})
	t.Cleanup(l.Close)
	return app.Serve(t, func(o *graph.Options) {
		o.Limiter = l
		o.Budgets = quota.Budgets{User: ratelimit.Rate{Points: user, Window: 24 * time.Hour}, Address: ratelimit.Rate{Points: address, Window: 24 * time.Hour}}
	})
}

// remaining is what an answer says is left.
func remaining(t *testing.T, w *httptest.ResponseRecorder) int {
	t.Helper()
	_, text, _ := strings.Cut(w.Header().Get("RateLimit"), "r=")
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("the headers are %v: %s", w.Header(), w.Body)
	}
	return n
}

// TestBudgets charges the estimate, gives back what an answer from the cache costs less, and refuses what is too much, to
// each client by itself.
func TestBudgets(t *testing.T) {
	app := served(t, "sqlite")
	h := rationed(t, app, 300, 100)
	bob := []string{"Authorization", "Bearer " + as(t, app, "bob").token}
	const query = `{"query": "{ documents(first: 20) { nodes { title author { username } } } }"}` // 41 points
	cold := remaining(t, asking{body: query}.of(t, h))
	if cold != 100-41 {
		t.Errorf("%d points are left at first", cold)
	}
	asked := 0
	var refused *httptest.ResponseRecorder
	for refused == nil && asked < 100 {
		if w := (asking{body: query}).of(t, h); w.Code == http.StatusTooManyRequests {
			refused = w
		}
		asked++
	}
	if refused == nil || asked < 5 {
		t.Fatalf("a guest is refused after %d requests: those from the cache must be cheaper, and not for nothing", asked)
	}
	wait, err := strconv.Atoi(refused.Header().Get("Retry-After"))
	if err != nil || wait < 1 || coded(t, refused) != "RATE_LIMITED" || !strings.Contains(refused.Body.String(), fmt.Sprintf(`"retryAfter":%d`, wait)) {
		t.Errorf("%v %s", refused.Header(), refused.Body)
	}
	if w := (asking{body: query, headers: bob}).of(t, h); w.Code != http.StatusOK || remaining(t, w) != 300-1 {
		t.Errorf("bob pays more than for the answer that is kept, or for a guest: %v %s", w.Header(), w.Body)
	}
	w := asking{body: `{"query": "{ rateLimit { limit cost remaining resetAt } }"}`, headers: append(bob, "X-Cost", "1")}.of(t, h)
	if text := w.Body.String(); !strings.Contains(text, `"limit":300,"cost":1,`) || !strings.Contains(text, `"requested":1,"actual":1,"limit":300`) {
		t.Errorf("bob is told %s", text)
	}
	if w := (asking{body: `{"query": "{ documents(first: 100) { nodes { title author { username } comments(first: 1) { totalCount } } } }"}`, headers: bob}).of(t, h); coded(t, w) != "COST_LIMIT_EXCEEDED" {
		t.Errorf("what costs more than there ever is: %s", w.Body)
	}
}

// TestSubscriptionBudget charges a subscription, and each of its events.
func TestSubscriptionBudget(t *testing.T) {
	app := served(t, "sqlite")
	h := rationed(t, app, 300, 100)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	left := func() int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"?query=%7B__typename%7D", nil)
		testkit.Must(t, err)
		response, err := http.DefaultClient.Do(r)
		testkit.Must(t, err)
		testkit.Must(t, response.Body.Close())
		w := httptest.NewRecorder()
		maps.Copy(w.Header(), response.Header)
		return remaining(t, w)
	}
	before := left()
	s := greeted(t, server.URL, "")
	s.watched("s", statsLive, variables{"id": global(nodeid.Document, "doc02")}, new(statsEvent))
	for i := range 5 {
		mark := []string{"like", "unlike"}[i%2]
		as(t, app, "bob").must(t, `mutation ($id: ID!) { `+mark+`Document(input: {documentId: $id}) { document { id } } }`, variables{"id": global(nodeid.Document, "doc02")}, new(any))
		s.next("s", new(statsEvent))
	}
	if after := left(); after > before-9 || after < before-21 { // one for the connection, one for the subscription, one to three for each of six events, and one to ask
		t.Errorf("%d points were left before, and %d are after", before, after)
	}
}

// TestSubscriptionEndsWithTheBudget ends a subscription whose client has nothing left to pay for an event.
func TestSubscriptionEndsWithTheBudget(t *testing.T) {
	app := served(t, "sqlite")
	server := httptest.NewServer(rationed(t, app, 300, 4))
	t.Cleanup(server.Close)
	s := greeted(t, server.URL, "")
	s.watched("s", statsLive, variables{"id": global(nodeid.Document, "doc02")}, new(statsEvent))
	for i := range 4 {
		mark := []string{"like", "unlike"}[i%2]
		as(t, app, "bob").must(t, `mutation ($id: ID!) { `+mark+`Document(input: {documentId: $id}) { document { id } } }`, variables{"id": global(nodeid.Document, "doc02")}, new(any))
	}
	for events := 0; ; events++ {
		if f := s.hear(); f.Type == "error" && strings.Contains(string(f.Payload), "RATE_LIMITED") {
			break
		} else if f.Type != "next" || events == 4 {
			t.Fatalf("after %d events came %+v: %s", events, f.Type, f.Payload)
		}
	}
}

// longDocument is a public document with a text of so many KiB. It returns its identifier.
func longDocument(t *testing.T, app *apptest.App, size int) string {
	t.Helper()
	return made(t, app, app.Token(t, servicetest.ID("ann")), strings.Repeat("0123456789 needle", size<<10/17))
}

func fieldsOfDocument(fields string) string {
	return `query ($id: ID!) { document(id: $id) { ` + fields + ` } }`
}

// TestLargeAnswersCost charges the bytes of an answer, 128 KiB for 32 points, also of one that is too large.
func TestLargeAnswersCost(t *testing.T) {
	app := served(t, "sqlite")
	id := longDocument(t, app, 128)
	h := app.Serve(t, func(o *graph.Options) { o.MaxAnswer = 1 << 20 })
	ask := func(fields string) cost { return priced(t, h, fieldsOfDocument(fields), variables{"id": id}, "") }
	small, one, seven := ask("title").Extensions.Cost, ask("body").Extensions.Cost, ask(manyAliases("body", 7)).Extensions.Cost
	if small.Actual > 3 || one.Actual < 32 || one.Requested >= one.Actual || seven.Actual < 6*one.Actual {
		t.Errorf("a title costs %+v, a body %+v, seven bodies %+v", small, one, seven)
	}
	if large := ask(manyAliases("body", 20)).Extensions.Cost; large.Actual < 256 { // 1 MiB was encoded before it was too large
		t.Errorf("an answer that is too large costs %+v", large)
	}
}

// TestLargeEntriesCost charges the bytes of what is read from the database, whether they are answered or not: the text for a snippet, and
// what a search ranks.
func TestLargeEntriesCost(t *testing.T) {
	const query = `query ($id: ID!) { document(id: $id) { id } search(query: "needle", first: 1) { edges { score snippets { html } } } }`
	cold := func(text string) int {
		url := servicetest.Community(t, "sqlite")
		first := apptest.Open(t, url, servicetest.Tiers{})
		id := made(t, first, first.Token(t, servicetest.ID("ann")), text)
		return priced(t, apptest.Open(t, url, servicetest.Tiers{}).Handler, query, variables{"id": id}, "").Extensions.Cost.Actual
	}
	var many strings.Builder // 512 KiB, of which 200 kB are different words
	for i := 0; many.Len() < 500<<10; i++ {
		fmt.Fprintf(&many, "needle w%d ", i%12_000)
	}
	small, repeated, different := cold("a needle"), cold(strings.Repeat("0123456789 needle", 500<<10/17)), cold(many.String())
	if least := small + 500/64; repeated < least || repeated > least+4 {
		t.Errorf("a snippet of 500 KiB costs %d points, one of a small text %d", repeated, small)
	}
	if different < repeated+2 || different > repeated+10 {
		t.Errorf("a search that reads an entry of thousands of words costs %d points, one of few words %d", different, repeated)
	}
}

// TestPrefixesCost charges what SQLite merges for the beginnings of words, by how many words of the index begin so, also if they must not be there.
func TestPrefixesCost(t *testing.T) {
	url := servicetest.Community(t, "sqlite")
	first := apptest.Open(t, url, servicetest.Tiers{})
	var many strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&many, "w%d ", 10_000+i)
	}
	made(t, first, first.Token(t, servicetest.ID("ann")), "needle "+many.String())
	cold := func(query string) int {
		return priced(t, apptest.Open(t, url, servicetest.Tiers{}).Handler, `query ($q: String!) { search(query: $q, first: 1) { totalCount } }`, variables{"q": query}, "").Extensions.Cost.Actual
	}
	word := cold("needle w10000")
	for query, least := range map[string]int{"needle w1*": 20, "needle w2*": 20, "needle -w1*": 6, "needle w10* w11* w12* w13* w14* w15* w16* w17* w18* w19*": 20} {
		if got := cold(query); got < word+least {
			t.Errorf("%q costs %d points, a search of words %d", query, got, word)
		}
	}
	if got := cold("needle w10000*"); got > word+2 {
		t.Errorf("the beginning of one word costs %d points, a word %d", got, word)
	}
}

// TestExpensiveAnswersWait has an operation wait for its turn while its answer is written, when that has become long.
func TestExpensiveAnswersWait(t *testing.T) {
	app := served(t, "sqlite")
	id := longDocument(t, app, 128)
	gate := admission.New(admission.Options{Slots: 1})
	h := app.Serve(t, func(o *graph.Options) { o.Gate, o.Timeout = gate, time.Second })
	ask := func(fields string) string {
		body, err := json.Marshal(map[string]any{"query": fieldsOfDocument(fields), "variables": variables{"id": id}})
		testkit.Must(t, err)
		return asking{body: string(body)}.of(t, h).Body.String()
	}
	turn, err := gate.Enter(t.Context(), "another client", 1000) // has the only slot
	testkit.Must(t, err)
	if answer := ask("title"); !strings.Contains(answer, `"title":"Long"`) {
		t.Errorf("a small answer has waited: %.200s", answer)
	}
	if answer := ask(manyAliases("body", 20)); !strings.Contains(answer, `"COST_LIMIT_EXCEEDED"`) || strings.Contains(answer, "needle") {
		t.Errorf("without a slot, a long answer is %.200s", answer)
	}
	turn.Leave()
	if answer := ask(manyAliases("body", 20)); len(answer) < 20*120<<10 {
		t.Errorf("with a slot, a long answer is %.200s", answer)
	}
}

// TestFieldLimits counts each time that a field stands in an operation, by address.
func TestFieldLimits(t *testing.T) {
	app := served(t, "sqlite")
	h := rationed(t, app, 100_000, 100_000)
	login := func(name, address string, times int) (refused int) {
		var fields strings.Builder
		for i := range times {
			fmt.Fprintf(&fields, `a%d: login(input: {username: "%s", password: "wrong horse"}) { token } `, i, name)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q}`, "mutation { "+fields.String()+"}")))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return strings.Count(w.Body.String(), "RATE_LIMITED")
	}
	refused, began := 0, time.Now()
	for i := range 30 {
		refused += login(fmt.Sprint("absent", i), "[2001:db8::"+strconv.FormatInt(int64(i+1), 16)+"]:1", 1)
	}
	// 20 in a minute: one more for each three seconds that the test takes.
	if more := int(time.Since(began) / (3 * time.Second)); refused > 10 || refused < 10-more {
		t.Errorf("%d of 30 attempts from one /64 are refused, want 10, or %d fewer", refused, more)
	}
}
