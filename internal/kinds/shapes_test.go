package kinds_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

var update = flag.Bool("update", false, "write testdata/shapes.txt")

const shapesFile = "testdata/shapes.txt"

// shape is the encoded shape of the values of a kind: a hash of the names and types that CBOR writes.
type shape struct {
	version int
	hash    string
}

// shapes returns the shape of each kind by name.
func shapes(t *testing.T) map[string]shape {
	t.Helper()
	c := kinds.New(kinds.Options{})
	t.Cleanup(c.Close)
	all := map[string]shape{}
	for _, field := range reflect.ValueOf(c).Elem().Fields() {
		kind, ok := reflect.TypeAssert[interface{ View() cache.View }](field)
		if !ok {
			continue
		}
		one, _ := field.Type().MethodByName("One")
		view := kind.View()
		all[view.Name] = shape{view.Version, hashOf(one.Type.Out(0))}
	}
	if !slices.Equal(c.Names(), sortedKeys(all)) {
		t.Fatalf("this finds only the kinds %q", sortedKeys(all))
	}
	return all
}

func sortedKeys(all map[string]shape) (names []string) {
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func hashOf(t reflect.Type) string {
	var text strings.Builder
	describe(&text, t, nil)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text.String())))[:16]
}

// describe writes the structure of a type as CBOR encodes it. Fields with the tag json:"-" and unexported ones are not encoded.
func describe(w *strings.Builder, t reflect.Type, within []reflect.Type) {
	switch {
	case slices.Contains(within, t):
		w.WriteString(t.String())
		return
	case t.Implements(reflect.TypeFor[interface{ MarshalCBOR() ([]byte, error) }]()), t.Implements(reflect.TypeFor[interface{ MarshalBinary() ([]byte, error) }]()):
		w.WriteString(t.String()) // encodes itself
		return
	}
	within = append(within, t)
	switch t.Kind() { //nolint:exhaustive // the others are named by their kind
	case reflect.Pointer:
		w.WriteString("*")
		describe(w, t.Elem(), within)
	case reflect.Slice, reflect.Array:
		w.WriteString("[]")
		describe(w, t.Elem(), within)
	case reflect.Map:
		w.WriteString("map ")
		describe(w, t.Key(), within)
		w.WriteString(" ")
		describe(w, t.Elem(), within)
	case reflect.Struct:
		w.WriteString("{")
		for f := range t.Fields() {
			tag := f.Tag.Get("cbor") + ";" + f.Tag.Get("json")
			if !f.IsExported() || tag == ";-" || tag == "-;" || f.Name == "Edges" { // the cache has entities without edges
				continue
			}
			fmt.Fprintf(w, "%s %s ", f.Name, tag)
			describe(w, f.Type, within)
			w.WriteString("; ")
		}
		w.WriteString("}")
	default:
		w.WriteString(t.Kind().String())
	}
}

// recorded returns the shapes in testdata.
func recorded(t *testing.T) map[string]shape {
	t.Helper()
	text, err := os.ReadFile(shapesFile)
	testkit.Must(t, err)
	all := map[string]shape{}
	for line := range strings.Lines(string(text)) {
		var name string
		var s shape
		_, err := fmt.Sscan(line, &name, &s.version, &s.hash)
		testkit.Must(t, err)
		all[name] = s
	}
	return all
}

// TestVersionsFollowShapes fails for a kind whose values are encoded otherwise than those that its version names in testdata/shapes.txt:
// a new release would read the entries of the old one.
func TestVersionsFollowShapes(t *testing.T) {
	now, before := shapes(t), recorded(t)
	var table strings.Builder
	for _, name := range sortedKeys(now) {
		s, old := now[name], before[name]
		fmt.Fprintln(&table, name, s.version, s.hash)
		switch {
		case s == old:
		case s.version <= old.version:
			t.Errorf("the values of the kind %q are encoded otherwise than in its version %d: raise its version in internal/kinds/kinds.go, "+
				"then run go test ./internal/kinds -run TestVersionsFollowShapes -update", name, old.version)
		case !*update:
			t.Errorf("the kind %q has version %d, which testdata/shapes.txt does not have: run go test ./internal/kinds -run TestVersionsFollowShapes -update", name, s.version)
		}
	}
	for _, name := range sortedKeys(before) {
		if _, ok := now[name]; !ok && !*update {
			t.Errorf("there is no kind %q: remove it from testdata/shapes.txt with -update", name)
		}
	}
	if *update && !t.Failed() {
		testkit.Must(t, os.WriteFile(shapesFile, []byte(table.String()), 0o600))
	}
}
