// Package interaction owns what readers do with documents: likes, favorites, views and comments. Every fact changes its
// counters in the same transaction; views, which are no facts of their own, are gathered: see Views.
package interaction

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/deletedcomment"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/store/present"

	entsql "entgo.io/ent/dialect/sql"
)

// Service reads and writes interactions.
type Service struct {
	*Views
	store *store.Store
	cache *kinds.Cache
}

// New is the service over a store and its cache. Run it, for the views.
func New(s *store.Store, c *kinds.Cache, log *slog.Logger) *Service {
	return &Service{Views: newViews(s, c, log), store: s, cache: c}
}

// CommentsByIDs returns the comments that exist. It does not check the viewer: who can see a document can see its comments.
func (s *Service) CommentsByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Comment, error) {
	return s.cache.Comments.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Comment, error) {
		rows, err := s.store.DB.Comment.Query().Where(comment.IDIn(ids...), present.Comment()).All(ctx)
		return store.ByKey(rows, func(c *ent.Comment) uuid.UUID { return c.ID }), err
	})
}

// OldestFirst names the order of comments and replies without another order.
const OldestFirst = "comments"

// OrderName names an order of comments for its cursors.
func OrderName(o kinds.CommentOrder) string {
	switch {
	case o.Field == kinds.OrderLikes && o.Ascending:
		return "least liked comments"
	case o.Field == kinds.OrderLikes:
		return "most liked comments"
	case o.Ascending:
		return OldestFirst
	}
	return "newest comments"
}

func comments(parent string) store.Listing {
	return store.Listing{
		Table: comment.Table, ID: comment.FieldID, Sort: comment.FieldCreatedAt, Moment: true, Ascending: true, Parent: parent,
	}
}

// Comments is a page of the comments on each document, without the replies: one statement for all that want the same page in the same order.
func (s *Service) Comments(ctx context.Context, keys []kinds.CommentsKey) (map[kinds.CommentsKey]page.IDs, error) {
	return s.cache.CommentsOf.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.CommentsKey) (map[kinds.CommentsKey]page.IDs, error) {
		lists := map[kinds.CommentOrder][]page.List{}
		for _, k := range keys {
			lists[k.Order] = append(lists[k.Order], k.List)
		}
		out := make(map[kinds.CommentsKey]page.IDs, len(keys))
		for order, wanted := range lists {
			pages, err := store.PagesOf(s.store, topComments(order))(ctx, wanted)
			if err != nil {
				return nil, err
			}
			for l, p := range pages {
				out[kinds.CommentsKey{List: l, Order: order}] = p
			}
		}
		return out, nil
	})
}

func topComments(o kinds.CommentOrder) store.Listing {
	listing := comments(comment.FieldDocumentID)
	listing.Sort, listing.Ascending, listing.Moment = o.Field, o.Ascending, o.Field != kinds.OrderLikes
	listing.Where = func(sel *entsql.Selector) { sel.Where(entsql.IsNull(sel.C(comment.FieldParentID))) }
	return listing
}

// Thread is a page of all comments and replies on each document.
func (s *Service) Thread(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	return s.cache.Thread.Fetch(ctx, keys, store.PagesOf(s.store, comments(comment.FieldDocumentID)))
}

// Edits is a page of all comments and replies on each document in the order of their last changes.
func (s *Service) Edits(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	listing := comments(comment.FieldDocumentID)
	listing.Sort = comment.FieldUpdatedAt
	return s.cache.Edits.Fetch(ctx, keys, store.PagesOf(s.store, listing))
}

// Deletions is a page of the comments that were deleted on each document within about a day, in the order of their deletion.
func (s *Service) Deletions(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	return s.cache.Deletions.Fetch(ctx, keys, store.PagesOf(s.store, store.Listing{
		Table: deletedcomment.Table, ID: deletedcomment.FieldCommentID, Sort: deletedcomment.FieldID, Ascending: true, Parent: deletedcomment.FieldDocumentID,
	}))
}

// Replies is a page of the replies to each comment.
func (s *Service) Replies(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	return s.cache.Replies.Fetch(ctx, keys, store.PagesOf(s.store, comments(comment.FieldParentID)))
}

// ReplyTotals is how many replies each comment has.
func (s *Service) ReplyTotals(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	return s.cache.ReplyTotals.Fetch(ctx, ids, store.CountsOf(s.store, comments(comment.FieldParentID)))
}
