package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/internal/kinds/hotset"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

func warming(a *apptest.App, remembered func(context.Context) (hotset.Set, error)) graph.Warming {
	return graph.Warming{
		Sources: a.Sources, Remembered: remembered, Timeout: 30 * time.Second,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// TestWarmUp has the first reader of a server find everything in the cache: the feed, the rankings, and what the last run
// was asked for most.
func TestWarmUp(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			url := servicetest.Community(t, dialect)
			last := apptest.Open(t, url, servicetest.Tiers{})
			id := servicetest.Names()["doc02"].String()
			const hot = `query ($id: ID!) { document(id: $id) { title body bodyHtml author { displayName } stats { likes } comments { nodes { body } } } }`
			wantWork(t, last, hot, variables{"id": id}, true)
			testkit.Must(t, hotset.New(last.Store, last.Cache, slog.New(slog.DiscardHandler)).Remember(t.Context()))

			a := apptest.Open(t, url, servicetest.Tiers{})
			memory := hotset.New(a.Store, a.Cache, slog.New(slog.DiscardHandler))
			set, err := memory.Remembered(t.Context())
			testkit.Must(t, err)
			if !slices.Contains(set.Documents, servicetest.ID("doc02")) || slices.Contains(set.Documents, servicetest.ID("doc03")) {
				t.Fatalf("remembered %v", set)
			}
			var steps []int
			testkit.Must(t, warming(a, memory.Remembered).Now(t.Context(), func(done, total int) { steps = append(steps, done, total) }))
			if n := len(steps); n < 4 || steps[0] != 1 || steps[n-2] != steps[n-1] {
				t.Errorf("the progress was %v", steps)
			}
			for _, query := range []string{
				feedQuery,
				`{ trendingDocuments { title author { displayName } stats { views } } }`,
				`{ categories { name documents } formats { format documents } siteStats { users views } }`,
				`{ documents(orderBy: { field: POPULARITY }) { nodes { title } } }`,
			} {
				wantWork(t, a, query, nil, false)
			}
			wantWork(t, a, hot, variables{"id": id}, false)
		})
	}
}

// TestWarmUpOfWhatIsGone is no failure: what was hot may have been deleted since.
func TestWarmUpOfWhatIsGone(t *testing.T) {
	a := apptest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{})
	gone := func(context.Context) (hotset.Set, error) {
		return hotset.Set{Documents: []uuid.UUID{uuid.New()}, Users: []uuid.UUID{uuid.New()}}, nil
	}
	testkit.Must(t, warming(a, gone).Now(t.Context(), func(int, int) {}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := warming(a, gone).Now(ctx, func(int, int) {}); err == nil {
		t.Error("a warm-up that was broken off is no error")
	}
}

// wantWork asks a query and says whether it may have asked the database.
func wantWork(t *testing.T, a *apptest.App, query string, vars variables, allowed bool) {
	t.Helper()
	raw, err := json.Marshal(vars)
	testkit.Must(t, err)
	response, err := a.Do(t.Context(), query, raw, "")
	testkit.Must(t, err)
	if len(response.Errors) > 0 {
		t.Fatalf("%s: %s", query, response.Errors)
	}
	if n := response.Extensions.Explain.SQL.Statements; (n > 0) != allowed {
		t.Errorf("%d statements for %s: %+v", n, query, response.Extensions.Explain.SQL.List)
	}
}
