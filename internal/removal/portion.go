package removal

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/commentlike"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/favorite"
	"docsquare/ent/file"
	"docsquare/ent/idempotencykey"
	"docsquare/ent/like"
	"docsquare/ent/predicate"
	"docsquare/ent/removal"
	"docsquare/ent/session"
	"docsquare/ent/uploadpart"
	"docsquare/ent/user"
	"docsquare/internal/blobstore"
	"docsquare/internal/counters"
	"docsquare/internal/store"
)

// job is a removal under way.
type job struct {
	store *store.Store
	*ent.Removal
}

// portion deletes some rows in one transaction. It returns 0 if there was nothing to do: then it is the next one's turn.
type portion func(ctx context.Context) (rows int, err error)

// portions returns what a removal deletes, in this order. What an account has done with the documents of others goes first, as others
// see its counters.
func (j job) portions() []portion {
	if j.Kind == removal.KindDocument {
		return []portion{j.documents(document.ID(j.Subject)), j.end}
	}
	return []portion{
		j.comments(false, repliesTo(j.Subject)), j.comments(true, comment.AuthorID(j.Subject)), j.commentLikes, j.likes(like.UserID(j.Subject)), j.favorites(favorite.UserID(j.Subject)),
		j.documents(document.AuthorID(j.Subject)), j.parts, j.files, j.editorSessions, j.idempotencyKeys, j.account,
	}
}

// write runs a portion. It holds the removal, so that the workers of two instances take turns.
func (j job) write(ctx context.Context, f func(tx *store.Tx) (int, error)) (rows int, err error) {
	err = j.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := store.ForUpdate(tx, tx.Removal.Query().Where(removal.Subject(j.Subject))).Only(ctx); err != nil {
			return ent.MaskNotFound(err) // another instance has ended it
		}
		rows, err = f(tx)
		return err
	})
	return rows, err
}

// repliesTo finds the replies to comments of an account. With ent's predicate, an EXISTS, SQLite reads all comments.
func repliesTo(author uuid.UUID) predicate.Comment {
	return func(of *entsql.Selector) {
		parents := entsql.Table(comment.Table).As("parents")
		of.Where(entsql.In(of.C(comment.FieldParentID), entsql.Select(parents.C(comment.FieldID)).From(parents).Where(entsql.EQ(parents.C(comment.FieldAuthorID), author))))
	}
}

// comments deletes comments. With note, it records that for subscriptions to their documents.
func (j job) comments(note bool, which ...predicate.Comment) portion {
	return func(ctx context.Context) (int, error) {
		found, err := j.store.DB.Comment.Query().Where(which...).Limit(Rows).All(ctx)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) { return counters.RemoveComments(ctx, tx, found, Rows, note) })
	}
}

// commentLikes takes back what the account likes among the comments of others.
func (j job) commentLikes(ctx context.Context) (int, error) {
	found, err := j.store.DB.CommentLike.Query().Where(commentlike.UserID(j.Subject)).Limit(Rows).All(ctx)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return j.write(ctx, func(tx *store.Tx) (int, error) { return counters.TakeBackCommentLikes(ctx, tx, found) })
}

func (j job) likes(which predicate.Like) portion {
	return func(ctx context.Context) (int, error) {
		found, err := j.store.DB.Like.Query().Where(which).Limit(Rows).All(ctx)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) { return counters.RemoveLikes(ctx, tx, found) })
	}
}

func (j job) favorites(which predicate.Favorite) portion {
	return func(ctx context.Context) (int, error) {
		found, err := j.store.DB.Favorite.Query().Where(which).Limit(Rows).All(ctx)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) { return counters.RemoveFavorites(ctx, tx, found) })
	}
}

// parts drops what has arrived of files on their way.
func (j job) parts(ctx context.Context) (int, error) {
	partial, err := j.store.DB.File.Query().Where(file.UserID(j.Subject), file.HasParts()).Limit(files).IDs(ctx)
	if err != nil || len(partial) == 0 {
		return 0, err
	}
	found, err := j.store.DB.UploadPart.Query().Where(uploadpart.FileIDIn(partial...)).Limit(Rows).All(ctx)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	ids, keys := make([]int, len(found)), make([]string, len(found))
	for i, p := range found {
		ids[i], keys[i] = p.ID, p.Key
	}
	return j.write(ctx, func(tx *store.Tx) (int, error) {
		if _, err := tx.UploadPart.Delete().Where(uploadpart.IDIn(ids...)).Exec(ctx); err != nil {
			return 0, err
		}
		return len(found), blobstore.Drop(ctx, tx, keys...)
	})
}

