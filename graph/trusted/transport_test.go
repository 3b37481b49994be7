package trusted_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/graph/transport"
	"docsquare/graph/trusted"
	"docsquare/internal/limit/admission"
)

// serve is a server with every transport, as the handler of the graph has them.
func serve(t *testing.T, mode trusted.Mode) (address string) {
	t.Helper()
	streams := transport.Options{
		Live: &transport.Live{},
		Authenticate: func(ctx context.Context, _ string) (context.Context, error) {
			return request.Derive(ctx, func(*request.Request) {}), nil
		},
		Admit:     func(context.Context) error { return nil },
		Enter:     func(context.Context) (*admission.Turn, error) { return nil, nil }, //nolint:nilnil // all enter at once
		Unread:    func(context.Context) {},
		Present:   func(_ context.Context, err error) *gqlerror.Error { return gqlerror.Wrap(err) },
		Recover:   func(context.Context, any) error { return errors.New("panic") },
		KeepAlive: time.Minute, Write: time.Minute, Init: time.Minute, Operations: 10, Message: 1 << 20,
	}
	documents := load(t, relay)
	h := handler.New(echo{})
	h.SetQueryCache(documents.Cache(graphql.NoCache[*ast.QueryDocument]{}))
	h.AddTransport(transport.WebSocket{Options: streams})
	h.AddTransport(transport.HTTP{Options: streams})
	h.Use(trusted.NewGate(mode, documents, slog.New(slog.DiscardHandler)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(&request.Request{Context: r.Context()}))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// send is the body of the answer to a request over HTTP.
func send(t *testing.T, method, address, accept, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func post(t *testing.T, address, accept, body string) string {
	t.Helper()
	return send(t, http.MethodPost, address, accept, body)
}

func get(t *testing.T, address string, parameters url.Values) string {
	t.Helper()
	return send(t, http.MethodGet, address+"?"+parameters.Encode(), "application/json", "")
}

// overSocket returns the answer to one operation on a separate WebSocket.
func overSocket(t *testing.T, address, payload string) string {
	t.Helper()
	socket, _, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the library has it
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.CloseNow() }()
	var raw []byte
	for _, message := range []string{`{"type": "connection_init"}`, `{"id": "1", "type": "subscribe", "payload": ` + payload + `}`} {
		if err := socket.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
		if _, raw, err = socket.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return string(raw)
}

func TestEveryTransport(t *testing.T) {
	hash := sha(hello)
	apolloBody := `{"query": "", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}}`
	for name, tc := range map[string]struct {
		answer func(t *testing.T, address string) string
		want   string
	}{
		"POST, documentId": {func(t *testing.T, a string) string { return post(t, a, "application/json", `{"documentId": "h1"}`) }, "ran Hello of h1"},
		"POST, id": {func(t *testing.T, a string) string {
			return post(t, a, "application/json", `{"id": "h1", "query": null}`)
		}, "ran Hello of h1"},
		"POST, doc_id": {func(t *testing.T, a string) string { return post(t, a, "application/json", `{"doc_id": "h1"}`) }, "ran Hello of h1"},
		"POST, Apollo": {func(t *testing.T, a string) string { return post(t, a, "application/json", apolloBody) }, "ran Hello of h1"},
		"POST, one of two": {func(t *testing.T, a string) string {
			return post(t, a, "application/json", `{"documentId": "two", "operationName": "Second"}`)
		}, "ran Second of two"},
		"POST, unknown":      {func(t *testing.T, a string) string { return post(t, a, "application/json", `{"documentId": "x"}`) }, `"code":"PERSISTED_QUERY_NOT_FOUND"`},
		"POST, another text": {func(t *testing.T, a string) string { return post(t, a, "application/json", `{"query": "{ hello }"}`) }, `"code":"BAD_USER_INPUT"`},
		"GET, documentId":    {func(t *testing.T, a string) string { return get(t, a, url.Values{"documentId": {"sha256:" + hash}}) }, "ran Hello of h1"},
		"GET, Apollo": {func(t *testing.T, a string) string {
			return get(t, a, url.Values{"extensions": {`{"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}`}})
		}, "ran Hello of h1"},
		"GET, a mutation":   {func(t *testing.T, a string) string { return get(t, a, url.Values{"documentId": {"r1"}}) }, "a GET request cannot be a mutation"},
		"GET, another text": {func(t *testing.T, a string) string { return get(t, a, url.Values{"query": {"{ hello }"}}) }, `"code":"BAD_USER_INPUT"`},
		"SSE, documentId": {func(t *testing.T, a string) string {
			return post(t, a, "text/event-stream", `{"documentId": "t1"}`)
		}, "ran Ticks of t1"},
		"SSE, unknown": {func(t *testing.T, a string) string {
			return post(t, a, "text/event-stream", `{"documentId": "x"}`)
		}, `"code":"PERSISTED_QUERY_NOT_FOUND"`},
		"WebSocket, Apollo":       {func(t *testing.T, a string) string { return overSocket(t, a, apolloBody) }, "ran Hello of h1"},
		"WebSocket, its text":     {func(t *testing.T, a string) string { return overSocket(t, a, `{"query": "`+hello+`"}`) }, "ran Hello of h1"},
		"WebSocket, another text": {func(t *testing.T, a string) string { return overSocket(t, a, `{"query": "{ hello }"}`) }, `"code":"BAD_USER_INPUT"`},
		"WebSocket, documentId":   {func(t *testing.T, a string) string { return overSocket(t, a, `{"documentId": "t1"}`) }, "ran Ticks of t1"},
		"WebSocket, id":           {func(t *testing.T, a string) string { return overSocket(t, a, `{"id": "t1", "query": null}`) }, "ran Ticks of t1"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.answer(t, serve(t, trusted.Enforce)); !strings.Contains(got, tc.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}
