package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/viewer"
)

// searchPage reads a page of what a search finds and announces everything that is selected below it.
func searchPage(ctx context.Context, key cache.SearchKey, args page.Args) (*cache.Found, error) {
	a, f := lookAhead(ctx)
	types := aheadOfDocument(viewer.From(ctx))
	selections, snippets := nodesUnder(a, types, f), selectsSnippets(a, f)
	prefetch(ctx, a, []demand{{
		loader:   a.set.Searches.Name(),
		announce: func(w *loader.Wave) { loader.Announce(w, a.set.Searches, key) },
		next: func() []demand {
			var ids []uuid.UUID
			for _, found := range a.set.Searches.Known([]cache.SearchKey{key}) {
				ids = append(ids, square.Cut(found, args).Keys()...)
			}
			demands := []demand{found(a, a.set.Documents, ids, types, selections)}
			if snippets {
				demands = append(demands, snippetsOf(a, ids, key.Query))
			}
			return demands
		},
	}})
	found, _, err := a.set.Searches.Load(ctx, key)
	return found, err
}

// snippetsOf is the demand for snippets of documents, which need the documents first.
func snippetsOf(a *ahead, ids []uuid.UUID, query string) demand {
	return demand{
		loader: a.set.Documents.Name(), below: []string{a.set.Snippets.Name()},
		announce: func(w *loader.Wave) { loader.Announce(w, a.set.Documents, ids...) },
		next: func() []demand {
			keys := keysOf(a.set.Documents.Known(ids), func(d *ent.Document) (cache.SnippetKey, bool) { return snippetKey(d, query), true })
			return []demand{{loader: a.set.Snippets.Name(), announce: func(w *loader.Wave) { loader.Announce(w, a.set.Snippets, keys...) }}}
		},
	}
}

func snippetKey(d *ent.Document, query string) cache.SnippetKey {
	text, _ := textOf(d)
	return cache.SnippetKey{Text: text, Format: d.Format, Query: query}
}

func selectsSnippets(a *ahead, f graphql.CollectedField) bool {
	for _, c := range graphql.CollectFields(a.op, f.Selections, nil) {
		if c.Name == "edges" && selects(a, c, "snippets") {
			return true
		}
	}
	return false
}

// searchConnection is a page of what a search has found.
func searchConnection(ctx context.Context, key cache.SearchKey, args page.Args) (*model.DocumentSearchConnection, error) {
	hits, err := searchPage(ctx, key, args)
	if err != nil {
		return nil, err
	}
	p := square.Cut(hits, args)
	c, err := connect(ctx, p, square.SearchOrder(key), loader.From(ctx).Documents)
	if err != nil {
		return nil, err
	}
	a, f := lookAhead(ctx)
	list := make([]*model.DocumentSearchEdge, len(p.Entries))
	for i, e := range p.Entries {
		list[i] = &model.DocumentSearchEdge{Cursor: c.cursors[i], Node: c.nodes[i], Score: square.Score(e), Snippets: []*model.SearchSnippet{}}
		if d := c.nodes[i]; d != nil && selectsSnippets(a, f) {
			if list[i].Snippets, err = snippets(ctx, d, key.Query); err != nil {
				return nil, err
			}
		}
	}
	return &model.DocumentSearchConnection{Edges: list, Nodes: c.nodes, PageInfo: c.info, TotalCount: p.Total, Limited: hits.Limited}, nil
}

// snippets is what of a document matches a query.
func snippets(ctx context.Context, d *ent.Document, query string) ([]*model.SearchSnippet, error) {
	s, _, err := loader.From(ctx).Snippets.Load(ctx, snippetKey(d, query))
	if err != nil || s == nil {
		return []*model.SearchSnippet{}, err
	}
	tags, ok := document.Mark(query, strings.Join(d.Tags, ", "))
	if !ok {
		tags = ""
	}
	list := make([]*model.SearchSnippet, 0, len(model.AllSearchField))
	for i, html := range []string{s.Title, tags, s.Summary, s.Body} {
		if html != "" {
			list = append(list, &model.SearchSnippet{Field: model.AllSearchField[i], HTML: html})
		}
	}
	return list, nil
}

// suggestions is ways to go on with a text. The titles are those that the viewer sees now.
func suggestions(ctx context.Context, key cache.SuggestionKey) ([]*model.SearchSuggestion, error) {
	list, _, err := loader.One(ctx, loader.From(ctx).Suggestions, key)
	if err != nil {
		return nil, err
	}
	docs, err := suggested(ctx, list)
	out := make([]*model.SearchSuggestion, 0, len(list))
	for _, s := range list {
		m := &model.SearchSuggestion{Kind: s.Kind, Text: s.Text, Documents: s.Documents}
		if s.Kind == cache.SuggestTitle {
			if m.Document = docs[s.Document]; m.Document == nil {
				continue // just deleted
			}
			m.Text = m.Document.Title
		}
		out = append(out, m)
	}
	return out, err
}

// suggested is the documents of the titles among suggestions, with everything that is selected below them announced.
func suggested(ctx context.Context, list []cache.Suggestion) (map[uuid.UUID]*ent.Document, error) {
	var ids []uuid.UUID
	for _, s := range list {
		if s.Kind == cache.SuggestTitle {
			ids = append(ids, s.Document)
		}
	}
	a, f := lookAhead(ctx)
	types := aheadOfDocument(viewer.From(ctx))
	prefetch(ctx, a, []demand{found(a, a.set.Documents, ids, types, inside(a, types, f, "document"))})
	return a.set.Documents.LoadAll(ctx, ids)
}
