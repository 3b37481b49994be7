// Package tags knows the versions of tags in this process. An entry of the near tier is valid while no write has touched its tags since it was
// loaded: while the snapshots that were captured before the load are current.
package tags

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"docsquare/internal/cache/list"
)

// Tag identifies something that a write can change, such as "document:0193…" or "square".
type Tag = string

// Stamp is the version of a tag in the far tier. Zero is no stamp.
type Stamp uint64

// NewStamp returns a stamp that was not used before: 64 random bits, never zero.
func NewStamp() Stamp { return Stamp(rand.Uint64() | 1) } //nolint:gosec // unique, not secret

// String returns the stamp in hexadecimal, empty for no stamp.
func (s Stamp) String() string {
	if s == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", uint64(s))
}

// generation is the time between two writes to a tag, in this process. It is compared by identity.
type generation struct {
	stamp  atomic.Uint64 // of the tag in the far tier during this generation; 0 while it is not known
	serial uint64        // number of earlier generations of the tag; the two passes of one Engine.Replace count as one
}

// state is a tag with its current generation, which is nil after the table has dropped the tag.
type state struct {
	current atomic.Pointer[generation]
	tag     Tag
	asked   atomic.Bool       // see Table.trim
	pins    int               // entries in the near tier that depend on it
	links   list.Links[state] // in the list of idle tags
}

// Links implements list.Element.
func (s *state) Links() *list.Links[state] { return &s.links }

// Bytes returns how much memory the tag takes with its generation and its share of the table.
func (s *state) Bytes() int64 { return overhead + int64(len(s.tag)) }

// Snapshot is a tag with the generation that it had at some moment. It is comparable.
type Snapshot struct {
	state      *state
	generation *generation
}

// Tag returns the tag.
func (h Snapshot) Tag() Tag { return h.state.tag }

// Current reports whether no write has touched the tag since.
func (h Snapshot) Current() bool { return h.state.current.Load() == h.generation }

// Confirm compares the generation with the stamp that the far tier has shown after the snapshot. If they differ, one of the two is about to
// change: Confirm begins a new generation, so that the near tier keeps nothing under the snapshot.
func (h Snapshot) Confirm(s Stamp) {
	if !h.generation.stamp.CompareAndSwap(0, uint64(s)) && h.generation.stamp.Load() != uint64(s) {
		h.state.current.CompareAndSwap(h.generation, &generation{serial: h.generation.serial + 1})
	}
}

// Follows reports whether the generation is the next one after that of an earlier snapshot of the tag.
func (h Snapshot) Follows(before Snapshot) bool {
	return h.state == before.state && h.generation.serial == before.generation.serial+1
}

// Current reports whether all snapshots are current.
func Current(snapshots []Snapshot) bool {
	for _, h := range snapshots {
		if !h.Current() {
			return false
		}
	}
	return true
}
