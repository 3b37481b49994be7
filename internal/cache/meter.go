package cache

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/telemetry/record"
)

// DurationBuckets returns the bounds of histograms, in seconds: from a look-up in memory to a timeout.
func DurationBuckets() []float64 {
	return []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
}

// Collectors returns the metrics of the engine and its far tier that are not part of Usage.
func (e *Engine) Collectors() []prometheus.Collector {
	return append(e.far.Collectors(), e.loads)
}

func newLoadSeconds() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "docsquare_cache_load_duration_seconds", Help: "How long it takes to read what no tier has from the database.", Buckets: DurationBuckets(),
	}, []string{"kind"})
}

// Counts are requested keys by their source, since the start of the process.
type Counts struct {
	Near     int64
	Far      int64
	Loads    int64 // read from the database
	Shared   int64 // from a load of another fetch
	Negative int64 // hits of negative entries
	Stale    int64 // hits of expired entries
	Failed   int64 // loads that failed
}

// Hits returns how many keys were answered by a tier, or by a load of another fetch.
func (c Counts) Hits() int64 { return c.Near + c.Far + c.Shared }

// meter counts the requested keys of one kind by their source.
type meter struct {
	near, far, stale, negative, shared, loads, failed atomic.Int64

	seconds prometheus.Observer
}

func newMeter(e *Engine, kind string) *meter { return &meter{seconds: e.loads.WithLabelValues(kind)} }

func (m *meter) count(c record.Kind) {
	for _, x := range []struct {
		total *atomic.Int64
		n     int
	}{{&m.near, c.Near}, {&m.far, c.Far}, {&m.stale, c.Stale}, {&m.negative, c.Negative}, {&m.shared, c.Shared}, {&m.loads, c.Loads}} {
		if x.n > 0 {
			x.total.Add(int64(x.n))
		}
	}
}

func (m *meter) counts() Counts {
	return Counts{m.near.Load(), m.far.Load(), m.loads.Load(), m.shared.Load(), m.negative.Load(), m.stale.Load(), m.failed.Load()}
}

func (m *meter) loaded(took time.Duration, err error) {
	m.seconds.Observe(took.Seconds())
	if err != nil {
		m.failed.Add(1)
	}
}
