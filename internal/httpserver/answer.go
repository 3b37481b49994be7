package httpserver

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
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
var protecting = []struct {
	name   string
	values []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"X-Frame-Options", []string{"DENY"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
}

// WithHeaders gives every answer what keeps browsers from misusing it, and a name to ask for it by. It counts the answers.
func WithHeaders(counts *Statuses, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{ResponseWriter: w, counts: counts, id: [1]string{newRequestID()}}
		a.context = requestContext{r.Context(), &a.id[0]}
		h := w.Header()
		for _, p := range protecting {
			h[p.name] = p.values
		}
		h[RequestIDHeader] = a.id[:]
		next.ServeHTTP(a, r.WithContext(&a.context))
		a.count(http.StatusOK)
	})
}

// answer is the answer to one request, with the context of the request. What handlers need of the writer, such as hijacking and
// flushing, is passed on.
type answer struct {
	http.ResponseWriter

	counts  *Statuses
	counted bool
	id      [1]string // the request ID, as the value of a header
	context requestContext
}

// WriteHeader sends the header with a status, and counts it.
func (a *answer) WriteHeader(status int) {
	a.count(status)
	a.ResponseWriter.WriteHeader(status)
}

// count counts the answer once. Other statuses than those of an answer announce a further header.
func (a *answer) count(status int) {
	if !a.counted && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		a.counted = true
		a.counts.add(status)
	}
}

// Unwrap returns the writer of the server, for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Flush sends what was written.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() } // a lost client is noticed by the next write

// Hijack returns the connection.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(a.ResponseWriter).Hijack() //nolint:wrapcheck // as the writer itself
}

// ReadFrom writes what a source has: a file without a copy in this process.
func (a *answer) ReadFrom(from io.Reader) (int64, error) { return io.Copy(a.ResponseWriter, from) } //nolint:wrapcheck // as the writer itself

// requestContext is the context of a request, with its ID.
type requestContext struct {
	context.Context

	id *string
}

type requestKey struct{}

// Value implements context.Context.
func (c *requestContext) Value(key any) any {
	if key == (requestKey{}) {
		return c.id
	}
	return c.Context.Value(key)
}

// RequestID returns the request ID of the context, or "" if it has none.
func RequestID(ctx context.Context) string {
	if id, ok := ctx.Value(requestKey{}).(*string); ok {
		return *id
	}
	return ""
}

// newRequestID returns a random UUID. It is no secret, so it needs no system call.
func newRequestID() string {
	var id uuid.UUID
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64()) //nolint:gosec // no secret
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64()) //nolint:gosec // no secret
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80      // version 4 of RFC 9562
	return id.String()
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
		if len(r.Header["Accept-Encoding"]) == 0 {
			w.Header()["Vary"] = depends
			next.ServeHTTP(w, r)
			return
		}
		compressed.ServeHTTP(w, r)
	})
}

// Vary is the header Vary of an answer that may be compressed, with that of CORS, the only layer before.
const Vary = "Origin, Accept-Encoding"

// depends is Vary as the value of a header. It is shared: do not change it.
var depends = []string{Vary}

// goesOn reports whether the answer may be a long-running one.
func goesOn(r *http.Request) bool {
	accept := Header(r, "Accept")
	return Header(r, "Upgrade") != "" || strings.Contains(accept, "text/event-stream") || strings.Contains(accept, "multipart/mixed")
}

// Header returns the first value of a header of a request, or "" if it has none. The name must be in the canonical form: unlike Get of
// http.Header, Header does not make it so.
func Header(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
