// Package metrics shows what the server does to Prometheus. It reads the counters that the parts keep, and keeps those of
// operations, which are no part's.
package metrics

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"docsquare/internal/kinds"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// scrapeTimeout bounds the looks at the database and at Redis of one scrape.
const scrapeTimeout = time.Second

// Sources is what is scraped.
type Sources struct {
	Cache     *kinds.Cache
	Store     *store.Store
	Limiter   *ratelimit.Limiter                                  // nil: nothing is limited
	Documents func(each func(id, operation string, count uint64)) // calls for every trusted document; nil: there are none
	Fields    func(each func(owner, field string, count uint64))  // calls for every field that they select; nil: there are none
	Live      func() (webSockets, streams, operations int64)      // what is open now
	Responses func(each func(status int, answers uint64))         // calls for every status of an answer; nil: not counted
	Disks     map[string]string                                   // a path on each disk, by what is on it
	Uploads   func() int64                                        // files that are being sent now
	Version   string                                              // of the binary
	Log       *slog.Logger
}

// Metrics is everything that can be scraped.
type Metrics struct {
	*prometheus.Registry
	operations operations
}

// New registers everything.
func New(s Sources) *Metrics {
	m := &Metrics{prometheus.NewRegistry(), newOperations()}
	m.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.MustRegister(cached{s.Cache}, outbox{s.Store, s.Log}, rates{s.Limiter}, asked{s.Documents}, selected{s.Fields}, open{s}, built{s.Version}, answered{s.Responses}, &looked{sources: s})
	m.MustRegister(s.Cache.Collectors()...)
	m.MustRegister(s.Store.Collectors()...)
	m.MustRegister(m.operations.collectors()...)
	return m
}

// Handler answers scrapes: everybody's, or those that bring the token where one is given.
func (m *Metrics) Handler(token string) http.Handler {
	scrape := promhttp.HandlerFor(&gathered{from: m.Registry}, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := viewer.BearerToken(r.Header.Get("Authorization"))
		if token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 0 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "Scrapes need the token of METRICS_TOKEN: Authorization: Bearer …", http.StatusUnauthorized)
			return
		}
		scrape.ServeHTTP(w, r)
	})
}

const (
	maxScrapes  = 4           // at one time; others get 503
	gatheredFor = time.Second // how long what was gathered is scraped again
)

// gathered gathers once a second at most, however many clients scrape: the outbox is counted in the database.
type gathered struct {
	from prometheus.Gatherer

	mu       sync.Mutex
	at       time.Time
	families []*dto.MetricFamily
	err      error
}

// Gather implements prometheus.Gatherer.
func (g *gathered) Gather() ([]*dto.MetricFamily, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.at.IsZero() || time.Since(g.at) >= gatheredFor {
		g.families, g.err = g.from.Gather()
		g.at = time.Now()
	}
	return g.families, g.err
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("docsquare_"+name, help, labels, nil)
}

var (
	outboxRows  = describe("outbox_rows", "Invalidations that Redis has yet to hear of.")
	outboxAge   = describe("outbox_oldest_seconds", "How long the oldest of them has waited.")
	connections = describe("connections", "Connections that are open for more than one answer.", "transport")
	live        = describe("live_operations", "Operations under way on them.")
	uploads     = describe("uploads_in_progress", "Files that are being sent.")
	buildInfo   = describe("build_info", "1, with the version of the binary.", "version", "go_version")
)

// outbox collects the state of the outbox, whose rows all instances share.
type outbox struct {
	store *store.Store
	log   *slog.Logger
}

func (outbox) Describe(out chan<- *prometheus.Desc) { described(out, outboxRows, outboxAge) }

func (o outbox) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	rows, age, err := o.store.Backlog(ctx)
	if err != nil {
		o.log.DebugContext(ctx, "outbox not counted", "error", err)
		return // a missing value is better than a wrong one
	}
	gauge(out, outboxRows, float64(rows))
	gauge(out, outboxAge, age.Seconds())
}

// open collects what is open now.
type open struct{ sources Sources }

func (open) Describe(out chan<- *prometheus.Desc) { described(out, connections, live, uploads) }

func (o open) Collect(out chan<- prometheus.Metric) {
	webSockets, streams, operations := o.sources.Live()
	gauge(out, connections, float64(webSockets), "websocket")
	gauge(out, connections, float64(streams), "sse")
	gauge(out, live, float64(operations))
	gauge(out, uploads, float64(o.sources.Uploads()))
}

// built exports the version of the binary.
type built struct{ version string }

func (built) Describe(out chan<- *prometheus.Desc) { described(out, buildInfo) }

func (b built) Collect(out chan<- prometheus.Metric) {
	gauge(out, buildInfo, 1, b.version, runtime.Version())
}

func described(out chan<- *prometheus.Desc, all ...*prometheus.Desc) {
	for _, d := range all {
		out <- d
	}
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
