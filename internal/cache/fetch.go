package cache

import (
	"context"
	"time"

	"docsquare/internal/explain"
)

// fromFar lands the flights that the far tier can answer. It gives back the others, each with the stamps of its tags as
// they are before the source is read; no stamps where Redis is not in use.
func (k *Kind[K, V]) fromFar(ctx context.Context, mine []*flight[K, V], out map[K]V, load Load[K, V], due dueMode) (rest []*flight[K, V], stamps [][]Stamp) {
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
	if !k.engine.farReady() { // the connection that answered was the first to another server
		return mine, nil
	}
	now := time.Now()
	var c explain.Kind
	for i, fl := range mine {
		item := read.items[i]
		trust(fl.holds, item.stamps)
		e := k.decode(ctx, item)
		if e == nil || due == renew && e.due(now) {
			rest, stamps = append(rest, fl), append(stamps, item.stamps)
			continue
		}
		c.Far++
		e.holds = fl.holds
		k.near.put(fl.key, e)
		k.flights.land(fl, e, nil)
		k.serve(ctx, fl.key, e, now, out, &c, load)
	}
	k.count(ctx, func(total *explain.Kind) { add(total, c) })
	return rest, stamps
}

// trust compares what Redis shows with what this process knows. Where they differ, one of the two is about to change:
// nothing may be kept in the near tier under such a version.
func trust(holds []hold, stamps []Stamp) {
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
	if !equal(f.stamps, item.stamps) || time.Now().After(f.expires.Add(k.Stale)) {
		return nil
	}
	e := &entry[V]{absent: f.absent, expires: f.expires, stale: k.Stale, weight: weight(f.value)}
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
		e := &entry[V]{value: v, absent: !ok, expires: time.Now().Add(jittered(ttl)), stale: k.Stale, holds: fl.holds}
		raw, err := k.encode(e)
		if err != nil {
			k.engine.log.ErrorContext(ctx, "an entry could not be encoded for Redis", "kind", k.Name, "error", err)
		}
		e.weight = weight(raw)
		k.near.put(fl.key, e)
		k.flights.land(fl, e, nil)
		if stamps != nil && err == nil {
			f := farEntry{absent: e.absent, expires: e.expires, stamps: stamps[i], value: raw}
			fills = append(fills, farFill{key: k.farKey(fl.key), value: f.encode(), ttl: time.Until(e.expires) + k.Stale})
		}
	}
	k.engine.queue(ctx, fills)
}

func (k *Kind[K, V]) encode(e *entry[V]) ([]byte, error) {
	if e.absent {
		return nil, nil
	}
	return encodeValue(e.value)
}

// farKey is where an entry stands in Redis, behind the engine's prefix.
func (k *Kind[K, V]) farKey(key K) string { return k.prefix + k.text(key) }

func weight(raw []byte) uint32 { return uint32(len(raw) + entryOverhead) } //nolint:gosec // bounded by maxFarBytes

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
