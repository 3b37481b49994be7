package cache

import (
	"context"
	"time"
)

// fromFar lands the flights that the far tier can answer. It gives back the others, each with the stamps of its tags as
// they are before the source is read; no stamps where Redis is not in use.
func (f *family) fromFar(ctx context.Context, mine []*flight, to request, m mode) (rest []*flight, stamps [][]Stamp) {
	losses := f.engine.losses()
	if !f.engine.farReady() {
		return mine, nil
	}
	read := &farRead{items: make([]farItem, len(mine))}
	for i, fl := range mine {
		read.items[i] = farItem{key: f.farKey(fl.key), tags: fl.tags}
	}
	if err := f.engine.far.read(ctx, read); err != nil {
		return mine, nil
	}
	if f.engine.losses() != losses { // such as by the greeting of the very connection that has answered
		return mine, nil
	}
	s := f.serving(ctx, len(mine), to)
	for i, fl := range mine {
		item := read.items[i]
		reconcile(fl.holds, item.stamps)
		e := f.decode(ctx, item)
		if e == nil || m == fromSource || m == renew && e.due(s.now) {
			rest, stamps = append(rest, fl), append(stamps, item.stamps)
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
func (f *family) decode(ctx context.Context, item farItem) *entry {
	if item.raw == nil {
		return nil
	}
	far, err := decodeEntry(item.raw)
	if err != nil {
		f.undecodable(ctx, err)
		return nil
	}
	e := f.entry(far.absent, far.expires)
	if !equal(far.stamps, item.stamps) || e.over(time.Now()) {
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
	var fills []farFill
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
		fills = append(fills, farFill{key: f.farKey(fl.key), value: far.encode(), ttl: time.Until(e.expires) + f.Stale})
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
