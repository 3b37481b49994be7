package cache_test

import (
	"testing"

	"docsquare/ent"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// TestReplaceTouchesItsTagsAlone invalidates one of two entries.
func TestReplaceTouchesItsTagsAlone(t *testing.T) {
	c := open(t, nil)
	ids := newIDs(2)
	s := newSource(ids...)
	_, err := c.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	testkit.Must(t, c.Replace(t.Context(), kinds.Touched(&ent.Document{ID: ids[0]})))
	testkit.Must(t, c.Replace(t.Context(), nil))
	_, err = c.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	wantLoads(t, s, ids[0], 2)
	wantLoads(t, s, ids[1], 1)
}
