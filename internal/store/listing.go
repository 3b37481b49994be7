package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/internal/page"
)

// Listing declares a list of which pages are read: a table, its order, and what each list belongs to. Pages are found by
// keyset, so a page costs the same at any depth. One statement reads a page of each of many lists.
type Listing struct {
	Table     string
	ID        string // the column with the identifiers that the list consists of; it breaks ties of the order
	Sort      string // the column of the order
	Moment    bool   // the order is by a moment, not by a number
	Ascending bool
	Parent    string                   // the column with what a list belongs to; empty where there is one list
	Where     func(s *entsql.Selector) // what else must hold; may join
	Count     func(s *entsql.Selector) // selects one more column, the total

	// Few is set if Where selects few rows. They are all read and then ordered: a scan along the index of the order would
	// read all other rows too.
	Few bool
}

// Page is the page of the one list.
func (l Listing) Page(ctx context.Context, s *Store, args page.Args) (page.IDs, error) {
	pages, err := l.Pages(ctx, s, []uuid.UUID{uuid.Nil}, args)
	return pages[uuid.Nil], err
}

// Pages is the same page of each parent's list; an empty one for a parent without entries. Parents is not read where the
// listing has no Parent.
func (l Listing) Pages(ctx context.Context, s *Store, parents []uuid.UUID, args page.Args) (map[uuid.UUID]page.IDs, error) {
	query, arguments := l.statement(s.Dialect(), parents, args).Query()
	lists := make(map[uuid.UUID][]page.Entry, len(parents))
	total := page.NotCounted
	err := s.each(ctx, query, arguments, func(rows *entsql.Rows) error {
		parent, entry, err := l.scan(rows, &total)
		lists[parent] = append(lists[parent], entry)
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.Count != nil && total == page.NotCounted {
		total = 0 // no row to carry it: the list is empty
	}
	pages := make(map[uuid.UUID]page.IDs, len(parents))
	for _, parent := range parents {
		pages[parent] = cut(lists[parent], args, total)
	}
	return pages, nil
}

func (l Listing) scan(rows *entsql.Rows, total *int) (uuid.UUID, page.Entry, error) {
	var parent uuid.UUID
	var entry page.Entry
	var moment time.Time
	into := []any{&entry.ID, &entry.Sort}
	if l.Moment {
		into[1] = &moment
	}
	if l.Parent != "" {
		into = append(into, &parent)
	}
	if l.Count != nil {
		into = append(into, total)
	}
	err := rows.Scan(into...)
	if l.Moment {
		entry.Sort = moment.UnixMicro()
	}
	return parent, entry, err
}

// cut makes a page of the entries that were read, one of which may be too many: that is how the next page is known of.
func cut(entries []page.Entry, args page.Args, total int) page.IDs {
	more := len(entries) > args.Size
	if more {
		entries = entries[:args.Size]
	}
	p := page.IDs{Entries: entries, Total: total, HasNext: more || !args.Before.Zero(), HasPrevious: !args.After.Zero()}
	if args.Backward {
		for i, j := 0, len(entries)-1; i < j; i, j = i+1, j-1 {
			entries[i], entries[j] = entries[j], entries[i]
		}
		p.HasNext, p.HasPrevious = !args.Before.Zero(), more || !args.After.Zero()
	}
	return p
}

// statement selects one entry more than the page has. With a parent it numbers the entries of each list and keeps the
// first of them.
func (l Listing) statement(dialect string, parents []uuid.UUID, args page.Args) *entsql.Selector {
	b := entsql.Dialect(dialect)
	t := b.Table(l.Table)
	s := b.Select(t.C(l.ID), t.C(l.Sort)).From(t)
	if l.Where != nil {
		l.Where(s)
	}
	ascending := l.Ascending != args.Backward
	l.bound(s, t, args.After, l.Ascending)
	l.bound(s, t, args.Before, !l.Ascending)
	order := []string{direct(t.C(l.Sort), ascending), direct(t.C(l.ID), ascending)}
	if l.Few {
		order[0] = direct(l.unindexed(t, dialect), ascending)
	}
	if l.Parent == "" {
		if l.Count != nil {
			l.Count(s)
		}
		return s.OrderBy(order...).Limit(args.Size + 1)
	}
	s.AppendSelectAs(t.C(l.Parent), "parent").Where(entsql.In(t.C(l.Parent), Args(parents)...))
	number := entsql.RowNumber().PartitionBy(t.C(l.Parent)).OrderBy(order...)
	number.SetDialect(dialect)
	s.AppendSelectExprAs(number, "place")
	numbered := s.As("numbered")
	outer := b.Select(numbered.C(l.ID), numbered.C(l.Sort), numbered.C("parent")).From(numbered)
	return outer.Where(entsql.LTE(numbered.C("place"), args.Size+1)).OrderBy(numbered.C("place"))
}

// unindexed is the column of the order as an expression that no index has.
func (l Listing) unindexed(t *entsql.SelectTable, d string) string {
	switch {
	case !l.Moment:
		return "(" + t.C(l.Sort) + " + 0)"
	case d == dialect.Postgres:
		return "(" + t.C(l.Sort) + " + interval '0')"
	}
	return "(+" + t.C(l.Sort) + ")"
}

// bound keeps the rows beyond the cursor in the given direction.
func (l Listing) bound(s *entsql.Selector, t *entsql.SelectTable, c page.Cursor, ascending bool) {
	if c.Zero() {
		return
	}
	var sort any = c.Sort
	if l.Moment {
		sort = time.UnixMicro(c.Sort).UTC()
	}
	columns, values := []string{t.C(l.Sort), t.C(l.ID)}, []any{sort, c.ID}
	if ascending {
		s.Where(entsql.CompositeGT(columns, values...))
		return
	}
	s.Where(entsql.CompositeLT(columns, values...))
}

func direct(column string, ascending bool) string {
	if ascending {
		return entsql.Asc(column)
	}
	return entsql.Desc(column)
}

// Args returns values as arguments of a statement.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// Counts is how many entries each parent's list has; a parent without any is missing.
func (l Listing) Counts(ctx context.Context, s *Store, parents []uuid.UUID) (map[uuid.UUID]int, error) {
	t := entsql.Dialect(s.Dialect()).Table(l.Table)
	sel := entsql.Dialect(s.Dialect()).Select(t.C(l.Parent), entsql.Count("*")).From(t)
	if l.Where != nil {
		l.Where(sel)
	}
	sel.Where(entsql.In(t.C(l.Parent), Args(parents)...)).GroupBy(t.C(l.Parent))
	query, args := sel.Query()
	counts := make(map[uuid.UUID]int, len(parents))
	err := s.each(ctx, query, args, func(rows *entsql.Rows) error {
		var parent uuid.UUID
		var n int
		err := rows.Scan(&parent, &n)
		counts[parent] = n
		return err
	})
	return counts, err
}
