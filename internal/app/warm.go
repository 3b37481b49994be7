package app

import (
	"context"

	"docsquare/graph"
)

// Start starts the workers.
func (a *App) Start() { a.Site.Start(a.Warm) }

// Warm fills the cache with what clients request first, and with what they requested most in the last run.
func (a *App) Warm(ctx context.Context, progress func(done, total int)) error {
	return a.warming().Now(ctx, progress)
}

func (a *App) warming() graph.Warming {
	return graph.Warming{Sources: a.Sources, Remembered: a.hot.Remembered, Timeout: a.Config.RequestTimeout, Log: a.Log}
}
