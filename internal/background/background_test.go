package background_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/background"
)

// TestPanics runs a worker again after it has panicked, and says so once for each time.
func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		g, runs := background.NewGroup(t.Context(), slog.New(slog.NewTextHandler(&out, nil))), 0
		g.Start("sweeper", func(ctx context.Context) {
			if runs++; runs < 3 {
				panic("no rows")
			}
			<-ctx.Done()
		})
		synctest.Wait()
		if runs != 1 {
			t.Errorf("the worker ran %d times without a pause", runs)
		}
		for range 2 {
			<-time.After(time.Second + time.Millisecond)
		}
		g.Stop()
		g.Stop()
		if said := strings.Count(out.String(), "worker=sweeper"); runs != 3 || said != 2 {
			t.Errorf("%d runs, %d lines: %s", runs, said, out.String())
		}
	})
}

// TestStop ends workers, those between two runs too, whatever became of the context of the group.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g, ended := background.NewGroup(ctx, slog.New(slog.DiscardHandler)), false
		g.Start("waits", func(ctx context.Context) {
			<-ctx.Done()
			ended = true
		})
		g.Start("ends", func(context.Context) {})
		g.Start("panics", func(context.Context) { panic("x") })
		cancel()
		synctest.Wait()
		if ended {
			t.Error("the end of the context has ended a worker")
		}
		if g.Stop(); !ended {
			t.Error("Stop has not waited")
		}
	})
}
