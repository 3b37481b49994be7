package metrics_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"docsquare/graph"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/store"
	"docsquare/internal/telemetry/metrics"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// everything is the metrics of an application that has done something of everything.
func everything(t *testing.T) *metrics.Metrics {
	t.Helper()
	a := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{Redis: true})
	testkit.Must(t, a.Store.Write(t.Context(), func(tx *store.Tx) error {
		u, err := tx.User.UpdateOneID(servicetest.ID("cy")).SetBio("writes").Save(t.Context())
		tx.Invalidate(u)
		return err
	}))
	limiter := ratelimit.New(ratelimit.Options{})
	t.Cleanup(limiter.Close)
	_, err := limiter.Take(t.Context(), 1, ratelimit.Bucket{Key: "a", Rate: ratelimit.Rate{Points: 2, Window: time.Hour}})
	testkit.Must(t, err)
	m := metrics.New(metrics.Sources{
		Cache: a.Cache, Store: a.Store, Limiter: limiter, Version: "v1", Log: slog.New(slog.DiscardHandler),
		Documents: func(each func(id, operation string, count uint64)) { each("ab12", "Feed", 3) },
		Fields:    func(each func(owner, field string, count uint64)) { each("Document", "title", 3) },
		Live:      func() (webSockets, streams, operations int64) { return 3, 1, 5 },
		Uploads:   func() int64 { return 2 },
		Responses: func(each func(status int, answers uint64)) { each(200, 7); each(429, 1) },
		Disks:     map[string]string{"files": t.TempDir(), "database": "/nowhere"},
	})
	a.Handler = a.Serve(t, func(o *graph.Options) { o.Observers = append(o.Observers, m.Observe) })
	for _, query := range []string{`query Made_up { documents(first: 5) { nodes { title author { username } } } }`, `{ nothing }`, `{ documents(first: -1) { nodes { id } } }`} {
		_, err = a.Do(t.Context(), query, nil, "")
		testkit.Must(t, err)
	}
	return m
}

// scraped is the metrics of everything, by name.
func scraped(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	families, err := everything(t).Gather()
	testkit.Must(t, err)
	named := map[string]*dto.MetricFamily{}
	for _, f := range families {
		named[f.GetName()] = f
	}
	return named
}

func scrape(t *testing.T, h http.Handler, authorization string) (status int, text string) {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	r.Header.Set("Authorization", authorization)
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestScrape checks that all metrics are exported, under names that follow the conventions.
func TestScrape(t *testing.T) {
	_, text := scrape(t, everything(t).Handler(""), "")
	for _, line := range []string{
		`docsquare_redis_in_use 1`, `docsquare_redis_configured 1`, `docsquare_outbox_rows 1`, `docsquare_cache_audited_total 0`, `docsquare_cache_audit_ratio 0`,
		`docsquare_rate_limit_takes_total{decision="allowed"} 1`, `docsquare_rate_limit_takes_total{decision="refused"} 0`,
		`docsquare_rate_limit_buckets 1`, `docsquare_trusted_document_requests_total{id="ab12",operation="Feed"} 3`,
		`docsquare_trusted_field_requests_total{field="title",type="Document"} 3`,
		`docsquare_cache_stale_total 0`, `docsquare_cache_near_entries{kind="document"} 5`, `docsquare_cache_undecodable_total 0`,
		`docsquare_cache_requests_total{kind="document",result="load"} 5`, `docsquare_loader_keys_total{loader="Document"} 5`, `docsquare_loader_batches_total{loader="Document"} 1`,
		`docsquare_operations_total{operation="other",outcome="ok",type="query"} 1`, `docsquare_operations_total{operation="other",outcome="BAD_USER_INPUT",type="query"} 1`,
		`docsquare_operations_total{operation="other",outcome="GRAPHQL_VALIDATION_FAILED",type="request"} 1`, `docsquare_operation_duration_seconds_count{operation="other",type="query"} 2`,
		`docsquare_connections{transport="websocket"} 3`, `docsquare_connections{transport="sse"} 1`, `docsquare_live_operations 5`, `docsquare_uploads_in_progress 2`,
		`docsquare_http_responses_total{status="200"} 7`, `docsquare_http_responses_total{status="429"} 1`,
		`docsquare_cache_load_duration_seconds_count{kind="document"} 1`, `docsquare_redis_call_failures_total{call="read"} 0`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	for _, name := range []string{"docsquare_outbox_oldest_seconds ", "docsquare_redis_memory_bytes ", "docsquare_database_bytes ", "docsquare_database_wal_bytes ", `docsquare_disk_free_bytes{of="files"} `, `docsquare_disk_bytes{of="files"} `, `docsquare_created_today{what="accounts"} `, `docsquare_created_today{what="documents"} `, `docsquare_created_today{what="comments"} `, "docsquare_operation_statements_total ", `docsquare_sql_statement_duration_seconds_count{verb="select"} `, `docsquare_write_transactions_total{outcome="committed"} `, `docsquare_build_info{go_version="go`} {
		if !strings.Contains(text, "\n"+name) {
			t.Errorf("%q is missing", name)
		}
	}
	if strings.Contains(text, `{of="database"}`) {
		t.Error("a disk that is not there has a size")
	}
	if strings.Contains(text, "Made_up") {
		t.Error("a name that a client has made up is a label")
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	testkit.Must(t, err)
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "docsquare_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// TestToken keeps what is scraped to those who have the token.
func TestToken(t *testing.T) {
	h := everything(t).Handler("s3cret")
	for authorization, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer s3cret": 200} {
		if status, _ := scrape(t, h, authorization); status != want {
			t.Errorf("%q: %d", authorization, status)
		}
	}
}
