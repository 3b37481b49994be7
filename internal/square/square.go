// Package square owns the tech square: which public documents are listed where, in which order, and what is counted about
// them; and the lists of documents that belong to an account. It returns identifiers only.
package square

import (
	"context"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/counter"
	"docsquare/ent/document"
	"docsquare/ent/documentstats"
	"docsquare/ent/documenttag"
	"docsquare/ent/tag"
	"docsquare/ent/userstats"
	"docsquare/internal/cache"
	"docsquare/internal/counters"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/search"
	"docsquare/internal/store"

	"github.com/google/uuid"
)

// Service reads the tech square.
type Service struct {
	store *store.Store
	cache *kinds.Cache
	index search.Index
}

// New is the service over a store and its cache.
func New(s *store.Store, c *kinds.Cache) *Service {
	return &Service{store: s, cache: c, index: search.New(s)}
}

// OrderName names an order for its cursors.
func OrderName(o kinds.SquareOrder) string {
	if o.Ascending {
		return "square " + o.Field + " asc"
	}
	return "square " + o.Field
}

// Pages is pages of the tech square.
func (s *Service) Pages(ctx context.Context, keys []kinds.SquareKey) (map[kinds.SquareKey]page.IDs, error) {
	return s.cache.Square.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.SquareKey) (map[kinds.SquareKey]page.IDs, error) {
		pages := make(map[kinds.SquareKey]page.IDs, len(keys))
		for _, k := range keys { // an operation asks for one page, or for a few under aliases
			p, err := s.listing(k).Page(ctx, s.store, k.Args)
			if err != nil {
				return nil, err
			}
			pages[k] = p
		}
		return pages, nil
	})
}

// listing is how the pages of a key are read: along an index that has the order and what a single condition names. If
// there is also an author or a tag, or an order that no index has for it, all rows of the condition are read and then
// ordered, because there are few; see Listing.Few.
func (s *Service) listing(k kinds.SquareKey) store.Listing {
	l := store.Listing{Table: document.Table, ID: document.FieldID, Sort: k.Order.Field, Moment: true, Ascending: k.Order.Ascending}
	f := k.Filter
	switch {
	case k.Order.Field == kinds.OrderPopularity:
		l.Table, l.ID, l.Moment = documentstats.Table, documentstats.FieldDocumentID, false
		l.Few = f.Author != uuid.Nil || f.Tag != ""
		l.Where = func(sel *entsql.Selector) { popular(sel, f) }
	case f == (kinds.SquareFilter{Tag: f.Tag, Published: f.Published}) && f.Tag != "" && k.Order.Field != kinds.OrderUpdated: // document_tags has the other moments
		l.Table, l.ID = documenttag.Table, documenttag.FieldDocumentID
		l.Where = func(sel *entsql.Selector) {
			sel.Where(entsql.EQ(sel.C(documenttag.FieldTagID), tagNamed(sel, f.Tag)))
			published(sel, momentOf(sel, k.Order, documenttag.FieldPublishedAt), f.Published)
		}
	default:
		l.Few = f.Tag != ""
		l.Where = func(sel *entsql.Selector) {
			restrict(sel, sel.C(document.FieldID), f)
			published(sel, momentOf(sel, k.Order, document.FieldPublishedAt), f.Published)
		}
	}
	if k.Count {
		l.Count = func(sel *entsql.Selector) { sel.AppendSelectExprAs(count(sel.Dialect(), f), "total") }
	}
	return l
}

