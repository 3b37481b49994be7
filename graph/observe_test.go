package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/internal/telemetry/metrics"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/telemetry/tracing"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestObservers tells of every operation, and of what never became one, what it was and what it did.
func TestObservers(t *testing.T) {
	app := served(t, "sqlite")
	var seen []record.Operation
	h := app.Serve(t, func(o *graph.Options) {
		o.Observers = append(o.Observers, func(_ context.Context, op record.Operation) { seen = append(seen, op) })
	})
	c := client{handler: h}
	for _, query := range []string{
		`query Two { documents(first: 2) { nodes { title author { username } } } }`, `mutation { likeDocument(input: {documentId: "x"}) { document { id } } }`, `{ nothing }`, `{`,
	} {
		if _, err := c.send(t.Context(), query, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 4 {
		t.Fatalf("%d operations were seen", len(seen))
	}
	two := seen[0]
	if got := two.Record.Totals(); two.Name != "Two" || two.Type != "query" || two.Known || two.Took <= 0 || len(two.Codes) > 0 || got.Statements == 0 || got.Keys < 4 || got.Batches < 3 {
		t.Errorf("%+v, %+v", two, got)
	}
	report := two.Record.Report()
	kinds := map[string]int{}
	for _, s := range report.Steps {
		kinds[s.Kind]++
		if s.At < 0 || s.MS < 0 || s.Parent != nil && report.Steps[*s.Parent].At > s.At {
			t.Errorf("%+v", s)
		}
	}
	if len(report.Tags) > 0 || kinds[record.Level] < 3 || kinds[record.Batch] != 3 || kinds[record.Load] != 3 || kinds[record.SQLText] != report.SQL.Statements {
		t.Errorf("tags %v, steps %v", report.Tags, kinds)
	}
	for i, want := range []string{"", "Invalid ID", "Cannot query field … on type ….", "Syntax Error: Expected Name, found <EOF>."} {
		if got := strings.Join(seen[i].Sentences, "|"); !strings.HasPrefix(got, want) || want == "" && got != "" || strings.Contains(got, `"x"`) {
			t.Errorf("%d: the sentences are %q, want %q", i, got, want)
		}
	}
	for i, code := range []string{"", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"} {
		if i > 0 && !slices.Equal(seen[i].Codes, []string{code}) {
			t.Errorf("%d: %v", i, seen[i].Codes)
		}
	}
}

// TestSlow logs an operation that takes long with what it did, and no other.
func TestSlow(t *testing.T) {
	app := served(t, "sqlite")
	for slow, want := range map[time.Duration]bool{time.Nanosecond: true, time.Hour: false, 0: false} {
		var out bytes.Buffer
		c := client{handler: app.Serve(t, func(o *graph.Options) { o.Slow, o.Log = slow, slog.New(slog.NewJSONHandler(&out, nil)) })}
		if _, err := c.send(t.Context(), `query Slow { documents(first: 1) { nodes { title } } }`, nil); err != nil {
			t.Fatal(err)
		}
		var line struct{ Msg, Operation, Explain string }
		_ = json.Unmarshal(out.Bytes(), &line) // an empty log is empty
		var report record.Report
		_ = json.Unmarshal([]byte(line.Explain), &report) // shows below
		if want != (line.Operation == "Slow" && len(report.Steps) > 0 && strings.Contains(line.Msg, "slow")) {
			t.Errorf("%s: %s", slow, out.String())
		}
	}
}

// BenchmarkSeen asks for the warm feed in turns: of a server without observers, with metrics, with a tenth of the requests
// traced as well, and with all. It reports the ratios of the medians.
func BenchmarkSeen(b *testing.B) {
	sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	b.Cleanup(sink.Close)
	app := apptest.Open(b, servicetest.Community(b, "sqlite"), servicetest.Tiers{})
	counted := metrics.New(metrics.Sources{
		Cache: app.Cache, Store: app.Store, Log: slog.New(slog.DiscardHandler),
		Live: func() (webSockets, streams, operations int64) { return 0, 0, 0 }, Uploads: func() int64 { return 0 },
	})
	traced := func(ratio float64) http.Handler {
		tr, err := tracing.Open(b.Context(), tracing.Options{Endpoint: sink.URL, Ratio: ratio, Service: "docsquare", Database: "sqlite", Log: slog.New(slog.DiscardHandler)})
		testkit.Must(b, err)
		b.Cleanup(func() { testkit.Must(b, tr.Close(context.WithoutCancel(b.Context()))) })
		return tr.Requests(app.Serve(b, func(o *graph.Options) {
			o.Observers = []func(context.Context, record.Operation){counted.Observe, tr.Observe}
		}))
	}
	ways := []struct {
		name    string
		handler http.Handler
		took    []time.Duration
	}{
		{name: "unseen", handler: app.Handler},
		{name: "metrics", handler: app.Serve(b, func(o *graph.Options) {
			o.Observers = []func(context.Context, record.Operation){counted.Observe}
		})},
		{name: "tenth-traced", handler: traced(0.1)},
		{name: "all-traced", handler: traced(1)},
	}
	for b.Loop() {
		for i := range ways {
			w, start := &ways[i], time.Now()
			request(b, &apptest.App{Handler: w.handler}, feedQuery, "")
			w.took = append(w.took, time.Since(start))
		}
	}
	for i := range ways {
		slices.Sort(ways[i].took)
		if median := ways[i].took[len(ways[i].took)/2]; i == 0 {
			b.ReportMetric(float64(median.Microseconds()), "unseen-µs")
		} else {
			b.ReportMetric(float64(median)/float64(ways[0].took[len(ways[0].took)/2]), ways[i].name+"/unseen")
		}
	}
}

// TestFailuresOfAnOperationAreOneLine checks that an operation that fails in many places is one line of the log, and that all of its
// errors name it.
func TestFailuresOfAnOperationAreOneLine(t *testing.T) {
	app := newTemplate(t).open(t, servicetest.Tiers{}, "DROP TABLE document_stats")
	var out bytes.Buffer
	c := client{handler: app.Serve(t, func(o *graph.Options) { o.Log = slog.New(slog.NewJSONHandler(&out, nil)) })}
	got, err := c.send(t.Context(), `{ documents(first: 20) { nodes { stats { likes } } } }`, nil)
	testkit.Must(t, err)
	if len(got.Errors) < 10 || got.code() != "INTERNAL" {
		t.Fatalf("got %.300s", got.raw)
	}
	var line struct {
		Failure string
		Errors  int
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 1 || json.Unmarshal([]byte(lines[0]), &line) != nil || line.Errors != len(got.Errors) {
		t.Fatalf("%d errors, but the log is %s", len(got.Errors), out.String())
	}
	if n := strings.Count(got.raw, `"requestId":"`+line.Failure+`"`); n != len(got.Errors) {
		t.Errorf("%d of %d errors name %s", n, len(got.Errors), line.Failure)
	}
}

// TestFailuresAreLoggedWithTheirCause keeps the cause from the client, not from the log, whatever has failed.
func TestFailuresAreLoggedWithTheirCause(t *testing.T) {
	app := newTemplate(t).open(t, servicetest.Tiers{}, "DROP TABLE document_stats")
	for name, operation := range map[string]string{
		"a list":     `{ documents(first: 2) { nodes { stats { likes } } } }`,
		"an object":  `{ document(id: "` + servicetest.Names()["doc02"].String() + `") { stats { likes } } }`,
		"a mutation": `mutation { createDocument(input: {title: "A", body: "b"}) { document { id } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			c := client{handler: app.Serve(t, func(o *graph.Options) { o.Log = slog.New(slog.NewJSONHandler(&out, nil)) }), token: app.Token(t, servicetest.ID("ann"))}
			got, err := c.send(t.Context(), operation, nil)
			testkit.Must(t, err)
			if got.code() != "INTERNAL" || strings.Contains(got.raw, "document_stats") {
				t.Fatalf("got %.300s", got.raw)
			}
			if !strings.Contains(out.String(), "no such table") {
				t.Errorf("the log is %s", out.String())
			}
		})
	}
}
