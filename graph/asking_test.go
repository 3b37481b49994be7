package graph_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asking is one request, in any form.
type asking struct {
	method, query, body string   // the method is POST where there is a body
	pieces              []string // of a body, instead of the whole
	headers             []string
}

func (a asking) of(t testing.TB, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, a.request(t))
	return w
}

// request is the request as the handler receives it.
func (a asking) request(t testing.TB) *http.Request {
	t.Helper()
	method := a.method
	if method == "" {
		method = map[bool]string{true: http.MethodGet, false: http.MethodPost}[a.body == "" && a.pieces == nil]
	}
	readers, size := []io.Reader{strings.NewReader(a.body)}, len(a.body)
	for _, piece := range a.pieces {
		readers, size = append(readers, strings.NewReader(piece)), size+len(piece)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, "http://docs.example.org/graphql?"+a.query, io.MultiReader(readers...))
	r.ContentLength = int64(size)
	if a.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(a.headers); i += 2 {
		r.Header.Set(a.headers[i], a.headers[i+1])
	}
	return r
}
