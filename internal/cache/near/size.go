package near

import (
	"reflect"
	"strings"
	"sync"
)

// Size returns the bytes of memory that a value refers to: strings, elements of slices and maps, and what pointers and
// interfaces point to. It does not include the value itself. Unexported fields are taken to refer to shared memory, such as
// the location of a time. The value must not refer to itself.
func Size(v reflect.Value) int64 {
	switch v.Kind() { //nolint:exhaustive // the others refer to no memory of a value in the cache
	case reflect.String:
		return int64(v.Len())
	case reflect.Pointer:
		if !v.IsNil() {
			return int64(v.Type().Elem().Size()) + Size(v.Elem()) //nolint:gosec // the size of a type
		}
	case reflect.Interface:
		if !v.IsNil() {
			return sizeOfBox(v.Elem()) + Size(v.Elem())
		}
	case reflect.Slice:
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + sizeOfElements(v) //nolint:gosec // bounded by memory
	case reflect.Array:
		return sizeOfElements(v)
	case reflect.Map:
		return sizeOfMap(v)
	case reflect.Struct:
		return sizeOfFields(v)
	}
	return 0
}

// sizeOfBox returns what an interface refers to for the value itself: nothing if the value is a pointer.
func sizeOfBox(v reflect.Value) int64 {
	if v.Kind() == reflect.Pointer {
		return 0
	}
	return int64(v.Type().Size()) //nolint:gosec // the size of a type
}

func sizeOfElements(v reflect.Value) (bytes int64) {
	if flat(v.Type().Elem()) {
		return 0
	}
	for i := range v.Len() {
		bytes += Size(v.Index(i))
	}
	return bytes
}

func sizeOfFields(v reflect.Value) (bytes int64) {
	if flat(v.Type()) {
		return 0
	}
	for _, f := range v.Fields() {
		if f.CanInterface() {
			bytes += Size(f)
		}
	}
	return bytes
}

// mapOverhead is about what a map takes for each of its elements in addition to key and value.
const mapOverhead = 16

func sizeOfMap(v reflect.Value) (bytes int64) {
	bytes = int64(v.Len()) * int64(v.Type().Key().Size()+v.Type().Elem().Size()+mapOverhead) //nolint:gosec // bounded by memory
	for i := v.MapRange(); i.Next(); {
		bytes += Size(i.Key()) + Size(i.Value())
	}
	return bytes
}

// flat reports whether values of a type refer to no memory, except by unexported fields.
func flat(t reflect.Type) bool {
	switch t.Kind() { //nolint:exhaustive // the others are flat
	case reflect.String, reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return false
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		return flatStruct(t)
	}
	return true
}

var flatStructs sync.Map // of reflect.Type to bool

func flatStruct(t reflect.Type) bool {
	if known, ok := flatStructs.Load(t); ok {
		return known == true
	}
	is := true
	for f := range t.Fields() {
		is = is && (!f.IsExported() || flat(f.Type))
	}
	flatStructs.Store(t, is)
	return is
}

// ownTexts returns a key in which all strings are copies. They may be parts of a client's request, all of which an entry would
// keep in memory.
func ownTexts(key any) any {
	t := reflect.TypeOf(key)
	if flat(t) {
		return key
	}
	own := reflect.New(t).Elem()
	own.Set(reflect.ValueOf(key))
	cloneTexts(own)
	return own.Interface()
}

func cloneTexts(key reflect.Value) {
	switch {
	case !key.CanSet(): // unexported
	case key.Kind() == reflect.String:
		key.SetString(strings.Clone(key.String()))
	case key.Kind() == reflect.Struct && !flat(key.Type()):
		for _, f := range key.Fields() {
			cloneTexts(f)
		}
	}
}
