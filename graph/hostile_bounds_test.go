package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// What one request may cost: so much CPU, or more than so many points, and so much heap in all.
const (
	// cheapFeeds is the CPU of a request in executions of the feed, which take 0.25 ms on a machine on which 50 ms are much.
	cheapFeeds  = 200
	dearPoints  = 100
	heapGrowth  = 64 << 20
	nearBytes   = 8 << 20 // of the cache, which fills up
	healthFeeds = 400     // the CPU that others may have while a health query waits, in executions of the feed
)

// sink is a client that keeps the beginning and the end of an answer.
type sink struct {
	header     http.Header
	status     int
	bytes      int
	head, tail []byte
}

const sinkKeeps = 8 << 10

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }
func (s *sink) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	s.bytes += len(p)
	if room := sinkKeeps - len(s.head); room > 0 {
		s.head = append(s.head, p[:min(room, len(p))]...)
	}
	s.tail = append(s.tail, p[max(0, len(p)-sinkKeeps):]...)
	s.tail = s.tail[max(0, len(s.tail)-sinkKeeps):]
	return len(p), nil
}

// text is the whole answer, or its beginning and its end.
func (s *sink) text() string {
	if s.bytes <= sinkKeeps {
		return string(s.head)
	}
	return string(s.head) + string(s.tail)
}

func (s *sink) code(t *testing.T) string {
	t.Helper()
	var a answer
	testkit.Must(t, json.Unmarshal(s.head, &a))
	return a.code()
}

var actualCost = regexp.MustCompile(`"actual":(\d+)`)

// points returns the cost in an answer, 0 if it has none.
func (s *sink) points() int {
	found := actualCost.FindSubmatch(s.tail)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(found[1])) // digits
	return n
}

// sent sends a request to a sink, and returns the CPU time that the process has used meanwhile.
func sent(t *testing.T, app *apptest.App, a asking) (*sink, time.Duration) {
	t.Helper()
	w, r := &sink{header: http.Header{}}, a.request(t)
	before := cpuTime(t)
	app.Handler.ServeHTTP(w, r)
	return w, cpuTime(t) - before
}

// feedTime is the CPU time of one execution of the feed, with everything in the process.
func feedTime(t *testing.T, app *apptest.App) time.Duration {
	t.Helper()
	const times = 100
	best := time.Hour
	for i := range 3 {
		before := cpuTime(t)
		for n := range times {
			sent(t, app, asking{body: jsonBody(t, fmt.Sprintf("%s #%d.%d", feedQuery, i, n), nil)})
		}
		best = min(best, (cpuTime(t)-before)/times)
	}
	return best
}

// health asks whether the server is well, again and again, until it is stopped.
type health struct {
	stop   chan struct{}
	done   sync.WaitGroup
	failed atomic.Int64
	took   []time.Duration
}

const healthPause = 5 * time.Millisecond

func watchHealth(t *testing.T, app *apptest.App) *health {
	t.Helper()
	h := &health{stop: make(chan struct{})}
	h.done.Go(func() {
		for tick := time.NewTicker(healthPause); ; {
			select {
			case <-h.stop:
				tick.Stop()
				return
			case <-tick.C:
			}
			began := time.Now()
			var out struct{ SiteStats struct{ Users int } }
			if err := (client{handler: app.Handler}).into(t.Context(), `{ siteStats { users } }`, nil, &out); err != nil || out.SiteStats.Users == 0 {
				h.failed.Add(1)
			}
			h.took = append(h.took, time.Since(began))
		}
	})
	return h
}

// heap watches how much the heap has grown at most.
type heap struct {
	stop chan struct{}
	done sync.WaitGroup
	base uint64
	most uint64
}

func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func watchHeap() *heap {
	runtime.GC()
	h := &heap{stop: make(chan struct{}), base: heapBytes()}
	h.done.Go(func() {
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-h.stop:
				tick.Stop()
				return
			case <-tick.C:
				h.most = max(h.most, heapBytes())
			}
		}
	})
	return h
}

// TestHostileRequests sends what means no good, and what is just within each limit. Each is refused or answered as it must be; it takes
// little CPU or costs many points; the heap stays small, and a health query is answered throughout.
func TestHostileRequests(t *testing.T) {
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{NearBytes: nearBytes})
	unit := feedTime(t, app)
	list, inside := hostiles(), withins(t, app)
	if len(list) < 40 || len(inside) < 30 {
		t.Fatalf("only %d and %d requests", len(list), len(inside))
	}
	table := fmt.Sprintf("the feed takes %v of CPU\n| request | status | bytes | feeds of CPU | points |\n|---|---|---|---|---|\n", unit)
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // what waits to be collected is not bounded by the server
	space, well := watchHeap(), watchHealth(t, app)
	try := func(name string, ask func(n int) asking, check func(*sink)) {
		var w *sink
		feeds := 1e9
		for n := range 3 { // the least, for others use the CPU as well
			var used time.Duration
			w, used = sent(t, app, ask(n))
			if feeds = min(feeds, float64(used)/float64(unit)); feeds <= cheapFeeds || w.points() > dearPoints {
				break
			}
		}
		check(w)
		table += fmt.Sprintf("| %s | %d | %d | %.1f | %d |\n", name, w.status, w.bytes, feeds, w.points())
		if feeds > cheapFeeds && w.points() <= dearPoints {
			t.Errorf("%s takes the CPU of %.0f feeds, and costs %d points", name, feeds, w.points())
		}
	}
	for _, x := range list {
		try(x.name, func(int) asking { return x.ask }, func(w *sink) { x.beyond(t, w) })
	}
	for _, x := range inside {
		try("within: "+x.name, x.ask, func(w *sink) { x.answered(t, w) })
	}
	close(space.stop)
	close(well.stop)
	space.done.Wait()
	well.done.Wait()
	t.Log(table)
	slices.Sort(well.took)
	p99 := well.took[len(well.took)*99/100]
	t.Logf("the heap has grown by %d MiB; %d health queries, p99 %v, longest %v", (space.most-space.base)>>20, len(well.took), p99, well.took[len(well.took)-1])
	if grown := space.most - space.base; space.most > space.base && grown > heapGrowth {
		t.Errorf("the heap has grown by %d MiB", grown>>20)
	}
	if n := well.failed.Load(); n > 0 || p99 > healthFeeds*unit {
		t.Errorf("%d health queries have failed, p99 is %v, of %v for a feed", n, p99, unit)
	}
}
