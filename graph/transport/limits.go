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

// PerAddress bounds how much the clients at an address have under way: connections for more than one answer, or operations on them. The zero value
// has no bound.
type PerAddress struct {
	Max int // at each address; 0: no bound

	mu   sync.Mutex
	open map[string]int
}

// enter counts one more until leave is called. It reports whether there is room for it. The address of a client may be unknown, "": then
// there is no bound.
func (p *PerAddress) enter(address string) (leave func(), ok bool) {
	if p == nil || p.Max == 0 || address == "" {
		return func() {}, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open[address] >= p.Max {
		return func() {}, false
	}
	if p.open == nil {
		p.open = map[string]int{}
	}
	p.open[address]++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.open[address]--; p.open[address] == 0 {
			delete(p.open, address)
		}
	}, true
}

// connectLater is the Retry-After of a client that has too many connections, in seconds.
const connectLater = 10

// tooMany refuses one more connection.
func (p *PerAddress) tooMany(a answerer) {
	e := gqlerror.Errorf("%d connections are open at your address: close some, or wait", p.Max)
	e.Extensions = map[string]any{"code": errs.RateLimited, "retryAfter": connectLater}
	a.w.Header().Set("Retry-After", strconv.Itoa(connectLater))
	a.write(http.StatusTooManyRequests, encodedAnswer(&graphql.Response{Errors: gqlerror.List{e}}))
}

// begin adds an operation to those under way, if there is room for it: the operations of a connection together have at most the bytes of four
// messages, for what a client has sent may be kept as long as its operation runs. It returns why there is none.
func (c *connection) begin(op *operation) (taken bool, full error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken = c.operations[op.id]; taken {
		return true, nil
	}
	if len(c.operations) >= c.options.Operations || len(c.operations) > 0 && c.bytes+op.bytes > keptMessages*c.options.Message {
		return false, errs.New(errs.RateLimited, "up to %d operations, of %d bytes together, run on a connection: end some", c.options.Operations, keptMessages*c.options.Message)
	}
	leave, ok := c.options.Running.enter(c.address)
	if !ok {
		return false, errs.New(errs.RateLimited, "up to %d operations run on the connections of an address: end some", c.options.Running.Max)
	}
	op.leave = leave
	c.operations[op.id] = op
	c.bytes += op.bytes
	return false, nil
}

// release removes an operation from those under way.
func (c *connection) release(op *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.operations[op.id] == op {
		delete(c.operations, op.id)
		c.bytes -= op.bytes
		op.leave()
	}
}
