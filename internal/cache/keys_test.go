package cache_test

import (
	"reflect"
	"strings"
	"testing"

	"docsquare/internal/kinds"
	"docsquare/internal/testkit/cachetest"
)

// maxFarKey bounds the key of an entry in Redis, in bytes: those of fixed size, such as identifiers and cursors, are written out.
const maxFarKey = 256

// TestKeysWithTextAreBounded asks every kind whose keys have text for a text that no value has: nothing is loaded and nothing kept. What
// such a kind writes to Redis is a hash.
func TestKeysWithTextAreBounded(t *testing.T) {
	c := cachetest.Open(t, nil)
	beyond, checked := strings.Repeat("x", 1<<20), 0
	for field, value := range reflect.ValueOf(c).Elem().Fields() {
		view, fetch := value.MethodByName("View"), value.MethodByName("Fetch")
		if !view.IsValid() || !fetch.IsValid() {
			continue
		}
		key := reflect.New(fetch.Type().In(1).Elem()).Elem()
		if !setTexts(key, beyond) {
			continue
		}
		checked++
		load := reflect.MakeFunc(fetch.Type().In(2), func([]reflect.Value) []reflect.Value {
			t.Errorf("%s: a key of 1 MiB is loaded: declare what its keys can be with cache.Bounded", field.Name)
			return []reflect.Value{reflect.Zero(fetch.Type().Out(0)), reflect.Zero(fetch.Type().Out(1))}
		})
		fetch.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.Append(reflect.MakeSlice(fetch.Type().In(1), 0, 1), key), load})
		peeked := view.Call(nil)[0].MethodByName("Peek").Call([]reflect.Value{key})[0]
		if text := peeked.FieldByName("Item").FieldByName("Key").String(); len(text) > maxFarKey {
			t.Errorf("%s: the key in Redis has %d bytes: hash it", field.Name, len(text))
		}
	}
	if n := weight(c); n != 0 {
		t.Errorf("the near tier has %d bytes", n)
	}
	if checked < 8 {
		t.Errorf("only %d kinds have keys with text", checked)
	}
}

// setTexts sets the texts of a key, and reports whether it has any. Values of an enum are no texts of clients.
func setTexts(key reflect.Value, text string) (found bool) {
	switch {
	case key.Type() == reflect.TypeFor[string]():
		key.SetString(text)
		return true
	case key.Type() == reflect.TypeFor[kinds.SquareOrder](), key.Type() == reflect.TypeFor[kinds.CommentOrder]():
		return false
	case key.Kind() == reflect.Struct:
		for _, f := range key.Fields() {
			found = setTexts(f, text) || found
		}
	}
	return found
}
