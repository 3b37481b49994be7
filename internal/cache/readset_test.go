package cache_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/cache/readset"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestReceiptOfManyReads follows up to a thousand tags, however often the same keys are read.
func TestReceiptOfManyReads(t *testing.T) {
	c := cachetest.Open(t, nil)
	const most = readset.MaxSnapshots - 2 // in addition to the tags of the kind and of everything
	ids := cachetest.NewIDs(most + 1)
	s := cachetest.NewSource(ids...)
	read := func(ctx context.Context, ids []uuid.UUID) {
		t.Helper()
		_, err := cachetest.LookThenFetch(ctx, t, c.Documents, ids, s.Load)
		testkit.Must(t, err)
	}
	ctx, receipt := cachetest.Reading(t.Context(), c, true)
	other, few := cachetest.Reading(t.Context(), c, true)
	read(other, ids[:1])
	for range 10 {
		for chunk := range slices.Chunk(ids[:most], 100) {
			read(ctx, chunk)
		}
	}
	if !cachetest.Still(receipt) || !cachetest.Still(few) {
		t.Error("nothing has changed")
	}
	testkit.Must(t, c.Replace(ctx, []cache.Tag{kinds.DocumentTag(ids[most/2])}))
	if cachetest.Still(receipt) || !cachetest.Still(few) {
		t.Error("one document of a receipt has changed")
	}
	for _, n := range []int{most, most + 1} {
		ctx, receipt := cachetest.Reading(t.Context(), c, true)
		for chunk := range slices.Chunk(ids[:n], 70) {
			read(ctx, chunk)
		}
		if cachetest.Still(receipt) != (n == most) {
			t.Errorf("a receipt of %d documents holds: %v", n, cachetest.Still(receipt))
		}
	}
	cache.Untracked(other)
	if cachetest.Still(few) {
		t.Error("an answer holds that no cache follows")
	}
}

// TestReceiptEndsWithItsFirstEntry takes the earliest expiry, in whatever order the entries were read.
func TestReceiptEndsWithItsFirstEntry(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(2)
		s := cachetest.NewSource(ids[0]) // the other has nothing, for a minute
		for _, order := range [][]uuid.UUID{{ids[0], ids[1]}, {ids[1], ids[0]}} {
			for range 2 { // loaded, and from the near tier
				ctx, receipt := cachetest.Reading(t.Context(), c, true)
				_, err := cachetest.LookThenFetch(ctx, t, c.Documents, order, s.Load)
				testkit.Must(t, err)
				before := cachetest.Still(receipt)
				cachetest.Pass(25 * time.Second)
				if !before || !cachetest.Still(receipt) {
					t.Error("a receipt ends too early")
				}
			}
			ctx, receipt := cachetest.Reading(t.Context(), c, true)
			cachetest.Pass(25 * time.Second)
			_, err := cachetest.LookThenFetch(ctx, t, c.Documents, order, s.Load)
			testkit.Must(t, err)
			cachetest.Pass(2 * time.Minute)
			if cachetest.Still(receipt) {
				t.Error("a receipt outlives its first entry")
			}
		}
	})
}
