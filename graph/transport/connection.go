package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/text/plaintext"
)

// connection is one client's. Its messages are read one after the other; operations run concurrently.
type connection struct {
	options       Options
	socket        *websocket.Conn
	exec          graphql.GraphExecutor
	headers       http.Header
	end           context.CancelFunc
	authorization string
	address       string // of the client
	greeted       bool   // whether the client has introduced itself

	running    sync.WaitGroup
	mu         sync.Mutex
	operations map[string]*operation
	bytes      int64 // of the messages that operations under way came in
}

// operation is one under way.
type operation struct {
	id     string
	bytes  int64 // of its message
	cancel context.CancelFunc
	leave  func() // the operations of the address

	mu   sync.Mutex // held while a message of the operation is sent
	over bool       // nothing is sent any more: the identifier may be another's by now
}

// serve reads messages until the connection ends.
func (c *connection) serve(ctx context.Context) {
	late := time.AfterFunc(c.options.Init, func() { c.close(closeInitTimeout, "Connection initialisation timeout") })
	defer late.Stop()
	defer c.lookAfter(ctx)()
	for {
		kind, raw, err := c.socket.Read(ctx)
		if err != nil {
			return
		}
		var m message
		if kind != websocket.MessageText || json.Unmarshal(raw, &m) != nil {
			c.close(closeInvalid, "Invalid message: it must be a JSON object with a type")
			return
		}
		if m.Type == typeInit && !c.greeted {
			if !late.Stop() {
				return
			}
		}
		if !c.handle(ctx, m, int64(len(raw))) {
			return
		}
	}
}

// lookAfter pings the client from time to time, and closes the connection if the server shuts down, until it is stopped.
func (c *connection) lookAfter(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(c.options.KeepAlive)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				bounded, cancel := context.WithTimeout(ctx, c.options.Write)
				err := c.socket.Ping(bounded)
				cancel()
				if err != nil {
					c.end()
					return
				}
			case <-c.options.Draining:
				c.close(websocket.StatusGoingAway, "the server ends: connect again")
				return
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

// handle does what a message of so many bytes asks for; false ends the connection.
func (c *connection) handle(ctx context.Context, m message, bytes int64) bool {
	if len(m.ID) > maxID {
		return c.close(closeInvalid, "Invalid message: an id has at most 128 bytes")
	}
	switch m.Type {
	case typeInit:
		return c.greet(ctx, m.Payload)
	case typePing:
		return c.send(ctx, message{Type: typePong, Payload: m.Payload}) == nil
	case typePong:
		return true
	case typeSubscribe:
		return c.subscribe(ctx, m, bytes)
	case typeComplete:
		if m.ID == "" {
			return c.close(closeInvalid, "Invalid message: complete needs an id")
		}
		c.forget(c.operation(m.ID))
		return true
	}
	return c.close(closeInvalid, "Invalid message: there is no such type")
}

// greet lets a client in.
func (c *connection) greet(ctx context.Context, payload json.RawMessage) bool {
	if c.greeted {
		return c.close(closeTwice, "Too many initialisation requests")
	}
	authorization, ok := authorizationOf(payload)
	if !ok {
		return c.close(closeInvalid, "Invalid message: the payload must be an object")
	}
	if authorization != "" {
		c.authorization = authorization
	}
	if _, err := c.options.Authenticate(ctx, c.authorization); err != nil {
		return c.close(closeForbidden, "Forbidden")
	}
	c.greeted = true
	return c.send(ctx, message{Type: typeAck}) == nil
}

// subscribe starts an operation.
func (c *connection) subscribe(ctx context.Context, m message, bytes int64) bool {
	if !c.greeted {
		return c.close(closeUnauthorized, "Unauthorized")
	}
	params, no := parsed(string(m.Payload))
	if no != nil || m.ID == "" {
		return c.close(closeInvalid, "Invalid message: subscribe needs an id and a payload with a query")
	}
	params.Headers = c.headers
	ctx, cancel := context.WithCancel(ctx)
	op := &operation{id: m.ID, bytes: bytes, cancel: cancel}
	taken, full := c.begin(op)
	switch {
	case taken:
		cancel()
		return c.close(closeDuplicate, "Subscriber for "+plaintext.Clip(m.ID, shownID)+" already exists")
	case full != nil:
		defer cancel()
		return c.refuse(ctx, op, full) == nil
	}
	c.running.Go(func() {
		defer cancel()
		c.run(ctx, op, params)
	})
	return true
}

// shownID is how many bytes of an identifier are repeated in the reason of a close frame, which has room for 123.
const shownID = 64

// run runs an operation to its end.
func (c *connection) run(ctx context.Context, op *operation, params *graphql.RawParams) {
	known, err := c.options.Authenticate(ctx, c.authorization)
	if err == nil {
		request.Of(known).Received = int(op.bytes)
		err = c.options.Admit(known)
	}
	if err != nil {
		_ = c.refuse(ctx, op, err) // a client that does not hear of it is gone
		return
	}
	told := false
	err = c.options.answers(delivered(known, request.Socket), c.exec, params, func(response *graphql.Response, fatal bool) error {
		if told = fatal; fatal {
			return c.tell(ctx, op, message{Type: typeError, Payload: encoded(response.Errors)}, true)
		}
		return c.tell(ctx, op, message{Type: typeNext, Payload: encodedAnswer(response)}, false)
	})
	if err == nil && !told {
		_ = c.tell(ctx, op, message{Type: typeComplete}, true) // a client that does not hear of it is gone
	}
	c.forget(op)
}

func (c *connection) refuse(ctx context.Context, op *operation, err error) error {
	return c.tell(ctx, op, message{Type: typeError, Payload: encoded(gqlerror.List{c.options.Present(ctx, err)})}, true)
}

// tell sends a message of an operation, unless the client has ended it. With the last one the identifier is free again.
func (c *connection) tell(ctx context.Context, op *operation, m message, last bool) error {
	op.mu.Lock()
	defer op.mu.Unlock()
	if op.over {
		return context.Canceled
	}
	if m.ID = op.id; last {
		op.over = true
		c.release(op)
	}
	return c.send(ctx, m)
}

// forget ends an operation: nothing of it is sent any more.
func (c *connection) forget(op *operation) {
	if op == nil {
		return
	}
	op.cancel()
	op.mu.Lock()
	op.over = true
	op.mu.Unlock()
	c.release(op)
}

func (c *connection) operation(id string) *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.operations[id]
}

// send writes a message within the time that a client has. One that takes longer is dropped: whatever waits for it waits
// no more, and nothing is kept for it.
func (c *connection) send(ctx context.Context, m message) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.options.Write)
	defer cancel()
	err := c.socket.Write(bounded, websocket.MessageText, encoded(m))
	if err != nil {
		c.end()
	}
	return err
}

// close ends the connection with a code and a reason. It is always false.
func (c *connection) close(code websocket.StatusCode, reason string) bool {
	_ = c.socket.Close(code, reason) // it ends in either case
	c.end()
	return false
}
