package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// class is a kind of violation.
type class string

// The classes of violations, in the order in which the report lists them.
const (
	staleOwn      class = "stale on the instance that acknowledged"
	staleHealthy  class = "stale by more than 100 ms without a fault"
	staleFault    class = "stale by more than 2 s within a fault's window"
	phantom       class = "a value that was never written"
	missing       class = "something that exists is not shown"
	failedRequest class = "failed request on a living instance"
	lostWrite     class = "lost write"
	disagreement  class = "an instance disagrees with the database at the end"
	leftOver      class = "a row is left over in the outbox"
	badKey        class = "a key in Redis without its prefix, its version or a TTL"
)

func classes() []class {
	return []class{staleOwn, staleHealthy, staleFault, phantom, missing, failedRequest, lostWrite, disagreement, leftOver, badKey}
}

// examples is how many violations of a class are reported in full.
const examples = 10

// violations of one class.
type violations struct {
	count   int
	told    []string
	byFault map[string]int
}

// record is what the campaign has seen.
type record struct {
	began   time.Time
	writes  atomic.Int64
	unknown atomic.Int64 // writes whose outcome was looked up
	left    atomic.Int64 // writes whose client has left
	kept    atomic.Int64 // of those, how many are in the database

	mu         sync.Mutex
	all        io.Writer // every violation, a line each
	reads      int
	cross      []time.Duration // how stale reads outside of windows were, those that were, on other instances than the writer
	healthy    int             // reads outside of windows
	longest    time.Duration   // outside of windows, on other instances
	longestOwn time.Duration
	inWindow   map[string]time.Duration // longest by fault
	violations map[class]*violations
	faults     map[string]int
}

func newRecord(all io.Writer) *record {
	return &record{
		began: time.Now(), all: all, inWindow: map[string]time.Duration{}, violations: map[class]*violations{}, faults: map[string]int{},
	}
}

func (r *record) wrote() { r.writes.Add(1) }

// checked counts a checked read; the fault is empty outside of all windows.
func (r *record) checked(f finding, fault string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	switch {
	case f.own:
		r.longestOwn = max(r.longestOwn, f.stale)
	case fault != "":
		r.inWindow[fault] = max(r.inWindow[fault], f.stale)
	}
	if fault != "" {
		return
	}
	r.healthy++
	if f.stale > 0 && !f.own {
		r.cross = append(r.cross, f.stale)
		r.longest = max(r.longest, f.stale)
	}
}

// violate notes a violation.
func (r *record) violate(c class, fault, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.violations[c]
	if v == nil {
		v = &violations{byFault: map[string]int{}}
		r.violations[c] = v
	}
	if fault == "" {
		fault = "no fault"
	}
	v.count++
	v.byFault[fault]++
	text := fmt.Sprintf("%v [%s] %s", time.Since(r.began).Round(time.Millisecond), fault, fmt.Sprintf(format, args...))
	_, _ = fmt.Fprintf(r.all, "%s: %s\n", c, text) // what matters is in the report as well
	if len(v.told) < examples {
		v.told = append(v.told, text)
	}
}

func (r *record) struck(fault string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[fault]++
}

// total is the number of violations.
func (r *record) total() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.violations {
		n += v.count
	}
	return n
}

// worst is the longest staleness so far, wherever.
func (r *record) worst() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	worst := max(r.longest, r.longestOwn)
	for _, d := range r.inWindow {
		worst = max(worst, d)
	}
	return worst
}

func (r *record) readCount() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}
