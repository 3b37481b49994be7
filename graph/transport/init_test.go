package transport_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"docsquare/graph/transport"
	"docsquare/internal/testkit"
)

// TestInitTimeout: a client that connects and does not greet is disconnected.
func TestInitTimeout(t *testing.T) {
	const initTimeout = 4408 // of graphql-transport-ws
	socket := transport.WebSocket{Options: transport.Options{
		Live: &transport.Live{}, KeepAlive: time.Minute, Write: time.Minute, Init: 50 * time.Millisecond, Operations: 1, Message: 1 << 10,
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { socket.Do(w, r, nil) }))
	defer server.Close()
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the library has it
	testkit.Must(t, err)
	defer func() { _ = conn.CloseNow() }()
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != initTimeout {
		t.Errorf("the connection ends with %v", err)
	}
}
