// Package request owns what is known of a GraphQL request before it runs: one struct, which is the context of everything that runs
// for it. It knows neither the schema nor services.
package request

import (
	"context"
	"net/http"

	"docsquare/graph/subscription"
	"docsquare/internal/limit/admission"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/viewer"
)

// Request is what is known of one request, or of one operation on a connection. Its viewer and record are those that viewer.From
// and record.From return for the context.
type Request struct {
	context.Context

	Viewer        viewer.Viewer
	Authorization string         // as the client has sent it
	Record        *record.Record // nil: none is kept
	Location      string         // where the client reaches the server, without a slash at the end
	Method        string
	Headers       http.Header // of the answer
	Delivery      Delivery
	Unkept        bool // the answer contains values of this request, such as its cost, so it must not be kept

	// Set by the extensions of the handler, in this order, before the operation runs.
	Trusted   Trusted // the trusted document of the operation, nil if it runs another
	Persisted string  // the hash of a text that is to be registered, empty if there is none

	Received    int // bytes of the request, without files
	Files       int // bytes of its files
	Comparisons int // of fields that its validation makes

	Variables map[string]any // as the client has sent them; nil once the operation has its values

	Estimate Estimate
	Charge   Charge
	Turn     *admission.Turn // in which it runs; nil: it waits for no other

	Subscription *subscription.Subscription // nil unless the operation is one
}

// Trusted is a trusted document.
type Trusted interface {
	ID() string
	Use() // counts one more use
}

// Estimate is what an operation costs by its text, in points.
type Estimate struct {
	Points int // all
	Fixed  int // those of them that the schema names by @cost for objects: they are due whatever is found
}

// Delivery is how answers reach the client.
type Delivery int

// The deliveries.
const (
	Single Delivery = iota // one answer
	Parts                  // one answer in parts: multipart/mixed
	Stream                 // server-sent events
	Socket                 // a WebSocket
)

// Incremental reports whether an answer can be sent in parts.
func (d Delivery) Incremental() bool { return d != Single }

// Many reports whether more than one answer can be sent.
func (d Delivery) Many() bool { return d == Stream || d == Socket }

// Key is the context key of a *Request, and of a Holder of one.
type Key struct{}

// Holder is a context above a request that takes its place under Key.
type Holder interface{ Request() *Request }

// Value implements context.Context.
func (r *Request) Value(key any) any {
	switch key {
	case Key{}:
		return r
	case viewer.ContextKey{}:
		return &r.Viewer
	case record.ContextKey{}:
		return r.Record
	}
	return r.Context.Value(key)
}

// Of returns the request of a context, an empty one if it has none.
func Of(ctx context.Context) *Request {
	switch r := ctx.Value(Key{}).(type) {
	case *Request:
		return r
	case Holder:
		return r.Request()
	}
	return &Request{Context: ctx}
}

// Derive returns a copy of the request of a context, with changes. The request itself is left as it is.
func Derive(ctx context.Context, change func(*Request)) *Request {
	x := *Of(ctx)
	x.Context = ctx
	change(&x)
	return &x
}
