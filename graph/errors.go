package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/exec"
	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
	"docsquare/internal/text/plaintext"
)

// errorPresenter turns every error of an operation into what a client may see. It is the one place where that happens.
func errorPresenter(log *slog.Logger, suggest bool) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		presented := *graphql.DefaultErrorPresenter(ctx, err) // a copy: err itself is logged later
		out := &presented
		library := out.Extensions["code"] != nil && errs.As(err) == nil && errors.Unwrap(out) == nil
		if library { // of the parser, the validator or the limits
			out = inSentences(ctx, out)
		}
		if !suggest {
			out.Message, _, _ = strings.Cut(out.Message, " Did you mean")
		}
		if library {
			out.Message = plaintext.Shorten(out.Message, maxMessage)
			return out
		}
		s := toGraphQLError(ctx, log, err)
		out.Message, out.Extensions = s.Message, s.Extensions
		attachField(ctx, out)
		return out
	}
}

// maxMessage is how many characters of a message of the parser or the validator are sent: it repeats what the client has sent.
const maxMessage = 500

// attachField names the input field where a value could not even be read: the scalar knows only the value, the path knows where.
// The path of an answer leads no further than to the field.
func attachField(ctx context.Context, e *gqlerror.Error) {
	if f := graphql.GetFieldContext(ctx); f != nil && len(e.Path) > len(f.Path()) {
		defer func() { e.Path = f.Path() }()
	}
	if e.Extensions["code"] != errs.BadUserInput || e.Extensions["field"] != nil || len(e.Path) < 2 {
		return
	}
	for _, at := range slices.Backward(e.Path) {
		if name, ok := at.(ast.PathName); ok {
			e.Extensions["field"] = string(name)
			return
		}
	}
}

// toGraphQLError is an error as a client may see it: its own words where it is meant for clients, otherwise a request id whose
// other half is in the log.
func toGraphQLError(ctx context.Context, log *slog.Logger, err error) *gqlerror.Error {
	var e *errs.Error
	var argument *exec.ArgumentError
	var syntax *gqlerror.Error
	switch {
	case errors.As(err, &e):
		out := &gqlerror.Error{Message: e.Message, Extensions: map[string]any{"code": e.Code}}
		maps.Copy(out.Extensions, e.Details)
		if e.Field != "" {
			out.Extensions["field"] = e.Field
		}
		if e.RetryAfter > 0 {
			out.Extensions["retryAfter"] = int(math.Ceil(e.RetryAfter.Seconds()))
		}
		return out
	case errors.As(err, &argument):
		return clientError(errs.BadUserInput, plaintext.Clip("this value cannot be used: "+reason(argument.Err), maxMessage))
	case errors.As(err, &syntax) && syntax.Unwrap() == nil:
		return &gqlerror.Error{Message: syntax.Message, Extensions: map[string]any{"code": errs.BadUserInput}}
	case errors.Is(err, exec.ErrTooLarge):
		return &gqlerror.Error{Message: "The answer is too large: request fewer or smaller fields.", Extensions: map[string]any{"code": errs.CostLimitExceeded}}
	case errors.Is(err, exec.ErrTooManyFields):
		return &gqlerror.Error{Message: "The operation selects too many fields: nest fewer fragments.", Extensions: map[string]any{"code": errs.CostLimitExceeded}}
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return clientError(errs.BadUserInput, "the client has ended the request")
	case errors.Is(err, context.DeadlineExceeded):
		return &gqlerror.Error{Message: "the operation took too long: ask for less", Extensions: map[string]any{"code": errs.CostLimitExceeded}}
	}
	id := httpserver.RequestID(ctx)
	if id == "" || request.Of(ctx).Delivery.Many() { // where many operations are of one request
		id = uuid.NewString()
	}
	if op := operation.From(ctx); op != nil {
		id = op.Fail(id, err)
	} else {
		logFailure(ctx, log, operation.Failure{ID: id, First: err, Count: 1})
	}
	return &gqlerror.Error{
		Message:    "Internal server error. Request ID: " + id,
		Extensions: map[string]any{"code": errs.Internal, "requestId": id},
	}
}

// reason returns the words of an error without the path, which the client gets separately.
func reason(err error) string {
	if e := new(gqlerror.Error); errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// logFailure logs the internal errors of an operation in one line, if there are any.
func logFailure(ctx context.Context, log *slog.Logger, f operation.Failure) {
	if f.Count == 0 {
		return
	}
	if p := new(panicError); errors.As(f.First, &p) {
		log = log.With("stack", string(p.stack))
	}
	log.ErrorContext(ctx, "operation failed", "failure", f.ID, "error", f.First, "errors", f.Count)
}

// panicError is the internal error that a panic becomes.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

func recovered(_ context.Context, p any) error { return &panicError{p, debug.Stack()} }
