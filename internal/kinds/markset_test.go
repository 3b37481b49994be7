package kinds_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/kinds"
)

// TestMarkSet marks and unmarks documents at random and compares the set with a map.
func TestMarkSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	documents := make([]uuid.UUID, 40)
	for i := range documents {
		documents[i] = uuid.New()
	}
	set, want := kinds.NewMarkSet(nil), map[uuid.UUID]bool{}
	for range 2000 {
		document, marked := documents[random.IntN(len(documents))], random.IntN(2) == 0
		before := slices.Clone(set.IDs)
		next, ok := set.With(document, marked)
		if !ok || !slices.Equal(set.IDs, before) {
			t.Fatalf("With has kept: %t, and changed the set that others read: %t", ok, !slices.Equal(set.IDs, before))
		}
		set, want[document] = next, marked
		for _, d := range documents {
			if marked, known := set.Has(d); marked != want[d] || !known {
				t.Fatalf("document %s is marked %t, known %t, want %t", d, marked, known, want[d])
			}
		}
	}
}

func TestMarkSetIsBounded(t *testing.T) {
	documents := make([]uuid.UUID, kinds.MaxMarks+1)
	for i := range documents {
		documents[i] = uuid.New()
	}
	oldest := documents[kinds.MaxMarks]
	if set := kinds.NewMarkSet(slices.Clone(documents[:kinds.MaxMarks])); set.Partial {
		t.Error("a set with all marks is partial")
	}
	set := kinds.NewMarkSet(slices.Clone(documents))
	if !set.Partial || len(set.IDs) != kinds.MaxMarks {
		t.Fatalf("a set of %d of %d marks, partial %t", len(set.IDs), len(documents), set.Partial)
	}
	if marked, known := set.Has(oldest); marked || known {
		t.Errorf("the oldest document is marked %t, known %t: want neither", marked, known)
	}
	if marked, known := set.Has(documents[0]); !marked || !known {
		t.Errorf("the newest document is marked %t, known %t", marked, known)
	}
	for kept := true; kept; {
		next, ok := set.With(uuid.New(), true)
		if kept = ok; ok {
			set = next
		}
	}
	if len(set.IDs) != 2*kinds.MaxMarks {
		t.Errorf("a set grows to %d documents, want %d", len(set.IDs), 2*kinds.MaxMarks)
	}
}
