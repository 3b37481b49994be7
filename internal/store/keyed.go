package store

import (
	"context"

	"github.com/google/uuid"

	"docsquare/internal/page"
)

// ByKey is rows by a key of theirs.
func ByKey[K comparable, V any](rows []V, key func(V) K) map[K]V {
	out := make(map[K]V, len(rows))
	for _, r := range rows {
		out[key(r)] = r
	}
	return out
}

// PagesOf loads pages of the lists of a listing: one statement for all that want the same page.
func PagesOf(s *Store, l Listing) func(ctx context.Context, lists []page.List) (map[page.List]page.IDs, error) {
	return func(ctx context.Context, lists []page.List) (map[page.List]page.IDs, error) {
		out := make(map[page.List]page.IDs, len(lists))
		for args, parents := range page.ByArgs(lists) {
			pages, err := l.Pages(ctx, s, parents, args)
			if err != nil {
				return nil, err
			}
			for of, p := range pages {
				out[page.List{Of: of, Args: args}] = p
			}
		}
		return out, nil
	}
}

// CountsOf loads how many entries the lists of a listing have, one statement for all.
func CountsOf(s *Store, l Listing) func(ctx context.Context, parents []uuid.UUID) (map[uuid.UUID]int, error) {
	return func(ctx context.Context, parents []uuid.UUID) (map[uuid.UUID]int, error) {
		counts, err := l.Counts(ctx, s, parents)
		totals := make(map[uuid.UUID]int, len(parents))
		for _, id := range parents {
			totals[id] = counts[id]
		}
		return totals, err
	}
}
