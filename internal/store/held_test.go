package store_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestHolds has a transaction keep the writer for some time: the metrics show how often, how long, and the longest.
func TestHolds(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, testkit.Database(t, dialect))
			defer shut(s)
			const long = 30 * time.Millisecond
			for _, d := range []time.Duration{0, long, 0} {
				testkit.Must(t, s.Write(t.Context(), func(*store.Tx) error {
					if s.Writing() != 1 {
						t.Errorf("%d transactions are running", s.Writing())
					}
					<-time.After(d)
					return nil
				}))
			}
			if s.Writing() != 0 {
				t.Errorf("%d transactions are running after the last", s.Writing())
			}
			families := gathered(t, s)
			if h := families["docsquare_write_transaction_hold_seconds"].GetMetric()[0].GetHistogram(); h.GetSampleCount() < 3 || h.GetSampleSum() < long.Seconds() {
				t.Errorf("the histogram has %d transactions of %v s", h.GetSampleCount(), h.GetSampleSum())
			}
			if longest := families["docsquare_write_transaction_hold_longest_seconds"].GetMetric()[0].GetGauge().GetValue(); longest < long.Seconds() {
				t.Errorf("the longest took %v s", longest)
			}
		})
	}
}

func gathered(t *testing.T, s *store.Store) map[string]*dto.MetricFamily {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(s.Collectors()...)
	all, err := r.Gather()
	testkit.Must(t, err)
	out := map[string]*dto.MetricFamily{}
	for _, f := range all {
		out[f.GetName()] = f
	}
	return out
}
