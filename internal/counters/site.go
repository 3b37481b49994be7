package counters

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/counter"
	"docsquare/ent/document"
	"docsquare/internal/store"
)

// The counters of the site. Documents and what belongs to them count while they are public.
const (
	SiteUsers     = "users"
	SiteDocuments = "documents"
	SiteLikes     = "likes"
	SiteFavorites = "favorites"
	SiteComments  = "comments"
	SiteViews     = "views"
	SiteUploads   = "uploads" // files that are stored, visible or not
)

// SiteFormat is the counter of the public documents of a format.
func SiteFormat(f document.Format) string { return formatPrefix + string(f) }

const formatPrefix = "format:"

// countSite counts how a document was received in (+1) or out (-1) of the site.
func countSite(tx *store.Tx, st *ent.DocumentStats, delta int64) {
	if !st.Listed {
		return
	}
	tx.Count(SiteDocuments, delta)
	tx.Count(SiteFormat(document.Format(st.Format)), delta)
	tx.Count(SiteLikes, delta*int64(st.Likes))
	tx.Count(SiteFavorites, delta*int64(st.Favorites))
	tx.Count(SiteComments, delta*int64(st.Comments))
	tx.Count(SiteViews, delta*st.Views)
}

// Site is every counter of the site by its name.
func Site(ctx context.Context, s *store.Store) (map[string]int64, error) {
	var rows []struct {
		Name string `json:"name"`
		Sum  int64  `json:"sum"`
	}
	err := s.DB.Counter.Query().GroupBy(counter.FieldName).Aggregate(ent.Sum(counter.FieldValue)).Scan(ctx, &rows)
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Name] = r.Sum
	}
	return out, err
}

// siteTotals sums the counts of the rows and the counters in one statement: both are of one moment, on either database.
const siteTotals = `SELECT 'format:' || format, CAST(COUNT(*) AS bigint), 0 FROM document_stats WHERE listed GROUP BY format
UNION ALL SELECT 'documents', CAST(COUNT(*) AS bigint), 0 FROM document_stats WHERE listed
UNION ALL SELECT 'likes', CAST(COALESCE(SUM(likes), 0) AS bigint), 0 FROM document_stats WHERE listed
UNION ALL SELECT 'favorites', CAST(COALESCE(SUM(favorites), 0) AS bigint), 0 FROM document_stats WHERE listed
UNION ALL SELECT 'comments', CAST(COALESCE(SUM(comments), 0) AS bigint), 0 FROM document_stats WHERE listed
UNION ALL SELECT 'views', CAST(COALESCE(SUM(views), 0) AS bigint), 0 FROM document_stats WHERE listed
UNION ALL SELECT 'users', CAST(COUNT(*) AS bigint), 0 FROM users u WHERE NOT EXISTS (SELECT 1 FROM removals r WHERE r.subject = u.id)
UNION ALL SELECT 'uploads', CAST(COUNT(*) AS bigint), 0 FROM files WHERE status = 'STORED'
UNION ALL SELECT name, 0, CAST(SUM(value) AS bigint) FROM counters GROUP BY name`

// correctSite adds to the counters of the site what they lack. What writers count meanwhile changes rows and counters alike, so that the
// sums may take long without a transaction.
func correctSite(ctx context.Context, s *store.Store) error {
	lacking := map[string]int64{}
	_, err := store.Select(ctx, s, siteTotals, nil, func(rows *entsql.Rows) (none struct{}, err error) {
		var name string
		var counted, kept int64
		err = rows.Scan(&name, &counted, &kept)
		lacking[name] += counted - kept
		return none, err
	})
	if err != nil {
		return err
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		for name, n := range lacking {
			tx.Count(name, n)
		}
		return nil
	})
}
