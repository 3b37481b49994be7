package counters

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/userstats"
	"docsquare/internal/counters/rank"
	"docsquare/internal/store"
)

// Unlist takes public documents, which the caller holds, out of the tech square and its counters. The caller makes them private.
func Unlist(ctx context.Context, tx *store.Tx, docs ...*ent.Document) error {
	if err := Hold(ctx, tx, docs...); err != nil {
		return err
	}
	written := map[uuid.UUID]int{}
	for _, d := range docs {
		if err := place(ctx, tx, d, -1); err != nil {
			return err
		}
		written[d.AuthorID]++
	}
	for author, n := range written { // of one account, as a rule
		tx.Invalidate(&ent.UserStats{UserID: author})
		if err := tx.UserStats.Update().Where(userstats.UserID(author)).AddDocuments(-n).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// taken is the changes of counters by what a transaction takes back.
type taken struct {
	documents map[uuid.UUID]Received
	users     map[uuid.UUID]Done
}

func newTaken() taken { return taken{map[uuid.UUID]Received{}, map[uuid.UUID]Done{}} }

func (t taken) add(document, user uuid.UUID, r Received, d Done) {
	t.documents[document] = t.documents[document].and(r)
	x := t.users[user]
	t.users[user] = Done{x.Comments + d.Comments, x.Likes + d.Likes, x.Favorites + d.Favorites}
}

func (t taken) count(ctx context.Context, tx *store.Tx) error {
	if _, err := CountEach(ctx, tx, t.documents); err != nil {
		return err
	}
	return countUsers(ctx, tx, t.users)
}

// RemoveLikes deletes likes, as they were found outside the transaction, and counts them back. It returns how many were left.
func RemoveLikes(ctx context.Context, tx *store.Tx, found []*ent.Like) (int, error) {
	if err := holdDocuments(ctx, tx, found, func(l *ent.Like) uuid.UUID { return l.DocumentID }); err != nil {
		return 0, err
	}
	ids := ent.Likes(found).IDs()
	rows, err := tx.Like.Query().Where(like.IDIn(ids...)).All(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	t := newTaken()
	for _, l := range rows {
		tx.Invalidate(l)
		t.add(l.DocumentID, l.UserID, Received{Likes: -1, Signals: []rank.Signal{{Weight: -rank.Like, At: l.CreatedAt}}}, Done{Likes: -1})
	}
	n, err := tx.Like.Delete().Where(like.IDIn(ids...)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return n, t.count(ctx, tx)
}

// RemoveFavorites is RemoveLikes for favorites.
func RemoveFavorites(ctx context.Context, tx *store.Tx, found []*ent.Favorite) (int, error) {
	if err := holdDocuments(ctx, tx, found, func(f *ent.Favorite) uuid.UUID { return f.DocumentID }); err != nil {
		return 0, err
	}
	ids := ent.Favorites(found).IDs()
	rows, err := tx.Favorite.Query().Where(favorite.IDIn(ids...)).All(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	t := newTaken()
	for _, f := range rows {
		tx.Invalidate(f)
		t.add(f.DocumentID, f.UserID, Received{Favorites: -1, Signals: []rank.Signal{{Weight: -rank.Favorite, At: f.CreatedAt}}}, Done{Favorites: -1})
	}
	n, err := tx.Favorite.Delete().Where(favorite.IDIn(ids...)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return n, t.count(ctx, tx)
}

// RemoveComments deletes comments, as they were found outside the transaction, and counts them back. If there are replies to one of them
// that are not among them, it deletes such replies instead, at most limit, and if there are likes of any of them, those. It returns how many
// rows it has deleted. With note, it records the deletion of the comments for subscriptions, but not that of the replies to them.
func RemoveComments(ctx context.Context, tx *store.Tx, found []*ent.Comment, limit int, note bool) (int, error) {
	if err := holdDocuments(ctx, tx, found, func(c *ent.Comment) uuid.UUID { return c.DocumentID }); err != nil {
		return 0, err
	}
	ids := ent.Comments(found).IDs()
	rows, err := tx.Comment.Query().Where(comment.ParentIDIn(ids...), comment.IDNotIn(ids...)).Limit(limit).All(ctx)
	if err == nil && len(rows) > 0 {
		note = false
	} else if err == nil {
		rows, err = tx.Comment.Query().Where(comment.IDIn(ids...)).All(ctx)
	}
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	if n, err := RemoveCommentLikes(ctx, tx, rows, limit); err != nil || n > 0 {
		return n, err
	}
	if note {
		if err := NoteDeleted(ctx, tx, rows...); err != nil {
			return 0, err
		}
	}
	t := newTaken()
	for _, c := range rows {
		tx.Invalidate(c)
		r := Received{Comments: -1, Signals: []rank.Signal{{Weight: -rank.Comment, At: c.CreatedAt}}}
		if c.ParentID == nil {
			r.TopComments = -1
		}
		t.add(c.DocumentID, c.AuthorID, r, Done{Comments: -1})
	}
	if _, err := tx.Comment.Delete().Where(comment.IDIn(ent.Comments(rows).IDs()...)).Exec(ctx); err != nil {
		return 0, err
	}
	return len(rows), t.count(ctx, tx)
}

// holdDocuments holds the documents that rows belong to.
func holdDocuments[E any](ctx context.Context, tx *store.Tx, rows []E, of func(E) uuid.UUID) error {
	ids := make([]uuid.UUID, len(rows))
	for i, x := range rows {
		ids[i] = of(x)
	}
	return inParts(ids, func(part []uuid.UUID) error {
		_, err := store.ForUpdate(tx, tx.Document.Query().Where(document.IDIn(part...)).Order(ent.Asc(document.FieldID))).IDs(ctx)
		return err
	})
}
