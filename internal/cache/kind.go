package cache

import (
	"context"
	"fmt"
	"hash/maphash"
	"reflect"
	"time"
)

// Spec declares a family of entries. Times are jittered by a tenth so that entries filled together do not expire together.
//
// Readers refresh the entries of a kind that declares Stale in the background: early, once less than a fifth of the TTL is
// left, and after the TTL. If the source fails, the last entry of this process is served until that time is over, even if a write
// has touched its tags. Entries of any other kind are loaded again after the TTL, and a read fails if the source does.
type Spec struct {
	Name     string        // part of the key in Redis and of the setting for the TTL; one word
	Version  int           // raise it when the shape of the value changes: a new release then never reads an old one
	TTL      time.Duration // how long an entry counts where no write touches its tags
	Negative time.Duration // the same for "there is nothing"; 0: the TTL
	Stale    time.Duration // how long past the TTL an entry may be served while it is refreshed; see above
}

// Kind is a family of entries with keys K and values V. A value is shared by all who read it: never change one.
//
// What is generic looks into the near tier and converts types: few methods, because every package that knows a kind compiles the
// methods of all of them. All else is done by family, which is compiled once.
type Kind[K comparable, V any] struct{ family *family }

// Load reads the values of keys from their source. A key that is missing in the answer has no value.
type Load[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

// newKind adds a kind to an engine. text returns a key as Redis has it. tags is what a write can touch about an entry: a function
// of the key alone, so that stamps can be read before the value.
func newKind[K comparable, V any](e *Engine, spec Spec, text func(K) string, tags func(K) []Tag) *Kind[K, V] {
	if ttl, ok := e.options.TTL[spec.Name]; ok {
		spec.TTL = ttl
	}
	if spec.Negative == 0 || spec.Negative > spec.TTL {
		spec.Negative = spec.TTL
	}
	seed := maphash.MakeSeed()
	f := &family{
		Spec: spec, engine: e, prefix: fmt.Sprintf("%s.%d:", spec.Name, spec.Version), tag: KindTag(spec.Name), seed: seed,
		keys: reflect.TypeFor[K](), values: reflect.TypeFor[V](),
		hash: func(key any) uint64 { return hashOf(seed, key.(K)) },
		text: func(key any) string { return text(key.(K)) },
		tags: func(key any) []Tag { return tags(key.(K)) },
		near: newNear(e), flights: newFlights(), meter: newMeter(e, spec.Name),
	}
	e.kinds[spec.Name] = f
	return &Kind[K, V]{f}
}

// aboutViewers declares that the values are facts about who asks. A receipt keeps them apart, so that what is derived from the other
// reads of an operation is valid for other viewers too.
func aboutViewers[K comparable, V any](k *Kind[K, V]) *Kind[K, V] {
	k.family.ofViewers = true
	return k
}

// Name returns the name of the kind.
func (k *Kind[K, V]) Name() string { return k.family.Name }

// hashOf returns the hash of a key, which is never 0.
func hashOf[K comparable](seed maphash.Seed, key K) uint64 {
	return max(maphash.Comparable(seed, key), 1)
}

// Fetch returns the value of each key that has one: from the near tier, for the rest from Redis in one round trip, for the
// rest of those by one call of load, whose values then fill both tiers. If another fetch of the process is already loading a
// key, and nothing was written since it began, Fetch waits for that one. An outage of Redis is no error; an error is load's.
func (k *Kind[K, V]) Fetch(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error) {
	out := make(map[K]V, len(keys))
	var rest []boxed
	look(ctx, k, keys, func(i int, e *entry) {
		if e == nil {
			rest = append(rest, box(k, keys[i]))
		} else if !e.absent {
			out[keys[i]], _ = e.value.(V)
		}
	})
	if len(rest) == 0 {
		return out, nil
	}
	return out, k.family.fetch(ctx, rest, request{erased(load), func(key, value any) { out[key.(K)], _ = value.(V) }})
}

// One is Fetch for one key. It returns false if the key has no value.
func (k *Kind[K, V]) One(ctx context.Context, key K, load Load[K, V]) (value V, ok bool, err error) {
	var found *entry
	look(ctx, k, []K{key}, func(_ int, e *entry) { found = e })
	if found == nil {
		values, err := k.Fetch(ctx, []K{key}, load)
		value, ok = values[key]
		return value, ok, err
	}
	value, _ = found.value.(V)
	return value, !found.absent, nil
}

// Look answers keys from the near tier, without waiting and without a load. values, found and known must be as long as keys
// or longer. For each i below len(keys), Look sets:
//
//   - known[i]: whether the near tier has answered keys[i];
//   - found[i]: whether it has a value, false for a negative entry;
//   - values[i]: the value, the zero value if not found.
//
// Look returns how many keys are unknown. Pass those to Fetch, which also counts them: Look counts only what it answers.
// A key is unknown if its entry is missing, expired or invalidated, is due for a refresh or is sampled for an audit. All keys
// are unknown if reads under ctx bypass the cache. Look is safe for concurrent use, each call with its own slices.
func (k *Kind[K, V]) Look(ctx context.Context, keys []K, values []V, found, known []bool) (missing int) {
	values, found, known = values[:len(keys)], found[:len(keys)], known[:len(keys)]
	clear(values)
	look(ctx, k, keys, func(i int, e *entry) {
		known[i], found[i] = e != nil, e != nil && !e.absent
		if e == nil {
			missing++
		} else if !e.absent {
			values[i], _ = e.value.(V)
		}
	})
	return missing
}

// look calls answer with the entry of each key in the near tier, in the order of keys, and with nil if the key is unknown as Look
// defines it.
func look[K comparable, V any](ctx context.Context, k *Kind[K, V], keys []K, answer func(i int, e *entry)) {
	if passesBy(ctx) {
		for i := range keys {
			answer(i, nil)
		}
		return
	}
	r := k.family.newTierRead(ctx, len(keys))
	for i, key := range keys {
		hash := hashOf(k.family.seed, key)
		e := r.take(find(&k.family.near.index, hash, key))
		if e != nil && r.requested(hash) {
			r.note(boxed{hash, key})
		}
		answer(i, e)
	}
	r.end()
}

// box returns a key for the methods of family.
func box[K comparable, V any](k *Kind[K, V], key K) boxed {
	return boxed{hashOf(k.family.seed, key), key}
}

// Hottest returns up to limit keys that have a value in the near tier, the most requested first: by the sampled requests of
// recent minutes, and keys without such a sample by the counters of the eviction policy. The order is approximate.
func Hottest[K comparable, V any](k *Kind[K, V], limit int) []K {
	all := k.family.hottest(limit)
	keys := make([]K, len(all))
	for i, key := range all {
		keys[i], _ = key.(K)
	}
	return keys
}

// erased is a load for the methods of family.
func erased[K comparable, V any](load Load[K, V]) func(context.Context, []any) (map[any]any, error) {
	return func(ctx context.Context, keys []any) (map[any]any, error) {
		typed := make([]K, len(keys))
		for i, key := range keys {
			typed[i], _ = key.(K)
		}
		values, err := load(ctx, typed)
		if err != nil {
			return nil, err
		}
		all := make(map[any]any, len(values))
		for key, value := range values {
			all[key] = value
		}
		return all, nil
	}
}
