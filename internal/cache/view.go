package cache

import (
	"reflect"
	"sync/atomic"
	"time"
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
	s := Stats{
		Far: e.State(), Losses: e.availability.losses.Load(), Undecodable: e.undecodable.Load(), Limit: max(e.options.NearBytes, 0),
	}
	s.Tags, s.TagBytes = e.tags.table.size()
	return s
}

// Counts are requested keys by their source, since the start of the process.
type Counts struct {
	Near     int64
	Far      int64
	Loads    int64 // read from the database
	Shared   int64 // from a load of another fetch
	Negative int64 // hits of negative entries
	Stale    int64 // hits of expired entries
	Failed   int64 // loads that failed
}

// Hits returns how many keys were answered by a tier, or by a load of another fetch.
func (c Counts) Hits() int64 { return c.Near + c.Far + c.Shared }

// View is a kind or a Derived without its types, for statistics and inspection. Nothing that it reads is counted.
type View struct {
	Spec
	near   *near
	family *family       // nil for a Derived
	hits   *atomic.Int64 // of a Derived
}

// Views returns every kind and every Derived. A name may occur more than once.
func (e *Engine) Views() []View {
	var all []View
	for _, f := range e.kinds {
		all = append(all, f.view())
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
	m := v.family.meter
	return Counts{m.near.Load(), m.far.Load(), m.loads.Load(), m.shared.Load(), m.negative.Load(), m.stale.Load(), m.failed.Load()}
}

// Size returns how many entries the near tier has, and the bytes that they take.
func (v View) Size() (entries int, bytes int64) { return v.near.size() }

// Text returns a key of the kind as it is in the far tier.
func (v View) Text(key any) string { return v.family.text(key) }

// Entry describes an entry. The last three fields are those of the near tier.
type Entry struct {
	Valid   bool // whether it would be served: no write has touched its tags, and it has not expired
	Absent  bool // a negative entry
	Expires time.Time
	Bytes   int // estimated

	Key  any
	Hash uint64 // as an Observer gets it
	Uses int    // recent hits as the eviction policy counts them: an entry in its main queue has more than any other
}

// Entries returns the entries of the near tier, in no order. Expired and invalidated entries may be left out.
func (v View) Entries() (all []Entry) {
	if v.near.budget == nil {
		return nil
	}
	now := time.Now()
	v.near.budget.mu.Lock()
	defer v.near.budget.mu.Unlock()
	for s := range v.near.index.all {
		if !s.dead(now) {
			all = append(all, s.describe())
		}
	}
	return all
}

// describe returns the entry of a slot. The caller holds the lock of the budget.
func (s *slot) describe() Entry {
	e := &s.entry
	d := Entry{Valid: allCurrent(e.snapshots), Absent: e.absent, Expires: e.expires, Bytes: int(s.weight), Key: s.key, Hash: s.hash, Uses: int(s.uses.Load())}
	if s.queue == &s.near.budget.main {
		d.Uses += maxUses + 1
	}
	return d
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
	if f.near.budget != nil {
		f.near.budget.mu.Lock()
		if s := f.near.find(boxed{f.hash(key), key}); s != nil && !s.entry.over(time.Now()) {
			e := s.describe()
			p.Near = &e
		}
		f.near.budget.mu.Unlock()
	}
	for _, tag := range p.Item.Tags {
		p.Stamps = append(p.Stamps, f.engine.tags.stamp(tag))
	}
	return p, true
}

// Decode returns the entry that the far tier has returned for an item. It returns false if that is no entry.
func (v View) Decode(item FarItem) (e Entry, ok bool) {
	far, err := decodeEntry(item.Raw)
	if err != nil {
		return e, false
	}
	valid := equal(far.stamps, item.Stamps) && !v.family.entry(far.absent, far.expires).over(time.Now())
	return Entry{Valid: valid, Absent: far.absent, Expires: far.expires, Bytes: len(item.Raw)}, true
}
