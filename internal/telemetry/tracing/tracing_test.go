package tracing_test

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"docsquare/internal/telemetry/tracing"
)

// TestOff does nothing where there is no endpoint.
func TestOff(t *testing.T) {
	on, err := tracing.Open(t.Context(), tracing.Options{Ratio: 1})
	if err != nil || on != nil {
		t.Fatalf("%v, %v", on, err)
	}
	ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
		on.Observe(r.Context(), work(r.Context()))
		if id := tracing.TraceID(r.Context()); id != "" {
			t.Errorf("trace %s", id)
		}
	}, parented(theirs, 1))
	end(t, on)
}

func TestBadOptions(t *testing.T) {
	for _, o := range []tracing.Options{
		{Endpoint: "collector:4318"},
		{Endpoint: "grpc://collector:4317"},
		{Endpoint: "http://"},
		{Endpoint: "http://user:hush@collector:4318"},
		{Endpoint: "http://c/?key=hush"},
		{Endpoint: "http://hush:x/"},
		{Endpoint: "http://c", Ratio: 1.5},
		{Endpoint: "http://c", Ratio: -1},
		{Endpoint: "http://c", Ratio: math.NaN()},
	} {
		o.Log = quiet()
		if on, err := tracing.Open(t.Context(), o); err == nil || on != nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestEndpoints sends to the path of OTLP, below that of the endpoint.
func TestEndpoints(t *testing.T) {
	for end, want := range map[string]string{"": "/v1/traces", "/": "/v1/traces", "/otlp": "/otlp/v1/traces", "/otlp/": "/otlp/v1/traces", "/own/v1/traces": "/own/v1/traces"} {
		c := newCollector(t)
		on := open(t, c.URL+end, 1, quiet())
		ask(t, on, func(http.ResponseWriter, *http.Request) {})
		if err := on.Close(t.Context()); err != nil || c.path != want {
			t.Errorf("%q: sent to %q, %v", end, c.path, err)
		}
	}
}

// notes is a log that several may write to.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
	said chan struct{} // one for every line
}

func newNotes() *notes { return &notes{said: make(chan struct{}, 100)} }

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.said <- struct{}{}
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// TestOutage is told once, however many batches it takes, and so is its end.
func TestOutage(t *testing.T) {
	log := newNotes()
	c := newCollector(t)
	c.set(true)
	on := open(t, c.URL, 1, slog.New(slog.NewTextHandler(log, nil)))
	many := func() { // several batches, which go as soon as they are full
		for range 1200 {
			ask(t, on, func(http.ResponseWriter, *http.Request) {})
		}
	}
	many()
	<-c.refused
	<-c.refused
	c.set(false)
	many()
	end(t, on)
	text, lost := log.String(), 0
	if _, rest, told := strings.Cut(text, "lost="); told {
		lost, _ = strconv.Atoi(strings.TrimSpace(rest))
	}
	if strings.Count(text, "level=WARN") != 1 || strings.Count(text, "level=INFO") != 1 || lost < 1024 || lost+len(c.spans) != 2400 {
		t.Errorf("%d spans came; log:\n%s", len(c.spans), text)
	}
	if len(text) > 2000 {
		t.Errorf("the answer of the collector is logged whole: %d bytes", len(text))
	}
}

// TestAway makes no request wait, nor the end, where the collector takes connections and says nothing.
func TestAway(t *testing.T) {
	var lc net.ListenConfig
	silent, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	log := newNotes()
	on := open(t, "http://"+silent.Addr().String(), 1, slog.New(slog.NewTextHandler(log, nil)))
	began := time.Now()
	for range 10_000 { // more than may wait
		ask(t, on, func(http.ResponseWriter, *http.Request) {})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := on.Close(ctx); err == nil {
		t.Error("it ended as if all had been sent")
	}
	if took := time.Since(began); took > 4*sendTime { // to wait for a dozen batches takes three times as long
		t.Errorf("it took %v", took)
	}
	<-log.said // what was under way is given up
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("%d lines:\n%s", n, log)
	}
}

// sendTime is the time that one batch may take.
const sendTime = 5 * time.Second

// TestNobody warns where nothing listens, and ends.
func TestNobody(t *testing.T) {
	log := newNotes()
	on := open(t, "http://127.0.0.1:1", 1, slog.New(slog.NewTextHandler(log, nil)))
	ask(t, on, func(http.ResponseWriter, *http.Request) {})
	end(t, on)
	end(t, on)
	if n := strings.Count(log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, log)
	}
}

// TestTogether is for the race detector.
func TestTogether(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				ask(t, on, func(_ http.ResponseWriter, r *http.Request) { on.Observe(r.Context(), work(r.Context())) })
			}
		})
	}
	all.Wait()
	end(t, on)
	if len(c.spans) != 8*20*9 {
		t.Errorf("%d spans", len(c.spans))
	}
}
