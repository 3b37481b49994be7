package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/internal/cache"
	"docsquare/internal/editor"
	"docsquare/internal/interaction"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// pageArgs is the paging arguments of a field.
type pageArgs struct {
	first  *int
	after  *string
	last   *int
	before *string
}

func (p pageArgs) in(order string) (page.Args, error) {
	return page.New(order, p.first, p.after, p.last, p.before)
}

// connected is what connections of every type are made of.
type connected[V any] struct {
	nodes   []V
	cursors []string
	info    *model.PageInfo
}

// connect turns a page of identifiers into what a connection is made of.
func connect[V any](ctx context.Context, p page.IDs, order string, l *loader.Loader[uuid.UUID, V]) (connected[V], error) {
	values, err := l.LoadAll(ctx, p.Keys())
	c := connected[V]{
		nodes: make([]V, len(p.Entries)), cursors: make([]string, len(p.Entries)),
		info: &model.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious},
	}
	for i, e := range p.Entries {
		c.nodes[i], c.cursors[i] = values[e.ID], e.Cursor().Text(order)
	}
	if n := len(c.cursors); n > 0 {
		c.info.StartCursor, c.info.EndCursor = &c.cursors[0], &c.cursors[n-1]
	}
	return c, err
}

func edges[V, E any](c connected[V], edge func(cursor string, node V) E) []E {
	list := make([]E, len(c.nodes))
	for i, n := range c.nodes {
		list[i] = edge(c.cursors[i], n)
	}
	return list
}

func documentConnection(ctx context.Context, p page.IDs, order string, total int) (*model.DocumentConnection, error) {
	c, err := connect(ctx, p, order, loader.From(ctx).Documents)
	return &model.DocumentConnection{
		Edges: edges(c, func(cursor string, d *ent.Document) *model.DocumentEdge {
			return &model.DocumentEdge{Cursor: cursor, Node: d}
		}),
		Nodes: c.nodes, PageInfo: c.info, TotalCount: total,
	}, err
}

func commentConnection(ctx context.Context, p page.IDs, total int) (*model.CommentConnection, error) {
	c, err := connect(ctx, p, interaction.CommentOrder, loader.From(ctx).Comments)
	return &model.CommentConnection{
		Edges: edges(c, func(cursor string, n *ent.Comment) *model.CommentEdge {
			return &model.CommentEdge{Cursor: cursor, Node: n}
		}),
		Nodes: c.nodes, PageInfo: c.info, TotalCount: total,
	}, err
}

// ownConnection is a list of the account's that nobody else sees, of which nothing is found for others.
func ownConnection[V any](ctx context.Context, u *ent.User, p pageArgs, order string, pages *loader.Loader[page.List, page.IDs],
	nodes *loader.Loader[uuid.UUID, V], totals *loader.Loader[uuid.UUID, int],
) (c connected[V], total int, shown bool, err error) {
	args, err := p.in(order)
	key, own := ownList(viewer.From(ctx))(u.ID, args)
	if err != nil || !own {
		return c, 0, false, err
	}
	ids, _, err := pages.Load(ctx, key)
	if err != nil {
		return c, 0, false, err
	}
	if total, err = counted(ctx, func() (int, error) { return nullable(totals.Load(ctx, u.ID)) }); err != nil {
		return c, 0, false, err
	}
	c, err = connect(ctx, ids, order, nodes)
	return c, total, err == nil, err
}

func fileConnection(ctx context.Context, u *ent.User, p pageArgs) (*model.FileConnection, error) {
	set := loader.From(ctx)
	c, total, shown, err := ownConnection(ctx, u, p, upload.Order, set.FilePages, set.Files, set.FileTotals)
	if !shown {
		return nil, err
	}
	return &model.FileConnection{
		Edges: edges(c, func(cursor string, n *ent.File) *model.FileEdge { return &model.FileEdge{Cursor: cursor, Node: n} }),
		Nodes: c.nodes, PageInfo: c.info, TotalCount: total,
	}, nil
}

func editorSessionConnection(ctx context.Context, u *ent.User, p pageArgs) (*model.EditorSessionConnection, error) {
	set := loader.From(ctx)
	c, total, shown, err := ownConnection(ctx, u, p, editor.Order, set.EditorPages, set.Editors, set.EditorTotals)
	if !shown {
		return nil, err
	}
	return &model.EditorSessionConnection{
		Edges: edges(c, func(cursor string, n *ent.EditorSession) *model.EditorSessionEdge {
			return &model.EditorSessionEdge{Cursor: cursor, Node: n}
		}),
		Nodes: c.nodes, PageInfo: c.info, TotalCount: total,
	}, nil
}

// counted is the total of a list where the current field selects it.
func counted(ctx context.Context, total func() (int, error)) (int, error) {
	if a, f := lookAhead(ctx); !selects(a, f, "totalCount") {
		return page.NotCounted, nil
	}
	return total()
}

// userDocuments is a connection of a list of an account, null where the viewer may not see it.
func userDocuments(ctx context.Context, u *ent.User, kind cache.UserList, p pageArgs) (*model.DocumentConnection, error) {
	args, err := p.in(square.ListOrder(kind))
	if err != nil {
		return nil, err
	}
	set := loader.From(ctx)
	key, ok := userList(viewer.From(ctx), u.ID, kind, args)
	if !ok {
		return nil, nil //nolint:nilnil // null is the answer
	}
	ids, _, err := set.UserLists.Load(ctx, key)
	if err != nil {
		return nil, err
	}
	total, err := counted(ctx, func() (int, error) { return nullable(set.UserTotals.Load(ctx, key.UserListCount)) })
	if err != nil {
		return nil, err
	}
	return documentConnection(ctx, ids, square.ListOrder(kind), total)
}

// squarePage reads a page of the tech square and announces everything that is selected below it. A page at the head of
// the list brings its total with it; for others the total is looked up, once for all of them.
func squarePage(ctx context.Context, key cache.SquareKey) (page.IDs, error) {
	a, f := lookAhead(ctx)
	totalled := selects(a, f, "totalCount")
	key.Count = totalled && key.Args.Head()
	types := aheadOfDocument(viewer.From(ctx))
	selections := nodesUnder(a, types, f)
	prefetch(ctx, a, []demand{{
		loader: a.set.SquarePages.Name(),
		announce: func(w *loader.Wave) {
			loader.Announce(w, a.set.SquarePages, key)
			if totalled && !key.Count {
				loader.Announce(w, a.set.SquareTotals, key.Filter)
			}
		},
		next: func() []demand {
			var ids []uuid.UUID
			for _, p := range a.set.SquarePages.Known([]cache.SquareKey{key}) {
				ids = append(ids, p.Keys()...)
			}
			return []demand{found(a, a.set.Documents, ids, types, selections)}
		},
	}})
	p, _, err := a.set.SquarePages.Load(ctx, key)
	if err == nil && totalled && !key.Count {
		p.Total, _, err = a.set.SquareTotals.Load(ctx, key.Filter)
	}
	return p, err
}
