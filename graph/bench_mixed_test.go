package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// BenchmarkMixed answers what a busy site is asked, over connections, with 16 clients on each core: of 20 requests 12 are the
// feed of a signed-in account, 4 a document, 2 the account, 1 the statistics, and 1 a like or its opposite.
func BenchmarkMixed(b *testing.B) {
	app := apptest.Open(b, servicetest.Community(b, "sqlite"), servicetest.Tiers{})
	handler, err := app.App.Handler()
	testkit.Must(b, err)
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	bodies, token := mixedBodies(b), app.Token(b, servicetest.ID("bob"))
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for n := 0; p.Next(); n++ {
			post(b, server, bodies[n%len(bodies)], token)
		}
	})
}

// mixedBodies returns the bodies of requests for one round of each document.
func mixedBodies(b *testing.B) (bodies [][]byte) {
	b.Helper()
	add := func(times int, query string) {
		body, err := json.Marshal(map[string]string{"query": query})
		testkit.Must(b, err)
		for range times {
			bodies = append(bodies, body)
		}
	}
	for i := range servicetest.PublicDocuments {
		id := nodeid.ID{Type: nodeid.Document, UUID: servicetest.ID(fmt.Sprintf("doc%02d", i+1))}
		change := []string{"likeDocument", "unlikeDocument"}[i%2]
		add(12, feedQuery)
		add(4, fmt.Sprintf(`{ document(id: %q) { id title summary body author { id username } stats { views likes } viewerHasLiked } }`, id))
		add(2, viewerQuery)
		add(1, `{ siteStats { users documents comments likes } trendingDocuments(first: 10) { id title } }`)
		add(1, fmt.Sprintf(`mutation { %s(input: {documentId: %q}) { document { id viewerHasLiked stats { likes } } } }`, change, id))
	}
	return bodies
}

func post(b *testing.B, server *httptest.Server, body []byte, token string) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := server.Client().Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusOK || bytes.Contains(text, []byte(`"errors"`)) {
		b.Errorf("status %d: %v %s", answer.StatusCode, err, text)
	}
}
