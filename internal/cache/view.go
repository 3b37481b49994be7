package cache

import (
	"reflect"
	"sync/atomic"
	"time"

	"docsquare/internal/cache/codec"
	"docsquare/internal/cache/near"
)

// Stats are the state of the far tier, and what the whole near tier takes.
type Stats struct {
	Far         State
	Losses      int64 // how often an invalidation may have been lost because the far tier failed
	Undecodable int64 // entries of the far tier that could not be decoded
	Limit       int64 // of the near tier, in bytes
	Tags        int   // in the process
	TagBytes    int64 // of the limit
}

// Stats returns the present state.
func (e *Engine) Stats() Stats {
	return Stats{
		Far: e.State(), Losses: e.availability.losses.Load(), Undecodable: e.undecodable.Load(),
		Limit: e.near.Limit(), Tags: e.tags.Len(), TagBytes: e.near.Reserved(),
	}
}

// View is a kind or a Derived without its types, for statistics and inspection. Nothing that it reads is counted.
type View struct {
	Spec
	near   *near.Table[entry]
	family *family       // nil for a Derived
	hits   *atomic.Int64 // of a Derived
}

// Views returns every kind, sorted by name, and every Derived. The name of a Derived may occur more than once.
func (e *Engine) Views() []View {
	var all []View
	for _, name := range e.Names() {
		all = append(all, e.kinds[name].view())
	}
	return append(all, e.derived...)
}

// View returns the kind without its types.
func (k *Kind[K, V]) View() View { return k.family.view() }

func (f *family) view() View { return View{Spec: f.Spec, near: f.near, family: f} }

// Counts returns the counters.
func (v View) Counts() Counts {
	if v.family == nil {
		return Counts{Near: v.hits.Load()}
	}
	return v.family.meter.counts()
}

// Size returns how many entries the near tier has, and the bytes that they take.
func (v View) Size() (entries int, bytes int64) { return v.near.Size() }

// Text returns a key of the kind as it is in the far tier.
func (v View) Text(key any) string { return v.family.text(key) }

// Entry describes an entry. The last three fields are those of the near tier.
type Entry struct {
	Valid   bool // whether it would be served: no write has touched its tags, and it has not expired
	Absent  bool // a negative entry
	Expires time.Time
	Bytes   int // estimated

	Key      any
	Requests int64 // estimated, of the last minutes
	Uses     int   // recent hits as the eviction policy counts them
}

// Entries yields the entries of a kind in the near tier, also those that would not be served, in no order. It yields none of a Derived.
func (v View) Entries(yield func(Entry) bool) {
	if v.family == nil {
		return
	}
	now := time.Now()
	for s := range v.near.All {
		if !yield(describe(s, now)) {
			return
		}
	}
}

func describe(s *near.Slot[entry], now time.Time) Entry {
	e := &s.Entry
	return Entry{
		Valid: e.valid(now), Absent: e.absent, Expires: e.expires, Bytes: int(s.Bytes()),
		Key: s.Key.Value, Requests: s.Requests(now), Uses: s.Uses(),
	}
}

// Peek is what this process knows of a key, and how the far tier is asked for it.
type Peek struct {
	Near   *Entry  // nil if there is none
	Item   FarItem // without a result
	Stamps []Stamp // of the tags of Item, in this process; 0 if not known
}

// Peek looks at a key. It changes nothing. It returns false if the key is not of the type of the kind's keys.
func (v View) Peek(key any) (p Peek, ok bool) {
	f := v.family
	if f == nil || reflect.TypeOf(key) != f.keys {
		return p, false
	}
	p.Item = FarItem{Key: f.farKey(key), Tags: append(f.tags(key), f.tag, Everything)}
	now := time.Now()
	if s := f.near.Find(near.Key{Hash: f.hash(key), Value: key}); s != nil && !s.Entry.over(now) {
		e := describe(s, now)
		p.Near = &e
	}
	for _, tag := range p.Item.Tags {
		p.Stamps = append(p.Stamps, f.engine.tags.Stamp(tag))
	}
	return p, true
}

// Decode returns the entry that the far tier has returned for an item. It returns false if that is no entry.
func (v View) Decode(item FarItem) (e Entry, ok bool) {
	far, err := codec.Decode(item.Raw)
	if err != nil {
		return e, false
	}
	var present entry
	present.expire(far.Expires, v.Spec)
	valid := equal(far.Stamps, item.Stamps) && !present.over(time.Now())
	return Entry{Valid: valid, Absent: far.Absent, Expires: far.Expires, Bytes: len(item.Raw)}, true
}
