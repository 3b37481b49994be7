package app

import (
	"context"
	"log/slog"
	"time"

	"docsquare/graph"
	"docsquare/internal/cache"
	"docsquare/internal/counters"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/textusage"
)

// Start starts the workers. Without Redis, the server watches the database for what other processes write.
func (a *App) Start() {
	a.workers.Start("views", a.Interactions.Run)
	a.workers.Start("editor", a.Editor.Run)
	a.workers.Start("uploads", a.Uploads.Run)
	a.workers.Start("audit", a.Audit.Run)
	a.workers.Start("accounts", a.Accounts.Run)
	a.workers.Start("removals", a.Removals.Run)
	a.workers.Start("admin", func(ctx context.Context) { a.Admin.Run(ctx, a.Warm) })
	if a.outside != nil {
		a.workers.Start("issuer", a.outside.Run)
	}
	if a.Redis != nil {
		a.workers.Start("outbox", a.Store.Relay)
		a.workers.Start("redis", func(ctx context.Context) { a.Cache.Run(ctx, a.Store.Drain) })
		return
	}
	a.workers.Start("database", func(ctx context.Context) {
		a.Store.Watch(ctx, func(ctx context.Context) error { return a.Cache.Replace(ctx, []cache.Tag{cache.Everything}) })
	})
}

// Warm fills the cache with what clients request first, and with what they requested most in the last run.
func (a *App) Warm(ctx context.Context, progress func(done, total int)) error {
	return a.warming().Now(ctx, progress)
}

func (a *App) warming() graph.Warming {
	return graph.Warming{Sources: a.Sources, Remembered: a.hot.Remembered, Timeout: a.Config.RequestTimeout, Log: a.Log}
}

// Derive builds what is derived from the rows of the database: all of it, or what is missing or of another version.
func (a *App) Derive(ctx context.Context, all bool, progress func(name string, done, total int)) error {
	return a.Store.Derive(ctx, derivations(a.Store), all, progress)
}

// derivations returns everything that is derived from the rows of a database.
func derivations(s *store.Store) []store.Derivation {
	return []store.Derivation{
		{Name: "statistics", Version: counters.Version, Build: func(ctx context.Context, progress func(done, total int)) error {
			return counters.Rebuild(ctx, s, progress)
		}},
		{Name: "texts", Version: textusage.Version, Build: func(ctx context.Context, progress func(done, total int)) error {
			return textusage.Rebuild(ctx, s, progress)
		}},
		{Name: "search", Version: search.Version, Build: search.New(s).Rebuild},
	}
}

// LogProgress returns a function that logs the progress of derivations, once a second.
func LogProgress(ctx context.Context, log *slog.Logger) func(name string, done, total int) {
	var last time.Time
	return func(name string, done, total int) {
		if done < total && time.Since(last) > time.Second {
			last = time.Now()
			log.InfoContext(ctx, "rebuilding", "what", name, "done", done, "of", total)
		}
	}
}
