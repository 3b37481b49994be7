package codec_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache/codec"
	"docsquare/internal/cache/tags"
	"docsquare/internal/page"
	"docsquare/internal/testkit"
)

var unexported = cmpopts.IgnoreUnexported(ent.Document{}, ent.DocumentEdges{}, ent.Session{}, ent.SessionEdges{})

// decodeValue is codec.DecodeValue with its type.
func decodeValue[V any](raw []byte) (value V, err error) {
	read, err := codec.DecodeValue(reflect.TypeFor[V](), raw)
	if err == nil {
		value, _ = read.(V)
	}
	return value, err
}

func TestListsKeepWhatTheyAre(t *testing.T) {
	for name, want := range map[string][]*ent.Session{"nil": nil, "empty": {}, "one": {{ID: uuid.New()}}} {
		t.Run(name, func(t *testing.T) {
			raw, err := codec.EncodeValue(want)
			testkit.Must(t, err)
			got, err := decodeValue[[]*ent.Session](raw)
			testkit.Must(t, err)
			if diff := cmp.Diff(want, got, unexported); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		})
	}
	if got, err := decodeValue[[]*ent.Session]([]byte{0x81, 0xf6}); err == nil {
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
		value, err := codec.EncodeValue(v)
		testkit.Must(f, err)
		f.Add(codec.Entry{Expires: at, Stamps: []tags.Stamp{1, 1 << 63}, Value: value}.Encode())
	}
	f.Add(codec.Entry{Absent: true, Expires: at, Stamps: []tags.Stamp{3}}.Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := codec.Decode(raw)
		if err != nil {
			return
		}
		if again := e.Encode(); !bytes.Equal(raw, again) {
			t.Fatalf("%x became %x", raw, again)
		}
		if d := roundTrip[*ent.Document](t, e.Value); d == nil {
			t.Fatal("a nil document was decoded")
		}
		if s := roundTrip[*ent.Session](t, e.Value); s == nil {
			t.Fatal("a nil session was decoded")
		}
		roundTrip[page.IDs](t, e.Value)
	})
}

// roundTrip decodes a value and checks that what is encoded of it decodes to the same. It is new where it is none.
func roundTrip[V any](t *testing.T, raw []byte) V {
	t.Helper()
	v, err := decodeValue[V](raw)
	if err != nil {
		fresh, err := decodeValue[V]([]byte{0xa0}) // an empty map
		testkit.Must(t, err)
		return fresh
	}
	encoded, err := codec.EncodeValue(v)
	if err != nil {
		return v // such as a year that has no text
	}
	again, err := decodeValue[V](encoded)
	testkit.Must(t, err)
	if diff := cmp.Diff(v, again, unexported, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("another value (-first +again):\n%s", diff)
	}
	return v
}
