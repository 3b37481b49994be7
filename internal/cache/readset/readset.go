// Package readset collects what the reads of an operation depend on. Whatever is derived from the reads is valid while that is.
package readset

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"docsquare/internal/cache/sabotage"
	"docsquare/internal/cache/tags"
)

// Set counts the reads of one operation by tier, and collects their dependencies. It is safe for concurrent use. A nil set collects nothing.
type Set struct {
	Track bool // whether dependencies are collected; set it before use

	mu      sync.Mutex
	reads   Reads
	deps    Dependencies // of all reads but those about viewers
	viewers Dependencies // of reads about viewers
}

// Reads counts entries by where they came from, and the bytes that were read and processed to load them.
type Reads struct {
	Near, Far, Loads int
	LoadedBytes      int64
	ProcessedBytes   int64 // such as those of Markdown that is rendered
}

// Bounds of the dependencies of an operation. An operation that depends on more is untracked.
const (
	maxEntries   = 4000 // some may be repeated
	MaxSnapshots = 1000 // distinct ones
)

// Reads returns the counts so far.
func (s *Set) Reads() Reads {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// Count adds to the counts.
func (s *Set) Count(r Reads) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads.Near += r.Near
	s.reads.Far += r.Far
	s.reads.Loads += r.Loads
	s.reads.LoadedBytes += r.LoadedBytes
	s.reads.ProcessedBytes += r.ProcessedBytes
}

// Tracked reports whether the set collects dependencies.
func (s *Set) Tracked() bool { return s != nil && s.Track }

// Add adds the dependencies of a call, which are facts about viewers or not.
func (s *Set) Add(d *Dependencies, aboutViewers bool) {
	if !s.Tracked() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if aboutViewers {
		s.viewers.merge(d)
	} else {
		s.deps.merge(d)
	}
}

// Dependencies returns the snapshots that the reads depend on, and when the first entry expires; zero if there is none. Facts about viewers
// are included if that is asked for. It returns false if a read is untracked, if a write has touched a tag, or if an entry has expired.
func (s *Set) Dependencies(aboutViewers bool) (snapshots []tags.Snapshot, until time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.deps
	all.Entries = slices.Clip(all.Entries)
	if aboutViewers {
		all.merge(&s.viewers)
	}
	if !s.Track || !all.current(time.Now()) {
		return nil, time.Time{}, false
	}
	snapshots, ok = all.distinct()
	return snapshots, all.until, ok
}

// Dependencies are what served entries depend on: the generations of their tags, and the earliest expiry.
type Dependencies struct {
	Entries   [][]tags.Snapshot // the snapshots of each entry
	until     time.Time         // when the first entry expires; zero if none was added
	untracked bool              // on something that no invalidation reaches, or on too much
}

// Add adds one entry.
func (d *Dependencies) Add(snapshots []tags.Snapshot, until time.Time) {
	d.expire(until)
	d.untracked = d.untracked || len(snapshots) == 0
	d.Entries = append(d.Entries, snapshots)
}

// AddUntracked adds a read that no invalidation reaches.
func (d *Dependencies) AddUntracked() { d.untracked = true }

func (d *Dependencies) expire(until time.Time) {
	if d.until.IsZero() || until.Before(d.until) {
		d.until = until
	}
}

// merge adds the dependencies of one call to those of the operation.
func (d *Dependencies) merge(call *Dependencies) {
	d.untracked = d.untracked || call.untracked
	if d.untracked || len(call.Entries) == 0 {
		return
	}
	d.expire(call.until)
	if d.Entries = append(d.Entries, call.Entries...); len(d.Entries) > maxEntries {
		snapshots, ok := d.distinct()
		d.Entries, d.untracked = [][]tags.Snapshot{snapshots}, !ok
	}
}

// current reports whether no write has touched the tags and no entry has expired.
func (d *Dependencies) current(now time.Time) bool {
	return !d.untracked && (d.until.IsZero() || !now.After(d.until)) &&
		!slices.ContainsFunc(d.Entries, func(snapshots []tags.Snapshot) bool { return !tags.Current(snapshots) })
}

// distinct returns the snapshots of all entries, each once. It returns false if there are more than MaxSnapshots.
func (d *Dependencies) distinct() ([]tags.Snapshot, bool) {
	known := make(map[tags.Snapshot]struct{}, 2*len(d.Entries))
	for _, snapshots := range d.Entries {
		for _, h := range snapshots {
			if !sabotage.Has(sabotage.MissingTags) || !strings.HasPrefix(h.Tag(), sabotage.MissingTagPrefix) {
				known[h] = struct{}{}
			}
		}
	}
	if len(known) > MaxSnapshots {
		return nil, false
	}
	return slices.Collect(maps.Keys(known)), true
}
