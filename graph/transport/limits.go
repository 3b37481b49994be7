package transport

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/errs"
)

// maxID is how many bytes the identifier of an operation on a socket may have. It is kept as long as the operation runs.
const maxID = 128

// keptMessages is how many of the largest messages the operations of a connection may have come in.
const keptMessages = 4

// Connections bounds how many connections for more than one answer the clients at an address have open. The zero value has no bound.
type Connections struct {
	Max int // at each address; 0: no bound

	mu   sync.Mutex
	open map[string]int
}

// enter counts a connection until leave is called. It reports whether there is room for it. The address of a client may be unknown, "": then
// there is no bound.
func (c *Connections) enter(address string) (leave func(), ok bool) {
	if c == nil || c.Max == 0 || address == "" {
		return func() {}, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[address] >= c.Max {
		return func() {}, false
	}
	if c.open == nil {
		c.open = map[string]int{}
	}
	c.open[address]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.open[address]--; c.open[address] == 0 {
			delete(c.open, address)
		}
	}, true
}

// connectLater is the Retry-After of a client that has too many connections, in seconds.
const connectLater = 10

// tooMany refuses a further connection.
func (c *Connections) tooMany(a answerer) {
	e := gqlerror.Errorf("%d connections are open at your address: close some, or wait", c.Max)
	e.Extensions = map[string]any{"code": errs.RateLimited, "retryAfter": connectLater}
	a.w.Header().Set("Retry-After", strconv.Itoa(connectLater))
	a.write(http.StatusTooManyRequests, encodedAnswer(&graphql.Response{Errors: gqlerror.List{e}}))
}

// begin adds an operation to those under way, if there is room for it: the operations of a connection together have at most the bytes of four
// messages, for what a client has sent may be kept as long as its operation runs.
func (c *connection) begin(op *operation) (taken, full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, taken = c.operations[op.id]
	full = len(c.operations) >= c.options.Operations || len(c.operations) > 0 && c.bytes+op.bytes > keptMessages*c.options.Message
	if !taken && !full {
		c.operations[op.id] = op
		c.bytes += op.bytes
	}
	return taken, full
}

// release removes an operation from those under way.
func (c *connection) release(op *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.operations[op.id] == op {
		delete(c.operations, op.id)
		c.bytes -= op.bytes
	}
}
