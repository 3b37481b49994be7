package services

import (
	"context"
	"log/slog"
	"time"

	"docsquare/internal/cache"
	"docsquare/internal/counters"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/fileuse"
	"docsquare/internal/search"
	"docsquare/internal/store"
)

// Start starts the workers; warm is what an administrator may have filled in the cache. Without Redis, the site watches the database for
// what other processes write.
func (s *Site) Start(warm func(ctx context.Context, progress func(done, total int)) error) {
	s.Workers.Start("views", s.Interactions.Run)
	s.Workers.Start("editor", s.Editor.Run)
	s.Workers.Start("uploads", s.Uploads.Run)
	s.Workers.Start("audit", s.Audit.Run)
	s.Workers.Start("accounts", s.Accounts.Run)
	s.Workers.Start("removals", s.Removals.Run)
	s.Workers.Start("search", func(ctx context.Context) { search.New(s.Store).RunMerges(ctx, s.Log) })
	s.Workers.Start("admin", func(ctx context.Context) { s.Admin.Run(ctx, warm) })
	if s.outside != nil {
		s.Workers.Start("issuer", s.outside.Run)
	}
	if s.Redis != nil {
		s.Workers.Start("outbox", s.Store.Relay)
		s.Workers.Start("redis", func(ctx context.Context) { s.Cache.Run(ctx, s.Store.Drain) })
		return
	}
	s.Workers.Start("database", func(ctx context.Context) {
		s.Store.Watch(ctx, func(ctx context.Context) error { return s.Cache.Replace(ctx, []cache.Tag{cache.Everything}) })
	})
}

// Derive builds what is derived from the rows of the database: all of it, or what is missing or of another version.
func (s *Site) Derive(ctx context.Context, all bool, progress func(name string, done, total int)) error {
	return s.Store.Derive(ctx, derivations(s.Store), all, progress)
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
		{Name: "files of documents", Version: fileuse.Version, Build: func(ctx context.Context, progress func(done, total int)) error {
			return fileuse.Rebuild(ctx, s, progress)
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
