package document

import (
	"context"

	"docsquare/internal/kinds"
	"docsquare/internal/search"
)

// Snippets is the parts of each document that match a query, as HTML in which what matches is marked.
func (s *Service) Snippets(ctx context.Context, keys []kinds.SnippetKey) (map[kinds.SnippetKey]*kinds.Snippets, error) {
	return s.cache.Snippets.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.SnippetKey) (map[kinds.SnippetKey]*kinds.Snippets, error) {
		revisions := make([]kinds.RevisionKey, len(keys))
		for i, k := range keys {
			revisions[i] = k.Text
		}
		texts, err := s.Texts(ctx, revisions)
		out := make(map[kinds.SnippetKey]*kinds.Snippets, len(keys))
		for _, k := range keys {
			text := texts[k.Text]
			if text == nil {
				continue
			}
			q, sn := search.Parse(k.Query), &kinds.Snippets{}
			if title, ok := q.Highlight(text.Title); ok {
				sn.Title = title
			}
			sn.Summary, _ = q.Snippet(text.Summary)
			body, _, err := q.Excerpt(ctx, k.Format, text.Body)
			if err != nil {
				return nil, err
			}
			sn.Body = body
			out[k] = sn
		}
		return out, err
	})
}

// Mark is a text as HTML in which what matches a query is marked, and whether anything does.
func Mark(query, text string) (html string, matches bool) { return search.Parse(query).Highlight(text) }
