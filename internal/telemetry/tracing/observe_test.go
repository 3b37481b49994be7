package tracing_test

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"docsquare/internal/telemetry/record"
	"docsquare/internal/telemetry/tracing"
)

const (
	selects = "SELECT `documents`.`id`, `documents`.`title` FROM `documents` WHERE `documents`.`id` IN (?, ?)"
	updates = `UPDATE "document_views" SET "count" = $1`
)

// work is an operation of every kind of step: a level of one batch, which reads from Redis and loads two documents.
func work(ctx context.Context) record.Operation {
	op := record.Operation{Name: "Feed", Type: "query", Known: true, Began: time.Now()}
	ctx, r := record.Brief(ctx)
	level := r.Start(ctx, record.Level, "")
	batch := r.Start(level.Within(ctx), record.Batch, "Document")
	r.Start(batch.Within(ctx), record.RoundTrip, "read").End(3, nil)
	load := r.Start(batch.Within(ctx), record.Load, "document")
	statement := r.Start(load.Within(ctx), record.SQLText, selects)
	statement.End(0, nil)
	statement.Rows(2)
	load.End(2, nil)
	batch.End(2, nil)
	level.End(1, nil)
	r.Start(ctx, record.SQLText, updates).End(1, nil)
	r.Start(ctx, record.RoundTrip, "fill").End(1, nil)
	r.Batch("Document", 4, 2, false)
	r.Cost(record.Cost{Estimated: 9, Actual: 7})
	op.Took, op.Record = time.Since(op.Began), r
	return op
}

// seen is what a span says.
type seen struct {
	Parent     string
	Kind       tracepb.Span_SpanKind
	Attributes map[string]string
}

