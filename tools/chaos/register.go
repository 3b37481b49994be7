package main

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// A register is a field of the graph that one writer alone sets to a known row of versions. So each read of it can be
// judged: it shows a version, and what was acknowledged after that version and before the read began is what it missed.

// run is one life of one instance.
type run struct{ instance, start int }

// unattributed is the run of a version whose outcome was looked up in the database.
var unattributed = run{instance: -1}

// version is one state of a register.
type version struct {
	value string
	began time.Time // when its write was sent
	acked time.Time // when its write was known to be committed; zero before that
	by    run       // who acknowledged it
}

// register is the row of versions of one field.
type register struct {
	name string // for people: what it is, and of what

	mu       sync.Mutex
	versions []version // in the order of their writes; only the last may be without acknowledgement
}

// newRegister is a register that has its first value, seen or written by a set-up that everybody waited for.
func newRegister(name, value string, at time.Time) *register {
	return &register{name: name, versions: []version{{value: value, began: at, acked: at, by: unattributed}}}
}

// begin notes that a write of the value is about to be sent.
func (r *register) begin(value string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions = append(r.versions, version{value: value, began: at})
}

// acknowledge notes that the write that has begun is committed.
func (r *register) acknowledge(by run, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := &r.versions[len(r.versions)-1]
	last.acked, last.by = at, by
}

// withdraw notes that the write that has begun was not committed and never will be.
func (r *register) withdraw() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions = r.versions[:len(r.versions)-1]
}

// current is the value of the newest version.
func (r *register) current() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.versions[len(r.versions)-1].value
}

// sight is what one read saw of a register.
type sight struct {
	value      string
	by         run
	began, end time.Time
}

// finding is what a sight amounts to.
type finding struct {
	known  bool          // the value is one that was written
	stale  time.Duration // how long before the read the oldest version was acknowledged that it does not show; 0: none
	acked  time.Time     // when that was
	missed string        // its value
	own    bool          // a version that it does not show was acknowledged by the very run that answered
}

// judge returns how old a sight is. The newest version of the seen value counts that was sent before the read ended, also one
// that is not acknowledged yet: a read that sees a write early is not stale.
func (r *register) judge(s sight) finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := len(r.versions) - 1
	for at >= 0 && (r.versions[at].value != s.value || r.versions[at].began.After(s.end)) {
		at--
	}
	if at < 0 {
		return finding{}
	}
	f := finding{known: true}
	for _, v := range r.versions[at+1:] {
		if v.acked.IsZero() || !v.acked.Before(s.began) {
			break
		}
		if f.acked.IsZero() {
			f.acked, f.missed, f.stale = v.acked, v.value, s.began.Sub(v.acked)
		}
		f.own = f.own || v.by == s.by
	}
	return f
}

// percentile is the smallest value that the share of the values does not exceed: the nearest rank. 0 without values.
func percentile[T cmp.Ordered](values []T, share float64) T {
	if len(values) == 0 {
		var none T
		return none
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(share*float64(len(sorted)) + 0.999999)
	return sorted[min(max(rank, 1), len(sorted))-1]
}
