package dashboard_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
)

// base is the moment of the first frame.
var base = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// board is metrics that a test makes up.
type board struct {
	registry *prometheus.Registry
	vectors  map[string]*prometheus.GaugeVec
	times    map[string]*prometheus.HistogramVec
	at       time.Time
}

func newBoard() *board {
	return &board{prometheus.NewRegistry(), map[string]*prometheus.GaugeVec{}, map[string]*prometheus.HistogramVec{}, base}
}

// set sets a metric; its labels are pairs.
func (b *board) set(name string, value float64, labels ...string) {
	pairs, names := prometheus.Labels{}, []string{}
	for i := 0; i < len(labels); i += 2 {
		names, pairs[labels[i]] = append(names, labels[i]), labels[i+1]
	}
	if b.vectors[name] == nil {
		b.vectors[name] = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name}, names)
		b.registry.MustRegister(b.vectors[name])
	}
	b.vectors[name].With(pairs).Set(value)
}

// observe has a histogram with the bounds 0.1, 0.2 and 0.4 count.
func (b *board) observe(name, label, of string, seconds float64, times int) {
	if b.times[name] == nil {
		b.times[name] = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Buckets: []float64{.1, .2, .4}}, []string{label})
		b.registry.MustRegister(b.times[name])
	}
	for range times {
		b.times[name].WithLabelValues(of).Observe(seconds)
	}
}

// read reads the board, some seconds after the time before.
func (b *board) read(t *testing.T, seconds float64) dashboard.Reading {
	t.Helper()
	b.at = b.at.Add(time.Duration(seconds * float64(time.Second)))
	r, err := dashboard.ReadAt(b.at, b.registry)
	testkit.Must(t, err)
	return r
}

const (
	operations = "docsquare_operations_total"
	durations  = "docsquare_operation_duration_seconds"
	requests   = "docsquare_cache_requests_total"
	responses  = "docsquare_http_responses_total"
)

// busy is a board of a server that has worked for some time, and then for two seconds more.
func busy(t *testing.T) (before, now dashboard.Reading) {
	t.Helper()
	b := newBoard()
	for i, name := range []string{"Feed", "other"} {
		b.set(operations, 100, "operation", name, "outcome", "ok")
		b.set(operations, 10, "operation", name, "outcome", "NOT_FOUND")
		b.observe(durations, "operation", name, .05, 100*i) // of before: no matter
		b.observe("docsquare_cache_load_duration_seconds", "kind", name, .05, 7)
	}
	for _, kind := range []string{"document", "user", "unused"} {
		for _, result := range []string{"near", "far", "shared", "load"} {
			b.set(requests, 50, "kind", kind, "result", result)
		}
		for _, name := range []string{"docsquare_cache_near_entries", "docsquare_cache_near_bytes"} {
			b.set(name, 0, "kind", kind)
		}
	}
	b.set(responses, 20, "status", "200")
	b.set(responses, 1, "status", "404")
	b.set("process_cpu_seconds_total", 100)
	b.set("docsquare_loader_keys_total", 1000, "loader", "document")
	b.set("docsquare_loader_batches_total", 100, "loader", "document")
	before = b.read(t, 0)

	b.set(operations, 110, "operation", "Feed", "outcome", "ok")
	b.set(operations, 110, "operation", "other", "outcome", "ok")
	b.set(operations, 13, "operation", "other", "outcome", "NOT_FOUND")
	b.set(operations, 1, "operation", "other", "outcome", "FORBIDDEN") // which was not there before
	b.observe(durations, "operation", "Feed", .15, 10)
	b.observe(durations, "operation", "other", .3, 10)
	b.observe(durations, "operation", "other", 7, 4)
	b.observe("docsquare_redis_call_duration_seconds", "call", "read", .1, 8)
	b.set("docsquare_redis_call_failures_total", 2, "call", "fill")
	b.observe("docsquare_cache_load_duration_seconds", "kind", "document", .2, 2)
	b.set(responses, 40, "status", "200")
	b.set(responses, 1, "status", "101")
	b.set(responses, 6, "status", "304")
	b.set(responses, 3, "status", "404")
	b.set(responses, 2, "status", "429") // which was not there before
	b.set("docsquare_database_bytes", 5000)
	b.set("docsquare_disk_free_bytes", 100, "of", "files")
	b.set("docsquare_disk_bytes", 400, "of", "files")
	for what, n := range map[string]float64{"accounts": 1, "documents": 2, "comments": 3} {
		b.set("docsquare_created_today", n, "what", what)
	}
	b.set(requests, 250, "kind", "document", "result", "near")
	b.set(requests, 80, "kind", "document", "result", "load")
	b.set(requests, 60, "kind", "user", "result", "far")
	b.set(requests, 54, "kind", "user", "result", "shared")
	b.set("docsquare_cache_negative_total", 6, "kind", "user")
	b.set("docsquare_cache_stale_served_total", 2, "kind", "user")
	b.set("docsquare_cache_near_entries", 30, "kind", "document")
	b.set("docsquare_cache_near_bytes", 3000, "kind", "document")
	b.set("docsquare_cache_near_bytes", 500, "kind", "user")
	b.set("docsquare_cache_near_limit_bytes", 9000)
	b.set("docsquare_loader_keys_total", 1100, "loader", "document")
	b.set("docsquare_loader_batches_total", 104, "loader", "document")
	b.set("docsquare_operation_statements_total", 10)
	b.set("docsquare_operation_round_trips_total", 40) // more than batches: nothing is saved
	b.set("docsquare_redis_configured", 1)
	b.set("docsquare_redis_losses_total", 3)
	b.set("docsquare_rate_limit_takes_total", 900, "decision", "allowed")
	b.set("docsquare_rate_limit_takes_total", 8, "decision", "refused")
	b.set("docsquare_connections", 5, "transport", "websocket")
	b.set("docsquare_connections", 2, "transport", "sse")
	b.set("docsquare_live_operations", 11)
	b.set("docsquare_uploads_in_progress", 1)
	b.set("docsquare_cache_audit_ratio", .01)
	b.set("docsquare_cache_audited_total", 40)
	b.set("docsquare_cache_stale_total", 0)
	b.set("docsquare_cache_stale_max_seconds", .5)
	b.set("process_cpu_seconds_total", 103)
	b.set("process_resident_memory_bytes", 2000)
	b.set("go_goroutines", 70)
	b.set("go_memstats_heap_alloc_bytes", 1000)
	return before, b.read(t, 2)
}

