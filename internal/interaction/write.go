package interaction

import (
	"context"
	"database/sql"
	"errors"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/viewday"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/tally"
	"docsquare/internal/viewer"
)

// Like marks a document as liked by the viewer. Liking twice changes nothing. It returns UNAUTHENTICATED for a guest and
// NOT_FOUND for a document that the viewer cannot see.
func (s *Service) Like(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, func(tx *store.Tx, user uuid.UUID) (bool, error) {
		err := tx.Like.Create().SetUserID(user).SetDocumentID(document).OnConflict(entsql.DoNothing()).Exec(ctx)
		return inserted(err)
	}, likes(1))
}

// Unlike takes the viewer's like back. Errors are those of Like.
func (s *Service) Unlike(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, func(tx *store.Tx, user uuid.UUID) (bool, error) {
		n, err := tx.Like.Delete().Where(like.UserID(user), like.DocumentID(document)).Exec(ctx)
		return n > 0, err
	}, likes(-1))
}

// Favorite puts a document among the viewer's favorites. Errors are those of Like.
func (s *Service) Favorite(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, func(tx *store.Tx, user uuid.UUID) (bool, error) {
		err := tx.Favorite.Create().SetUserID(user).SetDocumentID(document).OnConflict(entsql.DoNothing()).Exec(ctx)
		return inserted(err)
	}, favorites(1))
}

// Unfavorite takes a document out of the viewer's favorites. Errors are those of Like.
func (s *Service) Unfavorite(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, func(tx *store.Tx, user uuid.UUID) (bool, error) {
		n, err := tx.Favorite.Delete().Where(favorite.UserID(user), favorite.DocumentID(document)).Exec(ctx)
		return n > 0, err
	}, favorites(-1))
}

// effect is what a mark changes in the counters, and the entity that it is.
type effect struct {
	received tally.Received
	done     tally.Done
	entity   func(user, document uuid.UUID) any
}

func likes(n int) effect {
	return effect{tally.Received{Likes: n}, tally.Done{Likes: n}, func(u, d uuid.UUID) any { return &ent.Like{UserID: u, DocumentID: d} }}
}

func favorites(n int) effect {
	return effect{tally.Received{Favorites: n}, tally.Done{Favorites: n}, func(u, d uuid.UUID) any { return &ent.Favorite{UserID: u, DocumentID: d} }}
}

// mark sets or clears a mark, and counts it where that changed anything.
func (s *Service) mark(ctx context.Context, v viewer.Viewer, document uuid.UUID, set func(tx *store.Tx, user uuid.UUID) (bool, error), e effect) error {
	user, err := v.SignedIn()
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := seen(ctx, tx, v, document); err != nil {
			return err
		}
		changed, err := set(tx, user)
		if err != nil || !changed {
			return err
		}
		tx.Wrote(e.entity(user, document))
		if err := tally.Count(ctx, tx, document, e.received); err != nil {
			return err
		}
		return tally.CountUser(ctx, tx, user, e.done)
	})
}

// inserted says whether an insert that ignores what is there already has written a row.
func inserted(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// seen is a document that the viewer sees, held until the transaction ends; NOT_FOUND for any other.
func seen(ctx context.Context, tx *store.Tx, v viewer.Viewer, id uuid.UUID) (*ent.Document, error) {
	d, err := tally.Document(ctx, tx, id)
	if err == nil && !v.Sees(d) {
		return nil, errs.Missing("document")
	}
	return d, err
}

// RecordView counts a view of a document, also of a guest. NOT_FOUND for a document that the viewer cannot see.
func (s *Service) RecordView(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := seen(ctx, tx, v, document); err != nil {
			return err
		}
		day := int(time.Now().Unix() / (24 * 60 * 60))
		err := tx.ViewDay.Create().SetDocumentID(document).SetDay(day).SetViews(1).
			OnConflictColumns(viewday.FieldDocumentID, viewday.FieldDay).
			Update(func(u *ent.ViewDayUpsert) { u.AddViews(1) }).Exec(ctx)
		if err != nil {
			return err
		}
		tx.Wrote(&ent.DocumentStats{DocumentID: document})
		return tx.DocumentStats.Update().Where(documentstats.DocumentID(document)).AddViews(1).Exec(ctx)
	})
}
