// Package stats owns what is counted about documents and about the site.
package stats

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/internal/cache"
	"docsquare/internal/store"
)

// Service reads statistics.
type Service struct {
	store *store.Store
	cache *cache.Cache
}

// New is the service over a store and its cache.
func New(s *store.Store, c *cache.Cache) *Service { return &Service{store: s, cache: c} }

// Documents is how each document was received.
func (s *Service) Documents(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
	return s.cache.DocumentStats.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
		rows, err := s.store.DB.DocumentStats.Query().Where(documentstats.DocumentIDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(d *ent.DocumentStats) uuid.UUID { return d.DocumentID }), err
	})
}

// Site is how large the community is.
func (s *Service) Site(ctx context.Context, keys []cache.Single) (map[cache.Single]*cache.SiteStats, error) {
	return s.cache.Site.Fetch(ctx, keys, func(ctx context.Context, _ []cache.Single) (map[cache.Single]*cache.SiteStats, error) {
		users, err := s.store.DB.User.Query().Count(ctx)
		if err != nil {
			return nil, err
		}
		received, err := s.received(ctx)
		if err != nil {
			return nil, err
		}
		received.Users = users
		return map[cache.Single]*cache.SiteStats{{}: received}, nil
	})
}

// received sums up how the public documents were received.
func (s *Service) received(ctx context.Context) (*cache.SiteStats, error) {
	var sums []struct {
		Documents                         int
		Comments, Likes, Favorites, Views int64
	}
	err := s.store.DB.DocumentStats.Query().Where(documentstats.Listed(true)).Modify(func(sel *entsql.Selector) {
		sum := func(column string) string { return entsql.As("COALESCE("+entsql.Sum(sel.C(column))+", 0)", column) }
		sel.Select(entsql.As(entsql.Count("*"), "documents"), sum(documentstats.FieldComments), sum(documentstats.FieldLikes),
			sum(documentstats.FieldFavorites), sum(documentstats.FieldViews))
	}).Scan(ctx, &sums)
	if err != nil {
		return nil, err
	}
	x := sums[0] // an aggregate always has one row
	return &cache.SiteStats{Documents: x.Documents, Comments: x.Comments, Likes: x.Likes, Favorites: x.Favorites, Views: x.Views}, nil
}
