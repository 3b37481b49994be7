package cache

import (
	"context"
	"time"
)

// fromFar finishes the calls that the far tier can answer. It returns the others, each with the stamps of its tags as they were before
// the source is read. If the far tier is unavailable, there are no stamps.
func (f *family) fromFar(ctx context.Context, mine []*flight, to request, m mode) (rest []*flight, stamps [][]Stamp) {
	if f.engine.State() != OK {
		return mine, nil
	}
	items := make([]FarItem, len(mine))
	for i, fl := range mine {
		items[i] = FarItem{Key: f.farKey(fl.key), Tags: fl.tags}
	}
	if err := f.engine.read(ctx, items); err != nil {
		return mine, nil
	}
	s := f.serving(ctx, len(mine), to)
	for i, fl := range mine {
		item := items[i]
		reconcile(fl.holds, item.Stamps)
		e := f.decode(ctx, item)
		if e == nil || m == fromSource || m == renew && e.due(s.now) {
			rest, stamps = append(rest, fl), append(stamps, item.Stamps)
			continue
		}
		s.count.Far++
		e.holds = fl.holds
		f.near.put(fl.boxed, e)
		f.flights.land(fl, e, nil)
		s.serve(fl.boxed, e)
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

// reconcile compares what Redis shows with what this process knows. Where they differ, one of the two is about to change:
// nothing may be kept in the near tier under such a version.
func reconcile(holds []hold, stamps []Stamp) {
	for i, h := range holds {
		if !h.version.learn(stamps[i]) {
			h.distrust()
		}
	}
}

// decode returns the entry in an item of the far tier, nil if the item has no valid one.
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
	f.engine.log.WarnContext(ctx, "an entry in Redis could not be decoded and counts as missing", "kind", f.Name, "error", err)
}

// fill keeps what was loaded in both tiers and lands its flights. Stamps are those from before the load.
func (f *family) fill(ctx context.Context, loaded []*flight, stamps [][]Stamp, values map[any]any) {
	var fills []FarFill
	for i, fl := range loaded {
		v, ok := values[fl.key]
		ttl := f.TTL
		if !ok {
			ttl = f.Negative
		}
		e := f.entry(!ok, time.Now().Add(jittered(ttl)))
		e.value, e.holds = v, fl.holds
		f.near.put(fl.boxed, e)
		f.flights.land(fl, e, nil)
		if stamps == nil {
			continue
		}
		raw, err := f.encode(e)
		if err != nil {
			f.engine.log.ErrorContext(ctx, "an entry could not be encoded for Redis", "kind", f.Name, "error", err)
			continue
		}
		far := farEntry{absent: e.absent, expires: e.expires, stamps: stamps[i], value: raw}
		fills = append(fills, FarFill{Key: f.farKey(fl.key), Value: far.encode(), TTL: time.Until(e.expires) + f.Stale})
	}
	f.engine.queue(ctx, fills)
}

// entry is an empty entry of the kind.
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

// farKey is where an entry stands in Redis, behind the engine's prefix.
func (f *family) farKey(key any) string { return f.prefix + f.text(key) }

func equal(a, b []Stamp) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] || a[i] == 0 {
			return false
		}
	}
	return true
}
