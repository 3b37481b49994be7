package transport

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/trusted"
	"docsquare/internal/errs"
)

// refusal is why a request does not become an operation.
type refusal struct {
	status int
	words  string
}

func (r *refusal) Error() string { return r.words }

func refused(status int, words string) *refusal { return &refusal{status, words} }

// rawRequest is a GraphQL request as JSON. The last two are what some clients send in place of documentId.
type rawRequest struct {
	Query         *string        `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
	DocumentID    *string        `json:"documentId"`
	ID            *string        `json:"id"`
	DocID         *string        `json:"doc_id"`
}

// parsed reads a request in JSON.
func parsed(text string) (*graphql.RawParams, *refusal) {
	p, no, _ := decoded(strings.NewReader(text)) // which does not fail
	return p, no
}

// decoded reads a request in JSON from its source, to its end. It returns the error of a source that fails.
func decoded(from io.Reader) (*graphql.RawParams, *refusal, error) {
	var r *rawRequest
	wrong, failed := decode(from, &r)
	if failed != nil {
		return nil, nil, failed
	}
	if wrong != nil || r == nil {
		return nil, noJSON(wrong, misread(wrong)), nil
	}
	p, no := r.params()
	return p, no, nil
}

// misread returns which part of a request is not what it must be, without repeating any of it.
func misread(err error) string {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case ok && wrong.Field != "":
		return "the request must be a JSON object in which query, operationName and documentId are strings, variables and extensions objects"
	case ok && wrong.Value == "array":
		return "Batched requests are not supported: send one operation per request."
	case errors.Is(err, errFollows):
		return "something follows the JSON object of the request: send the object alone"
	}
	return "the request must be a JSON object with a query"
}

// params is the request as the executor takes it.
func (r *rawRequest) params() (*graphql.RawParams, *refusal) {
	p := &graphql.RawParams{Query: valueOf(r.Query), OperationName: valueOf(r.OperationName), Variables: r.Variables, Extensions: r.Extensions}
	if names := valueOf(r.DocumentID) + valueOf(r.ID) + valueOf(r.DocID); names != "" { // Name looks at the others
		name, err := trusted.Name(valueOf(r.DocumentID), valueOf(r.ID), valueOf(r.DocID), r.Extensions)
		if err != nil {
			return nil, refused(http.StatusBadRequest, errs.As(err).Message)
		}
		if p.Extensions == nil {
			p.Extensions = map[string]any{}
		}
		p.Extensions[trusted.DocumentID] = name
	}
	if r.Query == nil && p.Extensions[trusted.DocumentID] == nil && p.Extensions["persistedQuery"] == nil {
		return nil, refused(http.StatusBadRequest, "the request has no query")
	}
	now := graphql.Now()
	p.ReadTime = graphql.TraceTiming{Start: now, End: now}
	return p, nil
}

func valueOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// queried reads a request from the parameters of a URL.
func queried(raw string) (*graphql.RawParams, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, refused(http.StatusBadRequest, "the parameters of the URL are not percent-encoded")
	}
	r := &rawRequest{}
	for name, to := range map[string]**string{"query": &r.Query, "operationName": &r.OperationName, "documentId": &r.DocumentID, "id": &r.ID, "doc_id": &r.DocID} {
		if values.Has(name) {
			text := values.Get(name)
			*to = &text
		}
	}
	for name, to := range map[string]*map[string]any{"variables": &r.Variables, "extensions": &r.Extensions} {
		if text := values.Get(name); text != "" {
			if err := fromJSON(text, to); err != nil {
				return nil, noJSON(err, "the parameter "+name+" must be a JSON object")
			}
		}
	}
	return r.params()
}
