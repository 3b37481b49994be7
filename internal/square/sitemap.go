package square

import (
	"context"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/store/present"
)

// maxSitemap is how many documents a sitemap has: the last changed ones. The protocol allows 50,000.
const maxSitemap = 10_000

// Sitemap is the public documents for crawlers, the last changed first.
func (s *Service) Sitemap(ctx context.Context, keys []kinds.Single) (map[kinds.Single][]kinds.SitemapEntry, error) {
	return s.cache.Sitemap.Fetch(ctx, keys, func(ctx context.Context, _ []kinds.Single) (map[kinds.Single][]kinds.SitemapEntry, error) {
		//nolint:forbidigo // thousands of rows, which are not kept as documents
		rows, err := s.store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic), present.Document()).
			Order(ent.Desc(document.FieldUpdatedAt, document.FieldID)).Limit(maxSitemap).
			Select(document.FieldID, document.FieldTitle, document.FieldUpdatedAt).All(ctx)
		list := make([]kinds.SitemapEntry, len(rows))
		for i, d := range rows {
			list[i] = kinds.SitemapEntry{ID: d.ID, Title: d.Title, UpdatedAt: d.UpdatedAt}
		}
		return map[kinds.Single][]kinds.SitemapEntry{{}: list}, err
	})
}
