package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"time"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// The requests that are measured: the feed of the Playground, and what a front end asks first with each page.
const (
	feedQuery = `{ documents(first: 20) { totalCount edges { node { id title format createdAt author { id username displayName }
		stats { views likes favorites comments } viewerHasLiked
		comments(first: 3) { edges { node { id body author { id username } } } } } } pageInfo { hasNextPage endCursor } } }`
	viewerQuery = `{ viewer { id username displayName } }`
)

// way is one way to answer the same request.
type way struct {
	name  string
	tiers servicetest.Tiers
	cold  bool // everything that is cached is made invalid before each request
}

// BenchmarkFeed answers the feed as a guest on each way there is, in one run, so that their ratios hold on any machine.
func BenchmarkFeed(b *testing.B) {
	compare(b, feedQuery, "",
		way{name: "resolvers_alone", tiers: servicetest.Tiers{Far: true, Alone: true}},
		way{name: "loaders", tiers: servicetest.Tiers{Far: true}},
		way{name: "cold", tiers: servicetest.Tiers{Redis: true}, cold: true},
		way{name: "far_tier", tiers: servicetest.Tiers{Redis: true, Far: true}},
		way{name: "both_tiers", tiers: servicetest.Tiers{Redis: true}},
		way{name: "near_tier", tiers: servicetest.Tiers{}},
	)
}

// BenchmarkViewer answers who a token belongs to: the session and the account.
func BenchmarkViewer(b *testing.B) {
	compare(b, viewerQuery, "ann",
		way{name: "no_cache", tiers: servicetest.Tiers{Far: true}},
		way{name: "first", tiers: servicetest.Tiers{Redis: true}, cold: true},
		way{name: "far_tier", tiers: servicetest.Tiers{Redis: true, Far: true}},
		way{name: "both_tiers", tiers: servicetest.Tiers{Redis: true}},
	)
}

func compare(b *testing.B, query, username string, ways ...way) {
	b.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		b.Run(dialect, func(b *testing.B) {
			database := servicetest.Community(b, dialect)
			for _, w := range ways {
				b.Run(w.name, func(b *testing.B) { w.measure(b, database, query, username) })
			}
		})
	}
}

// measure reports, in addition to the mean that every benchmark has, the median latency, its ratio to the CPU time of this
// process for a request, and the statements and round trips of a request.
func (w way) measure(b *testing.B, database, query, username string) {
	app, token := apptest.Open(b, database, w.tiers), ""
	if username != "" {
		token = app.Token(b, servicetest.ID(username))
	}
	var spoilt func()
	if w.cold {
		spoilt = func() { testkit.Must(b, app.Cache.Replace(b.Context(), []string{"everything"})) }
	}
	request(b, app, query, token)
	app.Cache.Settle()
	sql, redis := explained(b, app, spoilt, query, token)
	took := make([]time.Duration, 0, 1<<16)
	var used time.Duration
	for b.Loop() {
		if spoilt != nil {
			app.Cache.Settle()
			spoilt()
		}
		before, start := cpuTime(b), time.Now()
		request(b, app, query, token)
		took, used = append(took, time.Since(start)), used+cpuTime(b)-before
	}
	slices.Sort(took)
	median := took[len(took)/2]
	b.ReportMetric(float64(median.Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(median)*float64(len(took))/float64(used), "latency/cpu")
	b.ReportMetric(float64(sql), "sql/op")
	b.ReportMetric(float64(redis), "redis/op")
}

func explained(b *testing.B, app *apptest.App, spoilt func(), query, token string) (sql, redis int) {
	b.Helper()
	if spoilt != nil {
		spoilt()
	}
	r, err := app.Do(b.Context(), query, json.RawMessage("{}"), token)
	testkit.Must(b, err)
	return r.Extensions.Explain.SQL.Statements, r.Extensions.Explain.Redis.RoundTrips
}

// request sends a request and checks nothing but that it was answered.
func request(b *testing.B, app *apptest.App, query, token string) {
	body, err := json.Marshal(map[string]string{"query": query})
	testkit.Must(b, err)
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	app.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || bytes.Contains(w.Body.Bytes(), []byte(`"errors"`)) {
		b.Fatalf("status %d: %s", w.Code, w.Body)
	}
}

// cpuTime is what this process has used of the CPUs.
func cpuTime(tb testing.TB) time.Duration {
	var usage syscall.Rusage
	testkit.Must(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
