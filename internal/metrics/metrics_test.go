package metrics_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"docsquare/internal/metrics"
	"docsquare/internal/ratelimit"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestScrape shows the outbox, the auditor and the tiers, under names that follow the conventions.
func TestScrape(t *testing.T) {
	a := testkit.Open(t, testkit.Database(t, "sqlite"), testkit.Tiers{Redis: true})
	testkit.NewCommunity(t, a.Store)
	_, err := a.Do(t.Context(), `{ documents { nodes { title } } }`, nil, "")
	testkit.Must(t, err)
	w := httptest.NewRecorder()
	limiter := ratelimit.New(ratelimit.Options{})
	t.Cleanup(limiter.Close)
	_, err = limiter.Take(t.Context(), 1, ratelimit.Bucket{Key: "a", Rate: ratelimit.Rate{Points: 2, Window: time.Hour}})
	testkit.Must(t, err)
	documents := metrics.Documents(func(each func(id, operation string, count uint64)) { each("ab12", "Feed", 3) })
	metrics.Handler(a.Cache, a.Store, slog.New(slog.DiscardHandler), metrics.Rates(limiter), documents).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	text := w.Body.String()
	for _, line := range []string{
		"docsquare_redis_in_use 1\n", "docsquare_outbox_rows 1\n", "docsquare_outbox_oldest_seconds ", "docsquare_cache_audited_total 0\n",
		"docsquare_rate_limit_takes_total{decision=\"allowed\"} 1\n", "docsquare_rate_limit_takes_total{decision=\"refused\"} 0\n",
		"docsquare_rate_limit_buckets 1\n", "docsquare_trusted_document_requests_total{id=\"ab12\",operation=\"Feed\"} 3\n",
		"docsquare_cache_stale_total 0\n", "docsquare_cache_near_entries{kind=\"document\"} 20\n", "docsquare_cache_undecodable_total 0\n",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	testkit.Must(t, err)
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "docsquare_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
