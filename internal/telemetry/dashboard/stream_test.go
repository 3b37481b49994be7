package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/httpserver"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// feed is a feed for everybody, over a cache without Redis.
func feed(t *testing.T, change ...func(*dashboard.Options)) *dashboard.Feed {
	t.Helper()
	o := dashboard.Options{
		Version: "v1.2.3", Environment: "development", Everybody: true, Log: slog.New(slog.DiscardHandler),
		Parts: []httpserver.Part{{Name: "database", State: func(context.Context) string { return httpserver.OK }}},
	}
	for _, f := range change {
		f(&o)
	}
	if o.Cache == nil {
		o.Cache = kinds.New(kinds.Options{Options: cache.Options{Log: o.Log}})
		t.Cleanup(o.Cache.Close)
	}
	return dashboard.New(o)
}

// listener is a client of a feed.
type listener struct {
	response *http.Response
	lines    *bufio.Scanner
	leave    context.CancelFunc
	left     <-chan struct{} // closed when the server is done with the request
}

// listen asks a feed over a real connection, with the token where there is one.
func listen(t *testing.T, f http.Handler, token string) *listener {
	t.Helper()
	left := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		f.ServeHTTP(w, r)
	}))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+dashboard.Path, http.NoBody)
	testkit.Must(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := server.Client().Do(r)
	testkit.Must(t, err)
	t.Cleanup(func() {
		cancel()
		_ = response.Body.Close()
		server.Close()
	})
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return &listener{response, lines, cancel, left}
}

// event is the data of the next event, which must have the name.
func (l *listener) event(t *testing.T, name string) json.RawMessage {
	t.Helper()
	var got []string
	for l.lines.Scan() && l.lines.Text() != "" {
		got = append(got, l.lines.Text())
	}
	if len(got) != 2 || got[0] != "event: "+name || !strings.HasPrefix(got[1], "data: ") {
		t.Fatalf("the event is %q, want %s (%v)", got, name, l.lines.Err())
	}
	return json.RawMessage(strings.TrimPrefix(got[1], "data: "))
}

// begin reads what every stream begins with.
func (l *listener) begin(t *testing.T) (frames []dashboard.Frame, now dashboard.Now) {
	t.Helper()
	testkit.Must(t, json.Unmarshal(l.event(t, "history"), &frames))
	testkit.Must(t, json.Unmarshal(l.event(t, "now"), &now))
	return frames, now
}

// wantEnd reads on until the server has ended the stream in order, without another event.
func (l *listener) wantEnd(t *testing.T) {
	t.Helper()
	if l.lines.Scan() || l.lines.Err() != nil {
		t.Fatalf("the stream goes on: %q, %v", l.lines.Text(), l.lines.Err())
	}
	testkit.Receive(t, "the end of the request", l.left)
}

// TestStream brings the history first and then each frame as it comes, with the tables after both.
func TestStream(t *testing.T) {
	f := feed(t)
	first, second, third := dashboard.Frame{At: 1}, dashboard.Frame{At: 2, Kinds: []dashboard.Kind{{Name: "document", Near: 3}}}, dashboard.Frame{At: 3}
	f.Add(first)
	f.Add(second)
	l := listen(t, f, "")
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
	} {
		if got := l.response.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	frames, now := l.begin(t)
	if diff := cmp.Diff([]dashboard.Frame{first, second}, frames); diff != "" {
		t.Errorf("the history (-want +got):\n%s", diff)
	}
	if now.Version != "v1.2.3" || now.Environment != "development" || time.Since(time.Unix(now.StartedAt, 0)).Abs() > time.Minute {
		t.Errorf("%+v", now)
	}
	if len(now.Parts) != 1 || now.Parts[0] != (dashboard.State{Name: "database", State: "ok"}) || len(now.Kinds) != len(kinds.Names()) || len(now.Operations) != 0 {
		t.Errorf("%+v", now)
	}
	f.Observe(t.Context(), did(t.Context(), "Feed", time.Millisecond, 0, 0))
	f.Add(third)
	var frame dashboard.Frame
	testkit.Must(t, json.Unmarshal(l.event(t, "frame"), &frame))
	testkit.Must(t, json.Unmarshal(l.event(t, "now"), &now))
	if frame.At != 3 || len(now.Operations) != 1 || now.Operations[0].Name != "Feed" {
		t.Errorf("%+v, %+v", frame, now.Operations)
	}
}

// TestStreamBeforeTheFirstFrame has arrays in it where there is nothing yet: scripts go through them.
func TestStreamBeforeTheFirstFrame(t *testing.T) {
	l := listen(t, feed(t, func(o *dashboard.Options) { o.Parts = nil }), "")
	if got := string(l.event(t, "history")); got != "[]" {
		t.Errorf("the history is %s", got)
	}
	var now map[string]json.RawMessage
	testkit.Must(t, json.Unmarshal(l.event(t, "now"), &now))
	for _, name := range []string{"parts", "hotKeys", "operations"} {
		if string(now[name]) != "[]" {
			t.Errorf("%s is %s", name, now[name])
		}
	}
}

// TestStreamTellsHotKeys has those of the cache.
func TestStreamTellsHotKeys(t *testing.T) {
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	id := servicetest.Names()["doc01"]
	for range 500 {
		_, err := app.Documents.ByIDs(t.Context(), []uuid.UUID{id.UUID})
		testkit.Must(t, err)
	}
	_, now := listen(t, feed(t, func(o *dashboard.Options) { o.Cache = app.Cache }), "").begin(t)
	if len(now.HotKeys) != 1 || now.HotKeys[0].Kind != "document" || now.HotKeys[0].Key != id.String() || now.HotKeys[0].Requests <= 0 {
		t.Errorf("%+v", now.HotKeys)
	}
	for _, k := range now.Kinds {
		if k.Name == "document" && k.TTL != 3600 {
			t.Errorf("%+v", k)
		}
	}
}

// TestStreamEndsWithTheServer ends as soon as the server is about to end, so that no stream delays the shutdown.
func TestStreamEndsWithTheServer(t *testing.T) {
	draining := make(chan struct{})
	l := listen(t, feed(t, func(o *dashboard.Options) { o.Draining = draining }), "")
	l.begin(t)
	close(draining)
	l.wantEnd(t)
}

// TestStreamEndsWithItsClient leaves nothing of a client behind that is gone.
func TestStreamEndsWithItsClient(t *testing.T) {
	l := listen(t, feed(t), "")
	l.begin(t)
	l.leave()
	testkit.Receive(t, "the end of the request", l.left)
}

// deaf is a connection that takes nothing.
type deaf struct{ http.ResponseWriter }

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestStreamEndsWhereNothingIsTaken does not try again.
func TestStreamEndsWhereNothingIsTaken(t *testing.T) {
	f := feed(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.ServeHTTP(deaf{httptest.NewRecorder()}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, dashboard.Path, http.NoBody))
	}()
	testkit.Receive(t, "the end of the request", ended)
}
