package counters

import (
	"bytes"
	"context"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/userstats"
	"docsquare/internal/store"
)

// Recount sets the statistics of documents, or of all where none is named, to the counts of the rows: after rows were
// written or deleted in bulk.
func Recount(ctx context.Context, tx *store.Tx, documents ...uuid.UUID) error {
	if len(documents) == 0 {
		all, err := tx.Document.Query().IDs(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		documents = all
	}
	return inParts(documents, func(part []uuid.UUID) error { return recount(ctx, tx, part) })
}

func recount(ctx context.Context, tx *store.Tx, documents []uuid.UUID) error {
	held, err := receivedBy(ctx, tx, documents)
	if err != nil || len(held) == 0 {
		return err
	}
	f := facts{tx, make([]uuid.UUID, len(held)), make(map[uuid.UUID]*ent.DocumentStats, len(held))}
	for i, st := range held {
		f.ids[i], f.stats[st.DocumentID] = st.DocumentID, st
		countSite(tx, st, -1)
	}
	if err := f.read(ctx); err != nil {
		return err
	}
	for _, st := range held {
		countSite(tx, st, 1)
		tx.Invalidate(st)
	}
	return write(ctx, tx, held)
}

// RecountUsers sets the statistics of accounts, or of all where none is named, to the counts of the rows.
func RecountUsers(ctx context.Context, tx *store.Tx, users ...uuid.UUID) error {
	return inParts(users, func(part []uuid.UUID) error { return recountUsers(ctx, tx, part) })
}

func recountUsers(ctx context.Context, tx *store.Tx, users []uuid.UUID) error {
	if err := holdUsers(ctx, tx, users); err != nil {
		return err
	}
	update := tx.UserStats.Update()
	if len(users) > 0 {
		update.Where(userstats.UserIDIn(users...))
		for _, id := range users {
			tx.Invalidate(&ent.UserStats{UserID: id})
		}
	}
	return update.Modify(func(u *entsql.UpdateBuilder) {
		of := func(table, column, and string) any {
			return entsql.Expr("(SELECT COUNT(*) FROM " + table + " c WHERE c." + column + " = user_stats.user_id" + and + ")")
		}
		u.Set(userstats.FieldDocuments, of("documents", "author_id", " AND c.visibility = 'PUBLIC'")).
			Set(userstats.FieldComments, of("comments", "author_id", "")).
			Set(userstats.FieldLikes, of("likes", "user_id", "")).
			Set(userstats.FieldFavorites, of("favorites", "user_id", ""))
	}).Exec(ctx)
}

// partSize is how many identifiers one statement names: a database bounds its parameters.
const partSize = 1000

// inParts calls f with parts of the identifiers, each once and in their order over all parts, which is the order in which
// rows are held; once with none where there are none.
func inParts(ids []uuid.UUID, f func(part []uuid.UUID) error) error {
	if len(ids) == 0 {
		return f(nil)
	}
	ids = slices.SortedFunc(slices.Values(ids), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for part := range slices.Chunk(slices.Compact(ids), partSize) {
		if err := f(part); err != nil {
			return err
		}
	}
	return nil
}

// holdUsers holds the statistics of accounts, in one order for every writer. A recount needs that: a statement of
// PostgreSQL counts what was committed when it began, also where it then waits for another writer to add to the same
// counter, and would write over what that writer has added.
func holdUsers(ctx context.Context, tx *store.Tx, users []uuid.UUID) error {
	q := tx.UserStats.Query().Order(ent.Asc(userstats.FieldUserID))
	if len(users) > 0 {
		q.Where(userstats.UserIDIn(users...))
	}
	_, err := store.ForUpdate(tx, q).IDs(ctx)
	return err
}
