package tracing_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"docsquare/internal/telemetry/tracing"
)

const theirs = "4bf92f3577b34da6a3ce929d0e0e4736"

// TestRequest checks that a span describes its request, by its route and without its query.
func TestRequest(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	ask(t, on, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	ask(t, on, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }, func(r *http.Request) { r.URL.Path = "/files/7" })
	end(t, on)
	spans := c.taken(t)
	failed, file := spans["POST /graphql"], spans["POST /files/{rest...}"]
	if len(spans) != 2 || failed == nil || file == nil {
		t.Fatalf("spans %v", spans)
	}
	about := texts(failed.GetAttributes())
	if failed.GetKind() != tracepb.Span_SPAN_KIND_SERVER || failed.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_ERROR || len(failed.GetParentSpanId()) != 0 ||
		about["http.request.method"] != "POST" || about["http.route"] != "/graphql" || about["http.response.status_code"] != "500" || about["url.path"] != "/graphql" {
		t.Errorf("%v", failed)
	}
	if strings.Contains(failed.String(), "secret") {
		t.Errorf("the query is told: %v", failed)
	}
	if file.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("a client's fault is the server's: %v", file.GetStatus())
	}
	for key, want := range map[string]string{"service.name": "docsquare", "service.version": "1.2.3", "deployment.environment.name": "test", "telemetry.sdk.language": "go"} {
		if c.source[key] != want {
			t.Errorf("%s is %q", key, c.source[key])
		}
	}
	if c.source["host.name"] == "" || c.source["process.pid"] == "" || c.source["process.command_args"] != "" {
		t.Errorf("source %v", c.source)
	}
	if c.path != "/v1/traces" || c.header.Get("X-Key") != "k" {
		t.Errorf("sent to %s with %v", c.path, c.header)
	}
}

// TestTraceparent follows what a caller has decided, whatever the ratio is.
func TestTraceparent(t *testing.T) {
	for name, c := range map[string]struct {
		ratio  float64
		change []func(*http.Request)
		want   int // spans
		id     string
	}{
		"their sampled":   {0, []func(*http.Request){parented(theirs, 1)}, 8 + 1, theirs},
		"their unsampled": {1, []func(*http.Request){parented(theirs, 0)}, 0, theirs},
		"ours, none":      {0, nil, 0, ""},
		"ours, all":       {1, nil, 8 + 1, ""},
		"a bad one":       {0, []func(*http.Request){parented("00000000000000000000000000000000", 1)}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			at := newCollector(t)
			on := open(t, at.URL, c.ratio, quiet())
			var id string
			ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
				id = tracing.TraceID(r.Context())
				on.Observe(r.Context(), work(r.Context()))
			}, c.change...)
			end(t, on)
			if spans := at.taken(t); len(spans) != c.want {
				t.Errorf("%d spans", len(spans))
			}
			for _, s := range at.spans {
				if traceOf(s) != id {
					t.Errorf("%s is of %s, the request of %s", s.GetName(), traceOf(s), id)
				}
			}
			if len(id) != 32 || c.id != "" && id != c.id {
				t.Errorf("trace %s", id)
			}
		})
	}
}

// TestPublic checks that a public server starts its own trace, sampled independently and linked to that of the caller.
func TestPublic(t *testing.T) {
	for ratio, want := range map[float64]int{0: 0, 1: 1} {
		c := newCollector(t)
		on := open(t, c.URL, ratio, quiet(), func(o *tracing.Options) { o.Public = true })
		ask(t, on, func(http.ResponseWriter, *http.Request) {}, parented(theirs, 1))
		end(t, on)
		spans := c.taken(t)
		if len(spans) != want {
			t.Errorf("of %v: %d spans", ratio, len(spans))
		}
		for _, s := range spans {
			if traceOf(s) == theirs || len(s.GetLinks()) != 1 || hex.EncodeToString(s.GetLinks()[0].GetTraceId()) != theirs {
				t.Errorf("%v", s)
			}
		}
	}
}

