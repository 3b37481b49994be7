package httpserver_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/httpserver"
)

// TestStream sends each event at once, beyond the time that the server has for reading a request.
func TestStream(t *testing.T) {
	read := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := httpserver.NewStream(w, httpserver.EventStream, time.Minute)
		if err == nil {
			err = s.Beat()
		}
		<-read
		if err = errors.Join(err, s.Event("next", []byte(`"文"`)), s.Event("complete", nil), r.Context().Err()); err != nil {
			t.Error(err)
		}
	}))
	server.Config.ReadTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	in := bufio.NewScanner(answer.Body)
	next := func() string { in.Scan(); return in.Text() }
	if got := next() + next(); got != ":" { // nothing else was sent yet
		t.Errorf("first came %q", got)
	}
	time.AfterFunc(2*server.Config.ReadTimeout, func() { close(read) })
	for _, want := range []string{"event: next", `data: "文"`, "", "event: complete", "data:", "", ""} {
		if got := next(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// deaf is a client that takes so many parts and is gone then.
type deaf struct {
	*httptest.ResponseRecorder

	takes int
}

func (d *deaf) Write(p []byte) (int, error) {
	if d.takes--; d.takes < 0 {
		return 0, errors.New("gone")
	}
	return d.ResponseRecorder.Write(p)
}

// TestKeepAlive beats until the client is gone, the server is about to end, or the answer is over.
func TestKeepAlive(t *testing.T) {
	for name, c := range map[string]struct {
		takes int
		end   func(draining chan struct{}, over context.CancelFunc)
		beats string
		left  int // how often leave is called
	}{
		"the client is gone": {2, func(chan struct{}, context.CancelFunc) {}, ":\n\n:\n\n", 1},
		"draining":           {9, func(draining chan struct{}, _ context.CancelFunc) { close(draining) }, ":\n\n:\n\n:\n\n", 1},
		"over":               {9, func(_ chan struct{}, over context.CancelFunc) { over() }, ":\n\n:\n\n:\n\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &deaf{httptest.NewRecorder(), c.takes}
				s, err := httpserver.NewStream(w, httpserver.EventStream, time.Second)
				if err != nil {
					t.Fatal(err)
				}
				ctx, over := context.WithCancel(t.Context())
				defer over()
				left, draining, ended := 0, make(chan struct{}), make(chan struct{})
				go func() {
					defer close(ended)
					s.KeepAlive(ctx, time.Minute, draining, func() { left++ })
				}()
				time.Sleep(3*time.Minute + time.Second) //nolint:forbidigo // in a bubble
				c.end(draining, over)
				<-ended
				if w.Body.String() != c.beats || left != c.left {
					t.Errorf("it beat %q and left %d times", w.Body, left)
				}
			})
		})
	}
}
