package square

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/tag"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
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
	tags, err := s.store.DB.Tag.Query().Where(tag.DocumentsGT(0), store.Begins(tag.FieldFolded, plaintext.TagKey(begin))).Order(ent.Asc(tag.FieldFolded)).Limit(mostNames).All(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := s.store.DB.Category.Query().Where(category.DocumentsGT(0), store.Begins(category.FieldFolded, strings.ToLower(begin))).Order(ent.Asc(category.FieldFolded)).Limit(mostNames).All(ctx)
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

// Tags returns the tags of public documents that begin with each prefix, the most used first.
func (s *Service) Tags(ctx context.Context, keys []kinds.TagsKey) (map[kinds.TagsKey][]*ent.Tag, error) {
	return s.cache.Tags.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.TagsKey) (map[kinds.TagsKey][]*ent.Tag, error) {
		lists := make(map[kinds.TagsKey][]*ent.Tag, len(keys))
		for _, k := range keys { // an operation asks for one list, or for a few under aliases
			query := s.store.DB.Tag.Query().Where(tag.DocumentsGT(0))
			if k.Prefix != "" {
				query.Where(store.Begins(tag.FieldFolded, k.Prefix))
			}
			list, err := query.Order(ent.Desc(tag.FieldDocuments), ent.Asc(tag.FieldName)).Limit(k.First).All(ctx)
			if err != nil {
				return nil, err
			}
			lists[k] = list
		}
		return lists, nil
	})
}