// popular is restrict for the statistics of documents. If there is an author or a tag, the condition on listed is the column alone,
// for which SQLite takes no index: it would read the statistics of all public documents instead of those few.
func popular(sel *entsql.Selector, f kinds.SquareFilter) {
	if f.Author == uuid.Nil && f.Tag == "" {
		inSquare(sel)
	} else {
		sel.Where(entsql.EQ(sel.C(documentstats.FieldListed), true))
	}
	if f.Format != "" {
		sel.Where(entsql.EQ(sel.C(documentstats.FieldFormat), string(f.Format)))
	}
	if f.Category != "" {
		sel.Where(entsql.EQ(sel.C(documentstats.FieldCategory), f.Category))
	}
	if f.Author != uuid.Nil {
		t := entsql.Dialect(sel.Dialect()).Table(document.Table)
		written := entsql.Dialect(sel.Dialect()).Select(t.C(document.FieldID)).From(t)
		restrict(written, t.C(document.FieldID), kinds.SquareFilter{Author: f.Author})
		sel.Where(entsql.In(sel.C(documentstats.FieldDocumentID), written))
	}
	if f.Tag != "" {
		sel.Where(entsql.In(sel.C(documentstats.FieldDocumentID), carriers(sel, f.Tag)))
	}
	if f.Published != (kinds.Days{}) {
		t := entsql.Dialect(sel.Dialect()).Table(document.Table)
		of := entsql.Dialect(sel.Dialect()).Select(t.C(document.FieldID)).From(t).Where(entsql.ColumnsEQ(t.C(document.FieldID), sel.C(documentstats.FieldDocumentID)))
		published(of, t.C(document.FieldPublishedAt), f.Published)
		sel.Where(entsql.Exists(of))
	}
}

// published keeps the rows whose moment is within days.
func published(sel *entsql.Selector, moment string, days kinds.Days) {
	if days.From != 0 {
		sel.Where(entsql.P(func(b *entsql.Builder) { b.WriteString(moment + " >= ").Arg(days.From.Start()) }))
	}
	if days.To != 0 && days.To < kinds.MaxDay { // SQLite compares the texts of moments, which have four digits of a year
		sel.Where(entsql.P(func(b *entsql.Builder) { b.WriteString(moment + " < ").Arg((days.To + 1).Start()) }))
	}
}

// momentOf is the column with the publication, for a condition on pages in an order. If the order is another, SQLite must not read the index of the
// publication instead of that of the order: it would order all that was published then.
func momentOf(sel *entsql.Selector, order kinds.SquareOrder, column string) string {
	if order.Field == kinds.OrderPublished || sel.Dialect() == dialect.Postgres {
		return sel.C(column)
	}
	return "(+" + sel.C(column) + ")"
}

// restrict keeps the public documents that pass the filter but for its days, see published.
func restrict(sel *entsql.Selector, id string, f kinds.SquareFilter) {
	visibility := sel.C(document.FieldVisibility)
	if f.Tag == "" {
		sel.Where(entsql.EQ(visibility, document.VisibilityPublic))
	} else { // no index serves this, for the reason in popular
		sel.Where(entsql.NotIn(visibility, document.VisibilityPrivate, document.VisibilityUnlisted))
	}
	if f.Format != "" {
		sel.Where(entsql.EQ(sel.C(document.FieldFormat), f.Format))
	}
	if f.Category != "" {
		sel.Where(entsql.EQ(sel.C(document.FieldCategory), f.Category))
	}
	if f.Author != uuid.Nil {
		sel.Where(entsql.EQ(sel.C(document.FieldAuthorID), f.Author))
	}
	if f.Tag != "" {
		sel.Where(entsql.In(id, carriers(sel, f.Tag)))
	}
}

// carriers selects the identifiers of the public documents with a tag.
func carriers(sel *entsql.Selector, name string) *entsql.Selector {
	c := entsql.Dialect(sel.Dialect()).Table(documenttag.Table)
	return entsql.Dialect(sel.Dialect()).Select(c.C(documenttag.FieldDocumentID)).From(c).Where(entsql.EQ(c.C(documenttag.FieldTagID), tagNamed(sel, name)))
}

// tagNamed is the identifier of the tag with a key, see plaintext.TagKey, as an expression.
func tagNamed(sel *entsql.Selector, key string) *entsql.Selector {
	t := entsql.Dialect(sel.Dialect()).Table(tag.Table)
	return entsql.Dialect(sel.Dialect()).Select(t.C(tag.FieldID)).From(t).Where(entsql.EQ(t.C(tag.FieldFolded), key))
}