func TestTree(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	var op record.Operation
	ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
		op = work(r.Context())
		on.Observe(r.Context(), op)
	})
	end(t, on)
	spans, got := c.taken(t), map[string]seen{}
	for name, s := range spans {
		if name != "POST /graphql" { // requests have a test of their own
			got[name] = seen{parentOf(s, spans), s.GetKind(), texts(s.GetAttributes())}
			if begins, ends := unix(s.GetStartTimeUnixNano()), unix(s.GetEndTimeUnixNano()); begins.Before(op.Began) || ends.After(op.Began.Add(op.Took)) || ends.Before(begins) {
				t.Errorf("%s goes from %v to %v, the operation from %v for %v", name, begins, ends, op.Began, op.Took)
			}
		}
	}
	const server, client, internal = tracepb.Span_SPAN_KIND_SERVER, tracepb.Span_SPAN_KIND_CLIENT, tracepb.Span_SPAN_KIND_INTERNAL
	want := map[string]seen{
		"query Feed": {"POST /graphql", server, map[string]string{
			"graphql.operation.type": "query", "graphql.operation.name": "Feed", "docsquare.statements": "2", "docsquare.round_trips": "2", "docsquare.keys_asked": "4",
			"docsquare.batches": "1", "docsquare.cost": "7",
		}},
		"level":          {"query Feed", internal, map[string]string{"docsquare.batches": "1"}},
		"batch Document": {"level", internal, map[string]string{"docsquare.loader": "Document", "docsquare.keys": "2"}},
		"PIPELINE read": {"batch Document", client, map[string]string{
			"db.system.name": "redis", "db.operation.name": "PIPELINE", "db.query.summary": "PIPELINE read", "db.operation.batch.size": "3", "docsquare.redis_call": "read",
		}},
		"load document": {"batch Document", internal, map[string]string{"docsquare.kind": "document", "docsquare.keys": "2"}},
		"SELECT documents": {"load document", client, map[string]string{
			"db.system.name": "sqlite", "db.operation.name": "SELECT", "db.query.summary": "SELECT documents", "db.query.text": selects, "db.response.returned_rows": "2",
		}},
		"UPDATE document_views": {"query Feed", client, map[string]string{
			"db.system.name": "sqlite", "db.operation.name": "UPDATE", "db.query.summary": "UPDATE document_views", "db.query.text": updates, "docsquare.rows_affected": "1",
		}},
		"PIPELINE fill": {"query Feed", client, map[string]string{
			"db.system.name": "redis", "db.operation.name": "PIPELINE", "db.query.summary": "PIPELINE fill", "docsquare.redis_call": "fill",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func unix(nano uint64) time.Time { return time.Unix(0, int64(nano)) }

// TestOperations names operations by their type, and by their own name only where there is a bounded number of those.
func TestOperations(t *testing.T) {
	for name, c := range map[string]struct {
		op     record.Operation
		want   string
		status tracepb.Status_StatusCode
		kind   string // of the error
		codes  string
	}{
		"unknown":      {op: record.Operation{Type: "mutation", Name: "Guess"}, want: "mutation"},
		"known":        {op: record.Operation{Type: "mutation", Name: "Like", Known: true}, want: "mutation Like"},
		"without name": {op: record.Operation{Type: "subscription", Known: true}, want: "subscription"},
		"none":         {op: record.Operation{Codes: []string{"GRAPHQL_PARSE_FAILED"}}, want: "GraphQL Operation", status: tracepb.Status_STATUS_CODE_ERROR, kind: "GRAPHQL_PARSE_FAILED", codes: "GRAPHQL_PARSE_FAILED"},
		"failed":       {op: record.Operation{Type: "query", Codes: []string{"NOT_FOUND", "", "NOT_FOUND"}}, want: "query", status: tracepb.Status_STATUS_CODE_ERROR, kind: "NOT_FOUND", codes: "NOT_FOUND|_OTHER"},
	} {
		t.Run(name, func(t *testing.T) {
			at := newCollector(t)
			on := open(t, at.URL, 1, quiet())
			ask(t, on, func(_ http.ResponseWriter, r *http.Request) { on.Observe(r.Context(), c.op) })
			end(t, on)
			s := at.taken(t)[c.want]
			if s == nil {
				t.Fatalf("no such span, but %v", at.taken(t))
			}
			about := texts(s.GetAttributes())
			if s.GetStatus().GetCode() != c.status || about["error.type"] != c.kind || about["docsquare.error_codes"] != c.codes || about["graphql.operation.name"] != c.op.Name {
				t.Errorf("status %v, attributes %v", s.GetStatus(), about)
			}
		})
	}
}

// TestManySteps bounds the spans of an operation, and brings none from outside of its time.
func TestManySteps(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	began := time.Now().Add(-time.Hour)
	ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
		ctx, rec := record.Brief(r.Context())
		for range 1000 {
			rec.Start(ctx, record.Batch, "Document").End(1, nil)
		}
		on.Observe(r.Context(), record.Operation{Type: "query", Began: began, Took: time.Second, Record: rec})
	})
	end(t, on)
	steps := 0
	for _, s := range c.spans {
		switch s.GetName() {
		case "batch Document":
			steps++
			if at := began.Add(time.Second).UnixNano(); int64(s.GetStartTimeUnixNano()) != at || int64(s.GetEndTimeUnixNano()) != at {
				t.Fatalf("from %d to %d, the operation ended at %d", s.GetStartTimeUnixNano(), s.GetEndTimeUnixNano(), at)
			}
		case "query":
			if got := texts(s.GetAttributes())["docsquare.steps_dropped"]; got != "500" {
				t.Errorf("dropped %q", got)
			}
		}
	}
	if steps != 500 {
		t.Errorf("%d spans", steps)
	}
}

// TestFailedStep checks that the failed step has an error status, and that the operation has none if it returned no error.
func TestFailedStep(t *testing.T) {
	c := newCollector(t)
	on := open(t, c.URL, 1, quiet())
	ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
		ctx, rec := record.Brief(r.Context())
		rec.Start(ctx, record.RoundTrip, "read").End(3, errors.New("gone"))
		rec.Start(ctx, record.SQLText, selects).End(1, nil)
		on.Observe(r.Context(), record.Operation{Type: "query", Began: time.Now(), Record: rec})
	})
	end(t, on)
	spans := c.taken(t)
	for name, want := range map[string]tracepb.Status_StatusCode{
		"PIPELINE read": tracepb.Status_STATUS_CODE_ERROR, "SELECT documents": tracepb.Status_STATUS_CODE_UNSET, "query": tracepb.Status_STATUS_CODE_UNSET,
	} {
		if got := spans[name].GetStatus().GetCode(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := texts(spans["PIPELINE read"].GetAttributes())["error.type"]; got != "_OTHER" {
		t.Errorf("error.type %q", got)
	}
}

// TestOwnTraces begins a trace for each operation of a connection that goes on, and has it lead to that of the connection.
func TestOwnTraces(t *testing.T) {
	for name, c := range map[string]struct {
		kind       string
		connection bool
		change     []func(*http.Request)
		own        bool
	}{
		"a query":                {"query", false, nil, false},
		"a query on a socket":    {"query", true, nil, true},
		"an answer of many":      {"subscription", false, nil, true},
		"of many, not theirs":    {"subscription", false, []func(*http.Request){parented(theirs, 0)}, true},
		"a query, theirs is not": {"query", false, []func(*http.Request){parented(theirs, 0)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			at := newCollector(t)
			on := open(t, at.URL, 1, quiet())
			var connection string
			ask(t, on, func(_ http.ResponseWriter, r *http.Request) {
				connection = tracing.TraceID(r.Context())
				on.Observe(r.Context(), record.Operation{Type: c.kind, Connection: c.connection, Began: time.Now()})
			}, c.change...)
			end(t, on)
			span := at.taken(t)[c.kind]
			if !c.own {
				if span != nil && (traceOf(span) != connection || len(span.GetLinks()) > 0) {
					t.Errorf("%v, of a request of %s", span, connection)
				}
				return
			}
			if span == nil || traceOf(span) == connection || len(span.GetParentSpanId()) > 0 ||
				len(span.GetLinks()) != 1 || hex.EncodeToString(span.GetLinks()[0].GetTraceId()) != connection {
				t.Errorf("%v, of a connection of %s", span, connection)
			}
		})
	}
}

// runs are the ways in which tracing can stand: off, with a ratio of 0, and with one of 1 to a collector that does not exist.
func runs(b *testing.B, run func(b *testing.B, on *tracing.Tracing)) {
	b.Run("off", func(b *testing.B) { run(b, nil) })
	for name, ratio := range map[string]float64{"unsampled": 0, "sampled": 1} {
		b.Run(name, func(b *testing.B) {
			on := open(b, "http://127.0.0.1:1", ratio, quiet())
			defer end(b, on)
			run(b, on)
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	op := twenty()
	runs(b, func(b *testing.B, on *tracing.Tracing) {
		ask(b, on, func(_ http.ResponseWriter, r *http.Request) {
			b.ReportAllocs()
			for b.Loop() {
				on.Observe(r.Context(), op)
			}
		})
	})
}

func BenchmarkRequests(b *testing.B) {
	runs(b, func(b *testing.B, on *tracing.Tracing) {
		h := on.Requests(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		r, w := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil), httptest.NewRecorder()
		b.ReportAllocs()
		for b.Loop() {
			h.ServeHTTP(w, r)
		}
	})
}

// twenty is an operation of twenty steps.
func twenty() record.Operation {
	ctx, r := record.Brief(context.Background())
	op := record.Operation{Name: "Feed", Type: "query", Known: true, Began: time.Now(), Record: r}
	for range 4 {
		batch := r.Start(ctx, record.Batch, "Document")
		within := batch.Within(ctx)
		r.Start(within, record.RoundTrip, "read").End(8, nil)
		load := r.Start(within, record.Load, "document")
		r.Start(load.Within(within), record.SQLText, selects).End(8, nil)
		load.End(8, nil)
		batch.End(8, nil)
		r.Start(ctx, record.RoundTrip, "fill").End(8, nil)
	}
	op.Took = time.Since(op.Began)
	return op
}
