package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// An entry of the far tier is a flags byte, its expiry in milliseconds since 1970 (8 bytes), the number of its stamps (1 byte), the
// stamps (8 bytes each, in the order of the kind's tags), and its value in CBOR. The version in its key guards the shape of the
// value. Its bytes are untrusted input.
const (
	flagAbsent = 1 << 0
	headerSize = 1 + 8 + 1
	stampSize  = 8
)

// MaxFarBytes bounds an encoded value in the far tier. A larger one stays out: one answer with many of them would take longer than the
// timeout of a read.
const MaxFarBytes = 64 << 10

var (
	errEntry    = errors.New("cache: not an entry")
	errTooLarge = fmt.Errorf("cache: a value of more than %d bytes is too large for the far tier", MaxFarBytes)
)

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

// farEntry is an entry of the far tier before its value is decoded.
type farEntry struct {
	absent  bool
	expires time.Time
	stamps  []Stamp
	value   []byte
}

func (f farEntry) encode() []byte {
	out := make([]byte, 0, headerSize+stampSize*len(f.stamps)+len(f.value))
	var flags byte
	if f.absent {
		flags |= flagAbsent
	}
	out = append(out, flags)
	out = binary.BigEndian.AppendUint64(out, uint64(f.expires.UnixMilli()))
	out = append(out, byte(len(f.stamps))) //nolint:gosec // a handful
	for _, s := range f.stamps {
		out = binary.BigEndian.AppendUint64(out, uint64(s))
	}
	return append(out, f.value...)
}

// decodeEntry parses the header. Bytes that encode has not written are an error, never a panic.
func decodeEntry(raw []byte) (farEntry, error) {
	if len(raw) < headerSize || raw[0]&^flagAbsent != 0 {
		return farEntry{}, errEntry
	}
	n := int(raw[9])
	if len(raw) < headerSize+n*stampSize {
		return farEntry{}, errEntry
	}
	f := farEntry{
		absent:  raw[0]&flagAbsent != 0,
		expires: time.UnixMilli(int64(binary.BigEndian.Uint64(raw[1:]))), //nolint:gosec // any time is valid
		stamps:  make([]Stamp, n),
		value:   raw[headerSize+n*stampSize:],
	}
	for i := range f.stamps {
		f.stamps[i] = Stamp(binary.BigEndian.Uint64(raw[headerSize+i*stampSize:]))
	}
	return f, nil
}

// encodeValue returns a value in CBOR, or errTooLarge. Fields with the tag json:"-" are left out.
func encodeValue(v any) ([]byte, error) {
	if sizeOf(reflect.ValueOf(v)) > 4*MaxFarBytes { // without the cost of encoding it
		return nil, errTooLarge
	}
	raw, err := encoding.Marshal(v)
	if err == nil && len(raw) > MaxFarBytes {
		return nil, errTooLarge
	}
	return raw, err
}

// decodeValue decodes a value of a type. A null instead of an entity is an error: no load returns one.
func decodeValue(t reflect.Type, raw []byte) (any, error) {
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
