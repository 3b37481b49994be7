package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/internal/account"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
)

// trending is Query.trendingDocuments. Documents that were just deleted are left out.
type trending struct{}

func (e trending) declare(into exec.Edges) {
	into["Query.trendingDocuments"] = exec.Edge{Loaders: []string{loader.Trending.Name()}, Then: []string{loader.Documents.Name()}, Begin: e.begin}
}

func trendingKey(a asked) (kinds.TrendingKey, error) {
	first, err := upTo(a, page.MaxSize)
	return kinds.TrendingKey{Window: trendingWindows[arg[model.TrendingWindow](a, "window")], First: first}, err
}

func (trending) begin(f *exec.Fetch) exec.Step {
	key, err := trendingKey(askedOf(f))
	if err != nil {
		f.FailAll(err)
		return nil
	}
	rankings := loader.Trending.In(setOf(f))
	at := rankings.Ask(key)
	return func() exec.Step {
		ids, _, err := rankings.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		children := exec.NewChildren(f, "", loader.Documents.In(setOf(f))).DropMissing()
		f.StartList(0)
		for _, id := range ids {
			children.Add(0, id)
		}
		return children.Load()
	}
}

func (trending) resolve(ctx context.Context, args map[string]any) ([]*ent.Document, error) {
	key, err := trendingKey(askedIn(ctx, args))
	if err != nil {
		return nil, err
	}
	ids, _, err := loader.Trending.In(operation.Loaders(ctx)).Load(ctx, key)
	if err != nil {
		return nil, err
	}
	found, err := loader.Documents.In(operation.Loaders(ctx)).LoadAll(ctx, ids)
	return present(ids, found), err
}

// userByName is Query.user.
type userByName struct{}

func (e userByName) declare(into exec.Edges) {
	into["Query.user"] = exec.Edge{Loaders: []string{loader.Usernames.Name()}, Then: []string{loader.Users.Name()}, Begin: e.begin}
}

func (userByName) begin(f *exec.Fetch) exec.Step {
	names := loader.Usernames.In(setOf(f))
	at := names.Ask(account.Lower(arg[string](askedOf(f), "username")))
	return func() exec.Step {
		id, ok, err := names.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		children := exec.NewChildren(f, "", loader.Users.In(setOf(f)))
		if ok {
			children.Set(0, id)
		}
		return children.Load()
	}
}

func (userByName) resolve(ctx context.Context, username string) (*ent.User, error) {
	id, ok, err := loader.Usernames.In(operation.Loaders(ctx)).Load(ctx, account.Lower(username))
	if err != nil || !ok {
		return nil, err
	}
	u, _, err := loader.Users.In(operation.Loaders(ctx)).Load(ctx, id)
	return u, err
}

// suggesting is Query.searchSuggestions. The titles are those that the viewer sees now.
type suggesting struct{}

func (e suggesting) declare(into exec.Edges) {
	into["Query.searchSuggestions"] = exec.Edge{Loaders: []string{loader.Suggestions.Name()}, Then: []string{loader.Documents.Name()}, Begin: e.begin}
}

func suggestionKey(a asked) (kinds.SuggestionKey, error) {
	first, err := upTo(a, square.MaxSuggestions)
	return kinds.SuggestionKey{Prefix: square.Begun(arg[string](a, "prefix")), First: first}, err
}

func (suggesting) begin(f *exec.Fetch) exec.Step {
	key, err := suggestionKey(askedOf(f))
	if err != nil {
		f.FailAll(err)
		return nil
	}
	suggestions, documents := loader.Suggestions.In(setOf(f)), loader.Documents.In(setOf(f))
	at := suggestions.Ask(key)
	return func() exec.Step {
		list, _, err := suggestions.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		for _, id := range titlesIn(list) {
			documents.Ask(id)
		}
		return func() exec.Step {
			found := map[uuid.UUID]*ent.Document{}
			for _, id := range titlesIn(list) {
				d, ok, err := documents.Get(documents.Ask(id))
				if err != nil {
					f.FailAll(err)
					return nil
				}
				if ok {
					found[id] = d
				}
			}
			setObjects(f, 0, suggestionsOf(list, found))
			return nil
		}
	}
}

func (suggesting) resolve(ctx context.Context, args map[string]any) ([]*model.SearchSuggestion, error) {
	key, err := suggestionKey(askedIn(ctx, args))
	if err != nil {
		return nil, err
	}
	list, _, err := loader.Suggestions.In(operation.Loaders(ctx)).Load(ctx, key)
	if err != nil {
		return nil, err
	}
	found, err := loader.Documents.In(operation.Loaders(ctx)).LoadAll(ctx, titlesIn(list))
	return suggestionsOf(list, found), err
}

// titlesIn returns the documents of the titles among suggestions.
func titlesIn(list []kinds.Suggestion) (ids []uuid.UUID) {
	for _, s := range list {
		if s.Kind == kinds.SuggestTitle {
			ids = append(ids, s.Document)
		}
	}
	return ids
}

// suggestionsOf returns suggestions with their documents, without those whose document the viewer does not see.
func suggestionsOf(list []kinds.Suggestion, found map[uuid.UUID]*ent.Document) []*model.SearchSuggestion {
	out := make([]*model.SearchSuggestion, 0, len(list))
	for _, s := range list {
		m := &model.SearchSuggestion{Kind: s.Kind, Text: s.Text, Documents: int64(s.Documents)}
		if s.Kind == kinds.SuggestTitle {
			if m.Document = found[s.Document]; m.Document == nil {
				continue
			}
			m.Text = m.Document.Title
		}
		out = append(out, m)
	}
	return out
}