// TestFrame is what two readings differ in, per second, and the last of what has a level.
func TestFrame(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	want := dashboard.Frame{
		At: float64(base.Add(2 * time.Second).Unix()), Seconds: 2,
		Operations: dashboard.Work{Rate: 12, Errors: 2, P50: number(240), P95: number(400), P99: number(400)},
		Far:        dashboard.Work{Rate: 4, Errors: 1, P50: number(50), P95: number(95), P99: number(99)},
		Loads:      dashboard.Work{Rate: 15, P50: number(150), P95: number(195), P99: number(199)},
		Saved:      dashboard.Saved{Statements: 45},
		Kinds: []dashboard.Kind{
			{Name: "document", Near: 100, Loads: 15, Entries: 30, Bytes: 3000},
			{Name: "user", Far: 5, Shared: 2, Negative: 3, Stale: 1, Bytes: 500},
		},
		Near: dashboard.Near{Bytes: 3500, Limit: 9000}, Redis: dashboard.Redis{Configured: true, Losses: 3},
		Limited: dashboard.Rate{Rate: 4}, Connections: dashboard.Connections{WebSockets: 5, Streams: 2, Operations: 11}, Uploads: 1,
		Responses: dashboard.Responses{Success: 10.5, Redirect: 3, Client: 2}, Database: dashboard.Database{Bytes: number(5000)},
		Disks: []dashboard.Disk{{Of: "files", Free: 100, Size: 400}}, Today: &dashboard.Today{Accounts: 1, Documents: 2, Comments: 3},
		Audit:   dashboard.Audit{Ratio: .01, Compared: 40, Oldest: .5},
		Process: dashboard.Process{Goroutines: 70, Heap: 1000, Resident: 2000, CPU: 1.5},
	}
	if diff := cmp.Diff(want, dashboard.FrameOf(busy(t)), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFrameOfWhatIsUnknown leaves null what no metric tells, and does not confuse it with nothing.
func TestFrameOfWhatIsUnknown(t *testing.T) {
	b := newBoard()
	before := b.read(t, 0)
	f := dashboard.FrameOf(before, b.read(t, 2))
	if f.Outbox != nil || f.Redis.Memory != nil || f.Redis.MaxMemory != nil || f.Operations.P50 != nil || f.Far.P95 != nil || f.Loads.P99 != nil || f.Kinds == nil || f.Today != nil || f.Database.Bytes != nil || f.Database.WAL != nil || f.Disks == nil {
		t.Errorf("of no metrics: %+v", f)
	}
	text, err := json.Marshal(f)
	testkit.Must(t, err)
	for path, want := range map[string]string{"outbox": "null", "kinds": "[]"} {
		var parts map[string]json.RawMessage
		testkit.Must(t, json.Unmarshal(text, &parts))
		if string(parts[path]) != want {
			t.Errorf("%s is %s, want %s", path, parts[path], want)
		}
	}
	b.set("docsquare_outbox_rows", 0)
	b.set("docsquare_redis_memory_bytes", 0)
	b.set("docsquare_redis_memory_limit_bytes", 0)
	b.set("docsquare_redis_in_use", 1)
	f = dashboard.FrameOf(before, b.read(t, 2))
	if f.Outbox == nil || *f.Outbox != (dashboard.Outbox{}) || f.Redis.Memory == nil || *f.Redis.Memory != 0 || f.Redis.MaxMemory == nil || !f.Redis.InUse {
		t.Errorf("of nothing: %+v", f)
	}
	b.set("docsquare_outbox_rows", 3)
	b.set("docsquare_outbox_oldest_seconds", 1.5)
	if f = dashboard.FrameOf(before, b.read(t, 2)); *f.Outbox != (dashboard.Outbox{Rows: 3, Oldest: 1.5}) || f.Seconds != 6 {
		t.Errorf("of an outage: %+v", f)
	}
}

// TestFrameAfterARestart has no negative number although every counter was reset to 0, and no NaN or infinity although no
// time has passed.
func TestFrameAfterARestart(t *testing.T) {
	before, now := busy(t)
	little := newBoard()
	little.set(operations, 1, "operation", "Feed", "outcome", "ok")
	little.observe(durations, "operation", "Feed", .15, 1)
	little.observe("docsquare_cache_load_duration_seconds", "kind", "document", .3, 9) // fewer, and in another bucket
	little.set(requests, 1, "kind", "document", "result", "near")
	restarted := little.read(t, 4)
	for name, f := range map[string]dashboard.Frame{
		"a restart": dashboard.FrameOf(now, restarted), "from the beginning": dashboard.FrameOf(before, restarted),
		"no time": dashboard.FrameOf(now, now), "backwards": dashboard.FrameOf(now, before),
	} {
		text, err := json.Marshal(f)
		testkit.Must(t, err)
		var all any
		testkit.Must(t, json.Unmarshal(text, &all))
		eachNumber(all, func(n float64) {
			if n < 0 || math.IsInf(n, 0) {
				t.Errorf("%s: %v in %s", name, n, text)
			}
		})
	}
}

func eachNumber(value any, f func(float64)) {
	switch v := value.(type) {
	case float64:
		f(v)
	case map[string]any:
		for _, x := range v {
			eachNumber(x, f)
		}
	case []any:
		for _, x := range v {
			eachNumber(x, f)
		}
	}
}

// TestQuantile reads values from the buckets of a histogram, as far as those tell them.
func TestQuantile(t *testing.T) {
	last := math.Inf(1)
	for name, x := range map[string]struct {
		counts map[float64]float64
		part   float64
		want   float64 // milliseconds; -1: nothing is known
	}{
		"no buckets":                 {map[float64]float64{}, .5, -1},
		"empty buckets":              {map[float64]float64{.1: 0, last: 0}, .99, -1},
		"fallen buckets":             {map[float64]float64{.1: -3, last: -4}, .5, -1},
		"the middle of the first":    {map[float64]float64{.1: 10, .2: 10, last: 10}, .5, 50},
		"the end of a bucket":        {map[float64]float64{.1: 5, .2: 10, last: 10}, .5, 100},
		"behind an empty bucket":     {map[float64]float64{.1: 0, .2: 0, .4: 10, last: 10}, .5, 300},
		"over an empty bucket":       {map[float64]float64{.1: 5, .2: 5, .4: 10, last: 10}, .75, 300},
		"one value":                  {map[float64]float64{.1: 0, .2: 1, last: 1}, .99, 199},
		"the last bucket":            {map[float64]float64{.1: 1, .2: 1, last: 10}, .95, 200},
		"nothing but the last":       {map[float64]float64{last: 10}, .5, 0},
		"all, at the bound of some":  {map[float64]float64{.1: 4, .2: 8, last: 8}, 1, 200},
		"all, with some in the last": {map[float64]float64{.1: 4, .2: 8, last: 9}, 1, 200},
	} {
		got := dashboard.Quantile(x.counts, x.part)
		if (got == nil) != (x.want < 0) || got != nil && math.Abs(*got-x.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}
