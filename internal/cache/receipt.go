package cache

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// Receipt is where the reads of one operation came from, and what they rest on. It is safe for concurrent use.
type Receipt struct {
	engine *Engine
	keeps  bool // whether dependencies are kept
	mu     sync.Mutex
	reads  Reads
	deps   dependencies
}

// Reads counts entries by where they came from.
type Reads struct{ Near, Far, Loads int }

// maxHolds is how many tags a receipt keeps. An answer that rests on more is not worth following.
const maxHolds = 1000

// Receipt has the fetches under the context written down; with keeps, what they rest on too, so that Still can be asked.
func (e *Engine) Receipt(ctx context.Context, keeps bool) (context.Context, *Receipt) {
	r := &Receipt{engine: e, keeps: keeps}
	return withScope(ctx, func(s *Scope) { s.receipt = r }), r
}

func receiptOf(ctx context.Context) *Receipt { return scopeOf(ctx).receipt }

// Reads is what was counted until now.
func (r *Receipt) Reads() Reads {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// Still says whether the same reads would give the same now: no write has touched what they rest on, none of it has passed
// its time, and this process hears of the writes of others.
func (r *Receipt) Still() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keeps && r.engine.nearLimit() == 0 && r.deps.current(time.Now())
}

func (r *Receipt) count(c explain.Kind) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads.Near += c.Near + c.Shared
	r.reads.Far += c.Far
	r.reads.Loads += c.Loads
}

// keeping reports whether the receipt keeps dependencies. It is false for nil.
func (r *Receipt) keeping() bool { return r != nil && r.keeps }

// add adds the dependencies of the entries that one call has served.
func (r *Receipt) add(d *dependencies) {
	if !r.keeping() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deps.merge(d)
}

// lose notes that something was served that is known to be old.
func (r *Receipt) lose() { r.add(&dependencies{untracked: true}) }

// Unfollowed notes in the receipt of the operation that its answer rests on something that no cache follows.
func Unfollowed(ctx context.Context) { receiptOf(ctx).lose() }

// dependencies are what served entries depend on: the versions of their tags, and the earliest expiry.
type dependencies struct {
	holds     []hold    // some may be repeated
	last      []hold    // of the entry that was added last
	until     time.Time // when the first entry expires; zero if none was added
	untracked bool      // the answer depends on something that no invalidation reaches, or on too many tags
}

// maxRepeated is how many holds are kept, repeated ones included, before they are compacted.
const maxRepeated = 4 * maxHolds

// add adds one entry. Entries of a kind share the holds of the kind's tag and of Everything: those are added once.
func (d *dependencies) add(holds []hold, until time.Time) {
	d.expire(until)
	d.untracked = d.untracked || len(holds) == 0
	for i, h := range holds {
		if i >= len(d.last) || d.last[i] != h {
			d.holds = append(d.holds, h)
		}
	}
	d.last = holds
}

func (d *dependencies) expire(until time.Time) {
	if d.until.IsZero() || until.Before(d.until) {
		d.until = until
	}
}

// merge adds the dependencies of one call to those of the operation.
func (d *dependencies) merge(call *dependencies) {
	d.untracked = d.untracked || call.untracked
	if d.untracked || len(call.holds) == 0 {
		return
	}
	d.expire(call.until)
	d.holds = append(d.holds, call.holds...)
	if len(d.holds) > maxRepeated {
		d.compact()
	}
}

// compact removes repeated holds. If more than maxHolds are left, the answer counts as untracked.
func (d *dependencies) compact() {
	distinct := make(map[hold]struct{}, len(d.holds))
	for _, h := range d.holds {
		distinct[h] = struct{}{}
	}
	d.holds = slices.AppendSeq(d.holds[:0], maps.Keys(distinct))
	if len(d.holds) > maxHolds {
		d.untracked, d.holds = true, nil
	}
}

// current reports whether no write has touched the tags and no entry has expired.
func (d *dependencies) current(now time.Time) bool {
	if len(d.holds) > maxHolds {
		d.compact()
	}
	return !d.untracked && (d.until.IsZero() || !now.After(d.until)) && allStill(d.holds)
}
