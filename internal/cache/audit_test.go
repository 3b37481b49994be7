package cache_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

func everyEntry(o *options) { o.Audit = 1 }

// TestAudit checks that the auditor accepts current entries, and finds an entry whose write was never announced.
func TestAudit(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		wantTitle(t, c, s, id, "old")
		wantTitle(t, c, s, id, "old")
		synctest.Wait()
		if got := c.Audit(); got != (cache.Audit{Ratio: 1, Compared: 1}) {
			t.Errorf("of an honest entry: %+v", got)
		}

		s.write(id, "new")
		wantTitle(t, c, s, id, "old")
		pass(time.Second)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		pass(time.Second)
		if got := c.Audit(); got.Compared != 2 || got.Stale != 0 || got.Oldest < 900*time.Millisecond || got.Oldest > 1100*time.Millisecond {
			t.Errorf("of a write that was told of a second later: %+v", got)
		}

		wantTitle(t, c, s, id, "new")
		s.write(id, "newer")
		wantTitle(t, c, s, id, "new")
		pass(3 * time.Second)
		if got := c.Audit(); got.Compared != 3 || got.Stale != 1 {
			t.Errorf("of a write without an invalidation: %+v", got)
		}
	}, everyEntry)
}

// Where the source is away nothing can be said; what may be stale by its kind is not compared.
func TestAuditLeavesOut(t *testing.T) {
	embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := newSource(id)
		wantTitle(t, c, s, id, "old")
		s.fail(errSource)
		wantTitle(t, c, s, id, "old")
		r := &ranking{}
		wantRanking(t, c, r.load, 1)
		wantRanking(t, c, r.load, 1)
		synctest.Wait()
		if got := c.Audit(); got != (cache.Audit{Ratio: 1}) {
			t.Errorf("%+v", got)
		}
	}, everyEntry)
}
