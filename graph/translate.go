package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/internal/account"
	"docsquare/internal/cache"
	"docsquare/internal/nodeid"
	"docsquare/internal/square"
	"docsquare/internal/viewer"
)

var trendingDays = map[model.TrendingWindow]int{
	model.TrendingWindowDay: 1, model.TrendingWindowWeek: 7, model.TrendingWindowMonth: 30,
}

var squareOrders = map[model.DocumentOrderField]string{
	model.DocumentOrderFieldCreatedAt: cache.OrderCreated, model.DocumentOrderFieldUpdatedAt: cache.OrderUpdated,
	model.DocumentOrderFieldPopularity: cache.OrderPopularity,
}

// squareKey is the page of the tech square that arguments ask for.
func squareKey(p pageArgs, filter *model.DocumentFilter, order *model.DocumentOrder) (cache.SquareKey, error) {
	key := cache.SquareKey{Order: cache.SquareOrder{Field: cache.OrderCreated}}
	if order != nil {
		key.Order = cache.SquareOrder{Field: squareOrders[order.Field], Ascending: order.Direction == model.OrderDirectionAsc}
	}
	var err error
	if key.Args, err = p.in(square.OrderName(key.Order)); err != nil || filter == nil {
		return key, err
	}
	if filter.Format != nil {
		key.Filter.Format = *filter.Format
	}
	key.Filter.Category, key.Filter.Tag = orEmpty(filter.Category), orEmpty(filter.Tag)
	author, err := optionalID(filter.AuthorID, nodeid.User, "authorId")
	if author != nil {
		key.Filter.Author = *author
	}
	return key, err
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func optionalID(id *nodeid.ID, want nodeid.Type, field string) (*uuid.UUID, error) {
	if id == nil {
		return nil, nil //nolint:nilnil // nothing was passed
	}
	u, err := id.Of(want, field)
	return &u, err
}

// present is the objects that were found, in the order of their identifiers.
func present[V any](ids []uuid.UUID, found map[uuid.UUID]V) []V {
	list := make([]V, 0, len(ids))
	for _, id := range ids {
		if v, ok := found[id]; ok {
			list = append(list, v)
		}
	}
	return list
}

// discard drops the document that a service returns: the payload reads it through its loader.
func discard(act func(context.Context, viewer.Viewer, uuid.UUID) (*ent.Document, error)) func(context.Context, viewer.Viewer, uuid.UUID) error {
	return func(ctx context.Context, v viewer.Viewer, id uuid.UUID) error {
		_, err := act(ctx, v, id)
		return err
	}
}

// sessionPayload answers a sign-in: what is selected below it is answered to the account that has just signed in.
func sessionPayload(ctx context.Context, in account.SignedIn, err error) (*model.SessionPayload, error) {
	if err != nil {
		return nil, err
	}
	v := viewer.Viewer{UserID: in.User.ID, SessionID: in.SessionID, UserAgent: viewer.From(ctx).UserAgent}
	viewer.Become(ctx, v)
	loader.From(ctx).Become(v)
	u, err := userOf(ctx, in.User.ID)
	return &model.SessionPayload{User: u, Token: in.Token, ExpiresAt: in.ExpiresAt}, err
}

func documentPayload(ctx context.Context, d *ent.Document, err error) (*model.DocumentPayload, error) {
	if err != nil {
		return nil, err
	}
	d, err = documentOf(ctx, d.ID)
	return &model.DocumentPayload{Document: d}, err
}

func commentPayload(ctx context.Context, c *ent.Comment, err error) (*model.CommentPayload, error) {
	if err != nil {
		return nil, err
	}
	if c, err = payload(ctx, "comment", commentsOf, aheadOfComment, c.ID); err != nil {
		return nil, err
	}
	d, err := documentOf(ctx, c.DocumentID)
	return &model.CommentPayload{Comment: c, Document: d}, err
}

// nodes is the objects with the identifiers, nil for each that the viewer may not see: comments are seen with their
// documents, revisions by those who may edit, sessions by their account.
func nodes(ctx context.Context, ids ...nodeid.ID) ([]nodeid.Node, error) {
	byType := map[nodeid.Type][]uuid.UUID{}
	for _, id := range ids {
		byType[id.Type] = append(byType[id.Type], id.UUID)
	}
	found := map[nodeid.ID]nodeid.Node{}
	for _, find := range []func(context.Context, map[nodeid.Type][]uuid.UUID, map[nodeid.ID]nodeid.Node) error{
		findUsers, findDocuments, findComments, findRevisions, findSessions,
	} {
		if err := find(ctx, byType, found); err != nil {
			return make([]nodeid.Node, len(ids)), err
		}
	}
	list := make([]nodeid.Node, len(ids))
	for i, id := range ids {
		list[i] = found[id]
	}
	return list, nil
}

func findUsers(ctx context.Context, ids map[nodeid.Type][]uuid.UUID, found map[nodeid.ID]nodeid.Node) error {
	users, err := fetch(ctx, usersOf, aheadOfUser, ids[nodeid.User]...)
	return collect(users, found, err)
}

func findDocuments(ctx context.Context, ids map[nodeid.Type][]uuid.UUID, found map[nodeid.ID]nodeid.Node) error {
	docs, err := fetch(ctx, documentsOf, aheadOfDocument, ids[nodeid.Document]...)
	return collect(docs, found, err)
}

func findComments(ctx context.Context, ids map[nodeid.Type][]uuid.UUID, found map[nodeid.ID]nodeid.Node) error {
	comments, err := fetch(ctx, commentsOf, aheadOfComment, ids[nodeid.Comment]...)
	if err != nil {
		return err
	}
	return seenWith(ctx, comments, func(c *ent.Comment) uuid.UUID { return c.DocumentID }, viewer.Viewer.Sees, found)
}

func findRevisions(ctx context.Context, ids map[nodeid.Type][]uuid.UUID, found map[nodeid.ID]nodeid.Node) error {
	set := loader.From(ctx)
	w := set.Wave(ctx)
	loader.Announce(w, set.Revisions, ids[nodeid.Revision]...)
	w.Run()
	revisions, err := set.Revisions.LoadAll(ctx, ids[nodeid.Revision])
	if err != nil {
		return err
	}
	return seenWith(ctx, revisions, func(r *ent.Revision) uuid.UUID { return r.DocumentID }, viewer.Viewer.Edits, found)
}

// seenWith keeps the objects whose document the viewer may use in the way asked.
func seenWith[V nodeid.Node](ctx context.Context, objects map[uuid.UUID]V, of func(V) uuid.UUID, may func(viewer.Viewer, *ent.Document) bool, found map[nodeid.ID]nodeid.Node) error {
	set := loader.From(ctx)
	about := make([]uuid.UUID, 0, len(objects))
	for _, o := range objects {
		about = append(about, of(o))
	}
	w := set.Wave(ctx)
	loader.Announce(w, set.Documents, about...)
	w.Run()
	docs, err := set.Documents.LoadAll(ctx, about)
	for _, o := range objects {
		if d, ok := docs[of(o)]; ok && may(viewer.From(ctx), d) {
			found[o.NodeID()] = o
		}
	}
	return err
}

func findSessions(ctx context.Context, ids map[nodeid.Type][]uuid.UUID, found map[nodeid.ID]nodeid.Node) error {
	v := viewer.From(ctx)
	if v.Guest() || len(ids[nodeid.Session]) == 0 {
		return nil
	}
	own, _, err := loader.One(ctx, loader.From(ctx).Sessions, v.UserID)
	for _, x := range own {
		found[x.NodeID()] = x
	}
	return err
}

func collect[V nodeid.Node](objects map[uuid.UUID]V, found map[nodeid.ID]nodeid.Node, err error) error {
	for _, o := range objects {
		found[o.NodeID()] = o
	}
	return err
}
