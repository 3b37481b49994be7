package graph

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/internal/account"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/text/plaintext"
)

// toList is an edge from the root to a list of objects whose key the arguments name.
type toList[K comparable, V any] struct {
	field string
	lists *loader.Definition[K, []*V]
	key   func(a asked) (K, error)
}

func (e toList[K, V]) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.lists.Name()}, Begin: e.begin}
}

func (e toList[K, V]) begin(f *exec.Fetch) exec.Step {
	key, err := e.key(askedOf(f))
	if err != nil {
		f.FailAll(err)
		return nil
	}
	lists := e.lists.In(setOf(f))
	at := lists.Ask(key)
	return func() exec.Step {
		list, _, err := lists.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		f.StartList(0)
		for _, v := range list {
			f.AddObject(0, v)
		}
		return nil
	}
}

func (e toList[K, V]) resolve(ctx context.Context, args map[string]any) ([]*V, error) {
	key, err := e.key(askedIn(ctx, args))
	if err != nil {
		return nil, err
	}
	list, _, err := e.lists.In(operation.Loaders(ctx)).Load(ctx, key)
	return list, err
}

// upTo returns the argument first, which may be 1 to most.
func upTo(a asked, most int) (int, error) {
	first := arg[int](a, "first")
	if first < 1 || first > most {
		return 0, errs.BadInput("first", "first must be 1 to %d, but is %d", most, first)
	}
	return first, nil
}

// tagPrefix returns the key of the beginning of a tag; NoTag for a longer text than a tag can have.
func tagPrefix(text string) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > plaintext.MaxTag {
		return plaintext.NoTag
	}
	return plaintext.TagKey(text)
}

func tagsKey(a asked) (kinds.TagsKey, error) {
	first, err := upTo(a, page.MaxSize)
	return kinds.TagsKey{Prefix: tagPrefix(orEmpty(arg[*string](a, "prefix"))), First: first}, err
}

func trendingPage(a asked, _ bool) (kinds.TrendingPage, error) {
	window := trendingWindows[arg[model.TrendingWindow](a, "window")]
	args, err := pageArgs(a, square.TrendingOrder(window))
	return kinds.TrendingPage{Window: window, Args: args}, err
}

func usersPage(a asked, _ bool) (kinds.UsersPage, error) {
	args, err := pageArgs(a, account.NamesOrder)
	return kinds.UsersPage{Begin: account.Sought(arg[string](a, "query")), Args: args}, err
}

// related is Document.relatedDocuments, without documents that the viewer no longer sees.
type related struct{}

func (e related) declare(into exec.Edges) {
	into["Document.relatedDocuments"] = exec.Edge{Loaders: []string{loader.Related.Name()}, Then: []string{loader.Documents.Name()}, Early: true, Begin: e.begin}
}

func (related) begin(f *exec.Fetch) exec.Step {
	first, err := upTo(askedOf(f), square.MaxRelated)
	if err != nil {
		f.FailAll(err)
		return nil
	}
	lists := loader.Related.In(setOf(f))
	at := make([]int, 0, f.Len())
	parents(f, func(_ int, id uuid.UUID) { at = append(at, lists.Ask(id)) })
	return func() exec.Step {
		children, n := exec.NewChildren(f, "", loader.Documents.In(setOf(f))).DropMissing(), 0
		parents(f, func(i int, _ uuid.UUID) {
			ids, _, err := lists.Get(at[n])
			n++
			if err != nil {
				f.Fail(i, err)
				return
			}
			f.StartList(i)
			for _, id := range ids[:min(first, len(ids))] {
				children.Add(i, id)
			}
		})
		return children.Load()
	}
}

func (related) resolve(ctx context.Context, id uuid.UUID, args map[string]any) ([]*ent.Document, error) {
	first, err := upTo(askedIn(ctx, args), square.MaxRelated)
	if err != nil {
		return nil, err
	}
	ids, _, err := loader.Related.In(operation.Loaders(ctx)).Load(ctx, id)
	if err != nil {
		return nil, err
	}
	ids = ids[:min(first, len(ids))]
	found, err := loader.Documents.In(operation.Loaders(ctx)).LoadAll(ctx, ids)
	return present(ids, found), err
}
