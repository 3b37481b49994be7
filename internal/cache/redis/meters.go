package redis

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/cache"
)

// The calls of Redis by their purpose, as labels of metrics and steps of a record.
const (
	callRead    = "read"
	callFill    = cache.FillStep
	callReplace = "replace"
	callClaim   = "claim"
	callProbe   = "probe"
	callInspect = "inspect"
)

// meters measures the calls of Redis.
type meters struct {
	seconds  *prometheus.HistogramVec
	failures *prometheus.CounterVec
}

func newMeters() meters {
	m := meters{
		prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docsquare_redis_call_duration_seconds", Help: "How long one round trip to Redis takes.", Buckets: cache.DurationBuckets(),
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

func (m meters) observe(call string, took time.Duration, err error) {
	m.seconds.WithLabelValues(call).Observe(took.Seconds())
	if err != nil {
		m.failures.WithLabelValues(call).Inc()
	}
}

// Collectors returns the histograms and counters of the tier for Prometheus.
func (t *Tier) Collectors() []prometheus.Collector {
	return []prometheus.Collector{t.meters.seconds, t.meters.failures}
}
