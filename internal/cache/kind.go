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
// Every package that knows a kind compiles the methods of all kinds, for each type of key and value. So the methods are short, and call
// functions that NewKind makes, which the package that declares the kinds compiles alone. What needs no types is in family.
type Kind[K comparable, V any] struct {
	family  *family
	bounds  *bounds[K]
	fetch   func(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error)
	one     func(ctx context.Context, key K, load Load[K, V]) (value V, ok bool, err error)
	look    func(ctx context.Context, keys []K, values []V, found, known []bool) (missing int)
	lookOne func(ctx context.Context, key K) (value V, found bool)
}

// bounds is which keys may have a value, see Bounded.
type bounds[K comparable] struct {
	possible func(K) bool // nil: every key
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
	b := &bounds[K]{}
	return &Kind[K, V]{
		family: f, bounds: b,
		fetch: func(ctx context.Context, keys []K, load Load[K, V]) (map[K]V, error) {
			return fetch(ctx, f, b, keys, load)
		},
		one: func(ctx context.Context, key K, load Load[K, V]) (V, bool, error) { return one(ctx, f, b, key, load) },
		look: func(ctx context.Context, keys []K, values []V, found, known []bool) int {
			return lookAll(ctx, f, b, keys, values, found, known)
		},
		lookOne: func(ctx context.Context, key K) (V, bool) { return lookOne[K, V](ctx, f, b, key) },
	}
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
	k.bounds.possible, k.bounds.other = possible, &entry{absent: other == nil}
	if other != nil {
		k.bounds.other.value = *other
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
	return k.fetch(ctx, keys, load)
}

// One is Fetch for one key. It returns false if the key has no value.
func (k *Kind[K, V]) One(ctx context.Context, key K, load Load[K, V]) (value V, ok bool, err error) {
	return k.one(ctx, key, load)
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
	return k.look(ctx, keys, values, found, known)
}

// LookOne is Look for one key. It returns false if the near tier has no value, or does not know the key.
func (k *Kind[K, V]) LookOne(ctx context.Context, key K) (value V, found bool) {
	return k.lookOne(ctx, key)
}

func fetch[K comparable, V any](ctx context.Context, f *family, b *bounds[K], keys []K, load Load[K, V]) (map[K]V, error) {
	out := make(map[K]V, len(keys))
	var rest []near.Key
	look(ctx, f, b, keys, func(i int, e *entry) {
		if e == nil {
			rest = append(rest, box(f, keys[i]))
		} else if !e.absent {
			out[keys[i]], _ = e.value.(V)
		}
	})
	if len(rest) == 0 {
		return out, nil
	}
	return out, f.fetch(ctx, rest, request{erased(load), func(key, value any) { out[key.(K)], _ = value.(V) }})
}

func one[K comparable, V any](ctx context.Context, f *family, b *bounds[K], key K, load Load[K, V]) (value V, ok bool, err error) {
	e := lookKey(ctx, f, b, key)
	if e == nil {
		values, err := fetch(ctx, f, b, []K{key}, load)
		value, ok = values[key]
		return value, ok, err
	}
	value, _ = e.value.(V)
	return value, !e.absent, nil
}

func lookAll[K comparable, V any](ctx context.Context, f *family, b *bounds[K], keys []K, values []V, found, known []bool) (missing int) {
	values, found, known = values[:len(keys)], found[:len(keys)], known[:len(keys)]
	clear(values)
	look(ctx, f, b, keys, func(i int, e *entry) {
		known[i], found[i] = e != nil, e != nil && !e.absent
		if e == nil {
			missing++
		} else if !e.absent {
			values[i], _ = e.value.(V)
		}
	})
	return missing
}

func lookOne[K comparable, V any](ctx context.Context, f *family, b *bounds[K], key K) (value V, found bool) {
	e := lookKey(ctx, f, b, key)
	if e == nil || e.absent {
		return value, false
	}
	value, _ = e.value.(V)
	return value, true
}

// lookKey returns what look answers for one key.
func lookKey[K comparable](ctx context.Context, f *family, b *bounds[K], key K) (found *entry) {
	look(ctx, f, b, []K{key}, func(_ int, e *entry) { found = e })
	return found
}

// look calls answer with the entry of each key in the near tier, in the order of keys, and with nil if the key is unknown as Look
// defines it.
func look[K comparable](ctx context.Context, f *family, b *bounds[K], keys []K, answer func(i int, e *entry)) {
	bypass := bypassed(ctx)
	if bypass && b.possible == nil {
		for i := range keys {
			answer(i, nil)
		}
		return
	}
	p := f.newPass(ctx, len(keys))
	for i, key := range keys {
		if b.possible != nil && !b.possible(key) {
			answer(i, b.other)
			continue
		}
		if bypass {
			answer(i, nil)
			continue
		}
		e := p.take(near.Find(f.near, hashOf(f.seed, key), key))
		if e != nil && p.record.Full() {
			p.record.Tagged(f.tags(key)...)
		}
		answer(i, e)
	}
	p.end()
}

// box returns a key for the methods of family.
func box[K comparable](f *family, key K) near.Key {
	return near.Key{Hash: hashOf(f.seed, key), Value: key}
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
