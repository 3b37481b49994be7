package cache

import (
	"context"
	"fmt"
	"time"

	"docsquare/internal/explain"
)

// Spec declares a family of entries. Times are jittered by a tenth so that entries filled together do not expire together.
type Spec struct {
	Name     string        // part of the far key and of the setting for its TTL; one word
	Version  int           // raise it when the shape of the value changes: a new release then never reads an old one
	TTL      time.Duration // how long an entry counts where no write touches its tags
	Negative time.Duration // the same for "there is nothing"; 0: the TTL
	Stale    time.Duration // how long past the TTL an entry may be served while it is refreshed; 0: not at all
	Share    int           // its part of the near tier's weight, relative to the other kinds
}

// Kind is a family of entries with keys K and values V. A value is shared by everyone who reads it: never change one.
type Kind[K comparable, V any] struct {
	Spec
	engine  *Engine
	prefix  string         // of its keys in the far tier: its name and version
	text    func(K) string // the key in the far tier
	tags    func(K) []Tag  // what a write can touch about it: a function of the key alone, so that stamps can be read before the value
	near    *near[K, V]
	flights *flights[K, V]
}

// Load reads the values of keys from their source. A key that is missing in the answer has no value.
type Load[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

func newKind[K comparable, V any](e *Engine, spec Spec, text func(K) string, tags func(K) []Tag) *Kind[K, V] {
	e.names[spec.Name] = struct{}{}
	if ttl, ok := e.options.TTL[spec.Name]; ok {
		spec.TTL = ttl
	}
	if spec.Negative == 0 || spec.Negative > spec.TTL {
		spec.Negative = spec.TTL
	}
	k := &Kind[K, V]{Spec: spec, engine: e, prefix: fmt.Sprintf("%s.%d:", spec.Name, spec.Version), text: text, tags: tags, flights: newFlights[K, V]()}
	k.near = newNear[K, V](e, spec)
	return k
}

// Fetch is the value of each key that has one: from the near tier, for the rest from Redis in one round trip, for the
// rest by one call of load, whose values then fill both tiers. Where another fetch of the process is already loading a
// key, and nothing was written since it began, Fetch waits for that one. Redis being away is no error; an error is load's.
func (k *Kind[K, V]) Fetch(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error) {
	out := make(map[K]V, len(keys))
	misses := k.fromNear(ctx, keys, out, load)
	if len(misses) == 0 {
		return out, nil
	}
	mine, others := k.flights.board(misses)
	mine = k.fromNearAfterAll(ctx, mine, out, load)
	if err := k.fly(ctx, mine, out, load, accept); err != nil {
		return nil, err
	}
	return out, k.join(ctx, others, out, load)
}

// One is Fetch for one key; false where it has no value.
func (k *Kind[K, V]) One(ctx context.Context, key K, load Load[K, V]) (V, bool, error) {
	values, err := k.Fetch(ctx, []K{key}, load)
	v, ok := values[key]
	return v, ok, err
}

// fromNear answers what the near tier has and prepares a flight for each other key.
func (k *Kind[K, V]) fromNear(ctx context.Context, keys []K, out map[K]V, load Load[K, V]) []*flight[K, V] {
	record := explain.From(ctx)
	now := time.Now()
	var misses []*flight[K, V]
	var c explain.Kind
	for _, key := range keys {
		if record != nil {
			record.Tagged(k.tags(key)...)
		}
		e, ok := k.near.get(key)
		if !ok {
			misses = append(misses, k.depart(key))
			continue
		}
		c.Near++
		k.serve(ctx, key, e, now, out, &c, load)
	}
	k.count(ctx, func(total *explain.Kind) { add(total, c) })
	return misses
}

// fromNearAfterAll answers what a flight of another has brought home between the look at the near tier and the boarding.
func (k *Kind[K, V]) fromNearAfterAll(ctx context.Context, mine []*flight[K, V], out map[K]V, load Load[K, V]) (rest []*flight[K, V]) {
	now := time.Now()
	var c explain.Kind
	for _, fl := range mine {
		e, ok := k.near.get(fl.key)
		if !ok {
			rest = append(rest, fl)
			continue
		}
		c.Near++
		k.flights.land(fl, e, nil)
		k.serve(ctx, fl.key, e, now, out, &c, load)
	}
	if c.Near > 0 {
		k.count(ctx, func(total *explain.Kind) { add(total, c) })
	}
	return rest
}

// serve answers a key from an entry of either tier, and has it refreshed where it is past its time.
func (k *Kind[K, V]) serve(ctx context.Context, key K, e *entry[V], now time.Time, out map[K]V, c *explain.Kind, load Load[K, V]) {
	if e.absent {
		c.Negative++
	} else {
		out[key] = e.value
	}
	if e.due(now) {
		c.Stale++
		k.refresh(ctx, key, load)
	}
}

// refresh loads a key anew beside the request, at most once at a time.
func (k *Kind[K, V]) refresh(ctx context.Context, key K, load Load[K, V]) {
	mine, _ := k.flights.board([]*flight[K, V]{k.depart(key)})
	if len(mine) == 0 {
		return
	}
	k.engine.background(ctx, func(ctx context.Context) {
		if err := k.fly(ctx, mine, map[K]V{}, load, renew); err != nil {
			k.engine.log.WarnContext(ctx, "an entry could not be refreshed", "kind", k.Name, "error", err)
		}
	})
}

// count counts for the operation of the context.
func (k *Kind[K, V]) count(ctx context.Context, f func(*explain.Kind)) {
	explain.From(ctx).Kind(k.Name, f)
}

func add(total *explain.Kind, c explain.Kind) {
	total.Near += c.Near
	total.Far += c.Far
	total.Stale += c.Stale
	total.Negative += c.Negative
}
