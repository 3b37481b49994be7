package cache_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/codec"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

var unexported = cmpopts.IgnoreUnexported(ent.Document{}, ent.DocumentEdges{}, ent.Session{}, ent.SessionEdges{})

func TestBytesThatAreNoEntryAreAMiss(t *testing.T) {
	store := cachetest.NewMemory()
	c := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	good, err := codec.EncodeValue(&ent.Document{ID: uuid.New(), Title: "from the far tier"})
	testkit.Must(t, err)
	for name, tc := range map[string]struct {
		bytes func(stamps []cache.Stamp) []byte
	}{
		"nothing":          {func([]cache.Stamp) []byte { return nil }},
		"garbage":          {func([]cache.Stamp) []byte { return []byte("<html>not an entry of the cache</html>") }},
		"unknown flags":    {func(s []cache.Stamp) []byte { raw := entry(s, good); raw[0] = 0x80; return raw }},
		"half a header":    {func(s []cache.Stamp) []byte { return entry(s, good)[:5] }},
		"half the stamps":  {func(s []cache.Stamp) []byte { return entry(s, nil)[:20] }},
		"half a value":     {func(s []cache.Stamp) []byte { return entry(s, good[:len(good)/2]) }},
		"no value":         {func(s []cache.Stamp) []byte { return entry(s, nil) }},
		"more than one":    {func(s []cache.Stamp) []byte { return entry(s, append(slices.Clip(good), good...)) }},
		"a number":         {func(s []cache.Stamp) []byte { return entry(s, []byte{0x18, 42}) }},
		"a text":           {func(s []cache.Stamp) []byte { return entry(s, []byte{0x63, 'a', 'b', 'c'}) }},
		"a null":           {func(s []cache.Stamp) []byte { return entry(s, []byte{0xf6}) }},
		"an undefined":     {func(s []cache.Stamp) []byte { return entry(s, []byte{0xf7}) }},
		"a vast length":    {func(s []cache.Stamp) []byte { return entry(s, []byte{0xbb, 0x7f, 255, 255, 255, 255, 255, 255, 255}) }},
		"very deep arrays": {func(s []cache.Stamp) []byte { return entry(s, bytes.Repeat([]byte{0x81}, 10_000)) }},
	} {
		t.Run(name, func(t *testing.T) {
			id := uuid.New()
			s := cachetest.NewSource(id)
			cachetest.WantTitle(t, c, s, id, "old")
			c.Settle()
			tags := []cache.Tag{kinds.DocumentTag(id), cache.KindTag("document"), cache.Everything}
			store.SetEntry(cachetest.FarKey(c.Documents, id), tc.bytes(store.Stamps(tags...)))
			before := c.Stats().Undecodable
			cachetest.WantTitle(t, c, s, id, "old")
			if got := c.Stats().Undecodable - before; got != 1 {
				t.Fatalf("counted %d times", got)
			}
			cachetest.WantLoads(t, s, id, 2)
			c.Settle()
			cachetest.WantTitle(t, c, s, id, "old")
			cachetest.WantLoads(t, s, id, 2)
		})
	}
}

// What the cases above put in place of a value is read where it is one.
func TestBytesOfAnotherAreRead(t *testing.T) {
	store := cachetest.NewMemory()
	c := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	value, err := codec.EncodeValue(&ent.Document{ID: id, Title: "from the far tier"})
	testkit.Must(t, err)
	tags := []cache.Tag{kinds.DocumentTag(id), cache.KindTag("document"), cache.Everything}
	store.SetEntry(cachetest.FarKey(c.Documents, id), entry(store.Stamps(tags...), value))
	cachetest.WantTitle(t, c, s, id, "from the far tier")
}

func entry(stamps []cache.Stamp, value []byte) []byte {
	return codec.Entry{Expires: time.Now().Add(time.Minute), Stamps: stamps, Value: value}.Encode()
}
