package explain_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/explain"
)

// count counts one of everything.
func count(r *explain.Record) {
	r.Loader("Document", func(l *explain.Loader) { l.Unique++ })
	r.Kind("document", func(k *explain.Kind) { k.Near++ })
	r.Tagged("b", "a", "b")
	r.Statement("SELECT 1", time.Millisecond)
	r.Rows("SELECT 1", 3)
	r.RoundTrip(2, time.Millisecond)
	r.Stages(time.Millisecond, time.Millisecond)
	r.Cost(explain.Cost{Estimated: 5, Actual: 3})
}

func TestNoRecordCountsNothing(t *testing.T) {
	for name, r := range map[string]*explain.Record{"none": explain.From(t.Context()), "nil": nil} {
		count(r)
		if diff := cmp.Diff(explain.Report{}, r.Report()); diff != "" {
			t.Fatalf("%s:\n%s", name, diff)
		}
	}
}

func TestRecord(t *testing.T) {
	ctx, r := explain.With(t.Context())
	if explain.From(ctx) != r || explain.From(explain.Without(ctx)) != nil {
		t.Fatal("the record is not where it belongs")
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { count(r) })
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
	count(r)
	if got.Kinds[0].Near != 10 {
		t.Fatal("a report changes after it was made")
	}
}
