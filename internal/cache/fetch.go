package cache

import (
	"context"
	"time"
)

// fromFar lands the flights that the far tier can answer. It gives back the others, each with the stamps of its tags as
// they are before the source is read; no stamps where Redis is not in use.
func (k *Kind[K, V]) fromFar(ctx context.Context, mine []*flight[K, V], out map[K]V, load Load[K, V], m mode) (rest []*flight[K, V], stamps [][]Stamp) {
	losses := k.engine.losses()
	if !k.engine.farReady() {
		return mine, nil
	}
	read := &farRead{items: make([]farItem, len(mine))}
	for i, fl := range mine {
		read.items[i] = farItem{key: k.farKey(fl.key), tags: fl.tags}
	}
	if err := k.engine.far.read(ctx, read); err != nil {
		return mine, nil
	}
	if k.engine.losses() != losses { // such as by the greeting of the very connection that has answered
		return mine, nil
	}
	s := k.serving(ctx, len(mine), out)
	for i, fl := range mine {
		item := read.items[i]
		reconcile(fl.holds, item.stamps)
		e := k.decode(ctx, item)
		if e == nil || m == anew || m == renew && e.due(s.now) {
			rest, stamps = append(rest, fl), append(stamps, item.stamps)
			continue
		}
		s.count.Far++
		e.holds = fl.holds
		k.near.put(fl.key, e)
		k.flights.land(fl, e, nil)
		s.serve(fl.key, e)
	}
	s.end(ctx, load)
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

// decode is the entry in an item of the far tier, nil where there is none that counts.
func (k *Kind[K, V]) decode(ctx context.Context, item farItem) *entry[V] {
	if item.raw == nil {
		return nil
	}
	f, err := decodeEntry(item.raw)
	if err != nil {
		k.undecodable(ctx, err)
		return nil
	}
	e := k.entry(f.absent, f.expires)
	if !equal(f.stamps, item.stamps) || e.over(time.Now()) {
		return nil
	}
	if !f.absent {
		if e.value, err = decodeValue[V](f.value); err != nil {
			k.undecodable(ctx, err)
			return nil
		}
	}
	return e
}

func (k *Kind[K, V]) undecodable(ctx context.Context, err error) {
	k.engine.undecodable.Add(1)
	k.engine.log.WarnContext(ctx, "an entry in Redis could not be decoded and counts as missing", "kind", k.Name, "error", err)
}

// fill keeps what was loaded in both tiers and lands its flights. Stamps are those from before the load.
func (k *Kind[K, V]) fill(ctx context.Context, loaded []*flight[K, V], stamps [][]Stamp, values map[K]V) {
	var fills []farFill
	for i, fl := range loaded {
		v, ok := values[fl.key]
		ttl := k.TTL
		if !ok {
			ttl = k.Negative
		}
		e := k.entry(!ok, time.Now().Add(jittered(ttl)))
		e.value, e.holds = v, fl.holds
		k.near.put(fl.key, e)
		k.flights.land(fl, e, nil)
		if stamps == nil {
			continue
		}
		raw, err := k.encode(e)
		if err != nil {
			k.engine.log.ErrorContext(ctx, "an entry could not be encoded for Redis", "kind", k.Name, "error", err)
			continue
		}
		f := farEntry{absent: e.absent, expires: e.expires, stamps: stamps[i], value: raw}
		fills = append(fills, farFill{key: k.farKey(fl.key), value: f.encode(), ttl: time.Until(e.expires) + k.Stale})
	}
	k.engine.queue(ctx, fills)
}

// entry is an empty entry of the kind.
func (k *Kind[K, V]) entry(absent bool, expires time.Time) *entry[V] {
	e := &entry[V]{absent: absent, expires: expires, stale: k.Stale}
	if k.Stale > 0 {
		e.renewal = expires.Add(-k.TTL / 5)
	}
	return e
}

func (k *Kind[K, V]) encode(e *entry[V]) ([]byte, error) {
	if e.absent {
		return nil, nil
	}
	return encodeValue(e.value)
}

// farKey is where an entry stands in Redis, behind the engine's prefix.
func (k *Kind[K, V]) farKey(key K) string { return k.prefix + k.text(key) }

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
