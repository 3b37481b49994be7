package cache_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// In one process readers also wait for each other's loads.
func TestEveryHistoryInOneProcess(t *testing.T) {
	for _, h := range cachetest.Histories(2, 3, 3) {
		synctest.Test(t, func(t *testing.T) {
			c := cachetest.Open(t, nil)
			id := uuid.New()
			s := cachetest.NewSource(id)
			write := cachetest.Actor{
				func() { s.Write(id, "new") },
				func() {
					testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
					cachetest.WantTitle(t, c, s, id, "new")
				},
			}
			r1, one := accompanied(t.Context(), c, s, id)
			r2, two := accompanied(t.Context(), c, s, id)
			h.Play(write, one, two)
			synctest.Wait()
			if !r1.ended() || !r2.ended() {
				t.Fatalf("history %v: a reader never returns", h)
			}
			cachetest.WantTitle(t, c, s, id, "new")
		})
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
}

// companion is a reader that may come to rest behind the load of another.
type companion struct {
	goOn, andFill chan struct{}
	done          <-chan cachetest.Fetched
}

func accompanied(ctx context.Context, c *kinds.Cache, s *cachetest.Source, id uuid.UUID) (*companion, cachetest.Actor) {
	r := &companion{goOn: make(chan struct{}), andFill: make(chan struct{})}
	load := func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		<-r.goOn
		values, err := s.Load(ctx, keys)
		<-r.andFill
		return values, err
	}
	return r, cachetest.Actor{
		func() { r.done = cachetest.Fetch(ctx, c, id, load); synctest.Wait() },
		func() { close(r.goOn); synctest.Wait() },
		func() { close(r.andFill); synctest.Wait() },
	}
}

func (r *companion) ended() bool { return len(r.done) == 1 }
