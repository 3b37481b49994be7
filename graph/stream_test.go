package graph_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// TestEventStream reads events over SSE, and a query too.
func TestEventStream(t *testing.T) {
	here, there := two(t, "sqlite")
	url, id := listening(t, there), global(nodeid.Document, "doc02")
	ask := func(query string) (status int, contentType string, events *bufio.Reader) {
		body, err := json.Marshal(map[string]any{"query": query, "variables": variables{"id": id}})
		testkit.Must(t, err)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
		testkit.Must(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "text/event-stream")
		response, err := http.DefaultClient.Do(r)
		testkit.Must(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		return response.StatusCode, response.Header.Get("Content-Type"), bufio.NewReader(response.Body)
	}
	status, contentType, stream := ask(changedLive)
	if status != http.StatusOK || !strings.HasPrefix(contentType, "text/event-stream") {
		t.Fatalf("status %d, %s", status, contentType)
	}
	wantEvent(t, stream, "next", `{"data":{"documentChanged":{"title":"第 2 篇文档","revision":1,"author":{"username":"bob"}}}}`)
	as(t, here, "bob").must(t, `mutation ($id: ID!) { updateDocument(input: {documentId: $id, expectedRevision: 1, title: "新"}) { document { id } } }`, variables{"id": id}, new(any))
	wantEvent(t, stream, "next", `{"data":{"documentChanged":{"title":"新","revision":2,"author":{"username":"bob"}}}}`)

	_, _, stream = ask(`{ user(username: "bob") { username } }`)
	wantEvent(t, stream, "next", `{"data":{"user":{"username":"bob"}}}`)
	wantEvent(t, stream, "complete", "")

	a, err := as(t, here, "").send(t.Context(), changedLive, variables{"id": id})
	if err != nil || a.code() != "BAD_USER_INPUT" || !strings.Contains(a.raw, "text/event-stream") {
		t.Errorf("a subscription in a plain request is answered by %s, %v", a.raw, err)
	}
}

func wantEvent(t *testing.T, stream *bufio.Reader, name, data string) {
	t.Helper()
	var lines []string
	for {
		line, err := stream.ReadString('\n')
		testkit.Must(t, err)
		if line = strings.TrimSpace(line); line == "" && len(lines) > 0 {
			break
		}
		if line != "" && line != ":" {
			lines = append(lines, line)
		}
	}
	if want := []string{"event: " + name, strings.TrimSpace("data: " + data)}; strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Fatalf("the event is %q, but %q was wanted", lines, want)
	}
}

// TestSlowSubscriber: a slow subscriber gets an error and is dropped, and delays no other client.
func TestSlowSubscriber(t *testing.T) {
	const writers, each = 8, 500 // many times what may wait, written as fast as can be
	app := served(t, "sqlite")
	id, s := global(nodeid.Document, "doc02"), greeted(t, listening(t, app), "")
	s.watched("s", statsLive, variables{"id": id}, new(statsEvent))
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				if err := app.Cache.Replace(t.Context(), []cache.Tag{kinds.DocumentStatsTag(servicetest.ID("doc02"))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for told := 0; ; told++ {
		f := s.hear()
		if f.Type == "error" {
			if !strings.Contains(string(f.Payload), "RATE_LIMITED") || !strings.Contains(string(f.Payload), "retryAfter") {
				t.Errorf("it is told %s", f.Payload)
			}
			break
		}
		if told > writers*each {
			t.Fatal("it was never dropped")
		}
	}
	s.watched("s", statsLive, variables{"id": id}, new(statsEvent))
}
