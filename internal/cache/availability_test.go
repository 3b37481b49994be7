package cache_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestFarTierIsCutOff answers from the source while the far tier is away, keeps entries for a second at most, and finds nothing that was
// written in the meantime.
func TestFarTierIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := cachetest.NewMemory()
		tier := store.Tier()
		here, there := cachetest.Open(t, tier), cachetest.Open(t, store.Tier())
		id := uuid.New()
		s := cachetest.NewSource(id)
		cachetest.WantTitle(t, here, s, id, "old")
		var unsure int
		defer here.Watch(kinds.DocumentTag(id), func(sure bool) {
			if !sure {
				unsure++
			}
		})()

		tier.Cut()
		if here.State() != cache.Degraded || cachetest.InNear(here.Documents, id) {
			t.Fatalf("the far tier is %s, in the near tier: %v", here.State(), cachetest.InNear(here.Documents, id))
		}
		if err := here.Replace(t.Context(), []cache.Tag{"something"}); err == nil {
			t.Error("a write that the far tier did not hear of was no error")
		}
		s.Write(id, "new")
		testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
		cachetest.WantTitle(t, here, s, id, "new")
		s.Write(id, "newer")
		cachetest.WantTitle(t, here, s, id, "new")
		cachetest.Pass(1100 * time.Millisecond)
		cachetest.WantTitle(t, here, s, id, "newer")

		tier.Restore()
		synctest.Wait()
		if here.State() != cache.OK || cachetest.InNear(here.Documents, id) || unsure == 0 {
			t.Errorf("the far tier is %s, in the near tier: %v, watchers were called %d times", here.State(), cachetest.InNear(here.Documents, id), unsure)
		}
		testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)})) // as the outbox does
		cachetest.WantTitle(t, here, s, id, "newer")
	})
}

// TestRecoveryWaitsForTheOutbox uses the far tier only after the outbox is delivered, and not if another failure came in between.
func TestRecoveryWaitsForTheOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tier := cachetest.NewMemory().Tier()
		c := kinds.New(kinds.Options{Options: cache.Options{Far: tier}})
		t.Cleanup(c.Close)
		delivered := make(chan error)
		testkit.Work(t, func(ctx context.Context) { c.Run(ctx, func(context.Context) error { return <-delivered }) })
		synctest.Wait()
		if c.State() != cache.Degraded {
			t.Fatalf("the far tier is %s before the outbox is delivered", c.State())
		}
		tier.Cut()
		tier.Restore()
		delivered <- nil // of the first attempt
		synctest.Wait()
		if c.State() != cache.Degraded {
			t.Fatalf("the far tier is %s after it failed during its recovery", c.State())
		}
		delivered <- nil
		synctest.Wait()
		if c.State() != cache.OK {
			t.Errorf("the far tier is %s", c.State())
		}
	})
}

// TestInstanceThatIsBehind reads past the cache for a client that has seen a write of which the instance has not heard.
func TestInstanceThatIsBehind(t *testing.T) {
	store := cachetest.NewMemory()
	tier := store.Tier()
	here, there := cachetest.Open(t, tier), cachetest.Open(t, store.Tier())
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, here, s, id, "old")
	tier.FallBehind()
	ctx, scope := cachetest.Operation(t.Context(), there, false)
	s.Write(id, "new")
	testkit.Must(t, there.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}))
	cachetest.WantTitle(t, here, s, id, "old")
	read := func() string {
		d, _, err := here.Documents.One(here.NotBefore(t.Context(), scope.Version()), id, s.Load)
		testkit.Must(t, err)
		return d.Title
	}
	if got := read(); got != "new" {
		t.Errorf("a client that knows of the write reads %q", got)
	}
	tier.CatchUp()
	before := s.Loaded(id)
	for range 2 {
		if got := read(); got != "new" || s.Loaded(id) > before+1 {
			t.Errorf("after it has heard of the write: %q, %d loads", got, s.Loaded(id)-before)
		}
	}
}
