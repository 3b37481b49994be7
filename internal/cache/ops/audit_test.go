package ops_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestAudit checks that the auditor accepts current entries, and finds an entry whose write was never announced.
func TestAudit(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, c, s, id, "old")
		cachetest.WantTitle(t, c, s, id, "old")
		synctest.Wait()
		if got := c.Audit(); got != (ops.Audit{Ratio: 1, Compared: 1}) {
			t.Errorf("of an honest entry: %+v", got)
		}

		s.Write(id, "new")
		cachetest.WantTitle(t, c, s, id, "old")
		cachetest.Pass(time.Second)
		testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		cachetest.Pass(time.Second)
		if got := c.Audit(); got.Compared != 2 || got.Stale != 0 || got.Oldest < 900*time.Millisecond || got.Oldest > 1100*time.Millisecond {
			t.Errorf("of a write that was told of a second later: %+v", got)
		}

		cachetest.WantTitle(t, c, s, id, "new")
		s.Write(id, "newer")
		cachetest.WantTitle(t, c, s, id, "new")
		cachetest.Pass(3 * time.Second)
		if got := c.Audit(); got.Compared != 3 || got.Stale != 1 {
			t.Errorf("of a write without an invalidation: %+v", got)
		}
	}, cachetest.EveryEntry)
}

// Where the source is away nothing can be said; what may be stale by its kind is not compared.
func TestAuditLeavesOut(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, c, s, id, "old")
		s.Fail(cachetest.ErrSource)
		cachetest.WantTitle(t, c, s, id, "old")
		r := &cachetest.Ranking{}
		cachetest.WantRanking(t, c, r.Load, 1)
		cachetest.WantRanking(t, c, r.Load, 1)
		synctest.Wait()
		if got := c.Audit(); got != (ops.Audit{Ratio: 1}) {
			t.Errorf("%+v", got)
		}
	}, cachetest.EveryEntry)
}

// TestLookKeepsTheShareOfAudits audits the declared share of what is served, although Look leaves audits to Fetch.
func TestLookKeepsTheShareOfAudits(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		ids := cachetest.NewIDs(1)
		s := cachetest.NewSource(ids...)
		const reads = 3000
		for range reads {
			_, err := cachetest.LookThenFetch(t.Context(), t, c.Documents, ids, s.Load)
			testkit.Must(t, err)
			synctest.Wait()
		}
		if got := c.Audit(); got.Compared < reads/10-100 || got.Compared > reads/10+100 {
			t.Errorf("%d audits of %d reads, want a tenth", got.Compared, reads)
		}
	}, func(o *kinds.Options) { o.Audit = .1 })
}
