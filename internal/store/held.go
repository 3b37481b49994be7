package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// holds measures how long write transactions keep others from writing. On SQLite that is until they pass the writer on. On PostgreSQL, where
// only those wait who want the same rows, it is until the end of the commit.
type holds struct {
	duration prometheus.Histogram
	longest  prometheus.GaugeFunc
	open     prometheus.GaugeFunc

	running atomic.Int64
	mu      sync.Mutex
	since   time.Time // when the window of max began
	max     time.Duration
	before  time.Duration // of the window before
}

// longestWindow is how long the longest transaction is shown, at least.
const longestWindow = 5 * time.Minute

func newHolds() *holds {
	h := &holds{since: time.Now()}
	h.duration = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "docsquare_write_transaction_hold_seconds", Help: "How long a write transaction keeps others from writing: on SQLite until it passes the writer on, on PostgreSQL until the end of its commit.", Buckets: statementBuckets,
	})
	h.longest = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "docsquare_write_transaction_hold_longest_seconds", Help: "The longest of them in the last 5 to 10 minutes.",
	}, func() float64 { return h.longestNow(time.Now()).Seconds() })
	h.open = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "docsquare_write_transactions_open", Help: "Write transactions that are running.",
	}, func() float64 { return float64(h.running.Load()) })
	return h
}

func (h *holds) note(took time.Duration) {
	h.duration.Observe(took.Seconds())
	h.mu.Lock()
	defer h.mu.Unlock()
	h.turn(time.Now())
	h.max = max(h.max, took)
}

func (h *holds) longestNow(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.turn(now)
	return max(h.max, h.before)
}

// turn begins a new window if the time of the last one is over.
func (h *holds) turn(now time.Time) {
	switch passed := now.Sub(h.since); {
	case passed < longestWindow:
		return
	case passed < 2*longestWindow:
		h.before = h.max
	default:
		h.before = 0
	}
	h.since, h.max = now, 0
}

// Writing returns how many write transactions are running.
func (s *Store) Writing() int { return int(s.meters.holds.running.Load()) }
