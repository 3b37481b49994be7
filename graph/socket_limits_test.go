package graph_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"docsquare/graph"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

const idleLive = `subscription ($id: ID!) { documentChanged(documentId: $id) { title } }`

// subscriptions starts so many idle subscriptions whose messages have this many bytes, one after the other, and returns how many run.
func (s *socket) subscriptions(n, bytes int) (running int) {
	s.t.Helper()
	id := servicetest.Names()["doc02"].String()
	for i := range n {
		s.write(fmt.Sprintf(`{"id":"%s%d-%d","type":"subscribe","payload":{"query":%q,"variables":{"id":%q,"more":%q},"extensions":{"more":%q}}}`,
			strings.Repeat("x", 100), i, bytes, idleLive, id, strings.Repeat("y", bytes/2), strings.Repeat("z", bytes/2)))
	}
	s.say(frame{Type: "ping"})
	running = n
	for {
		switch f := s.hear(); f.Type {
		case "error":
			running--
		case "pong":
			return running
		default:
			s.t.Fatalf("%+v came", f)
		}
	}
}

// TestSocketMemory checks what the largest messages of one connection keep while their subscriptions run: the text, the values of
// declared variables, and nothing else of the request.
func TestSocketMemory(t *testing.T) {
	app := served(t, "sqlite")
	s := greeted(t, listening(t, app), "")
	s.subscriptions(1, 1000)
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	running := s.subscriptions(20, 900_000)
	if grown := heap() - before; running != 4 || grown > 1<<20 {
		t.Errorf("%d subscriptions with 900 kB run, want 4, and keep %d bytes", running, grown)
	}
}

// TestSocketMessageLimits: messages of 1 MiB and identifiers of 128 bytes are taken, longer ones end the connection.
func TestSocketMessageLimits(t *testing.T) {
	const message, identifier = 1 << 20, 128
	url := listening(t, served(t, "sqlite"))
	query := func(id string, size int) string {
		open, shut := `{"id":"`+id+`","type":"subscribe","payload":{"query":"{ siteStats { users } }","extensions":{"a":"`, `"}}}`
		return open + strings.Repeat("x", max(0, size-len(open)-len(shut))) + shut
	}
	for name, c := range map[string]struct {
		text string
		code websocket.StatusCode // 0: it is answered
	}{
		"a message of 1 MiB":             {query("a", message), 0},
		"a longer message":               {query("a", message+1), websocket.StatusMessageTooBig},
		"an identifier of 128 bytes":     {query(strings.Repeat("a", identifier), 0), 0},
		"a longer identifier":            {query(strings.Repeat("a", identifier+1), 0), 4400},
		"an identifier of 43 ideographs": {query(strings.Repeat("文", identifier/3+1), 0), 4400},
	} {
		s := greeted(t, url, "")
		s.write(c.text)
		if c.code != 0 {
			if code := s.closed(); code != c.code {
				t.Errorf("%s ends the connection with %d, want %d", name, code, c.code)
			}
		} else if f := s.hear(); f.Type != "next" {
			t.Errorf("%s is answered %+v", name, f)
		}
	}
}

// TestSocketOperationLimit refuses the operations that are too many for a connection, and takes others once some have ended.
func TestSocketOperationLimit(t *testing.T) {
	app := served(t, "sqlite")
	server := httptest.NewServer(app.Serve(t, func(o *graph.Options) { o.Subscriptions = 10 }))
	t.Cleanup(server.Close)
	s := greeted(t, server.URL, "")
	if n := s.subscriptions(15, 10); n != 10 {
		t.Errorf("%d run", n)
	}
	for i := range 5 {
		s.say(frame{ID: fmt.Sprintf("%s%d-10", strings.Repeat("x", 100), i), Type: "complete"})
	}
	if n := s.subscriptions(5, 11); n != 5 {
		t.Errorf("after 5 have ended %d of 5 run", n)
	}
}

// TestAddressOperationLimit refuses the operations that are too many for the connections of an address together, and takes others once some
// have ended.
func TestAddressOperationLimit(t *testing.T) {
	app := served(t, "sqlite")
	server := httptest.NewServer(app.Serve(t, func(o *graph.Options) { o.AddressSubscriptions = 12 }))
	t.Cleanup(server.Close)
	one, other := greeted(t, server.URL, ""), greeted(t, server.URL, "")
	if n := one.subscriptions(8, 10); n != 8 {
		t.Errorf("%d of 8 run", n)
	}
	if n := other.subscriptions(8, 10); n != 4 {
		t.Errorf("%d run on the other connection", n)
	}
	testkit.Must(t, one.conn.CloseNow())
	testkit.Eventually(t, "room for others", func() bool { return other.subscriptions(8, 11) > 0 })
}

// TestConnectionLimit refuses the WebSockets and event streams of an address that are too many, and takes others once some are closed.
func TestConnectionLimit(t *testing.T) {
	app := served(t, "sqlite")
	server := httptest.NewServer(app.Serve(t, func(o *graph.Options) { o.Connections = 5 }))
	t.Cleanup(server.Close)
	connect := func() int {
		t.Helper()
		conn, response, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the library has it
		if err == nil {
			t.Cleanup(func() { _ = conn.CloseNow() })
		}
		return response.StatusCode
	}
	first := dial(t, server.URL)
	for range 4 {
		if status := connect(); status != http.StatusSwitchingProtocols {
			t.Fatalf("within the limit it is %d", status)
		}
	}
	if status := connect(); status != http.StatusTooManyRequests {
		t.Errorf("a sixth connection is answered by %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(`{"query": "{ __typename }"}`))
	testkit.Must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(r)
	testkit.Must(t, err)
	testkit.Must(t, response.Body.Close())
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("an event stream is answered by %d", response.StatusCode)
	}
	testkit.Must(t, first.conn.CloseNow())
	testkit.Eventually(t, "a further connection", func() bool { return connect() == http.StatusSwitchingProtocols })
}
