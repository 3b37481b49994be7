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
	"docsquare/internal/rank"
	"docsquare/internal/square"
	"docsquare/internal/viewer"
)

var trendingWindows = map[model.TrendingWindow]rank.Window{
	model.TrendingWindowDay: rank.Day, model.TrendingWindowWeek: rank.Week, model.TrendingWindowMonth: rank.Month,
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
	if key.Args, err = p.in(square.OrderName(key.Order)); err == nil {
		key.Filter, err = squareFilter(filter)
	}
	return key, err
}

// squareFilter is the condition that an argument names.
func squareFilter(filter *model.DocumentFilter) (f cache.SquareFilter, err error) {
	if filter == nil {
		return f, nil
	}
	if filter.Format != nil {
		f.Format = *filter.Format
	}
	f.Category, f.Tag = orEmpty(filter.Category), orEmpty(filter.Tag)
	author, err := optionalID(filter.AuthorID, nodeid.User, "authorId")
	if author != nil {
		f.Author = *author
	}
	return f, err
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
	v := viewer.From(ctx)
	v.UserID, v.SessionID = in.User.ID, in.SessionID
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
