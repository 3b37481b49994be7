package cache

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Inspection is the entries of one key in both tiers.
type Inspection struct {
	Kind string
	Key  string
	Near *Held // nil if the tier has no entry
	Far  *Held
	Tags []TagState
}

// Held is one entry.
type Held struct {
	Counts  bool // whether it would be served: no write has touched its tags, and it has not expired
	Absent  bool // a negative entry
	Expires time.Time
	Bytes   int // estimated
}

// TagState is a tag that an entry depends on, with its stamps; empty if there is none.
type TagState struct{ Name, Near, Far string }

// inspected is a key to inspect.
type inspected struct {
	family *family
	found  Inspection
	item   FarItem
}

// inspect returns what this process knows of a key, or false if it is not of the type of the kind's keys.
func (f *family) inspect(key any) (i inspected, ok bool) {
	if reflect.TypeOf(key) != f.keys {
		return i, false
	}
	i = inspected{
		family: f, found: Inspection{Kind: f.Name, Key: f.text(key)},
		item: FarItem{Key: f.farKey(key), Tags: append(f.tags(key), f.tag, Everything)},
	}
	if held := f.near.find(boxed{f.hash(key), key}); held != nil && !held.entry.over(time.Now()) {
		e := &held.entry
		i.found.Near = &Held{Counts: allCurrent(e.snapshots), Absent: e.absent, Expires: e.expires, Bytes: int(held.weight)}
	}
	return i, true
}

// held returns what the far tier has of a key. It returns nil if that is no entry.
func (f *family) held(item FarItem) *Held {
	far, err := decodeEntry(item.Raw)
	if err != nil {
		return nil
	}
	counts := equal(far.stamps, item.Stamps) && !f.entry(far.absent, far.expires).over(time.Now())
	return &Held{Counts: counts, Absent: far.absent, Expires: far.expires, Bytes: len(item.Raw)}
}

// Inspect returns what both tiers have under an ID, for every kind that has an entry there. It changes nothing.
func (e *Engine) Inspect(ctx context.Context, id uuid.UUID) ([]Inspection, error) {
	var all []inspected
	for _, k := range e.kinds {
		if i, ok := k.inspect(id); ok {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b inspected) int { return cmp.Compare(a.found.Kind, b.found.Kind) })
	items := make([]FarItem, len(all))
	for n, i := range all {
		items[n] = i.item
	}
	if err := e.far.Inspect(ctx, items); err != nil {
		return nil, fmt.Errorf("inspect the far tier: %w", err)
	}
	found := []Inspection{}
	for n, i := range all {
		i.found.Far = i.family.held(items[n])
		if i.found.Near == nil && i.found.Far == nil {
			continue
		}
		i.found.Tags = e.tags.describe(items[n])
		found = append(found, i.found)
	}
	return found, nil
}

// describe returns the tags of an item with their stamps in this process and in the far tier.
func (c *tagStates) describe(item FarItem) []TagState {
	states := make([]TagState, len(item.Tags))
	for i, tag := range item.Tags {
		states[i].Name = tag
		if item.Stamps != nil {
			states[i].Far = item.Stamps[i].String()
		}
		if cl := c.table.get(tag); cl != nil {
			if v := cl.current.Load(); v != nil {
				states[i].Near = Stamp(v.stamp.Load()).String()
			}
		}
	}
	return states
}

// String returns the stamp in hexadecimal, empty for no stamp.
func (s Stamp) String() string {
	if s == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", uint64(s))
}