// TestClientAddress believes the proxies that there are, and no client.
func TestClientAddress(t *testing.T) {
	for proxies, want := range []string{"192.0.2.1", "198.51.100.2"} {
		c := newCollector(t)
		on := open(t, c.URL, 1, quiet(), func(o *tracing.Options) { o.Proxies = proxies })
		ask(t, on, func(http.ResponseWriter, *http.Request) {}, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.3, 198.51.100.2") })
		end(t, on)
		if got := texts(c.taken(t)["POST /graphql"].GetAttributes())["client.address"]; got != want {
			t.Errorf("behind %d proxies: %q, want %q", proxies, got, want)
		}
	}
}

// TestIllegible checks that invalid text from clients is sent in a corrected form, and that no batch is lost because of it.
func TestIllegible(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	ask(t, on, func(http.ResponseWriter, *http.Request) {}, func(r *http.Request) {
		r.URL.Path = "/files/\xff"
		r.Header.Set("User-Agent", "a\xfe")
		r.Header.Set("X-Forwarded-For", "\xfd")
	})
	end(t, on)
	if s := c.taken(t)["POST /files/{rest...}"]; s == nil || texts(s.GetAttributes())["url.path"] != "/files/�" || texts(s.GetAttributes())["user_agent.original"] != "a�" {
		t.Errorf("got %v", s)
	}
}

// served is a server whose requests are traced.
func served(t *testing.T, next http.HandlerFunc) (address string, at *collector, done func()) {
	at = newCollector(t)
	on := open(t, at.URL, 1, quiet())
	mux := http.NewServeMux()
	mux.Handle("GET /graphql", on.Requests(next))
	var requests sync.WaitGroup
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		defer requests.Done()
		mux.ServeHTTP(w, r)
	}))
	return s.URL + "/graphql", at, func() {
		s.Close()
		requests.Wait() // also for those with a hijacked connection, which Close leaves alone
		end(t, on)
	}
}

// TestHijack lets a socket talk for as long as its span.
func TestHijack(t *testing.T) {
	ended := make(chan error, 1)
	address, c, done := served(t, func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, nil)
		if err == nil {
			err = echo(r.Context(), socket)
		}
		ended <- err
	})
	socket, response, err := websocket.Dial(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		defer func() { _ = response.Body.Close() }()
	}
	if err := socket.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, text, err := socket.Read(t.Context()); err != nil || string(text) != "hello" {
		t.Errorf("%q, %v", text, err)
	}
	_ = socket.Close(websocket.StatusNormalClosure, "")
	if err := <-ended; err != nil {
		t.Error(err)
	}
	done()
	if s := c.taken(t)["GET /graphql"]; s == nil || texts(s.GetAttributes())["http.response.status_code"] != "101" || s.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("span %v", s)
	}
}

// echo answers one message with itself and waits for the end.
func echo(ctx context.Context, socket *websocket.Conn) error {
	kind, text, err := socket.Read(ctx)
	if err != nil {
		return err
	}
	if err := socket.Write(ctx, kind, text); err != nil {
		return err
	}
	_, _, err = socket.Read(ctx)
	if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
		return nil
	}
	return err
}

// TestFlush lets events through one by one, and deadlines to the connection.
func TestFlush(t *testing.T) {
	read := make(chan struct{})
	address, c, done := served(t, func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		if err := control.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		if err := control.EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, "data: 1\n")
		if _, ok := w.(http.Flusher); !ok {
			t.Error("no flusher")
		}
		if err := control.Flush(); err != nil {
			t.Error(err)
		}
		<-read // the first is there before the second is written
		_, _ = io.WriteString(w, "data: 2\n")
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	in := bufio.NewReader(response.Body)
	if line, err := in.ReadString('\n'); err != nil || line != "data: 1\n" {
		t.Errorf("%q, %v", line, err)
	}
	close(read)
	if rest, err := io.ReadAll(in); err != nil || string(rest) != "data: 2\n" {
		t.Errorf("%q, %v", rest, err)
	}
	http.DefaultClient.CloseIdleConnections()
	done()
	if s := c.taken(t)["GET /graphql"]; s == nil || texts(s.GetAttributes())["http.response.body.size"] != "16" {
		t.Errorf("span %v", s)
	}
}
