package cache

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"docsquare/internal/explain"
	"docsquare/internal/sabotage"
)

// Receipt is where the reads of one operation came from, and what they depend on. It is safe for concurrent use.
type Receipt struct {
	engine *Engine
	keeps  bool // whether dependencies are kept
	mu     sync.Mutex
	reads  Reads
	deps   dependencies // of all kinds but those of facts about viewers
	own    dependencies // of those kinds, see Kind.aboutViewers
}

// Reads counts entries by where they came from.
type Reads struct{ Near, Far, Loads int }

// Bounds of what is kept about the dependencies of an operation. One that depends on more is not followed.
const (
	maxEntries = 4000 // some may be repeated
	maxHolds   = 1000 // distinct ones
)

// Receipt returns a context whose fetches are noted in the receipt; with keeps, what they depend on too.
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

// dependencies returns the tags that the reads depend on and until when, at most for derivedTime; with own, including facts about
// viewers. It returns false if a read cannot be followed, if a write has touched a tag or an entry has expired, or if this process
// cannot follow the writes of others.
func (r *Receipt) dependencies(own bool) (holds []hold, until time.Time, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := dependencies{entries: slices.Clip(r.deps.entries), until: r.deps.until, untracked: r.deps.untracked}
	if own {
		all.merge(&r.own)
	}
	now := time.Now()
	if !r.keeps || r.engine.nearLimit() > 0 || !all.current(now) {
		return nil, time.Time{}, false
	}
	if until = now.Add(derivedTime); !all.until.IsZero() && all.until.Before(until) {
		until = all.until
	}
	holds, ok = all.distinct()
	return holds, until, ok
}

// derivedTime bounds how long a derived value is valid.
const derivedTime = time.Hour

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

// add adds the dependencies of the entries of a kind that one call has served.
func (r *Receipt) add(f *family, d *dependencies) {
	if !r.keeping() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.ofViewers {
		r.own.merge(d)
	} else {
		r.deps.merge(d)
	}
}

// lose notes that something was read that no invalidation reaches.
func (r *Receipt) lose() {
	if r.keeping() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.deps.untracked = true
	}
}

// Unfollowed notes in the receipt of the operation that its answer depends on something that no cache follows.
func Unfollowed(ctx context.Context) { receiptOf(ctx).lose() }

// dependencies are what served entries depend on: the versions of their tags, and the earliest expiry.
type dependencies struct {
	entries   [][]hold  // the holds of each entry
	until     time.Time // when the first entry expires; zero if none was added
	untracked bool      // the answer depends on something that no invalidation reaches, or on too much
}

// add adds one entry.
func (d *dependencies) add(holds []hold, until time.Time) {
	d.expire(until)
	d.untracked = d.untracked || len(holds) == 0
	d.entries = append(d.entries, holds)
}

func (d *dependencies) expire(until time.Time) {
	if d.until.IsZero() || until.Before(d.until) {
		d.until = until
	}
}

// merge adds the dependencies of one call to those of the operation.
func (d *dependencies) merge(call *dependencies) {
	d.untracked = d.untracked || call.untracked
	if d.untracked || len(call.entries) == 0 {
		return
	}
	d.expire(call.until)
	if d.entries = append(d.entries, call.entries...); len(d.entries) > maxEntries {
		holds, ok := d.distinct()
		d.entries, d.untracked = [][]hold{holds}, !ok
	}
}

// current reports whether no write has touched the tags and no entry has expired.
func (d *dependencies) current(now time.Time) bool {
	return !d.untracked && (d.until.IsZero() || !now.After(d.until)) && !slices.ContainsFunc(d.entries, func(holds []hold) bool { return !allStill(holds) })
}

// distinct returns the holds of all entries, each once. It returns false if they are more than maxHolds.
func (d *dependencies) distinct() ([]hold, bool) {
	known := make(map[hold]struct{}, 2*len(d.entries))
	for _, holds := range d.entries {
		for _, h := range holds {
			if !sabotage.Has(sabotage.MissingTags) || !strings.HasPrefix(h.cell.tag, "user:") {
				known[h] = struct{}{}
			}
		}
	}
	if len(known) > maxHolds {
		return nil, false
	}
	return slices.Collect(maps.Keys(known)), true
}

type loadKey struct{}

// Statement notes that a statement runs under ctx. Unless a kind loads what it reads, the answer of the operation depends on
// something that no cache follows.
func Statement(ctx context.Context) {
	if ctx.Value(loadKey{}) == nil {
		Unfollowed(ctx)
	}
}
