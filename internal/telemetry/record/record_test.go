package record_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/telemetry/record"
)

// count counts one of everything.
func count(ctx context.Context, r *record.Record) {
	r.Batch("Document", 1, 1, false)
	r.Kind("document", record.Kind{Near: 1})
	r.Tagged("b", "a", "b")
	batch := r.Start(ctx, record.Batch, "Document")
	statement := r.Start(batch.Within(ctx), record.SQLText, "SELECT 1")
	statement.End(0, nil)
	statement.Rows(3)
	r.Start(ctx, record.RoundTrip, "read").End(2, nil)
	batch.End(1, nil)
	r.Stages(time.Millisecond, time.Millisecond)
	r.Cost(record.Cost{Estimated: 5, Actual: 3})
}

func TestNoRecordCountsNothing(t *testing.T) {
	for name, r := range map[string]*record.Record{"none": record.From(t.Context()), "nil": nil} {
		count(t.Context(), r)
		if diff := cmp.Diff(record.Report{}, r.Report()); diff != "" {
			t.Fatalf("%s:\n%s", name, diff)
		}
	}
}

// TestFailure checks that failed steps are marked, and counted like any other.
func TestFailure(t *testing.T) {
	ctx, r := record.With(t.Context())
	r.Start(ctx, record.SQLText, "SELECT 1").End(0, errors.New("gone"))
	r.Start(ctx, record.SQLText, "SELECT 1").End(0, nil)
	report := r.Report()
	if len(report.Steps) != 2 || !report.Steps[0].Failed || report.Steps[1].Failed || report.SQL.Statements != 2 {
		t.Errorf("%+v", report)
	}
}

func TestRecord(t *testing.T) {
	ctx, r := record.With(t.Context())
	if record.From(ctx) != r || record.From(record.Without(ctx)) != nil {
		t.Fatal("the record is not where it belongs")
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { count(t.Context(), r) })
	}
	all.Wait()
	got := r.Report()
	if got.Loaders[0].Unique != 10 || got.Kinds[0].Near != 10 || got.SQL.Statements != 10 || got.SQL.List[0].Rows != 30 || got.Redis.Commands != 20 {
		t.Fatalf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got.Tags); diff != "" {
		t.Fatal(diff)
	}
	if got.Cost.Actual != 3 || got.Cost.Estimated != 5 {
		t.Fatalf("cost %+v", got.Cost)
	}
	count(t.Context(), r)
	if got.Kinds[0].Near != 10 {
		t.Fatal("a report changes after it was made")
	}
}

// TestSteps checks that steps have their parents, and that their number is bounded.
func TestSteps(t *testing.T) {
	ctx, r := record.Brief(t.Context())
	count(ctx, r)
	got := r.Report()
	if len(got.Steps) != 3 || got.Steps[0].Parent != nil || got.Steps[1].Parent == nil || *got.Steps[1].Parent != 0 || got.Steps[1].Count != 3 || got.Steps[0].Count != 1 {
		t.Fatalf("steps %+v", got.Steps)
	}
	if len(got.Tags) != 0 || r.Full() {
		t.Fatalf("a brief record has tags: %v", got.Tags)
	}
	for range 1000 {
		count(ctx, r)
	}
	if got := r.Report(); len(got.Steps) != 500 || got.Dropped != 3003-500 || got.SQL.Statements != 1001 || got.SQL.List[0].Rows != 3003 {
		t.Fatalf("%d steps, %d dropped, %d statements", len(got.Steps), got.Dropped, got.SQL.Statements)
	}
}
