package cache

import (
	"context"
	"errors"
	"time"

	"docsquare/internal/cache/codec"
	"docsquare/internal/cache/readset"
	"docsquare/internal/cache/sabotage"
)

// fromFar finishes the calls that the far tier can answer. It returns the others, each with the stamps of its tags as they were before
// the source is read. If the far tier is unavailable, there are no stamps.
func (f *family) fromFar(ctx context.Context, mine []*call, to request, m mode) (rest []*call, stamps [][]Stamp) {
	if f.engine.State() != OK {
		return mine, nil
	}
	items := make([]FarItem, len(mine))
	for i, c := range mine {
		items[i] = FarItem{Key: f.farKey(c.key.Value), Tags: c.tags}
	}
	if err := f.engine.read(ctx, items); err != nil {
		return mine, nil
	}
	s := f.serving(ctx, len(mine), to)
	for i, c := range mine {
		e, item := &c.slot.Entry, items[i]
		for at, h := range e.snapshots {
			h.Confirm(item.Stamps[at])
		}
		if !f.decode(ctx, item, e) || m == skipCache || m == skipExpiring && e.due(s.now) {
			rest, stamps = append(rest, c), append(stamps, item.Stamps)
			continue
		}
		s.count.Far++
		s.served(e)
		f.engine.put(f.near, c.slot)
		s.serve(c, e)
	}
	s.end(ctx)
	return rest, stamps
}

// decode sets the entry to that of an item of the far tier. It returns false if the item has no valid entry.
func (f *family) decode(ctx context.Context, item FarItem, e *entry) bool {
	if item.Raw == nil {
		return false
	}
	far, err := codec.Decode(item.Raw)
	if err != nil {
		f.undecodable(ctx, err)
		return false
	}
	e.absent = far.Absent
	e.expire(far.Expires, f.Spec)
	if !equal(far.Stamps, item.Stamps) || e.over(time.Now()) {
		return false
	}
	if far.Absent {
		return true
	}
	if e.value, err = codec.DecodeValue(f.values, far.Value); err != nil {
		f.undecodable(ctx, err)
	}
	return err == nil
}

func (f *family) undecodable(ctx context.Context, err error) {
	f.engine.undecodable.Add(1)
	f.engine.log.WarnContext(ctx, "far tier entry not decodable, loading from source", "kind", f.Name, "error", err)
}

// fill writes what was loaded to both tiers and finishes the calls. stamps are those from before the load; nil: the far tier is not
// filled.
func (f *family) fill(ctx context.Context, loaded []*call, stamps [][]Stamp, values map[any]any) {
	var fills []FarFill
	var bytes int64
	for i, c := range loaded {
		if sabotage.Has(sabotage.LateSnapshots) {
			c.capture(f.engine.tags)
		}
		e, ttl := &c.slot.Entry, f.TTL
		v, ok := values[c.key.Value]
		if !ok {
			ttl = f.Negative
		}
		e.value, e.absent = v, !ok
		e.expire(time.Now().Add(jittered(ttl)), f.Spec)
		if stamps != nil {
			fills = f.appendFill(ctx, fills, c, stamps[i])
		}
		bytes += f.engine.put(f.near, c.slot)
		f.calls.finish(c, e, nil)
	}
	readSetOf(ctx).Count(readset.Reads{LoadedBytes: bytes})
	f.engine.queue(ctx, fills)
}

// appendFill appends the entry of a call as the far tier stores it.
func (f *family) appendFill(ctx context.Context, fills []FarFill, c *call, stamps []Stamp) []FarFill {
	e := &c.slot.Entry
	far := codec.Entry{Absent: e.absent, Expires: e.expires, Stamps: stamps}
	if !e.absent {
		var err error
		if far.Value, err = codec.EncodeValue(e.value); err != nil {
			if !errors.Is(err, codec.ErrTooLarge) {
				f.engine.log.ErrorContext(ctx, "entry not encodable for far tier", "kind", f.Name, "error", err)
			}
			return fills
		}
	}
	return append(fills, FarFill{Key: f.farKey(c.key.Value), Value: far.Encode(), TTL: time.Until(e.expires) + f.Stale})
}

// farKey returns the key of an entry in the far tier, without the prefix of that tier.
func (f *family) farKey(key any) string { return f.prefix + f.text(key) }

// equal reports whether an entry with stamps a is valid while its tags have stamps b.
func equal(a, b []Stamp) bool {
	if len(a) != len(b) {
		return false
	}
	if sabotage.Has(sabotage.AnyStamps) {
		return true
	}
	for i := range a {
		if a[i] != b[i] || a[i] == 0 {
			return false
		}
	}
	return true
}
