package cache_test

import (
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit/cachetest"
)

// TestSizeOf adds up what values refer to, and takes unexported fields to refer to shared memory.
func TestSizeOf(t *testing.T) {
	category, at := "four", time.Now()
	document := int64(unsafe.Sizeof(ent.Document{}))
	for name, tc := range map[string]struct{ got, want int64 }{
		"a number":                {cache.SizeOf(1), 0},
		"a time":                  {cache.SizeOf(at), 0},
		"a text":                  {cache.SizeOf("four"), 4},
		"an array":                {cache.SizeOf([2]string{"four", "five5"}), 9},
		"a slice":                 {cache.SizeOf(make([]uuid.UUID, 2, 5)), 5 * 16},
		"a slice of texts":        {cache.SizeOf([]string{"four", ""}), 2*16 + 4},
		"a nil pointer":           {cache.SizeOf((*ent.Document)(nil)), 0},
		"an empty document":       {cache.SizeOf(&ent.Document{}), document},
		"a document":              {cache.SizeOf(&ent.Document{Title: "four", Category: &category, Tags: []string{"a"}, PublishedAt: &at}), document + 4 + 16 + 4 + 16 + 1 + 24},
		"a slice of pointers":     {cache.SizeOf([]*ent.Document{{Title: "four"}, nil}), 2*8 + document + 4},
		"an interface":            {cache.SizeOf(any("four")), 16 + 4},
		"no interface":            {cache.SizeOf[any](nil), 0},
		"a map":                   {cache.SizeOf(map[string]int{"four": 1}), 16 + 8 + 16 + 4},
		"a key with texts":        {cache.SizeOf(kinds.SearchKey{Query: "four", Filter: kinds.SquareFilter{Tag: "a", Format: "MD"}}), 4 + 1 + 2},
		"a key without a text":    {cache.SizeOf(kinds.MarkKey{}), 0},
		"what it finds":           {cache.SizeOf(&kinds.Snippets{Title: "four"}), 3*16 + 4},
		"what is left unexported": {cache.SizeOf(struct{ hidden *int }{new(int)}), 0},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %d bytes, want %d", name, tc.got, tc.want)
		}
	}
}

// TestKeysKeepNoRequest keeps copies of the strings in keys, which may be parts of a long text.
func TestKeysKeepNoRequest(t *testing.T) {
	c := cachetest.Open(t, nil)
	request := strings.Repeat("a", 1000)
	c.Frequencies.Put(request[:10], 1, time.Hour)
	c.Searches.Put(kinds.SearchKey{Query: request[:10], Filter: kinds.SquareFilter{Category: request[:10]}}, &kinds.Found{}, time.Hour)
	search := c.Searches.View().Entries()[0].Key.(kinds.SearchKey)
	for _, text := range []string{c.Frequencies.View().Entries()[0].Key.(string), search.Query, search.Filter.Category} {
		if text != request[:10] || unsafe.StringData(text) == unsafe.StringData(request) {
			t.Errorf("%q is a part of the request", text)
		}
	}
}
