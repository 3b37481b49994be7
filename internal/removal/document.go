package removal

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/commentlike"
	"docsquare/ent/document"
	"docsquare/ent/documentstats"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/predicate"
	"docsquare/ent/removal"
	"docsquare/ent/revision"
	"docsquare/ent/viewday"
	"docsquare/internal/counters"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/fileuse"
	"docsquare/internal/kinds"
	"docsquare/internal/search"
	"docsquare/internal/store"
)

// documents removes the first documents of a selection: they leave the tech square, then what belongs to them is deleted, and then they
// are.
func (j job) documents(which predicate.Document) portion {
	return func(ctx context.Context) (int, error) {
		batch, err := j.store.DB.Document.Query().Where(which).Order(ent.Asc(document.FieldCreatedAt, document.FieldID)).Limit(documents).All(ctx)
		if err != nil || len(batch) == 0 {
			return 0, err
		}
		ids := ent.Documents(batch).IDs()
		if slices.ContainsFunc(batch, isPublic) {
			return j.write(ctx, func(tx *store.Tx) (int, error) { return len(ids), Unlist(ctx, tx, ids...) })
		}
		for _, p := range []portion{
			j.comments(false, comment.DocumentIDIn(ids...), comment.ParentIDNotNil()), j.comments(false, comment.DocumentIDIn(ids...)),
			j.likes(like.DocumentIDIn(ids...)), j.favorites(favorite.DocumentIDIn(ids...)), j.viewDays(ids), j.revisions(batch),
		} {
			if n, err := p(ctx); err != nil || n > 0 {
				return n, err
			}
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) { return len(ids), j.deleteDocuments(ctx, tx, ids) })
	}
}

func isPublic(d *ent.Document) bool { return d.Visibility == document.VisibilityPublic }

// Unlist takes documents out of the tech square, its counters and the index, and makes them private.
func Unlist(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) error {
	docs, err := counters.Documents(ctx, tx, ids...)
	if err != nil {
		return err
	}
	docs = slices.DeleteFunc(docs, func(d *ent.Document) bool { return !isPublic(d) })
	if len(docs) == 0 {
		return nil
	}
	if err := counters.Unlist(ctx, tx, docs...); err != nil {
		return err
	}
	for _, d := range docs {
		tx.Invalidate(d)
	}
	ids = ent.Documents(docs).IDs()
	if err := search.Remove(ctx, tx, ids...); err != nil {
		return err
	}
	if err := fileuse.Forget(ctx, tx, ids...); err != nil {
		return err
	}
	return tx.Document.Update().Where(document.IDIn(ids...)).SetVisibility(document.VisibilityPrivate).Exec(ctx)
}

func (j job) viewDays(of []uuid.UUID) portion {
	return func(ctx context.Context) (int, error) {
		found, err := j.store.DB.ViewDay.Query().Where(viewday.DocumentIDIn(of...)).Limit(Rows).All(ctx)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) {
			for _, v := range found {
				tx.Invalidate(v)
			}
			return tx.ViewDay.Delete().Where(viewday.IDIn(ent.ViewDays(found).IDs()...)).Exec(ctx)
		})
	}
}

// revisions deletes texts, all but the identifiers of which it does not read.
func (j job) revisions(of []*ent.Document) portion {
	return func(ctx context.Context) (int, error) {
		ids, err := j.store.DB.Revision.Query().Where(revision.DocumentIDIn(ent.Documents(of).IDs()...)).Limit(texts).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		return j.write(ctx, func(tx *store.Tx) (int, error) {
			for _, id := range ids {
				tx.Invalidate(&ent.Revision{ID: id, DocumentID: of[0].ID}) // the entries of its document are invalidated already
			}
			if err := textusage.GiveBack(ctx, tx, ids...); err != nil {
				return 0, err
			}
			return tx.Revision.Delete().Where(revision.IDIn(ids...)).Exec(ctx)
		})
	}
}

// deleteDocuments deletes documents of which little is left: what requests have added that were under way when the removal began.
func (j job) deleteDocuments(ctx context.Context, tx *store.Tx, ids []uuid.UUID) error {
	docs, err := counters.Documents(ctx, tx, ids...)
	if err != nil {
		return err
	}
	users, err := counters.Remove(ctx, tx, docs...)
	if err != nil {
		return err
	}
	users = slices.DeleteFunc(users, func(id uuid.UUID) bool { return id == j.Subject }) // an account that is removed itself
	if len(users) == 0 {
		return nil
	}
	return counters.RecountUsers(ctx, tx, users...)
}

// Document deletes a document, which the caller holds, with everything that belongs to it. If that is more than a portion, the document is
// hidden, and a worker deletes it.
func Document(ctx context.Context, tx *store.Tx, d *ent.Document) error {
	few, err := isFew(ctx, tx, d)
	if err != nil {
		return err
	}
	if few {
		return counters.Delete(ctx, tx, d)
	}
	if err := Unlist(ctx, tx, d.ID); err != nil {
		return err
	}
	tx.Invalidate(d, &ent.DocumentStats{DocumentID: d.ID}, kinds.VisibilityChange{})
	_, err = Begin(ctx, tx, d.ID, removal.KindDocument)
	return err
}

// isFew reports whether no table has more rows of a document than a portion deletes. The statistics of the document tell that of most.
func isFew(ctx context.Context, tx *store.Tx, d *ent.Document) (bool, error) {
	st, err := tx.DocumentStats.Query().Where(documentstats.DocumentID(d.ID)).Only(ctx)
	if err != nil {
		return false, err
	}
	if d.Revision > texts || st.Popularity > Rows {
		return false, nil
	}
	if st.Comments > 0 {
		liked, err := tx.CommentLike.Query().Where(commentlike.DocumentID(d.ID)).Limit(Rows + 1).IDs(ctx)
		if err != nil || len(liked) > Rows {
			return false, err
		}
	}
	if time.Since(d.CreatedAt) < Rows*24*time.Hour {
		return true, nil
	}
	days, err := tx.ViewDay.Query().Where(viewday.DocumentID(d.ID)).Limit(Rows + 1).IDs(ctx)
	return len(days) <= Rows, err
}
