package wire

import (
	"context"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/exec"
)

// HTTP answers requests as GraphQL over HTTP says (https://graphql.github.io/graphql-over-http/draft/): POST with JSON, or a
// form with files, and GET for queries. Its answer is one piece; or parts, or events, where the operation has more to say and
// the client takes them. It takes whatever no other transport does: add it last.
type HTTP struct {
	Options
	Conditional
}

var _ graphql.Transport = HTTP{}

const allowedMethods = "GET, HEAD, POST, OPTIONS"

// Supports takes every request.
func (HTTP) Supports(*http.Request) bool { return true }

// Do answers a request.
func (t HTTP) Do(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor) {
	takes := acceptable(r.Header)
	a := answerer{w: w, media: takes.single()}
	if r.Method == http.MethodOptions { // of a client that is no browser on another site
		w.Header().Set("Allow", allowedMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if a.media == "" {
		a.media = mediaJSON
		if !takes.takes(mediaEvents) {
			a.refuse(refused(http.StatusNotAcceptable, "the answer can be application/graphql-response+json or application/json: name one in the Accept header"))
			return
		}
	}
	params, done, no := read(r)
	defer done()
	if no != nil {
		a.refuse(no)
		return
	}
	params.Headers = r.Header
	t.answer(r, a, takes, executor, params)
}

// read reads a request of any method and media type. Call done once it is answered.
func read(r *http.Request) (p *graphql.RawParams, done func(), no *refusal) {
	done = func() {}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		p, no = queried(r.URL.RawQuery)
		return p, done, no
	case http.MethodPost:
	default:
		return nil, done, refused(http.StatusMethodNotAllowed, "send a query by GET, or any operation by POST")
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || !utf8Only(params["charset"]) || !slices.Contains([]string{mediaJSON, mediaForm}, media):
		return nil, done, refused(http.StatusUnsupportedMediaType, "the body must be application/json in UTF-8, or multipart/form-data where it brings files")
	case media == mediaForm:
		return withFiles(r)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, done, unreadable(err, "the body ends too early")
	}
	p, no = parsed(raw)
	return p, done, no
}

// answer runs an operation and answers with what becomes of it.
func (t HTTP) answer(r *http.Request, a answerer, takes accepted, executor graphql.GraphExecutor, params *graphql.RawParams) {
	ctx, get := r.Context(), r.Method != http.MethodPost
	defer func() {
		if p := recover(); p != nil { // a panic ends this request alone
			a.send(&graphql.Response{Errors: gqlerror.List{t.Present(ctx, t.Recover(ctx, p))}})
		}
	}()
	events := takes.prefers(mediaEvents)
	if get && !events {
		if etag, ok := t.known(r); ok {
			a.unchanged(etag)
			return
		}
	}
	op, no := executor.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	switch {
	case no != nil && events:
		t.asEvents(a.w, r, func(_ context.Context, send sendAnswer) error {
			return send(executor.DispatchError(ctx, few(no)), true)
		})
		return
	case no != nil:
		a.send(executor.DispatchError(ctx, few(no)))
		return
	case get && (op.Operation.Operation == ast.Mutation || op.Operation.Operation == ast.Subscription && !takes.takes(mediaEvents)):
		a.w.Header().Set("Allow", http.MethodPost)
		a.refuse(refused(http.StatusMethodNotAllowed, "a GET request cannot be a "+string(op.Operation.Operation)+": send it by POST"))
		return
	case events, op.Operation.Operation == ast.Subscription && takes.takes(mediaEvents):
		t.events(a.w, r, executor, op)
		return
	case takes.takes(mediaMixed) && Deferred(op):
		t.parts(a.w, r, executor, op)
		return
	}
	responses, ctx := executor.DispatchOperation(ctx, op)
	response := responses(ctx)
	if response == nil { // the client is gone
		return
	}
	if get {
		if etag, ok := t.keep(ctx, a.w, r, response); ok {
			a.unchanged(etag)
			return
		}
	}
	a.send(response)
	exec.Recycle(response.Data)
}
