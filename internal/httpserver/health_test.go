package httpserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/httpserver"
)

func part(name, state string) httpserver.Part {
	return httpserver.Part{Name: name, State: func(context.Context) string { return state }}
}

func ask(t *testing.T, gate *httpserver.Gate, parts ...httpserver.Part) (status int, text string) {
	t.Helper()
	w := httptest.NewRecorder()
	httpserver.Ready(gate, parts...)(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	return w.Code, w.Body.String()
}

func TestReady(t *testing.T) {
	open := httpserver.NewGate("warm-up", time.Hour)
	open.Open()
	for state, want := range map[string]int{httpserver.OK: 200, httpserver.Degraded: 200, httpserver.Off: 200, httpserver.Down: 503} {
		status, text := ask(t, open, part("database", httpserver.OK), part("redis", state))
		if status != want || text != "database: ok\nredis: "+state+"\nwarm-up: ok\n" {
			t.Errorf("%s: %d %q", state, status, text)
		}
	}
}

// A gate keeps the server from being ready until it is opened, and in any case no longer than its limit.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := httpserver.NewGate("warm-up", 10*time.Second)
		gate.Progress(3, 12)
		if status, text := ask(t, gate); status != 503 || !strings.Contains(text, "warm-up: 3 of 12") {
			t.Errorf("closed: %d %q", status, text)
		}
		time.Sleep(11 * time.Second) //nolint:forbidigo // the clock of the bubble
		if status, text := ask(t, gate); status != 200 || !strings.Contains(text, "warm-up: 3 of 12") {
			t.Errorf("past its limit: %d %q", status, text)
		}
		gate.Open()
		if status, text := ask(t, gate); status != 200 || !strings.Contains(text, "warm-up: ok") {
			t.Errorf("open: %d %q", status, text)
		}
	})
}

func TestLive(t *testing.T) {
	w := httptest.NewRecorder()
	httpserver.Live(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", nil))
	if w.Code != http.StatusOK || w.Body.String() != httpserver.OK {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// A server that is about to end says so, while it still answers.
func TestLeave(t *testing.T) {
	gate := httpserver.NewGate("warm-up", time.Hour)
	gate.Open()
	gate.Leave()
	if status, text := ask(t, gate, part("database", httpserver.OK)); status != 503 || text != "database: ok\nwarm-up: draining\n" {
		t.Errorf("%d %q", status, text)
	}
}

// TestReadyAsksOnce asks the parts once a second, however many clients ask, and a client that leaves does not spoil the answer for others.
func TestReadyAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		gate := httpserver.NewGate("warm-up", time.Hour)
		gate.Open()
		ready := httpserver.Ready(gate, httpserver.Part{Name: "database", State: func(ctx context.Context) string {
			asked++
			return map[bool]string{true: httpserver.OK, false: httpserver.Down}[ctx.Err() == nil]
		}})
		gone, leave := context.WithCancel(t.Context())
		leave()
		for range 100 {
			w := httptest.NewRecorder()
			ready(w, httptest.NewRequestWithContext(gone, http.MethodGet, "/readyz", nil))
			if w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
		time.Sleep(2 * time.Second) //nolint:forbidigo // the clock of the bubble
		ready(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		if asked != 2 {
			t.Errorf("the part was asked %d times", asked)
		}
	})
}
