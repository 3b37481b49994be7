package turns_test

import (
	"context"
	"testing"
	"testing/synctest"

	"docsquare/internal/cache/turns"
)

// TestTurns has one caller work for a key while another waits.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := turns.New[string]()
		one, ok := all.Take(t.Context(), "a")
		if _, other := all.Take(t.Context(), "b"); !ok || !other || one.Awaited() {
			t.Fatal("keys are in each other's way")
		}
		waited := make(chan bool, 1)
		go func() {
			_, ok := all.Take(t.Context(), "a")
			waited <- ok
		}()
		synctest.Wait()
		if !one.Awaited() || len(waited) > 0 {
			t.Error("the turn is not awaited")
		}
		one.End()
		one.End()
		if <-waited {
			t.Error("the one who has waited has a turn")
		}
		two, ok := all.Take(t.Context(), "a")
		one.End()
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if again, other := all.Take(ended, "a"); !ok || other || again.Awaited() || !two.Awaited() {
			t.Error("an ended turn has ended another")
		}
	})
}
