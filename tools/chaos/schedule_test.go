package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSchedule strikes with each fault once before any strikes again, in an order that the seed decides.
func TestSchedule(t *testing.T) {
	kinds := names(faults())
	take := func(seed uint64) (steps []step) {
		s := newSchedule(seed, kinds)
		for range 2 * len(kinds) {
			steps = append(steps, s.next())
		}
		return steps
	}
	first := take(1)
	for _, round := range [][]step{first[:len(kinds)], first[len(kinds):]} {
		var struck []string
		for _, x := range round {
			struck = append(struck, x.fault)
			if x.pause < shortestPause || x.pause >= longestPause {
				t.Errorf("%s after a pause of %v", x.fault, x.pause)
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(kinds)), slices.Sorted(slices.Values(struck))); diff != "" {
			t.Errorf("a round does not have each fault once:\n%s", diff)
		}
	}
	if !slices.Equal(first, take(1)) {
		t.Error("the same seed made another schedule")
	}
	if slices.Equal(first, take(2)) {
		t.Error("another seed made the same schedule")
	}
}

// TestFaultNames has each fault once, and each is complete.
func TestFaultNames(t *testing.T) {
	all := names(faults())
	if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(distinct) != len(all) {
		t.Errorf("a name stands twice: %v", all)
	}
	for _, f := range faults() {
		if f.strike == nil {
			t.Errorf("%s does nothing", f.name)
		}
	}
}

func TestChoose(t *testing.T) {
	chosen, err := choose(faults(), "kill,oom")
	if err != nil || !slices.Equal(names(chosen), []string{"kill", "oom"}) {
		t.Errorf("%v, %v", names(chosen), err)
	}
	if chosen, err = choose(faults(), ""); err != nil || len(chosen) != len(faults()) {
		t.Errorf("all: %v, %v", names(chosen), err)
	}
	if _, err = choose(faults(), "kill,earthquake"); err == nil {
		t.Error("a fault that does not exist was chosen")
	}
}

func TestRecord(t *testing.T) {
	var all strings.Builder
	r := newRecord(&all)
	r.checked(finding{known: true}, "")
	r.checked(finding{known: true, stale: 30 * time.Millisecond}, "")
	r.checked(finding{known: true, stale: time.Second}, "oom")
	r.checked(finding{known: true, stale: 2 * time.Second, own: true}, "oom")
	if r.reads != 4 || r.healthy != 2 || r.longest != 30*time.Millisecond || r.longestOwn != 2*time.Second || r.inWindow["oom"] != time.Second {
		t.Errorf("%d reads, %d healthy, longest %v, %v and %v", r.reads, r.healthy, r.longest, r.longestOwn, r.inWindow)
	}
	for range examples + 5 {
		r.violate(phantom, "oom", "an example")
	}
	if v := r.violations[phantom]; v.count != examples+5 || len(v.told) != examples || v.byFault["oom"] != examples+5 || r.total() != examples+5 {
		t.Errorf("%+v", v)
	}
	if n := strings.Count(all.String(), "[oom] an example\n"); n != examples+5 {
		t.Errorf("%d violations are written down", n)
	}
}

func TestRatio(t *testing.T) {
	l := latencies{with: []time.Duration{3, 3, 3}, without: []time.Duration{2, 2, 2}}
	if got := l.ratio(); got != 1.5 {
		t.Errorf("ratio %v", got)
	}
}

// TestKeyShape knows which keys say their version.
func TestKeyShape(t *testing.T) {
	for key, want := range map[string]bool{
		"v1:@document:x": true, "v1:@@changes": true, "v12:document_stats.3:x": true,
		"@document:x": false, "document.1:x": false, "v1:document:x": false, "v1": false, "": false,
	} {
		if got := keyShape.MatchString(key); got != want {
			t.Errorf("%q: %v", key, got)
		}
	}
}
