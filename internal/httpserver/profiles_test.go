package httpserver_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"docsquare/internal/httpserver"
	"docsquare/internal/testkit"
)

func TestProfiles(t *testing.T) {
	serve, at, err := httpserver.ListenProfiles(t.Context(), "127.0.0.1:0")
	testkit.Must(t, err)
	if _, _, err := httpserver.ListenProfiles(t.Context(), at); err == nil {
		t.Error("two servers listen at the same address")
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); serve(ctx) }()
	for path, want := range map[string]string{
		"/debug/pprof/":                        "goroutine",
		"/debug/pprof/goroutine?debug=1":       "goroutine profile:",
		"/debug/pprof/heap":                    "\x1f\x8b", // of gzip
		"/debug/pprof/profile?seconds=1":       "\x1f\x8b",
		"/debug/pprof/cmdline":                 "Unknown profile", // arguments may hold secrets
		"/debug/pprof/trace?seconds=0.01&x=.1": "go 1.",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at+path, nil)
		testkit.Must(t, err)
		answer, err := http.DefaultClient.Do(r)
		testkit.Must(t, err)
		body, err := io.ReadAll(answer.Body)
		testkit.Must(t, err)
		testkit.Must(t, answer.Body.Close())
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s: status %d, %d bytes without %q", path, answer.StatusCode, len(body), want)
		}
	}
	stop()
	<-ended
}
