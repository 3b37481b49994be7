package square

import (
	"context"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/internal/counters/rank"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
)

var heats = [rank.Windows]string{documentstats.FieldHotDay, documentstats.FieldHotWeek, documentstats.FieldHotMonth}

// Trending returns the hottest public documents within each window: see rank.Heat, which is stored for each document. The
// heat of a document without views depends on its age only.
func (s *Service) Trending(ctx context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
	return s.cache.Trending.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
		rankings := make(map[kinds.TrendingKey][]uuid.UUID, len(keys))
		for _, k := range keys { // an operation asks for one ranking, or for a few under aliases
			rows, err := s.store.DB.DocumentStats.Query().Where(inSquare).
				Order(ent.Desc(heats[k.Window], documentstats.FieldDocumentID)).Limit(k.First).All(ctx)
			if err != nil {
				return nil, err
			}
			ids := make([]uuid.UUID, len(rows))
			for i, r := range rows {
				ids[i] = r.DocumentID
			}
			rankings[k] = ids
		}
		return rankings, nil
	})
}

// mostTrending is how many documents of a ranking can be paged through.
const mostTrending = 200

// TrendingOrder names the order of a ranking for its cursors.
func TrendingOrder(w rank.Window) string { return "trending " + heats[w] }

// TrendingPages returns pages of the rankings. An entry is ordered by its place.
func (s *Service) TrendingPages(ctx context.Context, keys []kinds.TrendingPage) (map[kinds.TrendingPage]page.IDs, error) {
	rankings := map[kinds.TrendingKey]bool{}
	for _, k := range keys {
		rankings[kinds.TrendingKey{Window: k.Window, First: mostTrending}] = true
	}
	found, err := s.Trending(ctx, slices.Collect(maps.Keys(rankings)))
	pages := make(map[kinds.TrendingPage]page.IDs, len(keys))
	for _, k := range keys {
		ids := found[kinds.TrendingKey{Window: k.Window, First: mostTrending}]
		entries := make([]page.Entry, len(ids))
		for i, id := range ids {
			entries[i] = page.Entry{ID: id, Sort: -int64(i)}
		}
		pages[k] = page.Cut(entries, k.Args)
	}
	return pages, err
}

// inSquare keeps what is public. SQLite takes an index for it only where it is compared with a value.
func inSquare(sel *entsql.Selector) {
	sel.Where(entsql.P(func(b *entsql.Builder) { b.Ident(sel.C(documentstats.FieldListed)).WriteOp(entsql.OpEQ).Arg(true) }))
}
