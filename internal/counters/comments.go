package counters

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/commentlike"
	"docsquare/ent/deletedcomment"
	"docsquare/ent/schema"
	"docsquare/internal/store"
)

// CountCommentLikes adds to the counts of likes of comments, on documents that the caller holds. The moments of their last changes stay.
func CountCommentLikes(ctx context.Context, tx *store.Tx, changes map[uuid.UUID]int) error {
	same := map[int][]any{}
	for id, n := range changes {
		same[n] = append(same[n], id)
	}
	for n, ids := range same {
		u := entsql.Dialect(tx.Dialect()).Update(comment.Table).Add(comment.FieldLikes, n).Where(entsql.In(comment.FieldID, ids...))
		statement, args := u.Query()
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// RemoveCommentLikes deletes likes of comments, on documents that the caller holds, and counts them back. It deletes at most limit, and
// returns how many.
func RemoveCommentLikes(ctx context.Context, tx *store.Tx, comments []*ent.Comment, limit int) (int, error) {
	rows, err := tx.CommentLike.Query().Where(commentlike.CommentIDIn(ent.Comments(comments).IDs()...)).Limit(limit).All(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return takeBackCommentLikes(ctx, tx, rows)
}

// TakeBackCommentLikes deletes likes of comments, as they were found outside the transaction, and counts them back. It returns how many
// were left.
func TakeBackCommentLikes(ctx context.Context, tx *store.Tx, found []*ent.CommentLike) (int, error) {
	if err := holdDocuments(ctx, tx, found, func(l *ent.CommentLike) uuid.UUID { return l.DocumentID }); err != nil {
		return 0, err
	}
	rows, err := tx.CommentLike.Query().Where(commentlike.IDIn(ent.CommentLikes(found).IDs()...)).All(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return takeBackCommentLikes(ctx, tx, rows)
}

func takeBackCommentLikes(ctx context.Context, tx *store.Tx, rows []*ent.CommentLike) (int, error) {
	changes := map[uuid.UUID]int{}
	for _, l := range rows {
		changes[l.CommentID]--
		tx.Invalidate(l)
	}
	n, err := tx.CommentLike.Delete().Where(commentlike.IDIn(ent.CommentLikes(rows).IDs()...)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return n, CountCommentLikes(ctx, tx, changes)
}

// recountCommentLikes sets the counts of likes of the comments on documents to the counts of the rows. It holds the documents: see holdUsers.
func recountCommentLikes(ctx context.Context, tx *store.Tx, documents []uuid.UUID) error {
	if err := holdDocuments(ctx, tx, documents, func(id uuid.UUID) uuid.UUID { return id }); err != nil {
		return err
	}
	b := entsql.Dialect(tx.Dialect())
	const rows = "(SELECT COUNT(*) FROM comment_likes l WHERE l.comment_id = comments.id)"
	u := b.Update(comment.Table).Set(comment.FieldLikes, entsql.Expr(rows)).Where(entsql.And(
		entsql.In(comment.FieldDocumentID, store.Args(documents)...),
		entsql.P(func(w *entsql.Builder) { w.WriteString("likes <> " + rows) }),
	))
	statement, args := u.Query()
	_, err := tx.ExecContext(ctx, statement, args...)
	return err
}

// NoteDeleted records that comments were deleted, on documents that the caller holds: subscriptions read that.
func NoteDeleted(ctx context.Context, tx *store.Tx, comments ...*ent.Comment) error {
	for _, c := range comments {
		tx.Invalidate(&ent.DeletedComment{DocumentID: c.DocumentID})
	}
	return tx.DeletedComment.MapCreateBulk(comments, func(create *ent.DeletedCommentCreate, i int) {
		create.SetCommentID(comments[i].ID).SetDocumentID(comments[i].DocumentID)
	}).Exec(ctx)
}

// deletionsKept is how long deletions of comments are recorded: longer than subscriptions wait for Redis.
const deletionsKept = 24 * time.Hour

// ForgetDeleted deletes records of deletions that are older than a day, in portions. It returns how many those were.
func ForgetDeleted(ctx context.Context, s *store.Store) (int, error) {
	for all := 0; ; {
		old := s.DB.DeletedComment.Query().Where(deletedcomment.CreatedAtLT(schema.Now().Add(-deletionsKept)))
		rows, err := old.Order(ent.Asc(deletedcomment.FieldCreatedAt)).Limit(partSize).All(ctx)
		if err != nil || len(rows) == 0 {
			return all, err
		}
		n := 0
		err = s.Write(ctx, func(tx *store.Tx) error {
			for _, r := range rows {
				tx.Invalidate(r)
			}
			n, err = tx.DeletedComment.Delete().Where(deletedcomment.IDIn(ent.DeletedComments(rows).IDs()...)).Exec(ctx)
			return err
		})
		all += n
		if err != nil || len(rows) < partSize {
			return all, err
		}
	}
}
