package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/limit/ratelimit"
)

var (
	takes     = describe("rate_limit_takes_total", "Charges to budgets and limits, by how they were decided.", "decision")
	degraded  = describe("rate_limit_degraded_total", "Charges that the process decided because Redis did not answer.")
	rateCalls = describe("rate_limit_redis_calls_total", "Round trips to Redis for budgets and limits.")
	buckets   = describe("rate_limit_buckets", "Budgets and limits that the process remembers.")
	documents = describe("trusted_document_requests_total", "Requests for each trusted document.", "id", "operation")
	fields    = describe("trusted_field_requests_total", "Requests for trusted documents that select a field of the schema.", "type", "field")
)

// rates collects the counts of a limiter; nothing if the limiter is nil.
type rates struct{ limiter *ratelimit.Limiter }

func (rates) Describe(out chan<- *prometheus.Desc) {
	described(out, takes, degraded, rateCalls, buckets)
}

func (r rates) Collect(out chan<- prometheus.Metric) {
	if r.limiter == nil {
		return
	}
	usage := r.limiter.Usage()
	counter(out, takes, float64(usage.Allowed), "allowed")
	counter(out, takes, float64(usage.Refused), "refused")
	counter(out, degraded, float64(usage.Degraded))
	counter(out, rateCalls, float64(usage.Calls))
	gauge(out, buckets, float64(usage.Buckets))
}

// maxDocuments is how many trusted documents are counted each by itself: those of one front end are some hundreds.
const maxDocuments = 1000

// selected collects how often trusted documents that select a field were asked for. Its labels are names of the schema, so there are as many
// series as it has fields, at most.
type selected struct {
	each func(func(owner, field string, count uint64))
}

func (selected) Describe(out chan<- *prometheus.Desc) { out <- fields }

func (s selected) Collect(out chan<- prometheus.Metric) {
	if s.each == nil {
		return
	}
	s.each(func(owner, field string, count uint64) { counter(out, fields, float64(count), owner, field) })
}

// asked collects how often each trusted document was asked for.
type asked struct {
	each func(func(id, operation string, count uint64))
}

func (asked) Describe(out chan<- *prometheus.Desc) { out <- documents }

func (a asked) Collect(out chan<- prometheus.Metric) {
	if a.each == nil {
		return
	}
	n := 0
	a.each(func(id, operation string, count uint64) {
		if n++; n <= maxDocuments {
			counter(out, documents, float64(count), id, operation)
		}
	})
}
