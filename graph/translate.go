package graph

import (
	"context"
	"crypto/sha256"
	"io"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/internal/account"
	"docsquare/internal/counters/rank"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/interaction"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/square"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

var trendingWindows = map[model.TrendingWindow]rank.Window{
	model.TrendingWindowDay: rank.Day, model.TrendingWindowWeek: rank.Week, model.TrendingWindowMonth: rank.Month,
}

var squareOrders = map[model.DocumentOrderField]string{
	model.DocumentOrderFieldPublishedAt: kinds.OrderPublished, model.DocumentOrderFieldCreatedAt: kinds.OrderCreated,
	model.DocumentOrderFieldUpdatedAt: kinds.OrderUpdated, model.DocumentOrderFieldPopularity: kinds.OrderPopularity,
}

var commentOrders = map[model.CommentOrderField]string{
	model.CommentOrderFieldCreatedAt: kinds.OrderCreated, model.CommentOrderFieldLikes: kinds.OrderLikes,
}

// squareKey is the page of the tech square that arguments ask for. A page at the head of the list brings its total with it.
func squareKey(a asked, totalled bool) (kinds.SquareKey, error) {
	key := kinds.SquareKey{Order: kinds.SquareOrder{Field: kinds.OrderPublished}}
	if order := arg[*model.DocumentOrder](a, "orderBy"); order != nil {
		key.Order = kinds.SquareOrder{Field: squareOrders[order.Field], Ascending: order.Direction == model.OrderDirectionAsc}
	}
	var err error
	if key.Args, err = pageArgs(a, square.OrderName(key.Order)); err != nil {
		return key, err
	}
	key.Count = totalled && key.Args.Head()
	key.Filter, err = squareFilter(arg[*model.DocumentFilter](a, "filter"))
	return key, err
}

// commentsKey is the page of comments that arguments ask for, of no document yet.
func commentsKey(a asked, _ bool) (k kinds.CommentsKey, err error) {
	k.Order = kinds.CommentOrder{Field: kinds.OrderCreated, Ascending: true}
	if order := arg[*model.CommentOrder](a, "orderBy"); order != nil {
		k.Order = kinds.CommentOrder{Field: commentOrders[order.Field], Ascending: order.Direction == model.OrderDirectionAsc}
	}
	k.Args, err = pageArgs(a, interaction.OrderName(k.Order))
	return k, err
}

// pageOf returns paging arguments as the edges read them.
func pageOf(first *int, after *string, last *int, before *string) map[string]any {
	return map[string]any{"first": first, "after": after, "last": last, "before": before}
}

// squareFilter is the condition that an argument names.
func squareFilter(filter *model.DocumentFilter) (f kinds.SquareFilter, err error) {
	if filter == nil {
		return f, nil
	}
	if filter.Format != nil {
		f.Format = *filter.Format
	}
	f.Category, f.Tag = orEmpty(filter.Category), tagKey(orEmpty(filter.Tag))
	if filter.PublishedFrom != nil {
		f.Published.From = *filter.PublishedFrom
	}
	if filter.PublishedTo != nil {
		f.Published.To = *filter.PublishedTo
	}
	author, err := optionalID(filter.AuthorID, nodeid.User, "authorId")
	if author != nil {
		f.Author = *author
	}
	return f, err
}

// tagKey returns the key of the tag that a filter names; an empty one names none.
func tagKey(text string) string {
	if text == "" {
		return ""
	}
	name, err := plaintext.Name(text, plaintext.MaxTag)
	if err != nil {
		return plaintext.NoTag
	}
	return plaintext.TagKey(name)
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

// fileIDs returns the files that an input names, nil if it names no list.
func fileIDs(ids []*nodeid.ID, field string) ([]uuid.UUID, error) {
	if ids == nil {
		return nil, nil
	}
	out := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = id.Of(nodeid.File, field); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sumOf returns the SHA-256 of a content that is then at its beginning again.
func sumOf(content io.ReadSeeker) ([]byte, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return nil, err
	}
	_, err := content.Seek(0, io.SeekStart)
	return sum.Sum(nil), err
}

// pictureWidths are the widths in pixels.
var pictureWidths = map[model.PictureWidth]int{model.PictureWidthW320: 320, model.PictureWidthW640: 640, model.PictureWidthW1280: 1280, model.PictureWidthW1920: 1920}

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
	v = v.Identify(viewer.Viewer{UserID: in.User.ID, SessionID: in.SessionID})
	operation.Loaders(ctx).Become(v)
	return &model.SessionPayload{UserID: in.User.ID, Token: in.Token, ExpiresAt: in.ExpiresAt}, nil
}

// draftOf is the document that an input describes, with what its file gives.
func (r *Resolver) draftOf(ctx context.Context, input model.CreateDocumentInput) (document.Draft, error) {
	draft := document.Draft{
		Title: orEmpty(input.Title), Summary: input.Summary, Body: orEmpty(input.Body), Format: entdocument.FormatMD,
		Visibility: input.Visibility, Category: input.Category, Tags: input.Tags,
	}
	var err error
	if draft.Cover, err = optionalID(input.CoverID, nodeid.File, "coverId"); err != nil {
		return draft, err
	}
	if draft.Attachments, err = fileIDs(input.AttachmentIds, "attachmentIds"); err != nil {
		return draft, err
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
	return draft, draft.From(document.FileContent(c), input.Format)
}

// commitOf returns what a document is to have in addition to the text of an editor session.
func commitOf(input model.CommitEditorSessionInput) (document.Commit, error) {
	var u updates
	c := document.Commit{
		DocumentRevision: kept(&u, "documentRevision", input.DocumentRevision), Title: kept(&u, "title", input.Title),
		Summary: clearedText(input.Summary), Visibility: kept(&u, "visibility", input.Visibility), Tags: clearedList(input.Tags),
	}
	if category, ok := input.Category.ValueOK(); ok {
		c.Category = &category
	}
	return c, u.err
}

func documentPayload(d *ent.Document, err error) (*model.DocumentPayload, error) {
	if err != nil {
		return nil, err
	}
	return &model.DocumentPayload{DocumentID: d.ID}, nil
}

// onComment does something with the comment that an input names.
func onComment(ctx context.Context, id nodeid.ID, do func(context.Context, viewer.Viewer, uuid.UUID) (*ent.Comment, error)) (*model.CommentPayload, error) {
	comment, err := id.Of(nodeid.Comment, "commentId")
	if err != nil {
		return nil, err
	}
	c, err := do(ctx, viewer.From(ctx), comment)
	return commentPayload(c, err)
}

func commentPayload(c *ent.Comment, err error) (*model.CommentPayload, error) {
	if err != nil {
		return nil, err
	}
	return &model.CommentPayload{CommentID: c.ID, DocumentID: c.DocumentID}, nil
}
