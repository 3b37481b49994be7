package httpserver

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The states of a part.
const (
	OK       = "ok"
	Degraded = "degraded" // requests are answered without it
	Down     = "down"     // requests are not answered
	Off      = "off"      // none is configured
)

// askTimeout bounds how long the parts may take to tell their state.
const askTimeout = time.Second

// Part is something that the server depends on.
type Part struct {
	Name  string
	State func(ctx context.Context) string // OK, Degraded, Down or Off
}

// Gate keeps the server from being ready while something is under way at its start, but no longer than its limit.
type Gate struct {
	name   string
	until  time.Time
	opened atomic.Bool
	left   atomic.Bool
	done   atomic.Int64
	total  atomic.Int64
}

// NewGate is a gate that something must open, or the end of the limit.
func NewGate(name string, limit time.Duration) *Gate {
	return &Gate{name: name, until: time.Now().Add(limit)}
}

// Progress notes how far it is.
func (g *Gate) Progress(done, total int) {
	g.done.Store(int64(done))
	g.total.Store(int64(total))
}

// Open opens the gate.
func (g *Gate) Open() { g.opened.Store(true) }

// Leave closes the gate for good: the server is about to end.
func (g *Gate) Leave() { g.left.Store(true) }

func (g *Gate) state() (text string, open bool) {
	if g.left.Load() {
		return "draining", false
	}
	if g.opened.Load() {
		return OK, true
	}
	return fmt.Sprintf("%d of %d", g.done.Load(), g.total.Load()), !time.Now().Before(g.until)
}

// Live answers that the process lives.
func Live(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, OK) }

// Ready answers the state of each part and gate, a line each: 200 while requests are answered, else 503. A part that is
// degraded keeps no request from being answered. The parts are asked once a second at most, however many clients ask.
func Ready(gate *Gate, parts ...Part) http.HandlerFunc {
	states := &states{parts: parts}
	return func(w http.ResponseWriter, r *http.Request) {
		lines, status := states.now(r.Context())
		text, open := gate.state()
		if !open {
			status = http.StatusServiceUnavailable
		}
		reply(w, status, lines+gate.name+": "+text+"\n")
	}
}

// statesFor is how long the states of the parts are repeated.
const statesFor = time.Second

// states is the states of the parts as they were asked last.
type states struct {
	parts []Part

	mu     sync.Mutex // held while the parts are asked: others wait for the same answer
	at     time.Time
	lines  string
	status int
}

func (s *states) now(ctx context.Context) (lines string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.at.IsZero() && time.Since(s.at) < statesFor {
		return s.lines, s.status
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTimeout) // others get this answer, also if this client leaves
	defer cancel()
	var text strings.Builder
	s.status = http.StatusOK
	for _, p := range s.parts {
		state := p.State(ctx)
		if state == Down {
			s.status = http.StatusServiceUnavailable
		}
		fmt.Fprintf(&text, "%s: %s\n", p.Name, state)
	}
	s.lines, s.at = text.String(), time.Now()
	return s.lines, s.status
}

func reply(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // an error cannot be reported to the client any more
}

// Answers is the state of a part that can be asked: OK, or the other state where it does not answer.
func Answers(ping func(ctx context.Context) error, otherwise string) func(ctx context.Context) string {
	return func(ctx context.Context) string {
		if ping(ctx) != nil {
			return otherwise
		}
		return OK
	}
}
