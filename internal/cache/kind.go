package cache

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	"docsquare/internal/explain"
)

// Spec declares a family of entries. Times are jittered by a tenth so that entries filled together do not expire together.
//
// A kind that declares Stale is refreshed by its readers, beside their requests: ahead of its time, once less than a fifth
// of the TTL is left, and past it. Where its source fails, the last entry of this process is served until that time is
// over, even after a write to what it rests on. Any other kind is loaded anew at the end of its TTL, and fails with its source.
type Spec struct {
	Name     string        // part of the far key and of the setting for its TTL; one word
	Version  int           // raise it when the shape of the value changes: a new release then never reads an old one
	TTL      time.Duration // how long an entry counts where no write touches its tags
	Negative time.Duration // the same for "there is nothing"; 0: the TTL
	Stale    time.Duration // how long past the TTL an entry may be served while it is refreshed; see below
}

// Kind is a family of entries with keys K and values V. A value is shared by everyone who reads it: never change one.
type Kind[K comparable, V any] struct {
	Spec
	engine  *Engine
	prefix  string         // of its keys in the far tier: its name and version
	tag     Tag            // of all its entries
	text    func(K) string // the key in the far tier
	tags    func(K) []Tag  // what a write can touch about it: a function of the key alone, so that stamps can be read before the value
	near    *near[K, V]
	flights *flights[K, V]
	meter   *meter
	hotSeed maphash.Seed // of the hashes of its keys: in the near tier, and among the hot keys
}

// Load reads the values of keys from their source. A key that is missing in the answer has no value.
type Load[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

func newKind[K comparable, V any](e *Engine, spec Spec, text func(K) string, tags func(K) []Tag) *Kind[K, V] {
	if ttl, ok := e.options.TTL[spec.Name]; ok {
		spec.TTL = ttl
	}
	if spec.Negative == 0 || spec.Negative > spec.TTL {
		spec.Negative = spec.TTL
	}
	k := &Kind[K, V]{Spec: spec, engine: e, prefix: fmt.Sprintf("%s.%d:", spec.Name, spec.Version), tag: KindTag(spec.Name), text: text, tags: tags, flights: newFlights[K, V](), meter: newMeter(e, spec.Name), hotSeed: maphash.MakeSeed()}
	k.near = newNear[K, V](e, k.hotSeed)
	e.kinds[spec.Name] = k
	return k
}

// Fetch is the value of each key that has one: from the near tier, for the rest from Redis in one round trip, for the
// rest by one call of load, whose values then fill both tiers. Where another fetch of the process is already loading a
// key, and nothing was written since it began, Fetch waits for that one. Redis being away is no error; an error is load's.
func (k *Kind[K, V]) Fetch(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error) {
	out := make(map[K]V, len(keys))
	if passesBy(ctx) {
		k.requested(ctx, keys)
		return out, k.fly(ctx, k.flights.take(k.departAll(keys)), out, load, anew)
	}
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
	var near [1]V
	var found, known [1]bool
	if k.Look(ctx, []K{key}, near[:], found[:], known[:]) == 0 {
		return near[0], found[0], nil
	}
	values, err := k.Fetch(ctx, []K{key}, load)
	v, ok := values[key]
	return v, ok, err
}

// fromNear answers what the near tier has and prepares a flight for each other key.
func (k *Kind[K, V]) fromNear(ctx context.Context, keys []K, out map[K]V, load Load[K, V]) []*flight[K, V] {
	s := k.serving(ctx, len(keys), out)
	var misses []*flight[K, V]
	for _, key := range keys {
		s.requested(key)
		if e, ok := k.near.get(key, s.now); ok {
			s.count.Near++
			s.serve(key, e)
		} else {
			misses = append(misses, k.depart(key))
		}
	}
	s.end(ctx, load)
	return misses
}

// fromNearAfterAll answers what a flight of another has brought home between the look at the near tier and the boarding.
func (k *Kind[K, V]) fromNearAfterAll(ctx context.Context, mine []*flight[K, V], out map[K]V, load Load[K, V]) (rest []*flight[K, V]) {
	s := k.serving(ctx, len(mine), out)
	for _, fl := range mine {
		e, ok := k.near.get(fl.key, s.now)
		if !ok {
			rest = append(rest, fl)
			continue
		}
		s.count.Near++
		k.flights.land(fl, e, nil)
		s.serve(fl.key, e)
	}
	s.end(ctx, load)
	return rest
}

// departAll prepares a flight for each key, past the near tier.
func (k *Kind[K, V]) departAll(keys []K) []*flight[K, V] {
	flights := make([]*flight[K, V], len(keys))
	for i, key := range keys {
		flights[i] = k.depart(key)
	}
	return flights
}

// requested notes that the operation has requested keys that no tier is asked for.
func (k *Kind[K, V]) requested(ctx context.Context, keys []K) {
	r := k.newTierRead(ctx, 0)
	for _, key := range keys {
		r.requested(key)
	}
}

// serving is a tierRead of Fetch. It also gathers the values, the keys to refresh and the entries to audit.
type serving[K comparable, V any] struct {
	tierRead[K, V]
	out     map[K]V
	due     []K
	audited map[K]*entry[V]
}

func (k *Kind[K, V]) serving(ctx context.Context, n int, out map[K]V) serving[K, V] {
	return serving[K, V]{tierRead: k.newTierRead(ctx, n), out: out}
}

// serve answers a key from an entry of either tier.
func (s *serving[K, V]) serve(key K, e *entry[V]) {
	s.served(e)
	if !e.absent {
		s.out[key] = e.value
	}
	if e.due(s.now) {
		s.due = append(s.due, key)
	}
	if s.kind.audited(e) {
		if s.audited == nil {
			s.audited = map[K]*entry[V]{}
		}
		s.audited[key] = e
	}
}

// end ends the read, and starts the refreshes and audits.
func (s *serving[K, V]) end(ctx context.Context, load Load[K, V]) {
	s.tierRead.end()
	if len(s.due) > 0 {
		s.kind.refresh(ctx, s.due, load)
	}
	for key, e := range s.audited {
		s.kind.audit(ctx, key, e, load)
	}
}

// refresh loads keys anew beside the request, each at most once at a time.
func (k *Kind[K, V]) refresh(ctx context.Context, keys []K, load Load[K, V]) {
	mine, _ := k.flights.board(k.departAll(keys))
	if len(mine) == 0 {
		return
	}
	k.engine.background(ctx, func(ctx context.Context) {
		if err := k.fly(ctx, mine, map[K]V{}, load, renew); err != nil {
			k.engine.log.WarnContext(ctx, "entries could not be refreshed", "kind", k.Name, "error", err)
		}
	})
}

// count counts for the kind, and for the operation of the context.
func (k *Kind[K, V]) count(ctx context.Context, c explain.Kind) {
	k.countFor(explain.From(ctx), receiptOf(ctx), c)
}

// countFor counts for the kind, and for the operation's record and receipt, which may be nil.
func (k *Kind[K, V]) countFor(record *explain.Record, receipt *Receipt, c explain.Kind) {
	if c == (explain.Kind{}) {
		return
	}
	k.meter.count(c)
	record.Kind(k.Name, c)
	receipt.count(c)
}
