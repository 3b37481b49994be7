package command

import (
	"context"
	"log/slog"
	"time"

	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/tally"
)

// Derivations is everything that is kept beside the rows of a database and can be made from them.
func Derivations(s *store.Store) []store.Derivation {
	return []store.Derivation{
		{Name: "statistics", Version: tally.Version, Build: func(ctx context.Context, progress func(done, total int)) error {
			return tally.Rebuild(ctx, s, progress)
		}},
		{Name: "search", Version: search.Version, Build: search.New(s).Rebuild},
	}
}

// LogProgress logs how far a derivation is, once a second.
func LogProgress(ctx context.Context, log *slog.Logger) func(name string, done, total int) {
	var last time.Time
	return func(name string, done, total int) {
		if done < total && time.Since(last) > time.Second {
			last = time.Now()
			log.InfoContext(ctx, "building anew", "what", name, "done", done, "of", total)
		}
	}
}
