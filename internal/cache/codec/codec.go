// Package codec encodes the entries of the far tier.
//
// An entry is a flags byte, its expiry in milliseconds since 1970 (8 bytes), the number of its stamps (1 byte), the stamps (8 bytes each, in
// the order of the kind's tags), and its value in CBOR. The version in its key guards the shape of the value. Its bytes are untrusted input.
package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/fxamacker/cbor/v2"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/tags"
)

const (
	flagAbsent = 1 << 0
	headerSize = 1 + 8 + 1
	stampSize  = 8
)

// MaxBytes bounds an encoded value. A larger one stays out of the far tier: one answer with many of them would take longer than the timeout
// of a read.
const MaxBytes = 64 << 10

// ErrTooLarge is the error of EncodeValue for a value of more than MaxBytes.
var ErrTooLarge = fmt.Errorf("cache: a value of more than %d bytes is too large for the far tier", MaxBytes)

var errEntry = errors.New("cache: not an entry")

var (
	encoding = must(cbor.EncOptions{Time: cbor.TimeRFC3339NanoUTC}.EncMode())
	decoding = must(cbor.DecOptions{MaxNestedLevels: 16}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // constant options; a test builds them
	}
	return v
}

// Entry is an entry of the far tier.
type Entry struct {
	Absent  bool // a negative entry
	Expires time.Time
	Stamps  []tags.Stamp
	Value   []byte // see EncodeValue
}

// Encode returns the bytes of the entry.
func (f Entry) Encode() []byte {
	out := make([]byte, 0, headerSize+stampSize*len(f.Stamps)+len(f.Value))
	var flags byte
	if f.Absent {
		flags |= flagAbsent
	}
	out = append(out, flags)
	out = binary.BigEndian.AppendUint64(out, uint64(f.Expires.UnixMilli()))
	out = append(out, byte(len(f.Stamps))) //nolint:gosec // a handful
	for _, s := range f.Stamps {
		out = binary.BigEndian.AppendUint64(out, uint64(s))
	}
	return append(out, f.Value...)
}

// Decode parses the header. Bytes that Encode has not written are an error, never a panic.
func Decode(raw []byte) (Entry, error) {
	if len(raw) < headerSize || raw[0]&^flagAbsent != 0 {
		return Entry{}, errEntry
	}
	n := int(raw[9])
	if len(raw) < headerSize+n*stampSize {
		return Entry{}, errEntry
	}
	f := Entry{
		Absent:  raw[0]&flagAbsent != 0,
		Expires: time.UnixMilli(int64(binary.BigEndian.Uint64(raw[1:]))), //nolint:gosec // any time is valid
		Stamps:  make([]tags.Stamp, n),
		Value:   raw[headerSize+n*stampSize:],
	}
	for i := range f.Stamps {
		f.Stamps[i] = tags.Stamp(binary.BigEndian.Uint64(raw[headerSize+i*stampSize:]))
	}
	return f, nil
}

// EncodeValue returns a value in CBOR, or ErrTooLarge. Fields with the tag json:"-" are left out.
func EncodeValue(v any) ([]byte, error) {
	if near.Size(reflect.ValueOf(v)) > 4*MaxBytes { // without the cost of encoding it
		return nil, ErrTooLarge
	}
	raw, err := encoding.Marshal(v)
	if err == nil && len(raw) > MaxBytes {
		return nil, ErrTooLarge
	}
	return raw, err
}

// DecodeValue decodes a value of a type. A null instead of an entity is an error: no load returns one.
func DecodeValue(t reflect.Type, raw []byte) (any, error) {
	v := reflect.New(t)
	if err := decoding.Unmarshal(raw, v.Interface()); err != nil {
		return nil, err
	}
	if hasNil(v.Elem()) {
		return nil, errEntry
	}
	return v.Elem().Interface(), nil
}

// hasNil reports whether the value is a nil pointer or a list with one. Pointers in entities may be nil.
func hasNil(v reflect.Value) bool {
	switch v.Kind() { //nolint:exhaustive // nothing else that a kind holds is or has a pointer
	case reflect.Pointer:
		return v.IsNil()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Pointer {
			for i := range v.Len() {
				if v.Index(i).IsNil() {
					return true
				}
			}
		}
	}
	return false
}
