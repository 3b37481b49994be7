package search

import (
	"context"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/store"
)

// batch is how many documents one transaction of a rebuild holds.
const batch = 500

// Rebuild builds the index again from the documents. It may run concurrently with writers. If it is interrupted, the entries
// that it has rebuilt remain; on PostgreSQL a search then reads every entry until Rebuild is run again.
func (x Index) Rebuild(ctx context.Context, progress func(done, total int)) error {
	total, err := x.store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).Count(ctx)
	if err != nil {
		return err
	}
	postgres := x.store.Dialect() == dialect.Postgres
	if postgres { // one build at the end is many times faster than a million insertions
		if err := x.execute(ctx, "DROP INDEX IF EXISTS search_words_words"); err != nil {
			return err
		}
	}
	last := uuid.Nil
	for done := 0; ; {
		n, err := x.rebuildAfter(ctx, &last)
		if err != nil {
			return err
		}
		done += n
		progress(min(done, total), max(total, 1))
		if n < batch {
			break
		}
	}
	if postgres {
		if err := x.execute(ctx, "SET LOCAL maintenance_work_mem = '512MB'", createIndex); err != nil {
			return err
		}
		return x.execute(ctx, "ANALYZE search_words")
	}
	return x.execute(ctx, "INSERT INTO search_words (search_words) VALUES ('optimize')")
}

// createIndex is the statement of the migration.
const createIndex = "CREATE INDEX IF NOT EXISTS search_words_words ON search_words USING gin (words) WITH (fastupdate = off)"

func (x Index) execute(ctx context.Context, statements ...string) error {
	return x.store.Write(ctx, func(tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// rebuildAfter writes the entries of the next documents, which it holds, so that no writer has a newer state.
func (x Index) rebuildAfter(ctx context.Context, last *uuid.UUID) (n int, err error) {
	err = x.store.Write(ctx, func(tx *store.Tx) error {
		q := store.ForUpdate(tx, tx.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic), document.IDGT(*last)).
			Order(ent.Asc(document.FieldID)).Limit(batch))
		docs, err := q.All(ctx)
		if n = len(docs); err != nil || n == 0 {
			return err
		}
		*last = docs[n-1].ID
		ids := make([]uuid.UUID, n)
		for i, d := range docs {
			ids[i] = d.ID
		}
		texts, err := currentTexts(ctx, tx, ids)
		if err != nil {
			return err
		}
		if err := remove(ctx, tx, ids...); err != nil {
			return err
		}
		sources := make([]source, n)
		for i, d := range docs {
			sources[i] = source{d, texts[d.ID]}
		}
		return put(ctx, tx, sources)
	})
	return n, err
}

// currentTexts is the text of each document at its current revision.
func currentTexts(ctx context.Context, tx *store.Tx, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := tx.Revision.Query().Where(revision.DocumentIDIn(ids...), func(sel *entsql.Selector) {
		d := entsql.Dialect(sel.Dialect()).Table(document.Table)
		sel.Join(d).On(sel.C(revision.FieldDocumentID), d.C(document.FieldID)).
			Where(entsql.ColumnsEQ(sel.C(revision.FieldNumber), d.C(document.FieldRevision)))
	}).All(ctx)
	texts := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		texts[r.DocumentID] = r.Body
	}
	return texts, err
}
