package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report prints what the campaign has found.
func (c *campaigning) report(o options) {
	r := c.record
	r.mu.Lock()
	defer r.mu.Unlock()
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...)) // Flush returns the failure
	}
	stalls, longestStall := c.heart.sum()
	row("\nseed", "%d, %v", o.seed, o.duration)
	row("checked reads", "%d, of them %d without a fault", r.reads, r.healthy)
	row("writes", "%d, of them %d looked up in the database", r.writes.Load(), r.unknown.Load())
	if o.disconnects {
		row("clients that left during a write", "%d, of them %d wrote it", r.left.Load(), r.kept.Load())
	} else {
		row("faults", "%s", counted(r.faults))
	}
	row("failed requests", "%d", r.violationCount(failedRequest))
	row("lost writes", "%d", r.violationCount(lostWrite))
	row("stale reads without a fault", "%d on other instances: p50 %v, p99 %v, longest %v", len(r.cross),
		short(percentile(r.cross, 0.5)), short(percentile(r.cross, 0.99)), short(r.longest))
	row("longest staleness on the writing instance", "%v", short(r.longestOwn))
	row("longest staleness within windows", "%s", longest(r.inWindow))
	row("stalls of the machine over 50 ms", "%d, longest %v", stalls, short(longestStall))
	for _, name := range classes() {
		row(string(name), "%d", r.violationCount(name))
	}
	_ = t.Flush()
	for _, name := range classes() {
		r.tell(c, name)
	}
}

// violationCount needs the lock.
func (r *record) violationCount(name class) int {
	if v := r.violations[name]; v != nil {
		return v.count
	}
	return 0
}

func (r *record) tell(c *campaigning, name class) {
	v := r.violations[name]
	if v == nil {
		return
	}
	_, _ = fmt.Fprintf(c.out, "\n%s: %d (%s)\n", name, v.count, counted(v.byFault))
	for _, text := range v.told {
		_, _ = fmt.Fprintf(c.out, "  %s\n", text)
	}
}

// counted is counts by name, in the order of the names.
func counted(counts map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(list, ", ")
}

// longest is the longest staleness within the windows, overall and by fault.
func longest(by map[string]time.Duration) string {
	var worst time.Duration
	var list []string
	for _, name := range slices.Sorted(maps.Keys(by)) {
		worst = max(worst, by[name])
		list = append(list, fmt.Sprintf("%s %v", name, short(by[name])))
	}
	return fmt.Sprintf("%v (%s)", short(worst), strings.Join(list, ", "))
}

// short is a duration to a hundredth of a millisecond.
func short(d time.Duration) time.Duration { return d.Round(time.Millisecond / 100) }
