package counters

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/counter"
	"docsquare/ent/document"
	"docsquare/ent/documentstats"
	"docsquare/ent/file"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
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

// recountSite sets the counters to what the statistics say. It holds them first: a writer that has changed statistics
// counts after everything else, so it is either seen here or adds to what is set here.
func recountSite(ctx context.Context, tx *store.Tx) error {
	q := store.ForUpdate(tx, tx.Counter.Query().Order(ent.Asc(counter.FieldName, counter.FieldShard)))
	if _, err := q.IDs(ctx); err != nil {
		return err
	}
	var sums []struct {
		Format                                       string
		Documents, Comments, Likes, Favorites, Views int64
	}
	err := tx.DocumentStats.Query().Where(documentstats.Listed(true)).Modify(func(sel *entsql.Selector) {
		sum := func(column string) string { return entsql.As("COALESCE("+entsql.Sum(sel.C(column))+", 0)", column) }
		sel.Select(sel.C(documentstats.FieldFormat), entsql.As(entsql.Count("*"), "documents"), sum(documentstats.FieldComments),
			sum(documentstats.FieldLikes), sum(documentstats.FieldFavorites), sum(documentstats.FieldViews)).GroupBy(sel.C(documentstats.FieldFormat))
	}).Scan(ctx, &sums)
	if err != nil {
		return err
	}
	users, err := tx.User.Query().Where(present.User()).Count(ctx)
	if err != nil {
		return err
	}
	files, err := tx.File.Query().Where(file.StatusEQ(file.StatusStored)).Count(ctx)
	if err != nil {
		return err
	}
	if err := tx.Counter.Update().SetValue(0).Exec(ctx); err != nil {
		return err
	}
	tx.Count(SiteUsers, int64(users))
	tx.Count(SiteUploads, int64(files))
	for _, x := range sums {
		tx.Count(SiteDocuments, x.Documents)
		tx.Count(formatPrefix+x.Format, x.Documents)
		tx.Count(SiteLikes, x.Likes)
		tx.Count(SiteFavorites, x.Favorites)
		tx.Count(SiteComments, x.Comments)
		tx.Count(SiteViews, x.Views)
	}
	return nil
}
