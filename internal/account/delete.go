package account

import (
	"context"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/favorite"
	"docsquare/ent/file"
	"docsquare/ent/identity"
	"docsquare/ent/like"
	"docsquare/ent/predicate"
	"docsquare/ent/session"
	"docsquare/ent/user"
	"docsquare/internal/audit"
	"docsquare/internal/blobstore"
	"docsquare/internal/counters"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Delete deletes the viewer's account with everything that it wrote and marked. It returns BAD_USER_INPUT where the
// password is wrong.
func (s *Service) Delete(ctx context.Context, v viewer.Viewer, password string) (uuid.UUID, error) {
	c, err := s.confirm(ctx, v, "password", password)
	if err != nil {
		return uuid.Nil, err
	}
	return c.UserID, s.store.Write(ctx, func(tx *store.Tx) error {
		if err := confirmed(ctx, tx, c, "password"); err != nil {
			return err
		}
		u, err := remove(ctx, tx, c.UserID)
		if err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionAccountDeleted, Subject: u.NodeID().String(), Detail: u.Username})
	})
}

// remove holds the documents that the account wrote or marked before the account itself, as every writer does. What the
// account marks in that moment is found when it is asked for again.
func remove(ctx context.Context, tx *store.Tx, id uuid.UUID) (*ent.User, error) {
	touched, err := marks(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	written, err := tx.Document.Query().Where(document.AuthorID(id)).IDs(ctx)
	if err != nil {
		return nil, err
	}
	docs, err := counters.Documents(ctx, tx, append(written, touched.documents...)...)
	if err != nil {
		return nil, err
	}
	u, err := held(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if touched, err = marks(ctx, tx, id); err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(docs, func(d *ent.Document) bool { return d.AuthorID != id })
	users, err := counters.Remove(ctx, tx, own...)
	if err != nil {
		return nil, err
	}
	if _, err := end(ctx, tx, session.UserID(id)); err != nil {
		return nil, err
	}
	if err := dropOwn(ctx, tx, id); err != nil {
		return nil, err
	}
	if err := tx.User.DeleteOneID(id).Exec(ctx); err != nil {
		return nil, err
	}
	tx.Invalidate(u, &ent.UserStats{UserID: id})
	tx.Count(counters.SiteUsers, -1)
	return u, recount(ctx, tx, touched.documents, append(users, touched.users...))
}

// dropOwn deletes the account's files, and notes its editor sessions and identities, which go with it.
func dropOwn(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	files, err := tx.File.Query().Where(file.UserID(id)).All(ctx)
	if err != nil {
		return err
	}
	sessions, err := tx.EditorSession.Query().Where(editorsession.UserID(id)).All(ctx)
	if err != nil {
		return err
	}
	for _, x := range sessions {
		tx.Invalidate(x)
	}
	links, err := tx.Identity.Query().Where(identity.UserID(id)).All(ctx)
	if err != nil {
		return err
	}
	for _, x := range links {
		tx.Invalidate(x)
	}
	return blobstore.Remove(ctx, tx, files...)
}

// held is the account, held against others who write about it. A new mark or comment of its waits, and then finds no account.
func held(ctx context.Context, tx *store.Tx, id uuid.UUID) (*ent.User, error) {
	q := store.ForUpdate(tx, tx.User.Query().Where(user.ID(id)))
	return q.Only(ctx)
}

// recount counts again what the account has left behind. Without documents and users it does nothing.
func recount(ctx context.Context, tx *store.Tx, documents, users []uuid.UUID) error {
	if len(documents) > 0 {
		if err := counters.Recount(ctx, tx, documents...); err != nil {
			return err
		}
	}
	if len(users) == 0 {
		return nil
	}
	return counters.RecountUsers(ctx, tx, users...)
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
	comments, err := tx.Comment.Query().Where(comment.AuthorID(id)).All(ctx)
	if err != nil {
		return a, err
	}
	replies, err := tx.Comment.Query().Where(comment.AuthorIDNEQ(id), repliesTo(id)).All(ctx)
	if err != nil {
		return a, err
	}
	for _, l := range likes {
		a.documents = append(a.documents, l.DocumentID)
		tx.Invalidate(l)
	}
	for _, f := range favorites {
		a.documents = append(a.documents, f.DocumentID)
		tx.Invalidate(f)
	}
	for _, c := range append(comments, replies...) {
		a.documents, a.users = append(a.documents, c.DocumentID), append(a.users, c.AuthorID)
		tx.Invalidate(c)
	}
	return a, nil
}

// repliesTo finds the replies to comments of an account. With ent's predicate, an EXISTS, SQLite reads all comments; with both
// conditions in one OR, PostgreSQL does.
func repliesTo(author uuid.UUID) predicate.Comment {
	return func(of *entsql.Selector) {
		parents := entsql.Table(comment.Table).As("parents")
		of.Where(entsql.In(of.C(comment.FieldParentID), entsql.Select(parents.C(comment.FieldID)).From(parents).Where(entsql.EQ(parents.C(comment.FieldAuthorID), author))))
	}
}