func (j job) files(ctx context.Context) (int, error) {
	return j.write(ctx, func(tx *store.Tx) (int, error) {
		found, err := store.ForUpdate(tx, tx.File.Query().Where(file.UserID(j.Subject)).Order(ent.Asc(file.FieldCreatedAt, file.FieldID)).Limit(files)).All(ctx)
		if err != nil {
			return 0, err
		}
		return len(found), blobstore.Remove(ctx, tx, found...)
	})
}

func (j job) editorSessions(ctx context.Context) (int, error) {
	return j.write(ctx, func(tx *store.Tx) (int, error) {
		found, err := tx.EditorSession.Query().Where(editorsession.UserID(j.Subject)).Limit(texts).All(ctx)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		for _, x := range found {
			tx.Invalidate(x)
		}
		return tx.EditorSession.Delete().Where(editorsession.IDIn(ent.EditorSessions(found).IDs()...)).Exec(ctx)
	})
}

func (j job) idempotencyKeys(ctx context.Context) (int, error) {
	ids, err := j.store.DB.IdempotencyKey.Query().Where(idempotencykey.UserID(j.Subject)).Limit(Rows).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return j.write(ctx, func(tx *store.Tx) (int, error) {
		return tx.IdempotencyKey.Delete().Where(idempotencykey.IDIn(ids...)).Exec(ctx)
	})
}

// account deletes the row of the account, which few others refer to by now. It holds the row: what a request still writes for the account
// at that moment waits, and then finds no account. What was written before is left to a further round.
func (j job) account(ctx context.Context) (int, error) {
	return j.write(ctx, func(tx *store.Tx) (int, error) {
		u, err := store.ForDeletion(tx, tx.User.Query().Where(user.ID(j.Subject))).Only(ctx)
		if ent.IsNotFound(err) {
			return j.forget(ctx, tx)
		}
		if err != nil {
			return 0, err
		}
		if left, err := j.left(ctx, tx); err != nil || left {
			return 1, err
		}
		sessions, err := tx.Session.Query().Where(session.UserID(j.Subject)).WithSecret().All(ctx)
		if err != nil {
			return 0, err
		}
		for _, x := range sessions {
			tx.Invalidate(x)
			if x.Edges.Secret != nil {
				tx.Invalidate(x.Edges.Secret)
			}
		}
		if err := tx.User.DeleteOneID(j.Subject).Exec(ctx); err != nil {
			return 0, err
		}
		tx.Invalidate(u, &ent.UserStats{UserID: j.Subject})
		return j.forget(ctx, tx)
	})
}

// left reports whether an account still has rows that a portion deletes.
func (j job) left(ctx context.Context, tx *store.Tx) (bool, error) {
	for _, exist := range []func(context.Context) (bool, error){
		tx.Comment.Query().Where(comment.AuthorID(j.Subject)).Exist, tx.Like.Query().Where(like.UserID(j.Subject)).Exist,
		tx.CommentLike.Query().Where(commentlike.UserID(j.Subject)).Exist,
		tx.Favorite.Query().Where(favorite.UserID(j.Subject)).Exist, tx.Document.Query().Where(document.AuthorID(j.Subject)).Exist,
		tx.File.Query().Where(file.UserID(j.Subject)).Exist, tx.EditorSession.Query().Where(editorsession.UserID(j.Subject)).Exist,
	} {
		if left, err := exist(ctx); err != nil || left {
			return left, err
		}
	}
	return false, nil
}

// end is the last portion of the removal of a document.
func (j job) end(ctx context.Context) (int, error) {
	return j.write(ctx, func(tx *store.Tx) (int, error) { return j.forget(ctx, tx) })
}

// forget ends the removal.
func (j job) forget(ctx context.Context, tx *store.Tx) (int, error) {
	return tx.Removal.Delete().Where(removal.Subject(j.Subject)).Exec(ctx)
}
