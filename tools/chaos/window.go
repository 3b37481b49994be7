package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// The bounds of staleness on instances other than the one that acknowledged a write; on that one it is 0.
const (
	healthyBound = 100 * time.Millisecond
	faultBound   = 2 * time.Second
	recovery     = 2 * time.Second // after a fault is repaired its bound still applies for so long
)

// window is a fault with the time that the servers have to recover from it.
type window struct {
	fault       string
	from, until time.Time // until is zero while the fault lasts
}

// windows is all faults so far.
type windows struct {
	mu   sync.Mutex
	list []window
}

func (w *windows) open(fault string, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, window{fault: fault, from: at})
}

// closeNewest closes the newest window, with the time for recovery.
func (w *windows) closeNewest(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list[len(w.list)-1].until = at.Add(recovery)
}

// over returns the fault whose window a read overlaps, the newest if there are several, and empty if there is none.
func (w *windows) over(from, to time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range slices.Backward(w.list) {
		if !to.Before(x.from) && (x.until.IsZero() || from.Before(x.until)) {
			return x.fault
		}
	}
	return ""
}

// The pace of the heart, and from which delay of a beat on the machine itself counts as stalled.
const (
	heartbeat = 10 * time.Millisecond
	stallFrom = 50 * time.Millisecond
)

// stall is a time in which this process, and so perhaps the machine, did not get on.
type stall struct{ from, until time.Time }

// heart notices stalls, so that a result can be read together with what the machine did.
type heart struct {
	mu     sync.Mutex
	stalls []stall
}

// beat runs until the context ends.
func (h *heart) beat(ctx context.Context) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		h.note(last, now)
		last = now
	}
}

// note judges the time between two beats.
func (h *heart) note(last, now time.Time) {
	if now.Sub(last) < heartbeat+stallFrom {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stalls = append(h.stalls, stall{last, now})
}

// stalled reports whether the machine stalled at some moment between two.
func (h *heart) stalled(from, to time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.stalls {
		if s.from.Before(to) && from.Before(s.until) {
			return true
		}
	}
	return false
}

// sum is how many stalls there were, and the longest.
func (h *heart) sum() (count int, longest time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.stalls {
		longest = max(longest, s.until.Sub(s.from))
	}
	return len(h.stalls), longest
}
