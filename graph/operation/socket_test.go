package operation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// frame is one message of the protocol graphql-transport-ws.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is a connection of a client.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// connect opens a connection of a guest.
func connect(t *testing.T, app *apptest.App) *socket {
	t.Helper()
	server := httptest.NewServer(app.Handler)
	t.Cleanup(server.Close)
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the library has it
	testkit.Must(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	s := &socket{t, conn}
	s.send(frame{Type: "connection_init"})
	if f := s.receive(); f.Type != "connection_ack" {
		t.Fatalf("the server answers %+v", f)
	}
	return s
}

func (s *socket) send(f frame) {
	s.t.Helper()
	raw, err := json.Marshal(f)
	testkit.Must(s.t, err)
	testkit.Must(s.t, s.conn.Write(s.t.Context(), websocket.MessageText, raw))
}

func (s *socket) receive() (f frame) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	_, raw, err := s.conn.Read(ctx)
	testkit.Must(s.t, err)
	testkit.Must(s.t, json.Unmarshal(raw, &f))
	return f
}

// start starts an operation.
func (s *socket) start(id, query string) {
	s.t.Helper()
	payload, err := json.Marshal(map[string]string{"query": query})
	testkit.Must(s.t, err)
	s.send(frame{ID: id, Type: "subscribe", Payload: payload})
}

// results returns the payloads of operations by identifier, once all of them are complete.
func (s *socket) results(operations int) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for operations > 0 {
		switch f := s.receive(); f.Type {
		case "next":
			out[f.ID] += string(f.Payload)
		case "complete":
			operations--
		default:
			s.t.Fatalf("operation %s: %s %s", f.ID, f.Type, f.Payload)
		}
	}
	return out
}

// TestOperationsOfASocketAreApart runs sign-ins and queries side by side on one connection: each sign-in answers for its own
// account, and the connection stays that of a guest.
func TestOperationsOfASocketAreApart(t *testing.T) {
	app := apptest.Open(t, community(t), servicetest.Tiers{})
	s := connect(t, app)
	const rounds = 2
	for range rounds {
		for _, who := range []string{"ann", "bob", "cy"} {
			s.start(who, fmt.Sprintf(`mutation { login(input: {username: %q, password: %q}) { user { username email } } }`, who, servicetest.Password))
			s.start("guest next to "+who, `{ viewer { username } }`)
		}
		for id, got := range s.results(6) {
			want := `{"data":{"viewer":null}}`
			if !strings.HasPrefix(id, "guest") {
				want = fmt.Sprintf(`{"data":{"login":{"user":{"username":%q,"email":%q}}}}`, id, id+"@example.org")
			}
			if got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
	}
}
