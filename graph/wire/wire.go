// Package wire owns how answers travel that come one after the other: over WebSocket, by the graphql-transport-ws protocol
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), and over server-sent events, by the distinct
// connections mode of graphql-sse (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). It knows no schema.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Options of both transports.
type Options struct {
	// Authenticate puts into the context whoever an authorization speaks for, "Bearer …" or empty. It is asked at the start
	// of a connection and again for each operation on it, so that a session that has ended speaks for nobody.
	Authenticate func(ctx context.Context, authorization string) (context.Context, error)

	// Present turns an error into what a client may see, and Recover a panic into an error.
	Present func(ctx context.Context, err error) *gqlerror.Error
	Recover func(ctx context.Context, p any) error

	Draining  <-chan struct{} // closed when the server is about to end: clients connect anew, to another
	KeepAlive time.Duration   // how often a silent connection is looked after
	Write     time.Duration   // within which a client must take an answer, before it is dropped

	// Of WebSocket alone.
	Init       time.Duration // within which a client must introduce itself
	Operations int           // at one time, on one connection
	Message    int64         // bytes of one message of a client
}

type streamKey struct{}

// Streams says whether more than one answer can be sent to whoever has asked.
func Streams(ctx context.Context) bool { return ctx.Value(streamKey{}) != nil }

// answers runs an operation and sends each answer, until there is none or the context ends. Fatal says that the answer is
// the end of the operation: nothing was executed, or a subscription cannot go on.
func (o Options) answers(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams, send func(response *graphql.Response, fatal bool) error) (err error) {
	defer func() {
		if p := recover(); p != nil { // a panic ends this operation alone
			err = send(&graphql.Response{Errors: gqlerror.List{o.Present(ctx, o.Recover(ctx, p))}}, true)
		}
	}()
	ctx = context.WithValue(ctx, streamKey{}, true)
	op, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return send(exec.DispatchError(graphql.WithOperationContext(ctx, op), errs), true)
	}
	responses, ctx := exec.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
	for {
		response := responses(ctx)
		if response == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		fatal := len(response.Errors) > 0 && len(response.Data) == 0 && op.Operation.Operation == ast.Subscription
		if err := send(response, fatal); err != nil || fatal {
			return err
		}
	}
}

// request is a GraphQL request as JSON.
type request struct {
	Query         *string        `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// parsed reads a request; false where it is none.
func parsed(raw []byte) (*graphql.RawParams, bool) {
	var r request
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber() // as variables are read elsewhere
	if in.Decode(&r) != nil || r.Query == nil {
		return nil, false
	}
	now := graphql.Now()
	return &graphql.RawParams{
		Query: *r.Query, OperationName: r.OperationName, Variables: r.Variables, Extensions: r.Extensions,
		ReadTime: graphql.TraceTiming{Start: now, End: now},
	}, true
}

func encoded(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		raw, _ = json.Marshal(map[string]any{"errors": []map[string]string{{"message": "the answer cannot be written"}}}) // plain strings always can
	}
	return raw
}
