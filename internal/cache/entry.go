package cache

import (
	"math/rand/v2"
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/tags"
)

// Tag identifies something that a write can change.
type Tag = tags.Tag

// Stamp is the version of a tag in the far tier. Zero is no stamp.
type Stamp = tags.Stamp

// Everything is a tag of every entry: replacing its stamp invalidates the whole cache.
const Everything Tag = "everything"

// KindTag returns the tag of all entries of a kind.
func KindTag(kind string) Tag { return "kind:" + kind }

// entry is the value of a key in either tier, or that the key has none.
type entry struct {
	value     any
	absent    bool // a negative entry: the key has no value
	expires   time.Time
	renewal   time.Time     // after this, a reader starts a refresh; zero: never
	stale     time.Duration // how long after expires it may be served
	snapshots []tags.Snapshot
	usual     [usualTags]tags.Snapshot // has the snapshots, if they fit
	audited   atomic.Bool              // Look has sampled the entry for the observer, which the next Fetch passes on
}

// usualTags is how many tags most entries depend on: their own, that of their kind, and Everything.
const usualTags = 3

// due reports whether a reader starts a refresh.
func (e *entry) due(now time.Time) bool { return !e.renewal.IsZero() && now.After(e.renewal) }

// over reports whether the entry has expired and may not be served stale either.
func (e *entry) over(now time.Time) bool {
	return now.After(e.expires) && (e.stale == 0 || now.After(e.expires.Add(e.stale)))
}

// valid reports whether the entry may be served: it has not expired, and no write has touched its tags since it was loaded.
func (e *entry) valid(now time.Time) bool { return !e.over(now) && tags.Current(e.snapshots) }

// dead reports whether the entry will not be served again.
func (e *entry) dead(now time.Time) bool {
	return e.over(now) || e.stale == 0 && !tags.Current(e.snapshots)
}

// expire sets the time of expiry, and for a kind that declares Stale that of the refresh.
func (e *entry) expire(at time.Time, s Spec) {
	e.expires, e.stale = at, s.Stale
	if s.Stale > 0 {
		e.renewal = at.Add(-s.TTL / 5)
	}
}

// bytes returns the memory that the entry refers to.
func (e *entry) bytes() int64 {
	n := near.Size(reflect.ValueOf(&e.value).Elem())
	if len(e.snapshots) > usualTags {
		n += int64(len(e.snapshots)) * int64(unsafe.Sizeof(tags.Snapshot{}))
	}
	return n
}

// put keeps an entry in the near tier, unless a write has touched its tags. While this process cannot follow the writes of other
// instances, the entry expires after nearLimit, and readers refresh it after half of that time. It returns the bytes of the entry.
func (e *Engine) put(table *near.Table[entry], s *near.Slot[entry]) int64 {
	bytes := s.Entry.bytes()
	if e.near.Limit() == 0 || !tags.Current(s.Entry.snapshots) {
		return bytes
	}
	now := time.Now()
	if limit := e.nearLimit(); limit > 0 && s.Entry.expires.Add(s.Entry.stale).After(now.Add(limit)) {
		s.Entry.expires, s.Entry.renewal, s.Entry.stale = now.Add(limit), now.Add(limit/2), 0
	}
	table.Put(s, bytes)
	if rand.N(near.SampleRate) == 0 { //nolint:gosec // a sample, no secret
		s.Requested(now)
	}
	return bytes
}

// jittered shortens d by up to a tenth.
func jittered(d time.Duration) time.Duration {
	if d < 10 {
		return d
	}
	return d - rand.N(d/10) //nolint:gosec // spreads expiry, keeps no secret
}
