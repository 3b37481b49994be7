// Package square owns the tech square: which public documents are listed where, in which order, and what is counted about
// them; and the lists of documents that belong to an account. It returns identifiers only.
package square

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	"docsquare/ent/documentstats"
	"docsquare/ent/documenttag"
	"docsquare/ent/tag"
	"docsquare/internal/cache"
	"docsquare/internal/page"
	"docsquare/internal/store"

	"github.com/google/uuid"
)

// Service reads the tech square.
type Service struct {
	store *store.Store
	cache *cache.Cache
}

// New is the service over a store and its cache.
func New(s *store.Store, c *cache.Cache) *Service { return &Service{store: s, cache: c} }

// OrderName names an order for its cursors.
func OrderName(o cache.SquareOrder) string {
	if o.Ascending {
		return "square " + o.Field + " asc"
	}
	return "square " + o.Field
}

// Pages is pages of the tech square.
func (s *Service) Pages(ctx context.Context, keys []cache.SquareKey) (map[cache.SquareKey]page.IDs, error) {
	return s.cache.Square.Fetch(ctx, keys, func(ctx context.Context, keys []cache.SquareKey) (map[cache.SquareKey]page.IDs, error) {
		pages := make(map[cache.SquareKey]page.IDs, len(keys))
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

func (s *Service) listing(k cache.SquareKey) store.Listing {
	l := store.Listing{Table: document.Table, ID: document.FieldID, Sort: k.Order.Field, Moment: true, Ascending: k.Order.Ascending}
	l.Where = func(sel *entsql.Selector) { restrict(sel, sel.C(document.FieldID), k.Filter) }
	if k.Order.Field == cache.OrderPopularity {
		l.Table, l.ID, l.Moment = documentstats.Table, documentstats.FieldDocumentID, false
		l.Where = func(sel *entsql.Selector) {
			sel.Where(entsql.EQ(sel.C(documentstats.FieldListed), true))
			if k.Filter != (cache.SquareFilter{}) {
				b := entsql.Dialect(sel.Dialect())
				t := b.Table(document.Table)
				inner := b.Select(t.C(document.FieldID)).From(t)
				restrict(inner, t.C(document.FieldID), k.Filter)
				sel.Where(entsql.In(sel.C(documentstats.FieldDocumentID), inner))
			}
		}
	}
	if k.Count {
		l.Count = func(sel *entsql.Selector) { sel.AppendSelectExprAs(count(sel.Dialect(), k.Filter), "total") }
	}
	return l
}

// restrict keeps the public documents that pass the filter.
func restrict(sel *entsql.Selector, id string, f cache.SquareFilter) {
	sel.Where(entsql.EQ(sel.C(document.FieldVisibility), document.VisibilityPublic))
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
		b := entsql.Dialect(sel.Dialect())
		c, t := b.Table(documenttag.Table), b.Table(tag.Table)
		carriers := b.Select(c.C(documenttag.FieldDocumentID)).From(c).Join(t).On(t.C(tag.FieldID), c.C(documenttag.FieldTagID)).
			Where(entsql.EQ(t.C(tag.FieldName), f.Tag))
		sel.Where(entsql.In(id, carriers))
	}
}

// count counts what passes the filter, as an expression.
func count(dialect string, f cache.SquareFilter) *entsql.Selector {
	b := entsql.Dialect(dialect)
	t := b.Table(document.Table).As("counted")
	sel := b.Select(entsql.Count("*")).From(t)
	restrict(sel, t.C(document.FieldID), f)
	return sel
}

// Totals is how many documents pass each filter.
func (s *Service) Totals(ctx context.Context, filters []cache.SquareFilter) (map[cache.SquareFilter]int, error) {
	return s.cache.SquareTotal.Fetch(ctx, filters, func(ctx context.Context, filters []cache.SquareFilter) (map[cache.SquareFilter]int, error) {
		totals := make(map[cache.SquareFilter]int, len(filters))
		for _, f := range filters {
			n, err := s.store.DB.Document.Query().Where(func(sel *entsql.Selector) { restrict(sel, sel.C(document.FieldID), f) }).Count(ctx)
			if err != nil {
				return nil, err
			}
			totals[f] = n
		}
		return totals, nil
	})
}

// Categories is the categories that have public documents, the fullest first.
func (s *Service) Categories(ctx context.Context, keys []cache.Single) (map[cache.Single][]*ent.Category, error) {
	return s.cache.Categories.Fetch(ctx, keys, single(func(ctx context.Context) ([]*ent.Category, error) {
		return s.store.DB.Category.Query().Where(category.DocumentsGT(0)).
			Order(ent.Desc(category.FieldDocuments), ent.Asc(category.FieldName)).All(ctx)
	}))
}

// Formats is the formats that have public documents, the fullest first.
func (s *Service) Formats(ctx context.Context, keys []cache.Single) (map[cache.Single][]*cache.FormatCount, error) {
	return s.cache.Formats.Fetch(ctx, keys, single(func(ctx context.Context) ([]*cache.FormatCount, error) {
		var rows []struct {
			Format document.Format `json:"format"`
			Count  int             `json:"count"`
		}
		err := s.store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).
			GroupBy(document.FieldFormat).Aggregate(ent.Count()).Scan(ctx, &rows)
		list := make([]*cache.FormatCount, len(rows))
		for i, r := range rows {
			list[i] = &cache.FormatCount{Format: r.Format, Documents: r.Count}
		}
		fullestFirst(list)
		return list, err
	}))
}

func single[V any](load func(ctx context.Context) (V, error)) cache.Load[cache.Single, V] {
	return func(ctx context.Context, _ []cache.Single) (map[cache.Single]V, error) {
		v, err := load(ctx)
		return map[cache.Single]V{{}: v}, err
	}
}
