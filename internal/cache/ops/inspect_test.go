package ops_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// wantTags checks the names of the tags of a document, and gives the stamps.
func wantTags(t *testing.T, i ops.Inspection, id uuid.UUID) (near, far []string) {
	t.Helper()
	var names []string
	for _, tag := range i.Tags {
		names, near, far = append(names, tag.Name), append(near, tag.Near), append(far, tag.Far)
	}
	if want := []string{kinds.DocumentTag(id), cache.KindTag("document"), cache.Everything}; !slices.Equal(names, want) {
		t.Fatalf("it rests on %q, want %q", names, want)
	}
	return near, far
}

// TestInspectWithoutRedis shows what the process has: whether it counts, until when, and that a write has touched it.
func TestInspectWithoutRedis(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(3)
		id, missing, never := ids[0], ids[1], ids[2]
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, c, s, id, "old")
		cachetest.WantTitle(t, c, s, missing, "")
		i := cachetest.Inspected(t, c, id)["document"]
		if i.Near == nil || i.Far != nil || !i.Near.Counts || i.Near.Absent || i.Near.Bytes <= 0 {
			t.Fatalf("%+v", i)
		}
		if left := time.Until(i.Near.Expires); left < 54*time.Minute || left > 66*time.Minute {
			t.Errorf("%v are left", left)
		}
		if _, far := wantTags(t, i, id); !slices.Equal(far, []string{"", "", ""}) {
			t.Errorf("stamps %q", far)
		}
		if absent := cachetest.Inspected(t, c, missing)["document"]; absent.Near == nil || !absent.Near.Absent || !absent.Near.Counts {
			t.Errorf("what is missing: %+v", absent)
		}
		if found := cachetest.Inspected(t, c, never); len(found) > 0 || s.Loaded(never) > 0 {
			t.Errorf("an entry that was never requested: %+v", found)
		}
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		if i := cachetest.Inspected(t, c, id)["document"]; i.Near == nil || i.Near.Counts {
			t.Errorf("after a write: %+v", i)
		}
		if i := cachetest.Inspected(t, c, missing)["document"]; !i.Near.Counts {
			t.Errorf("after a write to another: %+v", i)
		}
		cachetest.Pass(2 * time.Hour)
		if found := cachetest.Inspected(t, c, id); len(found) > 0 {
			t.Errorf("past its time: %+v", found)
		}
	})
}

// TestInspectBothTiers shows both tiers side by side, with the stamps of both, before and after a write.
func TestInspectBothTiers(t *testing.T) {
	store := cachetest.NewMemory()
	c, other := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	ids := cachetest.NewIDs(2)
	id, missing := ids[0], ids[1]
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	cachetest.WantTitle(t, c, s, missing, "")
	_, _, err := c.DocumentStats.One(t.Context(), id, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
		return nil, nil //nolint:nilnil // there is nothing
	})
	testkit.Must(t, err)
	c.Settle()

	found := cachetest.Inspected(t, c, id)
	i, stats := found["document"], found["document_stats"]
	if len(found) != 2 || stats.Near == nil || !stats.Near.Absent || stats.Far == nil || !stats.Far.Absent {
		t.Fatalf("%+v", found)
	}
	if i.Near == nil || i.Far == nil || !i.Near.Counts || !i.Far.Counts || i.Near.Absent || i.Far.Absent || i.Far.Bytes <= 0 {
		t.Fatalf("near %+v, far %+v", i.Near, i.Far)
	}
	if d := i.Near.Expires.Sub(i.Far.Expires).Abs(); d > time.Second {
		t.Errorf("the tiers are %v apart", d)
	}
	near, far := wantTags(t, i, id)
	if !slices.Equal(near, far) || slices.Contains(far, "") {
		t.Errorf("stamps %q and %q", near, far)
	}
	if x := cachetest.Inspected(t, c, missing)["document"]; x.Near == nil || x.Far == nil || !x.Near.Absent || !x.Far.Absent || !x.Far.Counts {
		t.Errorf("what is missing: %+v", x)
	}
	if x := cachetest.Inspected(t, other, id)["document"]; x.Near != nil || x.Far == nil || !x.Far.Counts {
		t.Errorf("without a near tier: %+v", x)
	}

	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	i = cachetest.Inspected(t, c, id)["document"]
	if i.Near == nil || i.Far == nil || i.Near.Counts || i.Far.Counts {
		t.Errorf("after a write: near %+v, far %+v", i.Near, i.Far)
	}
	now, then := wantTags(t, i, id)
	if !slices.Equal(now, then) || now[0] == near[0] || !slices.Equal(now[1:], near[1:]) {
		t.Errorf("after a write the stamps are %q and %q, and were %q", now, then, near)
	}
	if x := cachetest.Inspected(t, c, id)["document_stats"]; !x.Near.Counts || !x.Far.Counts {
		t.Errorf("a write to another kind: %+v", x)
	}
}

// TestKindTagEmptiesItsKind makes the entries of one kind invalid in both tiers and on every instance, and those alone.
func TestKindTagEmptiesItsKind(t *testing.T) {
	store := cachetest.NewMemory()
	here, there := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier())
	ids := cachetest.NewIDs(5)
	s := cachetest.NewSource(ids...)
	stats := func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) { return nil, nil } //nolint:nilnil // there is nothing
	for _, c := range []*kinds.Cache{here, there} {
		_, err := c.Documents.Fetch(t.Context(), ids, s.Load)
		testkit.Must(t, err)
		_, err = c.DocumentStats.Fetch(t.Context(), ids, stats)
		testkit.Must(t, err)
		c.Settle()
	}
	testkit.Must(t, here.Replace(t.Context(), []cache.Tag{cache.KindTag("document")}))
	for _, c := range []*kinds.Cache{here, there} {
		for _, id := range ids {
			testkit.Eventually(t, "the write is heard of", func() bool { return !cachetest.InNear(c.Documents, id) })
			found := cachetest.Inspected(t, c, id)
			if d := found["document"]; d.Near == nil || d.Near.Counts || d.Far == nil || d.Far.Counts {
				t.Errorf("a document still counts: %+v, %+v", d.Near, d.Far)
			}
			if d := found["document_stats"]; d.Near == nil || !d.Near.Counts || d.Far == nil || !d.Far.Counts {
				t.Errorf("its statistics do not count: %+v, %+v", d.Near, d.Far)
			}
		}
	}
	for _, id := range ids {
		s.Write(id, "new")
		cachetest.WantTitle(t, there, s, id, "new")
		there.Settle()
		cachetest.WantTitle(t, here, s, id, "new")
		cachetest.WantLoads(t, s, id, 2)
	}
}
