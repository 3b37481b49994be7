package cache_test

import (
	"testing"

	"docsquare/ent"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestReplaceTouchesItsTagsAlone invalidates one of two entries.
func TestReplaceTouchesItsTagsAlone(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(2)
	s := cachetest.NewSource(ids...)
	_, err := c.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	testkit.Must(t, c.Replace(t.Context(), kinds.Touched(&ent.Document{ID: ids[0]})))
	testkit.Must(t, c.Replace(t.Context(), nil))
	_, err = c.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	cachetest.WantLoads(t, s, ids[0], 2)
	cachetest.WantLoads(t, s, ids[1], 1)
}
