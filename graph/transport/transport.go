// Package transport carries requests and answers: over HTTP, by the specification GraphQL over HTTP; over WebSocket, by the
// graphql-transport-ws protocol (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md); and over server-sent events,
// by the distinct connections mode of graphql-sse (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). It does not know
// the schema.
package transport

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/errs"
	"docsquare/internal/limit/admission"
	"docsquare/internal/text/plaintext"
)

// Options of the transports.
type Options struct {
	// Authenticate puts the viewer of an authorization, "Bearer …" or empty, into the context. It is called at the start
	// of a connection and again for each operation on it, so that a session that has ended is not used any more.
	Authenticate func(ctx context.Context, authorization string) (context.Context, error)

	// Admit charges an operation on a socket before it is parsed, or refuses it.
	Admit func(ctx context.Context) error

	// Enter waits until a request with one answer may be parsed and run.
	Enter func(ctx context.Context) (*admission.Turn, error)

	// Unread is called for an HTTP request that is not a GraphQL request.
	Unread func(ctx context.Context)

	// Present turns an error into what a client may see, and Recover a panic into an error.
	Present func(ctx context.Context, err error) *gqlerror.Error
	Recover func(ctx context.Context, p any) error

	Draining  <-chan struct{} // closed when the server is about to end: clients connect again, to another
	Live      *Live           // counts what is open
	KeepAlive time.Duration   // how often a silent connection is looked after
	Write     time.Duration   // within which a client must take an answer, before it is dropped

	// Message bounds one request in JSON, in bytes: a message on a socket, and the operations and the map of a form. The caller bounds the
	// body of a request over HTTP.
	Message int64

	// Connections bounds WebSockets and event streams for each address. nil: no bound.
	Connections *PerAddress
	// Running bounds the operations that run on WebSockets for each address. nil: no bound.
	Running *PerAddress

	// Of WebSocket alone.
	Origin     func(r *http.Request) bool // whether the page that connects may
	Init       time.Duration              // within which a client must introduce itself
	Operations int                        // at one time, on one connection
}

// Live counts what is open now.
type Live struct {
	WebSockets atomic.Int64 // connections
	Streams    atomic.Int64 // answers by server-sent events
	Operations atomic.Int64 // under way on either
}

// Now is what the counters stand at.
func (l *Live) Now() (webSockets, streams, operations int64) {
	return l.WebSockets.Load(), l.Streams.Load(), l.Operations.Load()
}

// sendAnswer sends one answer. Fatal means that it is the end of the operation: nothing was executed, or a subscription
// cannot go on.
type sendAnswer func(response *graphql.Response, fatal bool) error

// answers runs an operation and sends each answer, until there is none or the context ends.
func (o Options) answers(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams, send sendAnswer) (err error) {
	defer o.recovering(ctx, send, &err)
	op, failed := create(ctx, exec, params)
	if failed != nil {
		return send(exec.DispatchError(graphql.WithOperationContext(ctx, op), few(failed)), true)
	}
	return o.dispatch(ctx, exec, op, send)
}

// create reads an operation. If the document has no operation of the name that the request gives, the error names those that it has.
func create(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	op, failed := exec.CreateOperationContext(graphql.StartOperationTrace(ctx), params)
	if len(failed) != 1 || op == nil || op.Doc == nil || op.Operation != nil || len(op.Doc.Operations) == 0 {
		return op, failed
	}
	names := make([]string, len(op.Doc.Operations))
	for i, o := range op.Doc.Operations {
		names[i] = o.Name
	}
	asked := "the document has several operations"
	if params.OperationName != "" {
		asked = fmt.Sprintf("the document has no operation %q", plaintext.Shorten(params.OperationName, maxShownName))
	}
	remedy := fmt.Sprintf("name one of: %s, as operationName", strings.Join(names, ", "))
	if names[0] == "" { // it is the only one
		remedy = "its only operation has no name, leave operationName out"
	}
	failed[0].Message = plaintext.Shorten(asked+": "+remedy, maxShownNames)
	failed[0].Extensions = map[string]any{"code": errs.BadUserInput}
	return op, failed
}

// How many characters of the names of operations a message shows.
const (
	maxShownName  = 64
	maxShownNames = 400
)

// dispatch does that for an operation that was created before.
func (o Options) dispatch(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, send sendAnswer) (err error) {
	defer o.recovering(ctx, send, &err)
	o.Live.Operations.Add(1)
	defer o.Live.Operations.Add(-1)
	responses, running := exec.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
	for {
		response := responses(running)
		if response == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		fatal := len(response.Errors) > 0 && len(response.Data) == 0 && op.Operation.Operation == ast.Subscription
		if err := send(response, fatal); err != nil || fatal {
			return err
		}
	}
}

// recovering turns a panic into the end of this operation alone.
func (o Options) recovering(ctx context.Context, send sendAnswer, err *error) {
	if p := recover(); p != nil {
		*err = send(&graphql.Response{Errors: gqlerror.List{o.Present(ctx, o.Recover(ctx, p))}}, true)
	}
}
