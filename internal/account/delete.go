package account

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/session"
	"docsquare/internal/store"
	"docsquare/internal/tally"
	"docsquare/internal/viewer"
)

// Delete deletes the viewer's account with everything that it wrote and marked. It returns BAD_USER_INPUT where the
// password is wrong.
func (s *Service) Delete(ctx context.Context, v viewer.Viewer, password string) (uuid.UUID, error) {
	id, err := s.confirm(ctx, v, "password", password)
	if err != nil {
		return uuid.Nil, err
	}
	return id, s.store.Write(ctx, func(tx *store.Tx) error { return remove(ctx, tx, id) })
}

func remove(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	own, err := tx.Document.Query().Where(document.AuthorID(id)).All(ctx)
	if err != nil {
		return err
	}
	for _, d := range own {
		if err := tally.Delete(ctx, tx, d); err != nil {
			return err
		}
	}
	touched, err := marks(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := end(ctx, tx, session.UserID(id)); err != nil {
		return err
	}
	u, err := tx.User.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := tx.User.DeleteOneID(id).Exec(ctx); err != nil {
		return err
	}
	tx.Wrote(u, &ent.UserStats{UserID: id})
	if len(touched.documents) == 0 {
		return nil
	}
	if err := tally.Recount(ctx, tx, touched.documents...); err != nil || len(touched.users) == 0 {
		return err
	}
	return tally.RecountUsers(ctx, tx, touched.users...)
}

// affected is what counts what an account leaves behind.
type affected struct{ documents, users []uuid.UUID }

// marks notes the account's likes, favorites and comments on the documents of others, and the replies to those comments.
func marks(ctx context.Context, tx *store.Tx, id uuid.UUID) (affected, error) {
	var a affected
	likes, err := tx.Like.Query().Where(like.UserID(id)).All(ctx)
	if err != nil {
		return a, err
	}
	favorites, err := tx.Favorite.Query().Where(favorite.UserID(id)).All(ctx)
	if err != nil {
		return a, err
	}
	mine := comment.AuthorID(id)
	comments, err := tx.Comment.Query().Where(comment.Or(mine, comment.HasParentWith(mine))).All(ctx)
	if err != nil {
		return a, err
	}
	for _, l := range likes {
		a.documents = append(a.documents, l.DocumentID)
		tx.Wrote(l)
	}
	for _, f := range favorites {
		a.documents = append(a.documents, f.DocumentID)
		tx.Wrote(f)
	}
	for _, c := range comments {
		a.documents, a.users = append(a.documents, c.DocumentID), append(a.users, c.AuthorID)
		tx.Wrote(c)
	}
	return a, nil
}
