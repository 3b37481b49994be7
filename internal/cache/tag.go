package cache

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Tag identifies something that a write can change, such as "document:0193…" or "square".
type Tag = string

// Everything is a tag of every entry: replacing its stamp invalidates the whole cache.
const Everything Tag = "everything"

// KindTag returns the tag of all entries of a kind.
func KindTag(kind string) Tag { return "kind:" + kind }

// Stamp is the version of a tag. Zero is no stamp.
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

// generation is the time between two writes to a tag, in this process. It is compared by identity: an entry of the near tier is
// valid while the generations of its tags are those that it was loaded in.
type generation struct {
	stamp  atomic.Uint64 // of the tag in the far tier during this generation; 0 while it is not known
	serial uint64        // number of earlier generations of the tag; the two passes of one Replace count as one
}

// confirm sets the stamp that the far tier has shown for a generation that was captured before the read. It returns false if the
// generation has another stamp.
func (v *generation) confirm(s Stamp) bool {
	return v.stamp.CompareAndSwap(0, uint64(s)) || v.stamp.Load() == uint64(s)
}

// tagState is a tag with its current generation, which is nil after the table has dropped the tag.
type tagState struct {
	current atomic.Pointer[generation]
	tag     Tag
	asked   atomic.Bool     // see tagTable.trim
	pins    int             // entries in the near tier that depend on it
	links   links[tagState] // in the list of idle tags
}

func (c *tagState) linked() *links[tagState] { return &c.links }

// bytes returns how much memory the tag takes with its generation and its share of the table.
func (c *tagState) bytes() int64 { return tagOverhead + int64(len(c.tag)) }

// snapshot is a tag with its generation at some moment.
type snapshot struct {
	state      *tagState
	generation *generation
}

// current reports whether no write has touched the tag since.
func (h snapshot) current() bool { return h.state.current.Load() == h.generation }

// invalidate begins a new generation, unless another one has begun since the snapshot.
func (h snapshot) invalidate() {
	h.state.current.CompareAndSwap(h.generation, &generation{serial: h.generation.serial + 1})
}

// follows reports whether the generation of h is the next one after that of before.
func (h snapshot) follows(before snapshot) bool {
	return h.state == before.state && h.generation.serial == before.generation.serial+1
}

func allCurrent(snapshots []snapshot) bool {
	for _, h := range snapshots {
		if !h.current() {
			return false
		}
	}
	return true
}

// tagStates captures and replaces the generations of tags.
type tagStates struct{ table *tagTable }

// capture returns a snapshot of each tag. Capture before a read: its result may be kept only while the snapshots are current.
func (c *tagStates) capture(tags []Tag) []snapshot {
	snapshots := make([]snapshot, len(tags))
	for i, tag := range tags {
		snapshots[i] = c.snapshot(tag)
	}
	return snapshots
}

func (c *tagStates) snapshot(tag Tag) snapshot {
	for {
		cl := c.table.getOrAdd(tag)
		if v := cl.current.Load(); v != nil {
			return snapshot{cl, v}
		} // dropped between the two reads
	}
}

// stamp returns the stamp of a tag in this process; 0 if it is not known.
func (c *tagStates) stamp(tag Tag) Stamp {
	if cl := c.table.get(tag); cl != nil {
		if v := cl.current.Load(); v != nil {
			return Stamp(v.stamp.Load())
		}
	}
	return 0
}

// replace begins a new generation of the tag with a stamp; 0 if it is not known. A tag that is not in the table has no entries that could be stale.
func (c *tagStates) replace(tag Tag, s Stamp) {
	cl := c.table.get(tag)
	if cl == nil {
		return
	}
	next := &generation{}
	next.stamp.Store(uint64(s))
	for {
		old := cl.current.Load()
		if old == nil {
			return
		}
		if next.serial = old.serial; old.stamp.Load() != uint64(s) {
			next.serial++
		}
		if cl.current.CompareAndSwap(old, next) {
			return
		}
	}
}

func (c *tagStates) replaceAll(tags []Tag, stamps []Stamp) {
	for i, tag := range tags {
		c.replace(tag, stamps[i])
	}
}

// jittered shortens d by up to a tenth.
func jittered(d time.Duration) time.Duration {
	if d < 10 {
		return d
	}
	return d - rand.N(d/10) //nolint:gosec // spreads expiry, keeps no secret
}
