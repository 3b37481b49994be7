package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// patience is how long a test waits for what must come, on a machine whose disk may stall for seconds.
const patience = time.Minute

// socket is a client over WebSocket.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// frame is one message of the protocol.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// listening is an address where the application answers until the test ends.
func listening(t *testing.T, app *apptest.App) string {
	t.Helper()
	server := httptest.NewServer(app.Handler)
	t.Cleanup(server.Close)
	return server.URL
}

// dial connects without a word.
func dial(t *testing.T, url string, protocols ...string) *socket {
	t.Helper()
	if len(protocols) == 0 {
		protocols = []string{"graphql-transport-ws"}
	}
	conn, response, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http"), &websocket.DialOptions{Subprotocols: protocols}) //nolint:bodyclose // the library has it
	testkit.Must(t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", response.StatusCode)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{t, conn}
}

// greeted connects as the holder of a token, a guest where it is empty.
func greeted(t *testing.T, url, token string) *socket {
	t.Helper()
	s := dial(t, url)
	if token == "" {
		s.say(frame{Type: "connection_init"})
	} else {
		s.say(frame{Type: "connection_init", Payload: json.RawMessage(`{"authorization": "Bearer ` + token + `"}`)})
	}
	if f := s.hear(); f.Type != "connection_ack" {
		t.Fatalf("the greeting is answered by %+v", f)
	}
	return s
}

func (s *socket) say(f frame) {
	s.t.Helper()
	raw, err := json.Marshal(f)
	testkit.Must(s.t, err)
	s.write(string(raw))
}

func (s *socket) write(text string) {
	s.t.Helper()
	testkit.Must(s.t, s.conn.Write(s.t.Context(), websocket.MessageText, []byte(text)))
}

func (s *socket) hear() frame {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	_, raw, err := s.conn.Read(ctx)
	testkit.Must(s.t, err)
	var f frame
	testkit.Must(s.t, json.Unmarshal(raw, &f))
	return f
}

// subscribe starts an operation.
func (s *socket) subscribe(id, query string, vars variables) {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	testkit.Must(s.t, err)
	s.say(frame{ID: id, Type: "subscribe", Payload: payload})
}

// next is the data of the next event.
func (s *socket) next(id string, data any) {
	s.t.Helper()
	f := s.hear()
	if f.Type != "next" || f.ID != id {
		s.t.Fatalf("an event of %q was wanted, but %+v came: %s", id, f.Type, f.Payload)
	}
	var a answer
	testkit.Must(s.t, json.Unmarshal(f.Payload, &a))
	testkit.Must(s.t, a.decode(data))
}

// failed is the code of the error with which an operation ends.
func (s *socket) failed(id string) string {
	s.t.Helper()
	f := s.hear()
	var list []struct {
		Extensions struct{ Code string }
	}
	if f.Type != "error" || f.ID != id || json.Unmarshal(f.Payload, &list) != nil || len(list) == 0 {
		s.t.Fatalf("an error of %q was wanted, but %+v came: %s", id, f.Type, f.Payload)
	}
	return list[0].Extensions.Code
}

// closed is the code with which the server ends the connection.
func (s *socket) closed() websocket.StatusCode {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			var e websocket.CloseError
			if !errors.As(err, &e) {
				s.t.Fatalf("the connection ends by %v", err)
			}
			return e.Code
		}
	}
}

// TestSocketProtocol sends what graphql-transport-ws says must end a connection, and how.
func TestSocketProtocol(t *testing.T) {
	url := listening(t, served(t, "sqlite"))
	const init, sub = `{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":{"query":"subscription { documentChanged(documentId: \"x\") { id } }"}}`
	for name, c := range map[string]struct {
		say  []string
		code websocket.StatusCode
	}{
		"no JSON":                      {[]string{"hello"}, 4400},
		"no type":                      {[]string{`{}`}, 4400},
		"another type":                 {[]string{init, `{"type":"start"}`}, 4400},
		"an init that is no object":    {[]string{`{"type":"connection_init","payload":"x"}`}, 4400},
		"two inits":                    {[]string{init, init}, 4429},
		"an operation before":          {[]string{sub}, 4401},
		"a bad token":                  {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer nonsense"}}`}, 4403},
		"an operation without an id":   {[]string{init, `{"type":"subscribe","payload":{"query":"{ viewer { id } }"}}`}, 4400},
		"an operation without a query": {[]string{init, `{"id":"1","type":"subscribe","payload":{}}`}, 4400},
		"a complete without an id":     {[]string{init, `{"type":"complete"}`}, 4400},
		"an id of 129 bytes":           {[]string{init, `{"id":"` + strings.Repeat("x", 129) + `","type":"subscribe","payload":{"query":"{ viewer { id } }"}}`}, 4400},
	} {
		t.Run(name, func(t *testing.T) {
			s := dial(t, url)
			for _, text := range c.say {
				s.write(text)
			}
			if code := s.closed(); code != c.code {
				t.Errorf("closed with %d", code)
			}
		})
	}
	if code := dial(t, url, "graphql-ws").closed(); code != 4406 {
		t.Errorf("another protocol is closed with %d", code)
	}
}

// TestSocketOperations runs queries and mutations on a socket, side by side, and reuses their identifiers.
func TestSocketOperations(t *testing.T) {
	app := served(t, "sqlite")
	s := greeted(t, listening(t, app), app.Token(t, servicetest.ID("bob")))
	s.say(frame{Type: "ping", Payload: json.RawMessage(`{"a":1}`)})
	if f := s.hear(); f.Type != "pong" || string(f.Payload) != `{"a":1}` {
		t.Fatalf("a ping is answered by %+v", f)
	}
	for range 2 {
		s.subscribe("1", `{ viewer { username } }`, nil)
		var out struct{ Viewer struct{ Username string } }
		if s.next("1", &out); out.Viewer.Username != "bob" {
			t.Fatalf("the viewer is %+v", out)
		}
		if f := s.hear(); f.Type != "complete" || f.ID != "1" {
			t.Fatalf("the end is %+v", f)
		}
	}
	const sideBySide = 20
	for i := range sideBySide {
		s.subscribe(fmt.Sprint("m", i), `mutation { updateProfile(input: {bio: "`+fmt.Sprint(i)+`"}) { user { bio } } }`, nil)
	}
	for done := 0; done < sideBySide; {
		switch f := s.hear(); f.Type {
		case "complete":
			done++
		case "next":
			if strings.Contains(string(f.Payload), "errors") {
				t.Fatalf("a mutation is answered by %s", f.Payload)
			}
		default:
			t.Fatalf("a mutation is answered by %+v", f)
		}
	}
	s.subscribe("2", `{ nonsense }`, nil)
	if code := s.failed("2"); code != "GRAPHQL_VALIDATION_FAILED" {
		t.Fatalf("what is no operation is %s", code)
	}
	const changes = `subscription ($id: ID!) { documentChanged(documentId: $id) { title } }`
	id := variables{"id": servicetest.Names()["doc02"].String()}
	s.subscribe("3", changes, id)
	s.subscribe("3", changes, id)
	if code := s.closed(); code != 4409 {
		t.Fatalf("an identifier that is taken: closed with %d", code)
	}
}
