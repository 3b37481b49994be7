package background_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/background"
)

// TestPanics runs a worker again after it has panicked, and says so once for each time.
func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		var runs atomic.Int32
		g := background.NewGroup(t.Context(), slog.New(slog.NewTextHandler(&out, nil)))
		g.Start("sweeper", func(ctx context.Context) {
			if runs.Add(1) < 3 {
				panic("no rows")
			}
			<-ctx.Done()
		})
		synctest.Wait()
		if n := runs.Load(); n != 1 {
			t.Errorf("the worker ran %d times without a pause", n)
		}
		for range 2 {
			<-time.After(time.Second + time.Millisecond)
		}
		g.Stop()
		g.Stop()
		if said := strings.Count(out.String(), "worker=sweeper"); runs.Load() != 3 || said != 2 {
			t.Errorf("%d runs, %d lines: %s", runs.Load(), said, out.String())
		}
	})
}

// TestStop ends workers, those between two runs too, whatever became of the context of the group.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := background.NewGroup(ctx, slog.New(slog.DiscardHandler))
		var ended atomic.Bool
		g.Start("waits", func(ctx context.Context) {
			<-ctx.Done()
			ended.Store(true)
		})
		g.Start("ends", func(context.Context) {})
		g.Start("panics", func(context.Context) { panic("x") })
		cancel()
		synctest.Wait()
		if ended.Load() {
			t.Error("the end of the context has ended a worker")
		}
		if g.Stop(); !ended.Load() {
			t.Error("Stop has not waited")
		}
	})
}

// TestDetach does not wait for detached work at the end, and logs its panic.
func TestDetach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		g := background.NewGroup(t.Context(), slog.New(slog.NewTextHandler(&out, nil)))
		release := make(chan struct{})
		g.Detach("compiler", func(context.Context) {
			<-release
			panic("no memory")
		})
		g.Stop()
		close(release)
		synctest.Wait()
		if lines := strings.Count(out.String(), "worker=compiler"); lines != 1 {
			t.Errorf("%d lines: %s", lines, out.String())
		}
	})
}
