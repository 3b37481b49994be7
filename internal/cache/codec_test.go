package cache_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

var unexported = cmpopts.IgnoreUnexported(ent.Document{}, ent.DocumentEdges{}, ent.Session{}, ent.SessionEdges{})

func TestBytesThatAreNoEntryAreAMiss(t *testing.T) {
	store := cachetest.NewMemory()
	c := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	good, err := cache.EncodeValue(&ent.Document{ID: uuid.New(), Title: "from the far tier"})
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
	value, err := cache.EncodeValue(&ent.Document{ID: id, Title: "from the far tier"})
	testkit.Must(t, err)
	tags := []cache.Tag{kinds.DocumentTag(id), cache.KindTag("document"), cache.Everything}
	store.SetEntry(cachetest.FarKey(c.Documents, id), entry(store.Stamps(tags...), value))
	cachetest.WantTitle(t, c, s, id, "from the far tier")
}

func entry(stamps []cache.Stamp, value []byte) []byte {
	return cache.MakeFarEntry(false, time.Now().Add(time.Minute), stamps, value).Encode()
}

func TestListsKeepWhatTheyAre(t *testing.T) {
	for name, want := range map[string][]*ent.Session{"nil": nil, "empty": {}, "one": {{ID: uuid.New()}}} {
		t.Run(name, func(t *testing.T) {
			raw, err := cache.EncodeValue(want)
			testkit.Must(t, err)
			got, err := cache.DecodeValue[[]*ent.Session](raw)
			testkit.Must(t, err)
			if diff := cmp.Diff(want, got, unexported); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		})
	}
	if got, err := cache.DecodeValue[[]*ent.Session]([]byte{0x81, 0xf6}); err == nil {
		t.Fatalf("a list with a nil element became %v", got)
	}
}

func FuzzEntry(f *testing.F) {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	category := "guides"
	id := uuid.UUID{1, 2, 3}
	for _, v := range []any{
		&ent.Document{ID: id, Title: "第一篇", Tags: []string{"a", "b"}, Category: &category, CreatedAt: at, PublishedAt: &at},
		&ent.Session{ID: id, UserID: id, CreatedAt: at},
		page.IDs{Entries: []page.Entry{{ID: id, Sort: at.UnixMicro()}}, HasNext: true, Total: page.NotCounted},
		page.IDs{},
	} {
		value, err := cache.EncodeValue(v)
		testkit.Must(f, err)
		f.Add(cache.MakeFarEntry(false, at, []cache.Stamp{1, 1 << 63}, value).Encode())
	}
	f.Add(cache.MakeFarEntry(true, at, []cache.Stamp{3}, nil).Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := cache.DecodeEntry(raw)
		if err != nil {
			return
		}
		if again := e.Encode(); !bytes.Equal(raw, again) {
			t.Fatalf("%x became %x", raw, again)
		}
		if d := roundTrip[*ent.Document](t, e.Value()); d == nil {
			t.Fatal("a nil document was decoded")
		}
		if s := roundTrip[*ent.Session](t, e.Value()); s == nil {
			t.Fatal("a nil session was decoded")
		}
		roundTrip[page.IDs](t, e.Value())
	})
}

// roundTrip decodes a value and checks that what is encoded of it decodes to the same. It is new where it is none.
func roundTrip[V any](t *testing.T, raw []byte) V {
	t.Helper()
	v, err := cache.DecodeValue[V](raw)
	if err != nil {
		fresh, err := cache.DecodeValue[V]([]byte{0xa0}) // an empty map
		testkit.Must(t, err)
		return fresh
	}
	encoded, err := cache.EncodeValue(v)
	if err != nil {
		return v // such as a year that has no text
	}
	again, err := cache.DecodeValue[V](encoded)
	testkit.Must(t, err)
	if diff := cmp.Diff(v, again, unexported, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("another value (-first +again):\n%s", diff)
	}
	return v
}
