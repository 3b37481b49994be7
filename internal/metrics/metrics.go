// Package metrics shows what the server does to Prometheus. It reads the counters that the parts keep and keeps none of
// its own.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"docsquare/internal/cache"
	"docsquare/internal/store"
)

// scrapeTimeout bounds the look at the database of one scrape.
const scrapeTimeout = time.Second

// Handler answers scrapes, about what more collects too.
func Handler(c *cache.Cache, s *store.Store, log *slog.Logger, more ...prometheus.Collector) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		cached{c}, outbox{s, log},
	)
	registry.MustRegister(more...)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("docsquare_"+name, help, labels, nil)
}

var (
	redisInUse  = describe("redis_in_use", "Whether requests use Redis: 0 while it is away or being recovered, or none is configured.")
	redisLosses = describe("redis_losses_total", "How often something went wrong with Redis or the way to it.")
	nearBytes   = describe("cache_near_bytes", "What the entries of a kind weigh in the process.", "kind")
	nearEntries = describe("cache_near_entries", "How many entries of a kind are in the process.", "kind")
	undecodable = describe("cache_undecodable_total", "Entries in Redis that could not be decoded and counted as missing.")
	compared    = describe("cache_audited_total", "Served entries that were compared with the database.")
	stale       = describe("cache_stale_total", "Of the audited entries, those that told what had been overwritten for longer than the bound.")
	staleFor    = describe("cache_stale_max_seconds", "The longest that an audited entry differed from the database.")
	outboxRows  = describe("outbox_rows", "Invalidations that Redis has yet to hear of.")
	outboxAge   = describe("outbox_oldest_seconds", "How long the oldest of them has waited.")
)

// cached collects what the cache counts.
type cached struct{ cache *cache.Cache }

func (cached) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{redisInUse, redisLosses, nearBytes, nearEntries, undecodable, compared, stale, staleFor} {
		out <- d
	}
}

func (c cached) Collect(out chan<- prometheus.Metric) {
	usage := c.cache.Usage()
	gauge(out, redisInUse, boolean(usage.FarInUse))
	counter(out, redisLosses, float64(usage.Losses))
	counter(out, undecodable, float64(usage.Undecodable))
	for _, k := range usage.Near {
		gauge(out, nearBytes, float64(k.Bytes), k.Kind)
		gauge(out, nearEntries, float64(k.Entries), k.Kind)
	}
	audit := c.cache.Audit()
	counter(out, compared, float64(audit.Compared))
	counter(out, stale, float64(audit.Stale))
	gauge(out, staleFor, audit.Oldest.Seconds())
}

// outbox collects the state of the outbox, whose rows all instances share.
type outbox struct {
	store *store.Store
	log   *slog.Logger
}

func (outbox) Describe(out chan<- *prometheus.Desc) {
	out <- outboxRows
	out <- outboxAge
}

func (o outbox) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	rows, age, err := o.store.Backlog(ctx)
	if err != nil {
		o.log.DebugContext(ctx, "the outbox could not be counted", "error", err)
		return // a missing value says more than a wrong one
	}
	gauge(out, outboxRows, float64(rows))
	gauge(out, outboxAge, age.Seconds())
}

func gauge(out chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func counter(out chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
