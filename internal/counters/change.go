package counters

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/userstats"
	"docsquare/internal/counters/rank"
	"docsquare/internal/errs"
	"docsquare/internal/store"
)

// Received is a change of how a document was received, and the signals that the change gives or takes back.
type Received struct {
	Likes, Favorites, Comments, TopComments int
	Signals                                 []rank.Signal
}

// Count adds a change to the statistics of a document.
func Count(ctx context.Context, tx *store.Tx, document uuid.UUID, r Received) error {
	n, err := CountEach(ctx, tx, map[uuid.UUID]Received{document: r})
	if err == nil && n == 0 {
		err = errs.Missing("document")
	}
	return err
}

// CountEach is Count for many documents, which the caller holds. It returns how many of them there are.
func CountEach(ctx context.Context, tx *store.Tx, changes map[uuid.UUID]Received) (n int, err error) {
	for id := range changes {
		tx.Invalidate(&ent.DocumentStats{DocumentID: id})
	}
	err = inParts(slices.Collect(maps.Keys(changes)), func(part []uuid.UUID) error {
		held, err := receivedBy(ctx, tx, part)
		if err != nil {
			return err
		}
		for _, st := range held {
			changes[st.DocumentID].addTo(tx, st)
		}
		n += len(held)
		return write(ctx, tx, held)
	})
	return n, err
}

func (r Received) addTo(tx *store.Tx, st *ent.DocumentStats) {
	countSite(tx, st, -1)
	st.Likes, st.Favorites = st.Likes+r.Likes, st.Favorites+r.Favorites
	st.Comments, st.TopComments = st.Comments+r.Comments, st.TopComments+r.TopComments
	st.Popularity += r.Likes + r.Favorites + r.Comments
	heat(st, r.Signals...)
	countSite(tx, st, 1)
}

// and returns both changes as one.
func (r Received) and(x Received) Received {
	return Received{
		r.Likes + x.Likes, r.Favorites + x.Favorites, r.Comments + x.Comments, r.TopComments + x.TopComments,
		append(r.Signals, x.Signals...),
	}
}

// Done is a change of what an account has done.
type Done struct{ Comments, Likes, Favorites int }

// CountUser adds a change to the statistics of an account.
func CountUser(ctx context.Context, tx *store.Tx, user uuid.UUID, d Done) error {
	tx.Invalidate(&ent.UserStats{UserID: user})
	return tx.UserStats.Update().Where(userstats.UserID(user)).
		AddComments(d.Comments).AddLikes(d.Likes).AddFavorites(d.Favorites).Exec(ctx)
}

// countUsers is CountUser for many accounts, which it holds in one order for every writer.
func countUsers(ctx context.Context, tx *store.Tx, changes map[uuid.UUID]Done) error {
	users := slices.Collect(maps.Keys(changes))
	if len(users) == 0 {
		return nil
	}
	return inParts(users, func(part []uuid.UUID) error {
		if err := holdUsers(ctx, tx, part); err != nil {
			return err
		}
		same := map[Done][]uuid.UUID{}
		for _, id := range part {
			same[changes[id]] = append(same[changes[id]], id)
			tx.Invalidate(&ent.UserStats{UserID: id})
		}
		for d, users := range same {
			err := tx.UserStats.Update().Where(userstats.UserIDIn(users...)).
				AddComments(d.Comments).AddLikes(d.Likes).AddFavorites(d.Favorites).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
