package command

import (
	"context"

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
