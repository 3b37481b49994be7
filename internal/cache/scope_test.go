package cache_test

import (
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/cache/readset"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestFillsOfAnOperationAreOneRoundTrip collects the fills of an operation.
func TestFillsOfAnOperationAreOneRoundTrip(t *testing.T) {
	store := cachetest.NewMemory()
	c, ids := cachetest.Open(t, store.Tier()), cachetest.NewIDs(3)
	ctx, rec := record.With(t.Context())
	ctx, scope := cachetest.Operation(ctx, c, true)
	for _, id := range ids {
		_, _, err := c.Users.One(ctx, id, cachetest.Users)
		testkit.Must(t, err)
		_, _, err = c.Comments.One(ctx, id, cachetest.Comments)
		testkit.Must(t, err)
	}
	user, comment := cachetest.FarKey(c.Users, ids[0]), cachetest.FarKey(c.Comments, ids[2])
	if store.Entry(user) != nil {
		t.Error("filled before the end")
	}
	scope.Fill(ctx)
	scope.Fill(ctx) // twice does no harm
	if got := cachetest.RoundTrips(rec); got != 6+1 {
		t.Errorf("%d round trips, want six reads and one fill", got)
	}
	c.Settle()
	if store.Entry(user) == nil || store.Entry(comment) == nil {
		t.Error("the fills are not in the far tier")
	}
}

// TestScopeOfAnOperation has what the operation has read and written.
func TestScopeOfAnOperation(t *testing.T) {
	c, ids := cachetest.Open(t, cachetest.NewMemory().Tier()), cachetest.NewIDs(3)
	ctx, s := cachetest.Operation(t.Context(), c, true)
	for range 2 {
		_, err := c.Users.Fetch(ctx, ids, cachetest.Users)
		testkit.Must(t, err)
	}
	got := s.ReadSet().Reads()
	if got.LoadedBytes < 3*64 || got.LoadedBytes > 3*4096 {
		t.Errorf("three users have %d bytes", got.LoadedBytes)
	}
	if got.LoadedBytes = 0; got != (readset.Reads{Near: 3, Loads: 3}) {
		t.Errorf("read %+v", got)
	}
	if v := s.Version(); v != "" {
		t.Errorf("version %q before a write", v)
	}
	testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.UserTag(ids[0])}))
	if v := s.Version(); v == "" || !c.Far().Reached(ctx, v) {
		t.Errorf("version %q of the write", v)
	}
	if cachetest.Still(s.ReadSet()) {
		t.Error("the read set outlives a write to what was read")
	}
}

// TestWriteOfManyTags invalidates everything instead of each tag.
func TestWriteOfManyTags(t *testing.T) {
	c := cachetest.Open(t, nil)
	ids := cachetest.NewIDs(5000)
	s := cachetest.NewSource(ids[0])
	cachetest.WantTitle(t, c, s, ids[0], "old")
	tags := make([]cache.Tag, 0, len(ids))
	for _, id := range ids[1:] {
		tags = append(tags, kinds.DocumentTag(id))
	}
	testkit.Must(t, c.Replace(t.Context(), tags[:4096]))
	if !cachetest.InNear(c.Documents, ids[0]) {
		t.Error("a write to 4096 other documents has invalidated the document")
	}
	testkit.Must(t, c.Replace(t.Context(), tags))
	if cachetest.InNear(c.Documents, ids[0]) {
		t.Error("a write of more tags has not invalidated everything")
	}
}
