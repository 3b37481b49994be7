// Package testkit owns what tests stand on: real servers of their own or shared, and patience. It knows little of the
// product, so that every package may use it; the application over these servers is apptest's. It is imported by tests only.
package testkit

import (
	"context"
	"path/filepath"
	"testing"

	"docsquare/internal/kinds"
)

// Must ends the test on an error.
func Must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Database opens an empty database of the dialect "sqlite" or "postgres" and gives its URL.
func Database(tb testing.TB, dialect string) string {
	tb.Helper()
	if dialect == "postgres" {
		return Postgres(tb)
	}
	return "sqlite://" + filepath.Join(tb.TempDir(), "test.db")
}

// Run has a cache use its Redis until the end of the test, as the server does.
func Run(tb testing.TB, c *kinds.Cache, drain func(context.Context) error) {
	tb.Helper()
	Work(tb, func(ctx context.Context) { c.Run(ctx, drain) })
	Must(tb, c.Ready(tb.Context()))
}

// Work has a worker run until the end of the test.
func Work(tb testing.TB, run func(context.Context)) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(ctx)
	}()
	tb.Cleanup(func() {
		cancel()
		<-ended
	})
}
