package loader_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
)

// maxAllocs bounds the allocations of an operation that finds all keys of a loader in the near tier, whatever their number: the set
// and its two lists of loaders, and one for a collection that empties the pool. With a pool that drops loaders, their memory is
// allocated now and then.
func maxAllocs() float64 {
	if raced {
		return 19
	}
	return 4
}

// TestNearHitsDoNotAllocate checks that a hit has no allocation.
func TestNearHitsDoNotAllocate(t *testing.T) {
	app := embedded(t)
	var absent []uuid.UUID
	for range 75 {
		absent = append(absent, uuid.New())
	}
	for name, keys := range map[string][]uuid.UUID{"20 documents": documents(20), "100 keys": append(documents(25), absent...)} {
		operation := func() {
			set := app.Sources.New(as("bob"))
			l := loader.Documents.In(set)
			for _, k := range keys {
				l.Ask(k)
			}
			set.Run(t.Context())
			for i := range keys {
				if _, _, err := l.Get(i); err != nil {
					t.Error(err)
				}
			}
			set.Release()
		}
		operation() // fills the near tier
		if n := testing.AllocsPerRun(200, operation); n > maxAllocs() {
			t.Errorf("%s: %v allocations, want at most %v", name, n, maxAllocs())
		}
	}
}
