package httpserver_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"docsquare/internal/httpserver"
	"docsquare/internal/testkit"
)

// TestStatuses counts each answer once, by the status that the client got, and leaves the writer able to hijack and to flush.
func TestStatuses(t *testing.T) {
	var statuses httpserver.Statuses
	mux := http.NewServeMux()
	mux.HandleFunc("/implied", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "正文") })
	mux.HandleFunc("/empty", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/early", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNotFound)
	})
	mux.HandleFunc("/flushed", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("it cannot be flushed: %v", err)
		}
	})
	mux.HandleFunc("/hijacked", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("it cannot be hijacked: %v", err)
			return
		}
		testkit.Must(t, conn.Close())
	})
	server := httptest.NewServer(httpserver.WithHeaders(&statuses, mux))
	defer server.Close()
	for _, path := range []string{"/implied", "/empty", "/early", "/flushed", "/hijacked", "/none"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		testkit.Must(t, err)
		if w, err := http.DefaultClient.Do(r); err == nil {
			testkit.Must(t, w.Body.Close())
		}
	}
	got := map[int]uint64{}
	statuses.Each(func(status int, answers uint64) { got[status] = answers })
	if want := map[int]uint64{101: 1, 200: 2, 404: 2, 429: 1}; !maps.Equal(got, want) {
		t.Errorf("counted are %v, want %v", got, want)
	}
}
