package cache

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/explain"
)

// The calls of Redis, by what they are for.
const (
	callRead    = "read"
	callFill    = "fill"
	callReplace = "replace"
	callClaim   = "claim"
	callProbe   = "probe"
	callInspect = "inspect"
)

// quickBuckets are the bounds of the histograms, in seconds: from a look-up in memory to a deadline.
var quickBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

// Collectors are the histograms and counters that the engine keeps for Prometheus besides Usage.
func (e *Engine) Collectors() []prometheus.Collector {
	all := []prometheus.Collector{e.loads}
	if e.far != nil {
		all = append(all, e.far.meters.seconds, e.far.meters.failures)
	}
	return all
}

func newLoadSeconds() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "docsquare_cache_load_duration_seconds", Help: "How long it takes to read what no tier has from the database.", Buckets: quickBuckets,
	}, []string{"kind"})
}

// meter counts what became of the keys of one kind.
type meter struct {
	near, far, stale, negative, shared, loads, failed atomic.Int64

	seconds prometheus.Observer
}

func newMeter(e *Engine, kind string) *meter { return &meter{seconds: e.loads.WithLabelValues(kind)} }

func (m *meter) count(c explain.Kind) {
	for _, x := range []struct {
		total *atomic.Int64
		n     int
	}{{&m.near, c.Near}, {&m.far, c.Far}, {&m.stale, c.Stale}, {&m.negative, c.Negative}, {&m.shared, c.Shared}, {&m.loads, c.Loads}} {
		if x.n > 0 {
			x.total.Add(int64(x.n))
		}
	}
}

func (m *meter) loaded(took time.Duration, err error) {
	m.seconds.Observe(took.Seconds())
	if err != nil {
		m.failed.Add(1)
	}
}

// farMeters measures the calls of Redis.
type farMeters struct {
	seconds  *prometheus.HistogramVec
	failures *prometheus.CounterVec
}

func newFarMeters() farMeters {
	m := farMeters{
		prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docsquare_redis_call_duration_seconds", Help: "How long one round trip to Redis takes.", Buckets: quickBuckets,
		}, []string{"call"}),
		prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "docsquare_redis_call_failures_total", Help: "Round trips to Redis that failed.",
		}, []string{"call"}),
	}
	for _, call := range []string{callRead, callFill, callReplace, callClaim, callProbe, callInspect} {
		m.seconds.WithLabelValues(call)
		m.failures.WithLabelValues(call)
	}
	return m
}

func (m farMeters) note(call string, took time.Duration, err error) {
	m.seconds.WithLabelValues(call).Observe(took.Seconds())
	if err != nil {
		m.failures.WithLabelValues(call).Inc()
	}
}
