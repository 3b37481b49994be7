package redis_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestInspectChangesNothing reads in Redis and makes nothing there, not even the stamps that are missing, nor loads anything.
func TestInspectChangesNothing(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	c.Settle()
	raw := client(t, server)
	all := func() []string {
		keys, err := raw.Keys(t.Context(), server.Prefix+"*").Result()
		testkit.Must(t, err)
		slices.Sort(keys)
		return keys
	}
	before, asked := all(), c.Usage()
	for _, x := range append(cachetest.NewIDs(3), id) {
		if found := cachetest.Inspected(t, c, x); (len(found) > 0) != (x == id) {
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
	cachetest.WantLoads(t, s, id, 1)
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
		testkit.Must(t, put(server.Prefix+layoutPrefix+cachetest.FarKey(c.Documents, id)))
		if found := cachetest.Inspected(t, c, id); len(found) > 0 {
			t.Errorf("%s: %+v", what, found)
		}
	}
	if got := c.State(); got != "ok" {
		t.Errorf("Redis is %s", got)
	}
}
