package cache

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Tag names something that a write can touch, such as "document:0193…" or "square".
type Tag = string

// Everything is the tag that each entry has besides its own: replacing its stamp empties the cache.
const Everything Tag = "everything"

// Stamp is the version of a tag. Zero is no stamp.
type Stamp uint64

// NewStamp returns a stamp that was not used before: 64 random bits, never zero.
func NewStamp() Stamp { return Stamp(rand.Uint64() | 1) } //nolint:gosec // unique, not secret

// version is one period in the life of a tag, from one write that touches it to the next. Its identity is what counts:
// an entry of the near tier holds for as long as the cells of its tags hold the very versions under which it was loaded.
type version struct {
	stamp  atomic.Uint64 // the stamp in Redis during this period; 0 while it is not known
	serial uint64        // how many periods of the cell there were before; the two passes of one Replace count as one
}

// learn notes the stamp that Redis has shown for a version that was captured before the look. It is false where the
// version is known to have had another.
func (v *version) learn(s Stamp) bool {
	return v.stamp.CompareAndSwap(0, uint64(s)) || v.stamp.Load() == uint64(s)
}

// cell holds the current version of a tag. Its version is nil after the table of tags has dropped it.
type cell struct {
	current atomic.Pointer[version]
	tag     Tag
	asked   atomic.Bool // see tagTable.trim
	pins    int         // entries in the near tier that depend on it
	links   links[cell] // in the list of idle cells
}

func (c *cell) linked() *links[cell] { return &c.links }

// bytes returns how much memory the cell takes with its version and its place in the table.
func (c *cell) bytes() int64 { return tagOverhead + int64(len(c.tag)) }

// hold is a cell and the version that it held at some moment.
type hold struct {
	cell    *cell
	version *version
}

// still says whether nothing has touched the tag since.
func (h hold) still() bool { return h.cell.current.Load() == h.version }

// distrust ends a version that Redis contradicts, so that the next look begins a new one.
func (h hold) distrust() {
	h.cell.current.CompareAndSwap(h.version, &version{serial: h.version.serial + 1})
}

// follows reports whether the version of h is the first after that of before.
func (h hold) follows(before hold) bool {
	return h.cell == before.cell && h.version.serial == before.version.serial+1
}

func allStill(holds []hold) bool {
	for _, h := range holds {
		if !h.still() {
			return false
		}
	}
	return true
}

// tagStates captures and replaces the versions of tags.
type tagStates struct{ table *tagTable }

// capture is the present version of each tag, begun now where there is none. Capture before a read: what the read finds
// may be kept only while the holds are still.
func (c *tagStates) capture(tags []Tag) []hold {
	holds := make([]hold, len(tags))
	for i, tag := range tags {
		holds[i] = c.hold(tag)
	}
	return holds
}

func (c *tagStates) hold(tag Tag) hold {
	for {
		cl := c.table.getOrAdd(tag)
		if v := cl.current.Load(); v != nil {
			return hold{cl, v}
		} // it was dropped between the two looks
	}
}

// replace begins a new version of the tag under the stamp. A tag without a cell has no entries that could be stale.
func (c *tagStates) replace(tag Tag, s Stamp) {
	cl := c.table.get(tag)
	if cl == nil {
		return
	}
	next := &version{}
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
