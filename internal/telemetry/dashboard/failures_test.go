package dashboard_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/telemetry/record"
)

// TestFailures counts errors by code, message and operation, lists the latest first, and is bounded.
func TestFailures(t *testing.T) {
	f := feed(t)
	failed := func(name string, second int64, codes ...string) {
		op := record.Operation{Name: name, Type: "query", Began: time.Unix(second, 0), Codes: codes}
		for _, code := range codes {
			op.Sentences = append(op.Sentences, "the sentence of "+code)
		}
		f.Observe(t.Context(), op)
	}
	failed("Feed", 1, "NOT_FOUND", "INTERNAL")
	failed("Feed", 2)
	failed("Feed", 3, "NOT_FOUND")
	want := []dashboard.Failure{
		{Code: "NOT_FOUND", Message: "the sentence of NOT_FOUND", Operation: "Feed", Type: "query", Count: 2, At: 3},
		{Code: "INTERNAL", Message: "the sentence of INTERNAL", Operation: "Feed", Type: "query", Count: 1, At: 1},
	}
	if diff := cmp.Diff(want, f.Failures()); diff != "" {
		t.Error(diff)
	}
	f.Observe(t.Context(), record.Operation{Name: "Feed", Type: "query", Began: time.Unix(5, 0), Codes: []string{"NOT_FOUND"}, Sentences: []string{"another"}})
	if got := f.Failures(); len(got) != 3 || got[0].Message != "another" || got[0].Count != 1 {
		t.Errorf("another message of the same code is %+v", got)
	}
	for i := range 1000 {
		failed(fmt.Sprint("Made up ", i), 4, "NOT_FOUND")
	}
	if got := f.Failures(); len(got) != 100 || got[0].Operation != "Made up 999" {
		t.Errorf("%d failures, first %+v", len(got), got[0])
	}
}
