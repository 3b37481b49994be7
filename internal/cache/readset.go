package cache

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"docsquare/internal/sabotage"
	"docsquare/internal/telemetry/explain"
)

// ReadSet counts the reads of one operation by tier, and collects the tags that they depend on. It is safe for concurrent use.
type ReadSet struct {
	engine  *Engine
	tracked bool // whether dependencies are collected
	mu      sync.Mutex
	reads   Reads
	deps    dependencies // of all kinds but those of facts about viewers
	own     dependencies // of those kinds, see AboutViewers
}

// Reads counts entries by where they came from.
type Reads struct{ Near, Far, Loads int }

// Bounds of the dependencies of an operation. An operation that depends on more is untracked.
const (
	maxEntries   = 4000 // some may be repeated
	maxSnapshots = 1000 // distinct ones
)

// ReadSet returns a context whose fetches are added to a new read set. If tracked, it also collects their dependencies.
func (e *Engine) ReadSet(ctx context.Context, tracked bool) (context.Context, *ReadSet) {
	r := &ReadSet{engine: e, tracked: tracked}
	return withScope(ctx, func(s *Scope) { s.readSet = r }), r
}

func readSetOf(ctx context.Context) *ReadSet { return scopeOf(ctx).readSet }

// Reads returns the counts so far.
func (r *ReadSet) Reads() Reads {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// dependencies returns the tags that the reads depend on, and their expiry, at most derivedTime from now. With own, facts about
// viewers are included. It returns false if a read is untracked, if a write has touched a tag or an entry has expired, or if this process
// cannot follow the writes of other instances.
func (r *ReadSet) dependencies(own bool) (snapshots []snapshot, until time.Time, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := dependencies{entries: slices.Clip(r.deps.entries), until: r.deps.until, untracked: r.deps.untracked}
	if own {
		all.merge(&r.own)
	}
	now := time.Now()
	if !r.tracked || r.engine.nearLimit() > 0 || !all.current(now) {
		return nil, time.Time{}, false
	}
	if until = now.Add(derivedTime); !all.until.IsZero() && all.until.Before(until) {
		until = all.until
	}
	snapshots, ok = all.distinct()
	return snapshots, until, ok
}

// derivedTime bounds how long a derived value is valid.
const derivedTime = time.Hour

func (r *ReadSet) count(c explain.Kind) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads.Near += c.Near + c.Shared
	r.reads.Far += c.Far
	r.reads.Loads += c.Loads
}

// tracking reports whether the read set collects dependencies. It is false for nil.
func (r *ReadSet) tracking() bool { return r != nil && r.tracked }

// add adds the dependencies of the entries of a kind that one call has served.
func (r *ReadSet) add(f *family, d *dependencies) {
	if !r.tracking() {
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

// addUntracked adds a read that no invalidation reaches.
func (r *ReadSet) addUntracked() {
	if r.tracking() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.deps.untracked = true
	}
}

// Untracked adds a read that no invalidation reaches to the read set of the operation: its answer is not kept.
func Untracked(ctx context.Context) { readSetOf(ctx).addUntracked() }

// dependencies are what served entries depend on: the versions of their tags, and the earliest expiry.
type dependencies struct {
	entries   [][]snapshot // the snapshots of each entry
	until     time.Time    // when the first entry expires; zero if none was added
	untracked bool         // the answer depends on something that no invalidation reaches, or on too much
}

// add adds one entry.
func (d *dependencies) add(snapshots []snapshot, until time.Time) {
	d.expire(until)
	d.untracked = d.untracked || len(snapshots) == 0
	d.entries = append(d.entries, snapshots)
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
		snapshots, ok := d.distinct()
		d.entries, d.untracked = [][]snapshot{snapshots}, !ok
	}
}

// current reports whether no write has touched the tags and no entry has expired.
func (d *dependencies) current(now time.Time) bool {
	return !d.untracked && (d.until.IsZero() || !now.After(d.until)) && !slices.ContainsFunc(d.entries, func(snapshots []snapshot) bool { return !allCurrent(snapshots) })
}

// distinct returns the snapshots of all entries, each once. It returns false if there are more than maxSnapshots.
func (d *dependencies) distinct() ([]snapshot, bool) {
	known := make(map[snapshot]struct{}, 2*len(d.entries))
	for _, snapshots := range d.entries {
		for _, h := range snapshots {
			if !sabotage.Has(sabotage.MissingTags) || !strings.HasPrefix(h.state.tag, sabotage.MissingTagPrefix) {
				known[h] = struct{}{}
			}
		}
	}
	if len(known) > maxSnapshots {
		return nil, false
	}
	return slices.Collect(maps.Keys(known)), true
}

// Statement notes that a database statement runs under ctx. Unless the statement is part of the load of a kind, it is an untracked read of
// the operation.
func Statement(ctx context.Context) {
	if !scopeOf(ctx).loading {
		Untracked(ctx)
	}
}
