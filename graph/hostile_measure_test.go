package graph_test

import (
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The bounds of one request. The feed is the unit of time, since machines differ: with a new text, over a socket, it takes about 0.8 ms of CPU where
// 64 are 50 ms.
const (
	cheapFeeds     = 64 // of CPU, unless the request costs more than dearPoints
	dearPoints     = 100
	healthFeeds    = 128      // how long a health query may take meanwhile
	residentGrowth = 64 << 20 // bytes that all requests together may add to the memory that the process holds
)

// health asks whether the server is well, again and again, until it is stopped.
type health struct {
	ask  func() error
	stop chan struct{}
	done sync.WaitGroup

	mu      sync.Mutex
	ended   *sync.Cond
	count   int
	failed  error
	longest time.Duration
}

const healthPause = 15 * time.Millisecond // a client that asks for 100 points a second is in no debt

func watchHealth(ask func() error) *health {
	h := &health{ask: ask, stop: make(chan struct{})}
	h.ended = sync.NewCond(&h.mu)
	h.done.Go(func() {
		for tick := time.NewTicker(healthPause); ; {
			select {
			case <-h.stop:
				tick.Stop()
				return
			case <-tick.C:
				h.once()
			}
		}
	})
	return h
}

func (h *health) once() {
	began := time.Now()
	err := h.ask()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.longest, h.count = max(h.longest, time.Since(began)), h.count+1
	if err != nil {
		h.failed = err
	}
	h.ended.Broadcast()
}

// during calls a function, and returns how long the slowest health query took meanwhile, and the error of one that failed.
func (h *health) during(do func()) (time.Duration, error) {
	h.mu.Lock()
	h.longest, h.failed = 0, nil
	h.mu.Unlock()
	do()
	h.mu.Lock()
	defer h.mu.Unlock()
	for before := h.count; h.count == before; { // the one that was under way
		h.ended.Wait()
	}
	return h.longest, h.failed
}

func (h *health) end() {
	close(h.stop)
	h.done.Wait()
}

// resident watches how much memory the process holds: what Go has taken from the system and not returned.
type resident struct {
	stop chan struct{}
	done sync.WaitGroup
	most atomic.Uint64 // bytes
}

func residentBytes() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

func watchResident() *resident {
	r := &resident{stop: make(chan struct{})}
	r.done.Go(func() {
		for tick := time.NewTicker(time.Millisecond); ; {
			r.most.Store(max(r.most.Load(), residentBytes()))
			select {
			case <-r.stop:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	})
	return r
}

func (r *resident) end() {
	close(r.stop)
	r.done.Wait()
}

// spent is what a request took: CPU and the slowest health query meanwhile, both in executions of the feed, and its price in points.
type spent struct {
	feeds, health float64
	points        int
}

func (s spent) bounded() bool {
	return (s.feeds <= cheapFeeds || s.points > dearPoints) && s.health <= healthFeeds
}

// try sends a request up to three times, and returns its last answer and the least that it took: others use the CPU as well.
func (s *hostileSite) try(t *testing.T, x hostile, token string, well *health, unit time.Duration) (w *sink, took spent) {
	t.Helper()
	probe := s.left(t, token) // what asking for the points that are left costs
	probe -= s.left(t, token)
	took = spent{feeds: 1e9, health: 1e9}
	for n := range 3 {
		a, left := x.ask(n), s.left(t, token)
		var used time.Duration
		slowest, err := well.during(func() {
			before := cpuTime(t)
			w = s.send(t, a, token)
			used = cpuTime(t) - before
		})
		if err != nil {
			t.Errorf("%s: a health query has failed: %v", x.name, err)
		}
		price := max(w.points(), left-s.left(t, token)-probe)
		took = spent{min(took.feeds, float64(used)/float64(unit)), min(took.health, float64(slowest)/float64(unit)), max(took.points, price)}
		if took.bounded() {
			break
		}
	}
	return w, took
}
