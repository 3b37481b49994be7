package transport

import (
	"bytes"
	"context"
	"mime"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/exec"
	"docsquare/graph/request"
	"docsquare/internal/httpserver"
	"docsquare/internal/viewer"
)

// HTTP answers requests by the specification GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): POST with JSON, or a
// form with files, and GET for queries. Its answer is one piece; or parts, or events, where the operation has more to say and
// the client takes them. It takes whatever no other transport does: add it last.
type HTTP struct {
	Options
	Answers Answers
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
	text, no := textOf(r)
	if no != nil {
		a.refuse(no)
		return
	}
	t.answer(r, a, takes, executor, text)
}

// textOf returns the text of a request: its body, or for GET its parameters after a question mark. It is empty for a form.
func textOf(r *http.Request) (string, *refusal) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return "?" + r.URL.RawQuery, nil
	case http.MethodPost:
	default:
		return "", refused(http.StatusMethodNotAllowed, "send a query by GET, or any operation by POST")
	}
	switch bodyMedia(httpserver.Header(r, "Content-Type")) {
	case mediaJSON:
	case mediaForm:
		return "", nil
	default:
		return "", refused(http.StatusUnsupportedMediaType, "the body must be application/json in UTF-8, or multipart/form-data where it brings files")
	}
	body, _ := buffers.Get().(*bytes.Buffer)
	defer recycle(body)
	body.Reset()
	if _, err := body.ReadFrom(r.Body); err != nil {
		return "", unreadable(err, "the body ends too early")
	}
	if body.Len() == 0 { // which would be taken for a form
		return "", noJSON(nil, misread(nil))
	}
	return body.String(), nil
}

// bodyMedia returns the media type of a body, empty if it cannot be read.
func bodyMedia(header string) string {
	if header == mediaJSON { // of most clients
		return mediaJSON
	}
	media, params, err := mime.ParseMediaType(header)
	if err != nil || !utf8Only(params["charset"]) {
		return ""
	}
	return media
}

// read reads a request with this text. Call done once it is answered.
func (t HTTP) read(r *http.Request, text string) (p *graphql.RawParams, done func(), no *refusal) {
	done = func() {}
	switch {
	case r.Method != http.MethodPost:
		p, no = queried(r.URL.RawQuery)
	case text == "":
		return withFiles(r, t.Message)
	default:
		p, no = parsed(text)
	}
	return p, done, no
}

// announced returns how many bytes a form has, or if it does not tell, as many as a request in JSON may have.
func (t HTTP) announced(r *http.Request) int {
	if r.ContentLength < 0 {
		return int(t.Message)
	}
	return int(r.ContentLength)
}

// subscribe sends the answers of an operation as events. Each of them enters, so the request itself leaves.
func (t HTTP) subscribe(a answerer, r *http.Request, executor graphql.GraphExecutor, op *graphql.OperationContext) {
	a.turn.Leave()
	disconnect, ok := t.Connections.enter(viewer.From(r.Context()).Address)
	if !ok {
		t.Connections.tooMany(a)
		return
	}
	defer disconnect()
	t.events(a.w, r, executor, op)
}

// answer answers a request with this text: with a kept answer, or with what becomes of the operation.
func (t HTTP) answer(r *http.Request, a answerer, takes accepted, executor graphql.GraphExecutor, text string) {
	ctx, get := r.Context(), r.Method != http.MethodPost
	defer func() {
		if p := recover(); p != nil { // a panic ends this request alone
			a.send(&graphql.Response{Errors: gqlerror.List{t.Present(ctx, t.Recover(ctx, p))}})
		}
	}()
	if request.Of(ctx).Received = len(text); text == "" {
		request.Of(ctx).Files = t.announced(r)
	}
	turn, err := t.Enter(ctx)
	if err != nil {
		a.send(&graphql.Response{Errors: gqlerror.List{t.Present(ctx, err)}})
		return
	}
	defer turn.Leave()
	if a.turn = turn; text == "" {
		turn.Waits() // for the bytes of the form
	}
	events, search := takes.prefers(mediaEvents), &noSearch
	if !events {
		answer, found, refusal := t.Answers.find(ctx, text)
		switch {
		case refusal != nil:
			a.send(executor.DispatchError(ctx, gqlerror.List{refusal}))
			return
		case answer != nil:
			a.sendWhole(r, answer)
			return
		}
		search = found
		defer search.Drop()
	}
	params, done, no := t.read(r, text)
	defer done()
	turn.Works()
	if no != nil {
		t.Unread(ctx)
		a.refuse(no)
		return
	}
	params.Headers = r.Header
	op, failed := create(ctx, executor, params)
	ctx = graphql.WithOperationContext(ctx, op)
	if failed != nil || op.Operation.Operation != ast.Query || Deferred(op) { // whose answers are not kept
		search.Drop()
	}
	switch {
	case failed != nil && events:
		t.asEvents(a.w, r, func(_ context.Context, send sendAnswer) error {
			return send(executor.DispatchError(ctx, few(failed)), true)
		})
		return
	case failed != nil:
		a.send(executor.DispatchError(ctx, few(failed)))
		return
	case get && (op.Operation.Operation == ast.Mutation || op.Operation.Operation == ast.Subscription && !takes.takes(mediaEvents)):
		a.w.Header().Set("Allow", http.MethodPost)
		a.refuse(refused(http.StatusMethodNotAllowed, "a GET request cannot be a "+string(op.Operation.Operation)+": send it by POST"))
		return
	case events, op.Operation.Operation == ast.Subscription && takes.takes(mediaEvents):
		t.subscribe(a, r, executor, op)
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
	answer := search.Keep(ctx, response)
	search.Drop() // before the client takes the answer: others may wait
	if answer != nil {
		a.sendWhole(r, answer)
	} else {
		if get {
			a.w.Header()["Cache-Control"] = notStored
		}
		a.send(response)
	}
	exec.Recycle(response.Data)
}
