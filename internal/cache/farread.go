package cache

import (
	"context"
	"errors"
	"time"

	"docsquare/internal/sabotage"
)

// fromFar finishes the calls that the far tier can answer. It returns the others, each with the stamps of its tags as they were before
// the source is read. If the far tier is unavailable, there are no stamps.
func (f *family) fromFar(ctx context.Context, mine []*call, to request, m mode) (rest []*call, stamps [][]Stamp) {
	if f.engine.State() != OK {
		return mine, nil
	}
	items := make([]FarItem, len(mine))
	for i, c := range mine {
		items[i] = FarItem{Key: f.farKey(c.key), Tags: c.tags}
	}
	if err := f.engine.read(ctx, items); err != nil {
		return mine, nil
	}
	s := f.serving(ctx, len(mine), to)
	for i, c := range mine {
		item := items[i]
		reconcile(c.snapshots, item.Stamps)
		e := f.decode(ctx, item)
		if e == nil || m == skipCache || m == skipExpiring && e.due(s.now) {
			rest, stamps = append(rest, c), append(stamps, item.Stamps)
			continue
		}
		s.count.Far++
		e.snapshots = c.snapshots
		f.near.put(c.boxed, e)
		f.calls.finish(c, e, nil)
		s.serve(c.boxed, e)
	}
	s.end(ctx)
	return rest, stamps
}

// read reads items from the far tier, together with the other reads of a ReadBatch if the context has joined one.
func (e *Engine) read(ctx context.Context, items []FarItem) error {
	if p := participantOf(ctx); p.use() {
		return p.batch.read(items)
	}
	return e.far.Read(ctx, [][]FarItem{items})
}

// reconcile compares the stamps in the far tier with those that this process knows. If two differ, one of them is about to
// change: reconcile invalidates the snapshot, so the near tier keeps nothing under it.
func reconcile(snapshots []snapshot, stamps []Stamp) {
	for i, h := range snapshots {
		if !h.generation.confirm(stamps[i]) {
			h.invalidate()
		}
	}
}

// decode returns the entry in an item of the far tier. It returns nil if the item has no valid entry.
func (f *family) decode(ctx context.Context, item FarItem) *entry {
	if item.Raw == nil {
		return nil
	}
	far, err := decodeEntry(item.Raw)
	if err != nil {
		f.undecodable(ctx, err)
		return nil
	}
	e := f.entry(far.absent, far.expires)
	if !equal(far.stamps, item.Stamps) || e.over(time.Now()) {
		return nil
	}
	if !far.absent {
		if e.value, err = decodeValue(f.values, far.value); err != nil {
			f.undecodable(ctx, err)
			return nil
		}
	}
	return e
}

func (f *family) undecodable(ctx context.Context, err error) {
	f.engine.undecodable.Add(1)
	f.engine.log.WarnContext(ctx, "far tier entry not decodable, loading from source", "kind", f.Name, "error", err)
}

// fill writes what was loaded to both tiers and finishes the calls. stamps are those from before the load; nil: the far tier is not
// filled.
func (f *family) fill(ctx context.Context, loaded []*call, stamps [][]Stamp, values map[any]any) {
	var fills []FarFill
	for i, c := range loaded {
		v, ok := values[c.key]
		ttl := f.TTL
		if !ok {
			ttl = f.Negative
		}
		if sabotage.Has(sabotage.LateSnapshots) {
			c.snapshots = f.engine.tags.capture(c.tags)
		}
		e := f.entry(!ok, time.Now().Add(jittered(ttl)))
		e.value, e.snapshots = v, c.snapshots
		f.near.put(c.boxed, e)
		f.calls.finish(c, e, nil)
		if stamps == nil {
			continue
		}
		raw, err := f.encode(e)
		if errors.Is(err, errTooLarge) {
			continue
		}
		if err != nil {
			f.engine.log.ErrorContext(ctx, "entry not encodable for far tier", "kind", f.Name, "error", err)
			continue
		}
		far := farEntry{absent: e.absent, expires: e.expires, stamps: stamps[i], value: raw}
		fills = append(fills, FarFill{Key: f.farKey(c.key), Value: far.encode(), TTL: time.Until(e.expires) + f.Stale})
	}
	f.engine.queue(ctx, fills)
}

// entry returns an entry of the kind without a value.
func (f *family) entry(absent bool, expires time.Time) *entry {
	e := &entry{absent: absent, expires: expires, stale: f.Stale}
	if f.Stale > 0 {
		e.renewal = expires.Add(-f.TTL / 5)
	}
	return e
}

func (f *family) encode(e *entry) ([]byte, error) {
	if e.absent {
		return nil, nil
	}
	return encodeValue(e.value)
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
