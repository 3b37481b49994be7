package square

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/internal/counters/rank"
	"docsquare/internal/kinds"
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

// inSquare keeps what is public. SQLite takes an index for it only where it is compared with a value.
func inSquare(sel *entsql.Selector) {
	sel.Where(entsql.P(func(b *entsql.Builder) { b.Ident(sel.C(documentstats.FieldListed)).WriteOp(entsql.OpEQ).Arg(true) }))
}
