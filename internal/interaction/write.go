package interaction

import (
	"context"
	"database/sql"
	"errors"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/schema"
	"docsquare/internal/cache"
	"docsquare/internal/counters"
	"docsquare/internal/counters/rank"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Like marks a document as liked by the viewer. Liking twice changes nothing. It returns UNAUTHENTICATED for a guest and
// NOT_FOUND for a document that the viewer cannot see.
func (s *Service) Like(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, likes(1), func(tx *store.Tx, user uuid.UUID, at time.Time) (time.Time, bool, error) {
		err := tx.Like.Create().SetUserID(user).SetDocumentID(document).SetCreatedAt(at).OnConflict(entsql.DoNothing()).Exec(ctx)
		return inserted(at, err)
	})
}

// Unlike takes the viewer's like back, also of a document that the viewer no longer sees. Without a like, or a document, it changes nothing.
// It returns UNAUTHENTICATED for a guest.
func (s *Service) Unlike(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, likes(-1), func(tx *store.Tx, user uuid.UUID, _ time.Time) (time.Time, bool, error) {
		l, err := tx.Like.Query().Where(like.UserID(user), like.DocumentID(document)).Only(ctx)
		if err != nil {
			return time.Time{}, false, ent.MaskNotFound(err)
		}
		return l.CreatedAt, true, tx.Like.DeleteOne(l).Exec(ctx)
	})
}

// Favorite puts a document among the viewer's favorites. Errors are those of Like.
func (s *Service) Favorite(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, favorites(1), func(tx *store.Tx, user uuid.UUID, at time.Time) (time.Time, bool, error) {
		err := tx.Favorite.Create().SetUserID(user).SetDocumentID(document).SetCreatedAt(at).OnConflict(entsql.DoNothing()).Exec(ctx)
		return inserted(at, err)
	})
}

// Unfavorite takes a document out of the viewer's favorites. It is like Unlike.
func (s *Service) Unfavorite(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	return s.mark(ctx, v, document, favorites(-1), func(tx *store.Tx, user uuid.UUID, _ time.Time) (time.Time, bool, error) {
		f, err := tx.Favorite.Query().Where(favorite.UserID(user), favorite.DocumentID(document)).Only(ctx)
		if err != nil {
			return time.Time{}, false, ent.MaskNotFound(err)
		}
		return f.CreatedAt, true, tx.Favorite.DeleteOne(f).Exec(ctx)
	})
}

// effect is what a mark changes in the counters and in the account's set, and the entity that it is.
type effect struct {
	marked   bool
	received counters.Received
	done     counters.Done
	weight   float64 // of the signal that it is
	entity   func(user, document uuid.UUID) any
	sets     func(*kinds.Cache) *cache.Kind[uuid.UUID, *kinds.MarkSet]
}

func likes(n int) effect {
	return effect{
		n > 0,
		counters.Received{Likes: n},
		counters.Done{Likes: n},
		rank.Like * float64(n),
		func(u, d uuid.UUID) any { return &ent.Like{UserID: u, DocumentID: d} },
		func(c *kinds.Cache) *cache.Kind[uuid.UUID, *kinds.MarkSet] { return c.Likes },
	}
}

func favorites(n int) effect {
	return effect{
		n > 0,
		counters.Received{Favorites: n},
		counters.Done{Favorites: n},
		rank.Favorite * float64(n),
		func(u, d uuid.UUID) any { return &ent.Favorite{UserID: u, DocumentID: d} },
		func(c *kinds.Cache) *cache.Kind[uuid.UUID, *kinds.MarkSet] { return c.Favorites },
	}
}

// marking sets or clears a mark. It returns when the mark was set, and whether that changed anything.
type marking func(tx *store.Tx, user uuid.UUID, now time.Time) (at time.Time, changed bool, err error)

// mark sets or clears a mark. Where that changed anything it counts it, and keeps the account's set in step.
func (s *Service) mark(ctx context.Context, v viewer.Viewer, document uuid.UUID, e effect, set marking) error {
	user, err := v.SignedIn()
	if err != nil {
		return err
	}
	changed, write := false, cache.BeginWrite(e.sets(s.cache), user)
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := markable(ctx, tx, v, document, e.marked); err != nil {
			return err
		}
		var at time.Time
		if at, changed, err = set(tx, user, schema.Now()); err != nil || !changed {
			return err
		}
		tx.Invalidate(e.entity(user, document))
		e.received.Signals = []rank.Signal{{Weight: e.weight, At: at}}
		if err := counters.Count(ctx, tx, document, e.received); err != nil {
			return err
		}
		return counters.CountUser(ctx, tx, user, e.done)
	})
	if !e.marked && errs.Is(err, errs.NotFound) {
		return nil // there is no mark; the answer is the same for a document that the viewer does not see
	}
	if err == nil && changed {
		write.Finish(func(set *kinds.MarkSet) (*kinds.MarkSet, bool) { return set.With(document, e.marked) })
	}
	return err
}

// markable locks a document that the viewer sees. To clear a mark, the viewer need not see it: who has marked a document that was taken
// back must be able to undo that. It returns NOT_FOUND for any other document.
func markable(ctx context.Context, tx *store.Tx, v viewer.Viewer, document uuid.UUID, marked bool) error {
	if marked {
		_, err := seen(ctx, tx, v, document)
		return err
	}
	_, err := counters.Document(ctx, tx, document)
	return err
}

// inserted reports whether an insert that ignores conflicts has written a row.
func inserted(at time.Time, err error) (time.Time, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	return at, err == nil, err
}

// seen is a document that the viewer sees, held until the transaction ends; NOT_FOUND for any other.
func seen(ctx context.Context, tx *store.Tx, v viewer.Viewer, id uuid.UUID) (*ent.Document, error) {
	d, err := counters.Document(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return d, v.Rules().CheckSees(d)
}
