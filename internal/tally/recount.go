package tally

import (
	"bytes"
	"context"
	"slices"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/ent/userstats"
	"docsquare/internal/store"
)

// Recount sets the statistics of documents, or of all where none is named, to what the rows say: after rows were
// written or deleted in bulk.
func Recount(ctx context.Context, tx *store.Tx, documents ...uuid.UUID) error {
	return inParts(documents, func(part []uuid.UUID) error { return recount(ctx, tx, part) })
}

func recount(ctx context.Context, tx *store.Tx, documents []uuid.UUID) error {
	if err := holdDocuments(ctx, tx, documents); err != nil {
		return err
	}
	update := tx.DocumentStats.Update()
	if len(documents) > 0 {
		update.Where(documentstats.DocumentIDIn(documents...))
		for _, id := range documents {
			tx.Wrote(&ent.DocumentStats{DocumentID: id})
		}
	}
	return update.Modify(func(u *entsql.UpdateBuilder) {
		likes, favorites, comments := rows("likes", ""), rows("favorites", ""), rows("comments", "")
		u.Set(documentstats.FieldLikes, entsql.Expr(likes)).Set(documentstats.FieldFavorites, entsql.Expr(favorites)).
			Set(documentstats.FieldComments, entsql.Expr(comments)).
			Set(documentstats.FieldTopComments, entsql.Expr(rows("comments", " AND c.parent_id IS NULL"))).
			Set(documentstats.FieldPopularity, entsql.Expr(likes+" + "+favorites+" + "+comments))
	}).Exec(ctx)
}

func rows(table, and string) string {
	return "(SELECT COUNT(*) FROM " + table + " c WHERE c.document_id = document_stats.document_id" + and + ")"
}

// RecountUsers sets the statistics of accounts, or of all where none is named, to what the rows say.
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
			tx.Wrote(&ent.UserStats{UserID: id})
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
	if tx.Dialect() == dialect.Postgres { // SQLite has one writer anyway, and no FOR UPDATE
		q.ForUpdate()
	}
	_, err := q.IDs(ctx)
	return err
}

// holdDocuments holds the statistics of documents, as holdUsers does those of accounts.
func holdDocuments(ctx context.Context, tx *store.Tx, documents []uuid.UUID) error {
	q := tx.DocumentStats.Query().Order(ent.Asc(documentstats.FieldDocumentID))
	if len(documents) > 0 {
		q.Where(documentstats.DocumentIDIn(documents...))
	}
	if tx.Dialect() == dialect.Postgres {
		q.ForUpdate()
	}
	_, err := q.IDs(ctx)
	return err
}
