package dashboard_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/telemetry/record"
)

// did is an operation with so many statements and round trips.
func did(ctx context.Context, name string, took time.Duration, statements, trips int, codes ...string) record.Operation {
	ctx, rec := record.Brief(ctx)
	for range statements {
		rec.Start(ctx, record.SQLText, "SELECT 1").End(1, nil)
	}
	for range trips {
		rec.Start(ctx, record.RoundTrip, "read").End(1, nil)
	}
	return record.Operation{Name: name, Type: "query", Took: took, Codes: codes, Record: rec}
}

// TestTable has the means and the maximum of each operation, by name and type.
func TestTable(t *testing.T) {
	f := dashboard.New(dashboard.Options{})
	if list := f.Table(); list == nil || len(list) > 0 {
		t.Errorf("before there was any: %#v", list)
	}
	ctx := t.Context()
	f.Observe(ctx, did(ctx, "Feed", 10*time.Millisecond, 4, 1))
	f.Observe(ctx, did(ctx, "Feed", 30*time.Millisecond, 1, 0, "NOT_FOUND", "FORBIDDEN"))
	f.Observe(ctx, did(ctx, "Feed", 5500*time.Microsecond, 0, 1))
	f.Observe(ctx, record.Operation{Name: "Feed", Type: "mutation", Took: time.Second}) // without a record
	f.Observe(ctx, did(ctx, "", time.Millisecond, 0, 0))
	f.Observe(ctx, record.Operation{Name: "Never", Took: time.Minute, Codes: []string{"BAD_USER_INPUT"}}) // which never became one
	want := map[string]dashboard.Operation{
		"query Feed":    {Name: "Feed", Type: "query", Count: 3, Mean: 15.17, Max: 30, Statements: 1.67, RoundTrips: .67, Errors: 1},
		"mutation Feed": {Name: "Feed", Type: "mutation", Count: 1, Mean: 1000, Max: 1000},
		"query ":        {Type: "query", Count: 1, Mean: 1, Max: 1},
	}
	list := f.Table()
	for _, o := range list {
		if o != want[o.Type+" "+o.Name] {
			t.Errorf("got %+v, want %+v", o, want[o.Type+" "+o.Name])
		}
	}
	if len(list) != len(want) {
		t.Errorf("%d operations: %+v", len(list), list)
	}
}

// TestTableIsBounded forgets the names that were not used for longest: clients make names up.
func TestTableIsBounded(t *testing.T) {
	f := dashboard.New(dashboard.Options{})
	for i := range 10 * dashboard.MaxOperations {
		f.Observe(t.Context(), did(t.Context(), "often", time.Millisecond, 0, 0))
		f.Observe(t.Context(), did(t.Context(), fmt.Sprintf("made up %d", i), time.Millisecond, 0, 0))
	}
	list := f.Table()
	if len(list) != dashboard.MaxOperations || dashboard.MaxOperations != 200 {
		t.Fatalf("%d names are remembered", len(list))
	}
	for _, o := range list {
		if o.Name == "often" && o.Count == 10*dashboard.MaxOperations {
			return
		}
	}
	t.Error("the one that is used all the time is forgotten")
}
