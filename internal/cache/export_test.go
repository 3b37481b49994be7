package cache

import (
	"context"
	"reflect"
	"time"
)

// What the tests of this package see of its inside. They stand in a package of their own, for testkit imports this one.

// The bytes of an entry in Redis.
type FarEntry = farEntry

// InFlight reports whether a call for the key is in flight.
func (k *Kind[K, V]) InFlight(key K) bool {
	k.family.calls.mu.Lock()
	defer k.family.calls.mu.Unlock()
	return k.family.calls.inFlight[key] != nil
}

// MakeFarEntry returns an entry as it is stored in Redis.
func MakeFarEntry(absent bool, expires time.Time, stamps []Stamp, value []byte) FarEntry {
	return farEntry{absent: absent, expires: expires, stamps: stamps, value: value}
}

// Encode is the bytes of an entry.
func (f FarEntry) Encode() []byte { return f.encode() }

// Value is the value's bytes.
func (f FarEntry) Value() []byte { return f.value }

// DecodeEntry takes an entry apart.
func DecodeEntry(raw []byte) (FarEntry, error) { return decodeEntry(raw) }

// EncodeValue is a value in CBOR.
func EncodeValue(v any) ([]byte, error) { return encodeValue(v) }

// DecodeValue reads a value from CBOR.
func DecodeValue[V any](raw []byte) (value V, err error) {
	read, err := decodeValue(reflect.TypeFor[V](), raw)
	if err == nil {
		value, _ = read.(V)
	}
	return value, err
}

// NewVersion returns the kind as a later release would declare it.
func NewVersion[K comparable, V any](k *Kind[K, V]) *Kind[K, V] {
	f := k.family
	spec := f.Spec
	spec.Version++
	return NewKind[K, V](f.engine, spec, func(key K) string { return f.text(key) }, func(key K) []Tag { return f.tags(key) })
}

// MaxHolds is how many tags a receipt follows.
const MaxSnapshots = maxSnapshots

// Still reports whether what the receipt depends on is unchanged.
func (r *ReadSet) Still() bool {
	_, _, ok := r.dependencies(true)
	return ok
}

// PastCache has reads under the context bypass the cache.
func PastCache(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.bypassed = true })
}
