package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestWriteWaitsForWhatItHasSeen has a write find what another one has committed and not yet invalidated. Whether it fails for that or has
// nothing left to do, it returns after the invalidation: its caller must not read anything older than what it was answered for.
func TestWriteWaitsForWhatItHasSeen(t *testing.T) {
	const rounds = 20
	refused := errors.New("it is there already")
	for _, dialect := range dialects {
		for how, answer := range map[string]error{"fails": refused, "does nothing": nil} {
			t.Run(dialect+"/"+how, func(t *testing.T) {
				var seen chan struct{}
				var invalidated atomic.Bool
				var s *store.Store
				inv := quiet()
				inv.Replace = func(ctx context.Context, tags []string) error {
					if len(tags) == 0 {
						return nil
					}
					<-seen
					_, err := s.DB.Tag.Query().Count(ctx) // takes longer than the other write needs to return
					invalidated.Store(true)
					return err
				}
				s, err := store.Open(t.Context(), testkit.Database(t, dialect), inv, silent)
				testkit.Must(t, err)
				defer shut(s)
				for round := range rounds {
					name := fmt.Sprint("round ", round)
					seen = make(chan struct{})
					invalidated.Store(false)
					first := make(chan error, 1)
					go func() {
						first <- s.Write(t.Context(), func(tx *store.Tx) error { return named(t.Context(), tx, name) })
					}()
					testkit.Eventually(t, "the first write", func() bool { return s.DB.Tag.Query().Where(tag.Name(name)).ExistX(t.Context()) })
					err := s.Write(t.Context(), func(tx *store.Tx) error {
						defer close(seen)
						if found, err := tx.Tag.Query().Where(tag.Name(name)).Exist(t.Context()); err != nil || !found {
							t.Errorf("found is %t, %v", found, err)
						}
						return answer
					})
					if !errors.Is(err, answer) || !invalidated.Load() {
						t.Errorf("the second write returned %v, invalidated is %t", err, invalidated.Load())
					}
					testkit.Must(t, testkit.Receive(t, "the first write", first))
				}
			})
		}
	}
}
