package cache_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// inspected is what the cache says of an identifier, by kind.
func inspected(t *testing.T, c *kinds.Cache, id uuid.UUID) map[string]cache.Inspection {
	t.Helper()
	list, err := c.Inspect(t.Context(), id)
	testkit.Must(t, err)
	if !slices.IsSortedFunc(list, func(a, b cache.Inspection) int { return strings.Compare(a.Kind, b.Kind) }) {
		t.Errorf("the kinds are in no order: %+v", list)
	}
	found := map[string]cache.Inspection{}
	for _, i := range list {
		if found[i.Kind] = i; i.Key != id.String() {
			t.Errorf("%s: %q is not %s", i.Kind, i.Key, id)
		}
	}
	return found
}

// wantTags checks the names of the tags of a document, and gives the stamps.
func wantTags(t *testing.T, i cache.Inspection, id uuid.UUID) (near, far []string) {
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
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := newIDs(3)
		id, missing, never := ids[0], ids[1], ids[2]
		s := newSource(id)
		wantTitle(t, c, s, id, "old")
		wantTitle(t, c, s, missing, "")
		i := inspected(t, c, id)["document"]
		if i.Near == nil || i.Far != nil || !i.Near.Counts || i.Near.Absent || i.Near.Bytes <= 0 {
			t.Fatalf("%+v", i)
		}
		if left := time.Until(i.Near.Expires); left < 54*time.Minute || left > 66*time.Minute {
			t.Errorf("%v are left", left)
		}
		if _, far := wantTags(t, i, id); !slices.Equal(far, []string{"", "", ""}) {
			t.Errorf("stamps %q", far)
		}
		if absent := inspected(t, c, missing)["document"]; absent.Near == nil || !absent.Near.Absent || !absent.Near.Counts {
			t.Errorf("what is missing: %+v", absent)
		}
		if found := inspected(t, c, never); len(found) > 0 || s.loaded(never) > 0 {
			t.Errorf("an entry that was never requested: %+v", found)
		}
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		if i := inspected(t, c, id)["document"]; i.Near == nil || i.Near.Counts {
			t.Errorf("after a write: %+v", i)
		}
		if i := inspected(t, c, missing)["document"]; !i.Near.Counts {
			t.Errorf("after a write to another: %+v", i)
		}
		pass(2 * time.Hour)
		if found := inspected(t, c, id); len(found) > 0 {
			t.Errorf("past its time: %+v", found)
		}
	})
}

// TestInspectBothTiers shows both tiers side by side, with the stamps of both, before and after a write.
func TestInspectBothTiers(t *testing.T) {
	server := testkit.Redis(t)
	c, other := open(t, server), open(t, server, farOnly)
	ids := newIDs(2)
	id, missing := ids[0], ids[1]
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	wantTitle(t, c, s, missing, "")
	_, _, err := c.DocumentStats.One(t.Context(), id, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
		return nil, nil //nolint:nilnil // there is nothing
	})
	testkit.Must(t, err)
	c.Settle()

	found := inspected(t, c, id)
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
	if x := inspected(t, c, missing)["document"]; x.Near == nil || x.Far == nil || !x.Near.Absent || !x.Far.Absent || !x.Far.Counts {
		t.Errorf("what is missing: %+v", x)
	}
	if x := inspected(t, other, id)["document"]; x.Near != nil || x.Far == nil || !x.Far.Counts {
		t.Errorf("without a near tier: %+v", x)
	}

	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	i = inspected(t, c, id)["document"]
	if i.Near == nil || i.Far == nil || i.Near.Counts || i.Far.Counts {
		t.Errorf("after a write: near %+v, far %+v", i.Near, i.Far)
	}
	now, then := wantTags(t, i, id)
	if !slices.Equal(now, then) || now[0] == near[0] || !slices.Equal(now[1:], near[1:]) {
		t.Errorf("after a write the stamps are %q and %q, and were %q", now, then, near)
	}
	if x := inspected(t, c, id)["document_stats"]; !x.Near.Counts || !x.Far.Counts {
		t.Errorf("a write to another kind: %+v", x)
	}
}

// TestInspectChangesNothing reads in Redis and makes nothing there, not even the stamps that are missing, nor loads anything.
func TestInspectChangesNothing(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server)
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	c.Settle()
	raw := client(t, server)
	all := func() []string {
		keys, err := raw.Keys(t.Context(), server.Prefix+"*").Result()
		testkit.Must(t, err)
		slices.Sort(keys)
		return keys
	}
	before, asked := all(), c.Usage()
	for _, x := range append(newIDs(3), id) {
		if found := inspected(t, c, x); (len(found) > 0) != (x == id) {
			t.Errorf("%s: %+v", x, found)
		}
	}
	if after := all(); !slices.Equal(before, after) {
		t.Errorf("Redis has %q, and had %q", after, before)
	}
	for i, k := range c.Usage().Kinds {
		if k.Counts != asked.Kinds[i].Counts {
			t.Errorf("%s was counted: %+v", k.Name, k.Counts)
		}
	}
	wantLoads(t, s, id, 1)
}

// TestInspectOfWhatIsNoEntry passes over what stands in Redis and cannot be read.
func TestInspectOfWhatIsNoEntry(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server, farOnly)
	raw := client(t, server)
	for what, put := range map[string]func(key string) error{
		"rubbish":   func(key string) error { return raw.Set(t.Context(), key, "rubbish", time.Minute).Err() },
		"nothing":   func(key string) error { return raw.Set(t.Context(), key, "", time.Minute).Err() },
		"of a list": func(key string) error { return raw.RPush(t.Context(), key, "x").Err() },
	} {
		id := uuid.New()
		testkit.Must(t, put(server.Prefix+layoutPrefix+c.Documents.FarKey(id)))
		if found := inspected(t, c, id); len(found) > 0 {
			t.Errorf("%s: %+v", what, found)
		}
	}
	if got := c.State(); got != "ok" {
		t.Errorf("Redis is %s", got)
	}
}

// TestKindTagEmptiesItsKind makes the entries of one kind invalid in both tiers and on every instance, and those alone.
func TestKindTagEmptiesItsKind(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := newIDs(5)
	s := newSource(ids...)
	stats := func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) { return nil, nil } //nolint:nilnil // there is nothing
	for _, c := range []*kinds.Cache{here, there} {
		_, err := c.Documents.Fetch(t.Context(), ids, s.load)
		testkit.Must(t, err)
		_, err = c.DocumentStats.Fetch(t.Context(), ids, stats)
		testkit.Must(t, err)
		c.Settle()
	}
	testkit.Must(t, here.Replace(t.Context(), []cache.Tag{cache.KindTag("document")}))
	for _, c := range []*kinds.Cache{here, there} {
		for _, id := range ids {
			testkit.Eventually(t, "the write is heard of", func() bool { return !c.Documents.InNear(id) })
			found := inspected(t, c, id)
			if d := found["document"]; d.Near == nil || d.Near.Counts || d.Far == nil || d.Far.Counts {
				t.Errorf("a document still counts: %+v, %+v", d.Near, d.Far)
			}
			if d := found["document_stats"]; d.Near == nil || !d.Near.Counts || d.Far == nil || !d.Far.Counts {
				t.Errorf("its statistics do not count: %+v, %+v", d.Near, d.Far)
			}
		}
	}
	for _, id := range ids {
		s.write(id, "new")
		wantTitle(t, there, s, id, "new")
		there.Settle()
		wantTitle(t, here, s, id, "new")
		wantLoads(t, s, id, 2)
	}
}
