package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// meters measures statements and transactions.
type meters struct {
	statements *prometheus.HistogramVec
	failures   prometheus.Counter
	commits    *prometheus.CounterVec
	holds      *holds
	statement  func(ctx context.Context) // called before each statement; may be nil
}

// statementBuckets are the bounds of the histogram, in seconds.
var statementBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// The words that statements begin with; anything else is other.
var verbs = map[string]string{"SELECT": "select", "WITH": "select", "INSERT": "insert", "UPDATE": "update", "DELETE": "delete"}

func newMeters(statement func(context.Context)) meters {
	m := meters{
		prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docsquare_sql_statement_duration_seconds", Help: "How long a statement takes until its first row, or its end where it has none.", Buckets: statementBuckets,
		}, []string{"verb"}),
		prometheus.NewCounter(prometheus.CounterOpts{Name: "docsquare_sql_statement_failures_total", Help: "Statements that failed, without those whose client had gone."}),
		prometheus.NewCounterVec(prometheus.CounterOpts{Name: "docsquare_write_transactions_total", Help: "Writing transactions, by how they ended."}, []string{"outcome"}),
		newHolds(),
		statement,
	}
	for _, verb := range []string{"select", "insert", "update", "delete", "other"} {
		m.statements.WithLabelValues(verb)
	}
	for _, outcome := range []string{committed, rolledBack} {
		m.commits.WithLabelValues(outcome)
	}
	return m
}

const (
	committed  = "committed"
	rolledBack = "rolled_back"
)

func (m meters) note(query string, took time.Duration, err error) {
	word, _, _ := strings.Cut(query, " ")
	verb, known := verbs[word]
	if !known {
		verb = "other"
	}
	m.statements.WithLabelValues(verb).Observe(took.Seconds())
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, sql.ErrNoRows) {
		m.failures.Inc()
	}
}

// Collectors are what the store keeps for Prometheus, with the connections of its pools.
func (s *Store) Collectors() []prometheus.Collector {
	all := []prometheus.Collector{s.meters.statements, s.meters.failures, s.meters.commits, s.meters.holds.duration, s.meters.holds.longest, s.meters.holds.open}
	for i, p := range s.pools {
		all = append(all, collectors.NewDBStatsCollector(p, s.Dialect()+"-"+strconv.Itoa(i)))
	}
	return all
}
