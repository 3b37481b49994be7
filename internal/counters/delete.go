package counters

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/commentlike"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/revision"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/fileuse"
	"docsquare/internal/store"
)

// Documents is the documents that there are, as they stand, held as Document holds one, in the order of their identifiers.
func Documents(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (docs []*ent.Document, err error) {
	err = inParts(ids, func(part []uuid.UUID) error {
		q := store.ForUpdate(tx, tx.Document.Query().Where(document.IDIn(part...)).Order(ent.Asc(document.FieldID)))
		found, err := q.All(ctx)
		docs = append(docs, found...)
		return err
	})
	return docs, err
}

// Delete deletes a document, which the caller holds, with everything that belongs to it, and takes it out of every counter.
func Delete(ctx context.Context, tx *store.Tx, d *ent.Document) error {
	users, err := Remove(ctx, tx, d)
	if err != nil {
		return err
	}
	return RecountUsers(ctx, tx, users...)
}

// Remove is Delete for many documents, but for the statistics of accounts: those are held last, so the caller counts them
// again, with RecountUsers, after everything else.
func Remove(ctx context.Context, tx *store.Tx, docs ...*ent.Document) (users []uuid.UUID, err error) {
	if err := belonging(ctx, tx, docs); err != nil {
		return nil, err
	}
	marked := map[uuid.UUID]struct{}{}
	for _, d := range docs {
		if d.Visibility == document.VisibilityPublic {
			if err := place(ctx, tx, d, -1); err != nil {
				return nil, err
			}
		}
		if err := marking(ctx, tx, d, marked); err != nil {
			return nil, err
		}
		if err := tx.Document.DeleteOneID(d.ID).Exec(ctx); err != nil {
			return nil, err
		}
		tx.Invalidate(d, &ent.DocumentStats{DocumentID: d.ID})
	}
	return slices.Collect(maps.Keys(marked)), nil
}

// marking notes the author and the accounts that have liked, kept or commented on the document, whose rows go with it.
func marking(ctx context.Context, tx *store.Tx, d *ent.Document, users map[uuid.UUID]struct{}) error {
	likes, err := tx.Like.Query().Where(like.DocumentID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	favorites, err := tx.Favorite.Query().Where(favorite.DocumentID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	comments, err := tx.Comment.Query().Where(comment.DocumentID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	commentLikes, err := tx.CommentLike.Query().Where(commentlike.DocumentID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	for _, l := range commentLikes {
		tx.Invalidate(l)
	}
	tx.Invalidate(&ent.DeletedComment{DocumentID: d.ID})
	users[d.AuthorID] = struct{}{}
	for _, l := range likes {
		users[l.UserID] = struct{}{}
		tx.Invalidate(l)
	}
	for _, f := range favorites {
		users[f.UserID] = struct{}{}
		tx.Invalidate(f)
	}
	for _, c := range comments {
		users[c.AuthorID] = struct{}{}
		tx.Invalidate(c)
	}
	return nil
}

// belonging notes the revisions of documents, whose rows go with them, the editor sessions that lose their document, and the files that
// lose a viewer.
func belonging(ctx context.Context, tx *store.Tx, docs []*ent.Document) error {
	if len(docs) == 0 {
		return nil
	}
	return inParts(ent.Documents(docs).IDs(), func(part []uuid.UUID) error {
		revisions, err := tx.Revision.Query().Where(revision.DocumentIDIn(part...)).IDs(ctx)
		if err != nil {
			return err
		}
		if err := textusage.GiveBack(ctx, tx, revisions...); err != nil {
			return err
		}
		for _, id := range revisions {
			tx.Invalidate(&ent.Revision{ID: id, DocumentID: part[0]}) // the tag of its document is noted anyway
		}
		sessions, err := tx.EditorSession.Query().Where(editorsession.DocumentIDIn(part...)).All(ctx)
		for _, x := range sessions {
			tx.Invalidate(x)
		}
		if err != nil {
			return err
		}
		return fileuse.Forget(ctx, tx, part...)
	})
}
