package interaction

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/commentlike"
	"docsquare/internal/cache"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// LikeComment marks a comment as liked by the viewer, and returns the comment as it was before. Liking twice changes nothing. An error is
// UNAUTHENTICATED for a guest, or NOT_FOUND for a comment that the viewer cannot see.
func (s *Service) LikeComment(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.Comment, error) {
	return s.markComment(ctx, v, id, true)
}

// UnlikeComment takes the viewer's like of a comment back. Without a like it changes nothing. It returns what LikeComment returns.
func (s *Service) UnlikeComment(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.Comment, error) {
	return s.markComment(ctx, v, id, false)
}

// markComment sets or clears the viewer's like of a comment. If that changed anything, it counts it, and updates the account's set.
func (s *Service) markComment(ctx context.Context, v viewer.Viewer, id uuid.UUID, liked bool) (c *ent.Comment, err error) {
	user, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	changed, write := false, cache.BeginWrite(s.cache.CommentLikes, user)
	err = s.onComment(ctx, v, id, func(tx *store.Tx, on *ent.Comment, _ *ent.Document) (err error) {
		c = on
		if changed, err = setCommentLike(ctx, tx, user, on, liked); err != nil || !changed {
			return err
		}
		tx.Invalidate(&ent.CommentLike{UserID: user, CommentID: on.ID, DocumentID: on.DocumentID})
		return counters.CountCommentLikes(ctx, tx, map[uuid.UUID]int{on.ID: delta(liked)})
	})
	if err != nil {
		return nil, err
	}
	if changed {
		write.Finish(func(set *kinds.MarkSet) (*kinds.MarkSet, bool) { return set.With(id, liked) })
	}
	return c, nil
}

func delta(added bool) int {
	if added {
		return 1
	}
	return -1
}

// setCommentLike writes or deletes a like, and reports whether that changed anything. The caller holds the document.
func setCommentLike(ctx context.Context, tx *store.Tx, user uuid.UUID, c *ent.Comment, liked bool) (bool, error) {
	if !liked {
		n, err := tx.CommentLike.Delete().Where(commentlike.UserID(user), commentlike.CommentID(c.ID)).Exec(ctx)
		return n > 0, err
	}
	create := tx.CommentLike.Create().SetUserID(user).SetCommentID(c.ID).SetDocumentID(c.DocumentID)
	err := create.OnConflict(entsql.DoNothing()).Exec(ctx)
	if ent.IsConstraintError(err) {
		return false, errs.Missing("comment") // deleted while this waited for the document
	}
	_, changed, err := inserted(time.Time{}, err)
	return changed, err
}
