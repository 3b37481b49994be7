package metrics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
)

var (
	redisConfigured = describe("redis_configured", "Whether a Redis is configured.")
	redisInUse      = describe("redis_in_use", "Whether requests use Redis: 0 while it is away or being recovered, or none is configured.")
	redisLosses     = describe("redis_losses_total", "How often something went wrong with Redis or the way to it.")
	redisMemory     = describe("redis_memory_bytes", "What Redis takes in memory.")
	redisLimit      = describe("redis_memory_limit_bytes", "What Redis may take in memory; 0 is no limit.")
	nearBytes       = describe("cache_near_bytes", "What the entries of a kind weigh in the process.", "kind")
	nearEntries     = describe("cache_near_entries", "How many entries of a kind are in the process.", "kind")
	nearTagBytes    = describe("cache_near_tag_bytes", "What the tags of entries weigh in the process.")
	nearLimit       = describe("cache_near_limit_bytes", "What the entries of all kinds and their tags may weigh in the process.")
	requests        = describe("cache_requests_total", "Keys that were asked for, by where the answer came from.", "kind", "result")
	negative        = describe("cache_negative_total", "Hits that say there is nothing.", "kind")
	staleServed     = describe("cache_stale_served_total", "Hits past their time, served while they are refreshed or their source fails.", "kind")
	loadFailures    = describe("cache_load_failures_total", "Reads from the database that failed.", "kind")
	undecodable     = describe("cache_undecodable_total", "Entries in Redis that could not be decoded and counted as missing.")
	auditRatio      = describe("cache_audit_ratio", "Which part of the served entries is compared with the database; 0 is none.")
	compared        = describe("cache_audited_total", "Served entries that were compared with the database.")
	stale           = describe("cache_stale_total", "Of the audited entries, those that told what had been overwritten for longer than the bound.")
	staleFor        = describe("cache_stale_max_seconds", "The longest that an audited entry differed from the database.")
)

// cached collects what the cache counts.
type cached struct{ cache *kinds.Cache }

func (cached) Describe(out chan<- *prometheus.Desc) {
	described(out, redisConfigured, redisInUse, redisLosses, redisMemory, redisLimit, nearBytes, nearEntries, nearTagBytes, nearLimit,
		requests, negative, staleServed, loadFailures, undecodable, auditRatio, compared, stale, staleFor)
}

func (c cached) Collect(out chan<- prometheus.Metric) {
	usage := c.cache.Usage()
	gauge(out, redisConfigured, boolean(usage.Far != cache.Off))
	gauge(out, redisInUse, boolean(usage.Far == cache.OK))
	counter(out, redisLosses, float64(usage.Losses))
	counter(out, undecodable, float64(usage.Undecodable))
	gauge(out, nearTagBytes, float64(usage.TagBytes))
	gauge(out, nearLimit, float64(usage.Limit))
	for _, k := range usage.Kinds {
		gauge(out, nearBytes, float64(k.Bytes), k.Name)
		gauge(out, nearEntries, float64(k.Entries), k.Name)
		n := k.Counts
		counter(out, requests, float64(n.Near), k.Name, "near")
		counter(out, requests, float64(n.Far), k.Name, "far")
		counter(out, requests, float64(n.Shared), k.Name, "shared")
		counter(out, requests, float64(n.Loads), k.Name, "load")
		counter(out, negative, float64(n.Negative), k.Name)
		counter(out, staleServed, float64(n.Stale), k.Name)
		counter(out, loadFailures, float64(n.Failed), k.Name)
	}
	audit := c.cache.Audit()
	gauge(out, auditRatio, audit.Ratio)
	counter(out, compared, float64(audit.Compared))
	counter(out, stale, float64(audit.Stale))
	gauge(out, staleFor, audit.Oldest.Seconds())
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	if used, limit, ok := c.cache.FarMemory(ctx); ok {
		gauge(out, redisMemory, float64(used))
		gauge(out, redisLimit, float64(limit))
	}
}
