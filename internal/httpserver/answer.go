package httpserver

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzhttp"
)

// minSize is the size from which on compression is worth its while, in bytes.
const minSize = 1024

// RequestIDHeader is the header by which an answer names its request, for the log.
const RequestIDHeader = "X-Request-Id"

// protecting are headers that every answer has. Their values are shared: replace them, do not change them.
var protecting = map[string][]string{
	"X-Content-Type-Options": {"nosniff"}, "X-Frame-Options": {"DENY"}, "Referrer-Policy": {"no-referrer"}, "Cross-Origin-Opener-Policy": {"same-origin"},
}

// WithHeaders gives every answer what keeps browsers from misusing it, and a name to ask for it by.
func WithHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		maps.Copy(h, protecting)
		id := uuid.NewString()
		h[RequestIDHeader] = []string{id}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, id)))
	})
}

type requestKey struct{}

// RequestID returns the request ID of the context, or "" if it has none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// WithCompression compresses what next answers, for clients that take it. Long-running answers are not
// compressed: they are sent in parts, with their own deadlines.
func WithCompression(next http.Handler) http.Handler {
	wrap, _ := gzhttp.NewWrapper( // it fails for sizes and levels that there are not
		gzhttp.MinSize(minSize), gzhttp.ContentTypeFilter(func(media string) bool {
			return strings.Contains(media, "json") || strings.HasPrefix(media, "text/plain") || strings.Contains(media, "xml")
		}))
	compressed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if goesOn(r) {
			next.ServeHTTP(w, r)
			return
		}
		compressed.ServeHTTP(w, r)
	})
}

// goesOn reports whether the answer may be a long-running one.
func goesOn(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return r.Header.Get("Upgrade") != "" || strings.Contains(accept, "text/event-stream") || strings.Contains(accept, "multipart/mixed")
}