// count counts what passes the filter, as an expression. Where a counter knows, it is asked; more conditions than one are
// counted out, which takes the longer the more there is to count.
func count(d string, f kinds.SquareFilter) *entsql.Selector {
	b := entsql.Dialect(d)
	known := func(table, column, key string, value any) *entsql.Selector {
		t := b.Table(table).As("counted")
		return b.Select("COALESCE(" + entsql.Sum(t.C(column)) + ", 0)").From(t).Where(entsql.EQ(t.C(key), value))
	}
	switch f {
	case kinds.SquareFilter{}:
		return known(counter.Table, counter.FieldValue, counter.FieldName, counters.SiteDocuments)
	case kinds.SquareFilter{Format: f.Format}:
		return known(counter.Table, counter.FieldValue, counter.FieldName, counters.SiteFormat(f.Format))
	case kinds.SquareFilter{Category: f.Category}:
		return known(category.Table, category.FieldDocuments, category.FieldName, f.Category)
	case kinds.SquareFilter{Tag: f.Tag}:
		return known(tag.Table, tag.FieldDocuments, tag.FieldFolded, f.Tag)
	case kinds.SquareFilter{Author: f.Author}:
		return known(userstats.Table, userstats.FieldDocuments, userstats.FieldUserID, f.Author)
	}
	t := b.Table(document.Table).As("counted")
	sel := b.Select(entsql.Count("*")).From(t)
	restrict(sel, t.C(document.FieldID), f)
	published(sel, t.C(document.FieldPublishedAt), f.Published)
	return sel
}

// Totals is how many documents pass each filter.
func (s *Service) Totals(ctx context.Context, filters []kinds.SquareFilter) (map[kinds.SquareFilter]int, error) {
	return s.cache.SquareTotal.Fetch(ctx, filters, func(ctx context.Context, filters []kinds.SquareFilter) (map[kinds.SquareFilter]int, error) {
		totals := make(map[kinds.SquareFilter]int, len(filters))
		for _, f := range filters {
			statement, args := count(s.store.Dialect(), f).Query()
			found, err := store.Select(ctx, s.store, statement, args, func(rows *entsql.Rows) (n int, err error) { return n, rows.Scan(&n) })
			if err != nil {
				return nil, err
			}
			totals[f] = found[0] // an aggregate has one row
		}
		return totals, nil
	})
}

// Categories is the categories that have public documents, the fullest first.
func (s *Service) Categories(ctx context.Context, keys []kinds.Single) (map[kinds.Single][]*ent.Category, error) {
	return s.cache.Categories.Fetch(ctx, keys, single(func(ctx context.Context) ([]*ent.Category, error) {
		return s.store.DB.Category.Query().Where(category.DocumentsGT(0)).
			Order(ent.Desc(category.FieldDocuments), ent.Asc(category.FieldName)).All(ctx)
	}))
}

// Formats is the formats that have public documents, the fullest first.
func (s *Service) Formats(ctx context.Context, keys []kinds.Single) (map[kinds.Single][]*kinds.FormatCount, error) {
	return s.cache.Formats.Fetch(ctx, keys, single(func(ctx context.Context) ([]*kinds.FormatCount, error) {
		site, err := counters.Site(ctx, s.store)
		var list []*kinds.FormatCount
		for _, f := range []document.Format{document.FormatMD, document.FormatTXT, document.FormatPDF, document.FormatDOCX} {
			if n := site[counters.SiteFormat(f)]; n > 0 {
				list = append(list, &kinds.FormatCount{Format: f, Documents: int(n)})
			}
		}
		fullestFirst(list)
		return list, err
	}))
}

func single[V any](load func(ctx context.Context) (V, error)) cache.Load[kinds.Single, V] {
	return func(ctx context.Context, _ []kinds.Single) (map[kinds.Single]V, error) {
		v, err := load(ctx)
		return map[kinds.Single]V{{}: v}, err
	}
}
