package near_test

import (
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache/near"
	"docsquare/internal/kinds"
)

func size[V any](v V) int64 { return near.Size(reflect.ValueOf(&v).Elem()) }

// TestSize adds up what values refer to, and takes unexported fields to refer to shared memory.
func TestSize(t *testing.T) {
	category, at := "four", time.Now()
	document := int64(unsafe.Sizeof(ent.Document{}))
	for name, tc := range map[string]struct{ got, want int64 }{
		"a number":                {size(1), 0},
		"a time":                  {size(at), 0},
		"a text":                  {size("four"), 4},
		"an array":                {size([2]string{"four", "five5"}), 9},
		"a slice":                 {size(make([]uuid.UUID, 2, 5)), 5 * 16},
		"a slice of texts":        {size([]string{"four", ""}), 2*16 + 4},
		"a nil pointer":           {size((*ent.Document)(nil)), 0},
		"an empty document":       {size(&ent.Document{}), document},
		"a document":              {size(&ent.Document{Title: "four", Category: &category, Tags: []string{"a"}, PublishedAt: &at}), document + 4 + 16 + 4 + 16 + 1 + 24},
		"a slice of pointers":     {size([]*ent.Document{{Title: "four"}, nil}), 2*8 + document + 4},
		"an interface":            {size(any("four")), 16 + 4},
		"no interface":            {size[any](nil), 0},
		"a map":                   {size(map[string]int{"four": 1}), 16 + 8 + 16 + 4},
		"a key with texts":        {size(kinds.SearchKey{Query: "four", Filter: kinds.SquareFilter{Tag: "a", Format: "MD"}}), 4 + 1 + 2},
		"a key without a text":    {size(kinds.MarkKey{}), 0},
		"what it finds":           {size(&kinds.Snippets{Title: "four"}), 3*16 + 4},
		"what is left unexported": {size(struct{ hidden *int }{new(int)}), 0},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %d bytes, want %d", name, tc.got, tc.want)
		}
	}
}
