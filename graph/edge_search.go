package graph

import (
	"context"
	"strings"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/graph/relay"
	"docsquare/internal/document"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
)

// searching is the edges of a search: its page, its entries, and what of each document matches.
type searching struct{}

func (e searching) declare(into exec.Edges) {
	documents := []string{loader.Documents.Name()}
	into["Query.search"] = exec.Edge{Loaders: []string{loader.Searches.Name()}, Begin: e.begin}
	into["DocumentSearchConnection.edges"] = exec.Edge{Begin: e.beginEdges}
	into["DocumentSearchConnection.nodes"] = exec.Edge{Loaders: documents, Begin: e.beginNodes}
	into["DocumentSearchEdge.node"] = exec.Edge{Loaders: documents, Begin: e.beginNode}
	into["DocumentSearchEdge.snippets"] = exec.Edge{Loaders: documents, Then: []string{loader.Snippets.Name()}, Begin: e.beginSnippets}
}

func searchArgs(a asked) (key kinds.SearchKey, args page.Args, err error) {
	among, err := squareFilter(arg[*model.DocumentFilter](a, "filter"))
	if err != nil {
		return key, args, err
	}
	key = square.Asked(arg[string](a, "query"), among)
	args, err = pageArgs(a, square.SearchOrder(key))
	return key, args, err
}

func (searching) begin(f *exec.Fetch) exec.Step {
	key, args, err := searchArgs(askedOf(f))
	if err != nil {
		f.FailAll(err)
		return nil
	}
	searches := loader.Searches.In(setOf(f))
	at := searches.Ask(key)
	return func() exec.Step {
		found, _, err := searches.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		f.SetObject(0, relay.NewSearchConnection(key, args, found))
		return nil
	}
}

func (searching) resolve(ctx context.Context, args map[string]any) (*relay.SearchConnection, error) {
	key, cut, err := searchArgs(askedIn(ctx, args))
	if err != nil {
		return nil, err
	}
	found, _, err := loader.Searches.In(operation.Loaders(ctx)).Load(ctx, key)
	if err != nil {
		return nil, err
	}
	return relay.NewSearchConnection(key, cut, found), nil
}

func (searching) beginEdges(f *exec.Fetch) exec.Step {
	parents(f, func(i int, c *relay.SearchConnection) { setObjects(f, i, c.Edges()) })
	return nil
}

func (searching) beginNodes(f *exec.Fetch) exec.Step {
	return loadNodes[*relay.SearchConnection](f, loader.Documents)
}

func (searching) beginNode(f *exec.Fetch) exec.Step {
	return loadNode[*relay.SearchEdge](f, loader.Documents)
}

// beginSnippets loads the documents at first: snippets are those of their current revisions.
func (searching) beginSnippets(f *exec.Fetch) exec.Step {
	documents, snippets := loader.Documents.In(setOf(f)), loader.Snippets.In(setOf(f))
	at := make([]int, f.Len())
	parents(f, func(i int, x *relay.SearchEdge) { at[i] = documents.Ask(x.Entry.ID) })
	return func() exec.Step {
		found := make([]*ent.Document, f.Len())
		parents(f, func(i int, x *relay.SearchEdge) {
			d, ok, err := documents.Get(at[i])
			switch {
			case err != nil:
				f.Fail(i, err)
			case ok:
				found[i], at[i] = d, snippets.Ask(snippetKey(d, x.Query))
			default:
				f.StartList(i)
			}
		})
		return func() exec.Step {
			parents(f, func(i int, x *relay.SearchEdge) {
				if found[i] == nil {
					return
				}
				s, _, err := snippets.Get(at[i])
				if err != nil {
					f.Fail(i, err)
					return
				}
				setObjects(f, i, snippetsOf(found[i], s, x.Query))
			})
			return nil
		}
	}
}

func (searching) resolveSnippets(ctx context.Context, x *relay.SearchEdge) ([]*model.SearchSnippet, error) {
	d, ok, err := loader.Documents.In(operation.Loaders(ctx)).Load(ctx, x.Entry.ID)
	if err != nil || !ok {
		return []*model.SearchSnippet{}, err
	}
	s, _, err := loader.Snippets.In(operation.Loaders(ctx)).Load(ctx, snippetKey(d, x.Query))
	if err != nil {
		return nil, err
	}
	return snippetsOf(d, s, x.Query), nil
}

func snippetKey(d *ent.Document, query string) kinds.SnippetKey {
	return kinds.SnippetKey{Text: textKey(d), Format: d.Format, Query: query}
}

// snippetsOf returns the parts of a document that match a query, in the order of model.AllSearchField.
func snippetsOf(d *ent.Document, s *kinds.Snippets, query string) []*model.SearchSnippet {
	list := make([]*model.SearchSnippet, 0, len(model.AllSearchField))
	if s == nil {
		return list
	}
	tags, ok := document.Mark(query, strings.Join(d.Tags, ", "))
	if !ok {
		tags = ""
	}
	for i, html := range []string{s.Title, tags, s.Summary, s.Body} {
		if html != "" {
			list = append(list, &model.SearchSnippet{Field: model.AllSearchField[i], HTML: html})
		}
	}
	return list
}
