package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/nodeid"
	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestTitlesAreThoseThatEverybodySees names what keys are about, but no document that is not public.
func TestTitlesAreThoseThatEverybodySees(t *testing.T) {
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	global := func(typ nodeid.Type, name string) string {
		return nodeid.ID{Type: typ, UUID: servicetest.ID(name)}.String()
	}
	within := func(name string) string { return fmt.Sprintf("{List:{Of:%s Args:{Size:20}}}", servicetest.ID(name)) }
	want := map[string]string{
		global(nodeid.Document, "doc01"): "Document 1", global(nodeid.User, "ann"): "@ann", global(nodeid.Comment, "doc01/c1"): "comment on Document 1",
		within("doc02"): "第 2 篇文档", within("bob"): "@bob",
	}
	keys := []string{global(nodeid.Document, "secret"), global(nodeid.Document, "linked"), global(nodeid.Comment, "secret/c1"), global(nodeid.File, "report"), within("secret"), within("nothing"), "", "text"}
	for key := range want {
		keys = append(keys, key)
	}
	got, err := app.Titles(t.Context(), keys)
	testkit.Must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTitlesAreReadOnceAMinute reads a title again after a minute, and one that cannot be read is empty until then.
func TestTitlesAreReadOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var read []string
		f := feed(t, func(o *dashboard.Options) {
			o.Titles = func(_ context.Context, keys []string) (map[string]string, error) {
				read = append(read, keys...)
				if slices.Contains(keys, "broken") {
					return nil, errors.New("broken")
				}
				return map[string]string{keys[0]: "标题"}, nil
			}
		})
		for _, keys := range [][]string{{"a"}, {"a"}, {"a", "broken"}, {"a", "broken"}, {"broken"}} {
			got := f.TitlesOf(t.Context(), keys...)
			if want := map[string]string{"a": "标题"}[keys[0]]; got[keys[0]] != want || got["broken"] != "" {
				t.Errorf("%q: %q", keys, got)
			}
		}
		pass(time.Minute)
		f.TitlesOf(t.Context(), "broken")
		if want := []string{"a", "broken", "broken"}; !slices.Equal(read, want) {
			t.Errorf("read are %q, want %q", read, want)
		}
	})
}
