package ops_test

import (
	"slices"
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestHottest returns the most requested keys first, without those that have no value or were invalidated.
func TestHottest(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(40)
		s := cachetest.NewSource(ids[:39]...)
		_, err := c.Documents.Fetch(t.Context(), ids, s.Load)
		testkit.Must(t, err)
		for i, id := range ids[:3] {
			for range 400 * (3 - i) {
				cachetest.WantTitle(t, c, s, id, "old")
			}
		}
		cachetest.WantTitle(t, c, s, ids[3], "old")
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(ids[4])}))
		hottest := ops.Hottest(c.Documents, 50)
		if len(hottest) != 38 || !slices.Equal(hottest[:3], ids[:3]) {
			t.Errorf("the hottest of %v are %v", ids, hottest)
		}
		if slices.Contains(hottest, ids[4]) || slices.Contains(hottest, ids[39]) {
			t.Errorf("%v have no value", hottest)
		}
		if got := ops.Hottest(c.Documents, 2); !slices.Equal(got, ids[:2]) {
			t.Errorf("the two hottest are %v", got)
		}
		if got := ops.Hottest(c.Users, 2); len(got) > 0 {
			t.Errorf("users: %v", got)
		}
	})
	without := cachetest.Open(t, nil, cachetest.FarOnly)
	if got := ops.Hottest(without.Documents, 2); len(got) > 0 {
		t.Errorf("without a near tier: %v", got)
	}
}

// TestHotKeysOfLook counts a key once, whether Look or Fetch answers it.
func TestHotKeysOfLook(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(3)
	s := cachetest.NewSource(ids...)
	const times = 20_000
	for range times {
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(ids[0])}))
		_, err := cachetest.LookThenFetch(t.Context(), t, c.Documents, ids, s.Load)
		testkit.Must(t, err)
	}
	for _, k := range c.HotKeys(3) {
		if k.Requests < times*8/10 || k.Requests > times*12/10 {
			t.Errorf("%d requests were counted as %d", times, k.Requests)
		}
	}
}
