package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"docsquare/internal/httpserver"
	"docsquare/internal/viewer"
)

// WebSocket answers over WebSocket: many operations on one connection.
type WebSocket struct{ Options }

var _ graphql.Transport = WebSocket{}

const protocol = "graphql-transport-ws"

// The close codes of the protocol.
const (
	closeInvalid      websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeForbidden    websocket.StatusCode = 4403
	closeProtocol     websocket.StatusCode = 4406
	closeInitTimeout  websocket.StatusCode = 4408
	closeDuplicate    websocket.StatusCode = 4409
	closeTwice        websocket.StatusCode = 4429
)

// Supports reports whether the client wants a WebSocket.
func (WebSocket) Supports(r *http.Request) bool {
	return strings.EqualFold(httpserver.Header(r, "Upgrade"), "websocket")
}

// Do serves one connection until it ends.
func (t WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if r.Header.Get("Origin") != "" && !t.Origin(r) { // no browser asks before it connects
		answerer{w: w, media: mediaJSON}.refuse(refused(http.StatusForbidden, "pages of this origin may not connect: the operator can allow it"))
		return
	}
	address := viewer.From(r.Context()).Address
	leave, ok := t.Connections.enter(address)
	if !ok {
		t.Connections.tooMany(answerer{w: w, media: mediaJSON})
		return
	}
	defer leave()
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{protocol}, CompressionMode: websocket.CompressionDisabled, InsecureSkipVerify: true, // that is done above
	})
	if err != nil {
		return // Accept has answered
	}
	if socket.Subprotocol() != protocol {
		_ = socket.Close(closeProtocol, "Subprotocol not acceptable") // it ends in either case
		return
	}
	socket.SetReadLimit(t.Message)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context())) // which ends with this function only
	c := &connection{
		options: t.Options, socket: socket, exec: exec, headers: r.Header, end: cancel,
		authorization: r.Header.Get("Authorization"), address: address, operations: map[string]*operation{},
	}
	t.Live.WebSockets.Add(1)
	defer t.Live.WebSockets.Add(-1)
	c.serve(ctx)
	cancel()
	c.running.Wait()
	_ = socket.CloseNow() // it is closed already, unless the client has vanished
}

// message is one message of the protocol, of either side.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// The types of messages.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// authorizationOf is what a client introduces itself with, if it does; false where the payload is no object.
func authorizationOf(payload json.RawMessage) (authorization string, ok bool) {
	if len(payload) == 0 || string(payload) == "null" {
		return "", true
	}
	var fields map[string]any
	if fromJSON(string(payload), &fields) != nil {
		return "", false
	}
	for name, value := range fields {
		if text, isText := value.(string); isText && strings.EqualFold(name, "authorization") {
			return text, true
		}
	}
	return "", true
}
