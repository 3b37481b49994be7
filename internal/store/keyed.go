package store

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
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

// Firsts declares the first rows that each of many parents has in an order.
type Firsts struct {
	Table, Parent string // the table and its column with the parent
	N             int    // rows of each parent
	Where         func(s *entsql.Selector)
	Order         func(t *entsql.SelectTable) []string
}

// Of restricts a query to these rows of the parents. A LIMIT over all parents would give a parent fewer rows the more rows the
// others have.
func (f Firsts) Of(parents []uuid.UUID) func(*entsql.Selector) {
	return func(query *entsql.Selector) {
		b := entsql.Dialect(query.Dialect())
		t := b.Table(f.Table).As("ranked")
		s := b.Select(t.C("id")).From(t).Where(entsql.In(t.C(f.Parent), Args(parents)...))
		if f.Where != nil {
			f.Where(s)
		}
		place := entsql.RowNumber().PartitionBy(t.C(f.Parent)).OrderBy(f.Order(t)...)
		place.SetDialect(query.Dialect())
		s.AppendSelectExprAs(place, "place")
		numbered := s.As("numbered")
		query.Where(entsql.In(query.C("id"), b.Select(numbered.C("id")).From(numbered).Where(entsql.LTE(numbered.C("place"), f.N))))
	}
}
