package httpserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/httpserver"
)

// TestAnswerHeaders has each answer name its request by another random UUID, which the context of the request has too, and the headers
// of a request on which the answer depends, whether it is compressed or not.
func TestAnswerHeaders(t *testing.T) {
	long := `{"data":"` + strings.Repeat("文档 document ", 200) + `"}`
	seen := map[string]bool{}
	for accepted, encoding := range map[string]string{"": "", "gzip": "gzip", "zstd, gzip": "zstd", "identity": "", "gzip;q=0": "", "br": ""} {
		var named string
		h := httpserver.WithHeaders(new(httpserver.Statuses), policy.Handler(httpserver.WithCompression(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			named = httpserver.RequestID(r.Context())
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, long)
		}))))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		if accepted != "" {
			r.Header.Set("Accept-Encoding", accepted)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != encoding || (encoding == "") != (w.Body.String() == long) {
			t.Errorf("%q is answered in the encoding %q, want %q", accepted, got, encoding)
		}
		if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Origin") || !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("%q: Vary is %q", accepted, vary)
		}
		id, err := uuid.Parse(w.Header().Get(httpserver.RequestIDHeader))
		if err != nil || id.Version() != 4 || id.Variant() != uuid.RFC4122 || id.String() != named || seen[named] {
			t.Errorf("%q: request %q in the header, %q in the context: %v", accepted, id, named, err)
		}
		seen[named] = true
	}
}
