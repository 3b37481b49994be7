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
)

// In one process readers also wait for each other's loads.
func TestEveryHistoryInOneProcess(t *testing.T) {
	for _, h := range histories(make(actor, 2), make(actor, 3), make(actor, 3)) {
		synctest.Test(t, func(t *testing.T) {
			c := open(t, nil)
			id := uuid.New()
			s := newSource(id)
			write := actor{
				func() { s.write(id, "new") },
				func() {
					testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
					wantTitle(t, c, s, id, "new")
				},
			}
			r1, one := accompanied(t.Context(), c, s, id)
			r2, two := accompanied(t.Context(), c, s, id)
			history(h).play(write, one, two)
			synctest.Wait()
			if !r1.ended() || !r2.ended() {
				t.Fatalf("history %v: a reader never returns", h)
			}
			wantTitle(t, c, s, id, "new")
		})
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
}

// companion is a reader that may come to rest behind the load of another.
type companion struct {
	goOn, andFill chan struct{}
	done          <-chan fetching
}

func accompanied(ctx context.Context, c *kinds.Cache, s *source, id uuid.UUID) (*companion, actor) {
	r := &companion{goOn: make(chan struct{}), andFill: make(chan struct{})}
	load := func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		<-r.goOn
		values, err := s.load(ctx, keys)
		<-r.andFill
		return values, err
	}
	return r, actor{
		func() { r.done = fetch(ctx, c, id, load); synctest.Wait() },
		func() { close(r.goOn); synctest.Wait() },
		func() { close(r.andFill); synctest.Wait() },
	}
}

func (r *companion) ended() bool { return len(r.done) == 1 }
