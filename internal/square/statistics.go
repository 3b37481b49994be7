package square

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/internal/counters"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// DocumentStats is how each document was received.
func (s *Service) DocumentStats(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
	return s.cache.DocumentStats.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
		rows, err := s.store.DB.DocumentStats.Query().Where(documentstats.DocumentIDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(d *ent.DocumentStats) uuid.UUID { return d.DocumentID }), err
	})
}

// SiteStats is how large the community is.
func (s *Service) SiteStats(ctx context.Context, keys []kinds.Single) (map[kinds.Single]*kinds.SiteStats, error) {
	return s.cache.Site.Fetch(ctx, keys, func(ctx context.Context, _ []kinds.Single) (map[kinds.Single]*kinds.SiteStats, error) {
		n, err := counters.Site(ctx, s.store)
		return map[kinds.Single]*kinds.SiteStats{{}: {
			Users: int(n[counters.SiteUsers]), Documents: int(n[counters.SiteDocuments]), Comments: n[counters.SiteComments],
			Likes: n[counters.SiteLikes], Favorites: n[counters.SiteFavorites], Views: n[counters.SiteViews],
			Uploads: n[counters.SiteUploads],
		}}, err
	})
}
