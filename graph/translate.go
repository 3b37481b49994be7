package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/internal/account"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/errs"
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

// draftOf is the document that an input describes, with what its file gives.
func (r *Resolver) draftOf(ctx context.Context, input model.CreateDocumentInput) (document.Draft, error) {
	draft := document.Draft{
		Title: orEmpty(input.Title), Summary: input.Summary, Body: orEmpty(input.Body), Format: entdocument.FormatMD,
		Visibility: input.Visibility, Category: input.Category, Tags: input.Tags,
	}
	if input.FileID == nil {
		if input.Format != nil {
			draft.Format = *input.Format
		}
		if input.Body == nil {
			return draft, errs.BadInput("body", "a document needs a text, or a file that it is made of")
		}
		return draft, nil
	}
	id, err := input.FileID.Of(nodeid.File, "fileId")
	if err != nil {
		return draft, err
	}
	if input.Body != nil {
		return draft, errs.BadInput("body", "the text of this document comes from its file: leave it out")
	}
	c, err := r.uploads.Content(ctx, viewer.From(ctx), id)
	if err != nil {
		return draft, err
	}
	return draft, draft.From(c.File, c.Title, c.Body, c.Format, input.Format)
}

// commitOf is what a document is to have besides the text of an editor session.
func commitOf(input model.CommitEditorSessionInput) document.Commit {
	c := document.Commit{
		DocumentRevision: input.DocumentRevision, Title: input.Title, Summary: input.Summary, Visibility: input.Visibility, Tags: input.Tags,
	}
	if category, ok := input.Category.ValueOK(); ok {
		c.Category = &category
	}
	return c
}

// editorSessionPayload is a session as it was just written. What is selected below it is announced.
func editorSessionPayload(ctx context.Context, x *ent.EditorSession, err error) (*ent.EditorSession, error) {
	if err != nil {
		return nil, err
	}
	a, f := lookAhead(ctx)
	types := aheadOfEditorSession(viewer.From(ctx))
	prefetch(ctx, a, demandsOf(a, types, inside(a, types, f, "session"), []*ent.EditorSession{x}))
	return x, nil
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
