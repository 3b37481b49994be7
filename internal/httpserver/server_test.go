package httpserver_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docsquare/internal/httpserver"
)

// TestCompression leaves streams alone, and what is too small to gain from it.
func TestCompression(t *testing.T) {
	long := strings.Repeat(`{"a":"文"}`, 500)
	h := httpserver.WithCompression(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
		if r.URL.Path == "/long" {
			_, _ = io.WriteString(w, long)
			return
		}
		_, _ = io.WriteString(w, "{}")
	}))
	for name, c := range map[string]struct {
		path, accept, encoding, want string
	}{
		"long":              {"/long", "*/*", "gzip, br", "gzip"},
		"short":             {"/short", "*/*", "gzip", ""},
		"one who does not":  {"/long", "*/*", "identity", ""},
		"events":            {"/long", "text/event-stream", "gzip", ""},
		"an answer in bits": {"/long", "multipart/mixed", "gzip", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil)
		r.Header.Set("Accept", c.accept)
		r.Header.Set("Accept-Encoding", c.encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		if c.want != "" {
			in, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(in); err != nil || string(text) != long {
				t.Errorf("%s: %d bytes, %v", name, len(text), err)
			}
		}
	}
}

// TestRun answers until the end, and lets a request that is under way end.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	asked, drained, address := make(chan struct{}), make(chan struct{}), make(chan string, 1)
	handler := httpserver.WithHeaders(new(httpserver.Statuses), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-drained
		_, _ = io.WriteString(w, "done")
	}))
	ended, left := make(chan error, 1), false
	go func() {
		ended <- httpserver.Server{
			Addr: "127.0.0.1:0", Handler: handler, Operation: time.Minute, Leave: func() { left = true }, Drain: func() { close(drained) }, DrainTime: time.Minute, Log: slog.New(slog.DiscardHandler),
		}.Run(ctx, func(at string) { address <- at })
	}()
	go func() {
		<-asked
		stop()
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+<-address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || string(text) != "done" || response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get(httpserver.RequestIDHeader) == "" {
		t.Errorf("%q, %v, %v", text, response.Header, err)
	}
	if err := <-ended; err != nil || !left {
		t.Error(err, left)
	}
}

// TestHeaderLimit: 64 KiB, beyond which the library takes 4 KiB more.
func TestHeaderLimit(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- httpserver.Server{
			Addr: "127.0.0.1:0", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), Operation: time.Minute, Leave: func() {}, Drain: func() {},
			DrainTime: time.Minute, Log: slog.New(slog.DiscardHandler),
		}.Run(ctx, func(at string) { address <- at })
	}()
	at := <-address
	for kib, want := range map[int]int{60: http.StatusOK, 72: http.StatusRequestHeaderFieldsTooLarge} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Long", strings.Repeat("x", kib<<10))
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a header of %d KiB is answered %d, want %d", kib, response.StatusCode, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestDelay answers new requests for a while after the end was announced.
func TestDelay(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	left, address, ended := make(chan struct{}), make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- httpserver.Server{
			Addr: "127.0.0.1:0", Handler: http.NotFoundHandler(), Operation: time.Minute, Leave: func() { close(left) }, Delay: time.Second,
			Drain: func() {}, DrainTime: time.Minute, Log: slog.New(slog.DiscardHandler),
		}.Run(ctx, func(at string) { address <- at })
	}()
	at := <-address
	stop()
	<-left
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if err := <-ended; err != nil || response.StatusCode != http.StatusNotFound {
		t.Error(err, response.StatusCode)
	}
}

// TestLogHandler checks that a log line has the ID of the request it belongs to.
func TestLogHandler(t *testing.T) {
	var out bytes.Buffer
	more := func(context.Context) []slog.Attr { return []slog.Attr{slog.String("trace_id", "ab")} }
	log := slog.New(httpserver.LogHandler(slog.NewJSONHandler(&out, nil), more)).With("a", 1)
	w := httptest.NewRecorder()
	httpserver.WithHeaders(new(httpserver.Statuses), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		log.InfoContext(r.Context(), "inside")
	})).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	log.InfoContext(t.Context(), "outside")
	inside, outside, _ := strings.Cut(out.String(), "\n")
	if id := w.Header().Get(httpserver.RequestIDHeader); !strings.Contains(inside, `"a":1,"request_id":"`+id+`","trace_id":"ab"`) || strings.Contains(outside, "request_id") {
		t.Errorf("%s\n%s", inside, outside)
	}
}
