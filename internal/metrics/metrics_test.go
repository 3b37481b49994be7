package metrics_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"docsquare/internal/metrics"
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
	metrics.Handler(a.Cache, a.Store, slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	text := w.Body.String()
	for _, line := range []string{
		"docsquare_redis_in_use 1\n", "docsquare_outbox_rows 1\n", "docsquare_outbox_oldest_seconds ", "docsquare_cache_audited_total 0\n",
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
