package search

import (
	"context"
	"maps"
	"slices"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/store"
)

// batch is how many documents one transaction of a rebuild writes.
const batch = 100

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

// rebuildAfter writes the entries of the next documents. It analyses them before the transaction. A document that has changed since has
// an entry of its writer.
func (x Index) rebuildAfter(ctx context.Context, last *uuid.UUID) (n int, err error) {
	docs, err := x.store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic), document.IDGT(*last)).
		Order(ent.Asc(document.FieldID)).Limit(batch).All(ctx)
	if err != nil || len(docs) == 0 {
		return 0, err
	}
	texts, err := x.currentTexts(ctx, ent.Documents(docs).IDs())
	if err != nil {
		return 0, err
	}
	entries := make(map[uuid.UUID]*Entry, len(docs))
	for _, d := range docs {
		if r := texts[d.ID]; r != nil && r.Number == d.Revision {
			entries[d.ID] = x.Analyse(d, r.Body)
		}
	}
	*last = docs[len(docs)-1].ID
	return len(docs), x.store.Write(ctx, func(tx *store.Tx) error { return replace(ctx, tx, docs, entries) })
}

// replace writes the entries of documents that are as they were when they were analysed. It holds them, so that no writer has a newer state.
func replace(ctx context.Context, tx *store.Tx, docs []*ent.Document, entries map[uuid.UUID]*Entry) error {
	var current ent.Documents
	var list []*Entry
	read := store.ByKey(docs, func(d *ent.Document) uuid.UUID { return d.ID })
	held, err := store.ForUpdate(tx, tx.Document.Query().Where(document.IDIn(slices.Collect(maps.Keys(read))...)).Order(ent.Asc(document.FieldID))).All(ctx)
	if err != nil {
		return err
	}
	for _, d := range held {
		if e := entries[d.ID]; e != nil && d.Revision == read[d.ID].Revision && d.UpdatedAt.Equal(read[d.ID].UpdatedAt) {
			current, list = append(current, d), append(list, e)
		}
	}
	if len(current) == 0 {
		return nil
	}
	if err := Remove(ctx, tx, current.IDs()...); err != nil {
		return err
	}
	return put(ctx, tx, current, list)
}

// currentTexts is the revision of each document that is current.
func (x Index) currentTexts(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Revision, error) {
	rows, err := x.store.DB.Revision.Query().Where(revision.DocumentIDIn(ids...), func(sel *entsql.Selector) {
		d := entsql.Dialect(sel.Dialect()).Table(document.Table)
		sel.Join(d).On(sel.C(revision.FieldDocumentID), d.C(document.FieldID)).
			Where(entsql.ColumnsEQ(sel.C(revision.FieldNumber), d.C(document.FieldRevision)))
	}).All(ctx)
	return store.ByKey(rows, func(r *ent.Revision) uuid.UUID { return r.DocumentID }), err
}
