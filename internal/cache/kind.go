package cache

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"docsquare/internal/cache/near"
)

// Spec declares a family of entries. Times are jittered by a tenth so that entries filled together do not expire together.
//
// Readers refresh the entries of a kind that declares Stale in the background: early, once less than a fifth of the TTL is
// left, and after the TTL. If the source fails, the last entry of this process is served until that time is over, even if a write
// has touched its tags. Entries of any other kind are loaded again after the TTL, and a read fails if the source does.
type Spec struct {
	Name     string        // part of the key in Redis and of the setting for the TTL; one word
	Version  int           // raise it when the shape of the value changes, so that a new release does not read old entries
	TTL      time.Duration // of an entry whose tags no write touches
	Negative time.Duration // TTL of a negative entry; 0: TTL
	Stale    time.Duration // how long after the TTL an entry may be served while it is refreshed; see above
}

// Kind is a family of entries with keys K and values V. A value is shared by all readers: do not change it.
//
// Generic code is limited to hits in the near tier and to conversions, because every package that imports a kind compiles it again.
// The rest is in family, which is compiled once.
type Kind[K comparable, V any] struct {
	family   *family
	possible func(K) bool // nil: every key may have a value
	other    *entry       // the answer for a key that is not possible
}

// Load loads the values of keys from their source. A key that is missing in the result has no value.
type Load[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

// NewKind adds a kind to an engine. text returns a key as it is in the far tier. tags returns the tags of an entry, which depend on the
// key alone, so that stamps can be read before the value. Call NewKind before the engine is used.
func NewKind[K comparable, V any](e *Engine, spec Spec, text func(K) string, tags func(K) []Tag) *Kind[K, V] {
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
		near: e.near.NewTable(), calls: newCalls(), meter: newMeter(e, spec.Name),
	}
	e.kinds[spec.Name] = f
	return &Kind[K, V]{family: f}
}

// AboutViewers declares that the values are facts about the viewer. A read set separates them, so a value that is derived from the
// other reads of an operation is valid for other viewers too.
func AboutViewers[K comparable, V any](k *Kind[K, V]) *Kind[K, V] {
	k.family.ofViewers = true
	return k
}

// Bounded declares which keys may have a value of their own. The kind answers any other key with the value of other, or as a key without
// a value if other is nil: with no entry, no load and no use of the far tier. Bound every key with text of clients by what the
// text can be.
func Bounded[K comparable, V any](k *Kind[K, V], possible func(K) bool, other *V) *Kind[K, V] {
	k.possible, k.other = possible, &entry{absent: other == nil}
	if other != nil {
		k.other.value = *other
	}
	return k
}

// Name returns the name of the kind.
func (k *Kind[K, V]) Name() string { return k.family.Name }

// Names returns the names of all kinds, sorted.
func (e *Engine) Names() []string { return slices.Sorted(maps.Keys(e.kinds)) }

// KindOf returns the kind of a key in the far tier. It returns false if the key is not of a kind in its present version.
func (e *Engine) KindOf(key string) (kind string, ok bool) {
	name, _, _ := strings.Cut(key, ".")
	f := e.kinds[name]
	return name, f != nil && strings.HasPrefix(key, f.prefix)
}

// hashOf returns the hash of a key, which is never 0.
func hashOf[K comparable](seed maphash.Seed, key K) uint64 {
	return max(maphash.Comparable(seed, key), 1)
}

// Fetch returns the value of each key that has one: from the near tier, then from the far tier in one round trip, then by one call of
// load, whose values fill both tiers. If another fetch of the process is loading a key, and no write has touched the tags since, Fetch
// waits for that one. A failure of the far tier is not an error: an error is one of load.
func (k *Kind[K, V]) Fetch(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error) {
	out := make(map[K]V, len(keys))
	var rest []near.Key
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
// A key is unknown if its entry is missing, expired or invalidated, is due for a refresh or is sampled for the observer. All possible
// keys are unknown if reads under ctx bypass the cache. Look is safe for concurrent use, each call with its own slices.
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
	bypass := bypassed(ctx)
	if bypass && k.possible == nil {
		for i := range keys {
			answer(i, nil)
		}
		return
	}
	p := k.family.newPass(ctx, len(keys))
	for i, key := range keys {
		if k.possible != nil && !k.possible(key) {
			answer(i, k.other)
			continue
		}
		if bypass {
			answer(i, nil)
			continue
		}
		e := p.take(near.Find(k.family.near, hashOf(k.family.seed, key), key))
		if e != nil && p.record.Full() {
			p.record.Tagged(k.family.tags(key)...)
		}
		answer(i, e)
	}
	p.end()
}

// box returns a key for the methods of family.
func box[K comparable, V any](k *Kind[K, V], key K) near.Key {
	return near.Key{Hash: hashOf(k.family.seed, key), Value: key}
}

// erased returns a load for the methods of family.
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
