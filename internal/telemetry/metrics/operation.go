package metrics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/telemetry/record"
)

// operations counts operations, and what their loaders collapse.
type operations struct {
	total, keys, batches, timer *prometheus.CounterVec
	seconds                     *prometheus.HistogramVec
	statements, roundTrips      prometheus.Counter
	kept                        prometheus.Counter
}

const (
	fine   = "ok"      // the outcome without an error
	others = "other"   // operations whose names anybody can make up
	none   = "request" // the type of what never became an operation
)

// operationBuckets are the bounds of the histogram, in seconds: up to the time that an operation may take.
var operationBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newOperations() operations {
	vector := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "docsquare_" + name, Help: help}, labels)
	}
	single := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "docsquare_" + name, Help: help})
	}
	o := operations{
		total:   vector("operations_total", "Operations, and answers of subscriptions, by the code of their first error. Only trusted documents have their names here.", "operation", "type", "outcome"),
		keys:    vector("loader_keys_total", "Look-ups that resolvers have asked loaders for: statements, if each were made by itself.", "loader"),
		batches: vector("loader_batches_total", "Batches that the loaders have made of them.", "loader"),
		timer:   vector("loader_timer_batches_total", "Of those, the ones that look-ahead has not announced, so that a timer has sent them.", "loader"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docsquare_operation_duration_seconds", Help: "How long operations take, from the request to the answer.", Buckets: operationBuckets,
		}, []string{"operation", "type"}),
		statements: single("operation_statements_total", "SQL statements that operations have made."),
		roundTrips: single("operation_round_trips_total", "Round trips to Redis that operations have made."),
		kept:       single("operations_kept_total", "Of the operations, those whose answer was kept from an earlier one, so that nothing was executed."),
	}
	o.total.WithLabelValues(others, "query", fine)
	o.seconds.WithLabelValues(others, "query")
	return o
}

func (o operations) collectors() []prometheus.Collector {
	return []prometheus.Collector{o.total, o.keys, o.batches, o.timer, o.seconds, o.statements, o.roundTrips, o.kept}
}

// Observe counts an operation.
func (m *Metrics) Observe(_ context.Context, op record.Operation) {
	o, name, outcome := m.operations, others, fine
	if op.Known && op.Name != "" {
		name = op.Name
	}
	if len(op.Codes) > 0 {
		outcome = op.Codes[0]
	}
	if op.Type == "" {
		op.Type = none
	}
	o.total.WithLabelValues(name, op.Type, outcome).Inc()
	o.seconds.WithLabelValues(name, op.Type).Observe(op.Took.Seconds())
	if op.Kept {
		o.kept.Inc()
		return
	}
	totals := op.Record.Totals()
	o.statements.Add(float64(totals.Statements))
	o.roundTrips.Add(float64(totals.RoundTrips))
	op.Record.EachLoader(func(l record.Loader) {
		o.keys.WithLabelValues(l.Name).Add(float64(l.Keys))
		o.batches.WithLabelValues(l.Name).Add(float64(l.Batches))
		o.timer.WithLabelValues(l.Name).Add(float64(l.Timer))
	})
}
