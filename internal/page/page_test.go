package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/internal/errs"
	"docsquare/internal/page"
)

const order = "created_at"

var place = page.Cursor{Sort: -5, ID: uuid.UUID{1, 15: 2}}

func TestNew(t *testing.T) {
	text := place.Text(order)
	for name, tc := range map[string]struct {
		first, last   *int
		after, before *string
		want          page.Args
	}{
		"nothing":  {want: page.Args{Size: page.DefaultSize}},
		"first":    {first: new(1), want: page.Args{Size: 1}},
		"most":     {first: new(100), want: page.Args{Size: 100}},
		"last":     {last: new(7), want: page.Args{Size: 7, Backward: true}},
		"after":    {after: &text, want: page.Args{Size: page.DefaultSize, After: place}},
		"between":  {last: new(3), after: &text, before: &text, want: page.Args{Size: 3, Backward: true, After: place, Before: place}},
		"backward": {last: new(3), before: &text, want: page.Args{Size: 3, Backward: true, Before: place}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := page.New(order, tc.first, tc.after, tc.last, tc.before)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			if head := tc.last == nil && tc.after == nil && tc.before == nil; got.Head() != head {
				t.Fatalf("head: %v", got.Head())
			}
		})
	}
}

func TestNewNamesTheArgumentToBlame(t *testing.T) {
	other, none, broken := place.Text("updated_at"), "", place.Text(order)+"\n"
	for name, tc := range map[string]struct {
		first, last   *int
		after, before *string
		field         string
	}{
		"no entries":        {first: new(0), field: "first"},
		"negative":          {first: new(-1), field: "first"},
		"too many":          {first: new(101), field: "first"},
		"none from behind":  {last: new(0), field: "last"},
		"too many of these": {last: new(101), field: "last"},
		"both":              {first: new(1), last: new(1), field: "last"},
		"empty cursor":      {after: &none, field: "after"},
		"another order":     {after: &other, field: "after"},
		"line break":        {after: &broken, field: "after"},
		"bad end":           {before: &other, field: "before"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := page.New(order, tc.first, tc.after, tc.last, tc.before)
			if e := errs.As(err); e == nil || e.Code != errs.BadUserInput || e.Field != tc.field || !strings.Contains(e.Message, tc.field) {
				t.Fatalf("want an error that names %s, got %v", tc.field, err)
			}
		})
	}
}

func TestKeysAndGroups(t *testing.T) {
	ids := page.IDs{Entries: []page.Entry{{ID: uuid.UUID{1}, Sort: 3}, {ID: uuid.UUID{2}}}}
	if diff := cmp.Diff([]uuid.UUID{{1}, {2}}, ids.Keys()); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if got := ids.Entries[0].Cursor(); got != (page.Cursor{Sort: 3, ID: uuid.UUID{1}}) {
		t.Fatalf("got %v", got)
	}
	a, b := page.Args{Size: 1}, page.Args{Size: 2}
	got := page.ByArgs([]page.List{{Of: uuid.UUID{1}, Args: a}, {Of: uuid.UUID{2}, Args: b}, {Of: uuid.UUID{3}, Args: a}})
	if diff := cmp.Diff(map[page.Args][]uuid.UUID{a: {{1}, {3}}, b: {{2}}}, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func FuzzCursor(f *testing.F) {
	for _, c := range []page.Cursor{place, {Sort: 1 << 62}, {ID: uuid.Max}, {}} {
		f.Add(c.Text(order), c.Sort, c.ID[:])
		f.Add(c.Text("popularity")+"\r\n", c.Sort, []byte{})
	}
	f.Fuzz(func(t *testing.T, text string, sort int64, id []byte) {
		if c, err := page.Parse(order, text); err == nil && c.Text(order) != text {
			t.Fatalf("%q was read as %q", text, c.Text(order))
		}
		c := page.Cursor{Sort: sort}
		copy(c.ID[:], id)
		written := c.Text(order)
		got, err := page.Parse(order, written)
		if c.Zero() != (err != nil) || got != c {
			t.Fatalf("%v became %v, %v", c, got, err)
		}
		if got, err := page.Parse("popularity", written); err == nil {
			t.Fatalf("a cursor of another order was read as %v", got)
		}
	})
}
