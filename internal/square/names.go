package square

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/tag"
	"docsquare/internal/kinds"
	"docsquare/internal/text/plaintext"
)

// mostNames is how many names with the same beginning are looked at.
const mostNames = 200

// named is the tags and categories of public documents whose names begin so, in whatever case; the fullest first.
func (s *Service) named(ctx context.Context, begin string, limit int) ([]kinds.Suggestion, error) {
	begin = strings.TrimSpace(begin)
	if begin == "" {
		return nil, nil
	}
	tags, err := s.store.DB.Tag.Query().Where(tag.DocumentsGT(0), begins(plaintext.TagKey(begin))).Order(ent.Asc(tag.FieldFolded)).Limit(mostNames).All(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := s.store.DB.Category.Query().Where(category.DocumentsGT(0), begins(strings.ToLower(begin))).Order(ent.Asc(category.FieldFolded)).Limit(mostNames).All(ctx)
	list := make([]kinds.Suggestion, 0, len(tags)+len(categories))
	for _, t := range tags {
		list = append(list, kinds.Suggestion{Kind: kinds.SuggestTag, Text: t.Name, Documents: t.Documents})
	}
	for _, c := range categories {
		list = append(list, kinds.Suggestion{Kind: kinds.SuggestCategory, Text: c.Name, Documents: c.Documents})
	}
	slices.SortStableFunc(list, func(a, b kinds.Suggestion) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Kind, b.Kind))
	})
	return list[:min(limit, len(list))], err
}

// begins is a range of names by bytes, which their index can answer. PostgreSQL has special operators for that.
func begins(begin string) func(*entsql.Selector) {
	return func(sel *entsql.Selector) {
		from, to := " >= ", " < "
		if sel.Dialect() == dialect.Postgres {
			from, to = " ~>=~ ", " ~<~ "
		}
		name := sel.C(tag.FieldFolded)
		sel.Where(entsql.P(func(b *entsql.Builder) {
			b.Ident(name).WriteString(from).Arg(begin).WriteString(" AND ").Ident(name).WriteString(to).Arg(begin + string(utf8.MaxRune))
		}))
	}
}
