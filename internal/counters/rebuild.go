package counters

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	enttag "docsquare/ent/tag"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Version is the version of what is counted, and how: rank's formula with it.
const Version = 1

// Rebuild recomputes every statistic from the rows. It may run concurrently with writers. If it is interrupted, the
// statistics that it has rebuilt remain.
func Rebuild(ctx context.Context, s *store.Store, progress func(done, total int)) error {
	total, err := s.DB.Document.Query().Count(ctx)
	if err != nil {
		return err
	}
	last := uuid.Nil
	for done := 0; done < total; {
		ids, err := s.DB.Document.Query().Where(document.IDGT(last)).Order(ent.Asc(document.FieldID)).Limit(partSize).IDs(ctx)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return Recount(ctx, tx, ids...) }); err != nil {
			return err
		}
		last, done = ids[len(ids)-1], done+len(ids)
		progress(min(done, total), total)
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		tx.Invalidate(kinds.AllData{})
		if err := recountNames(ctx, tx); err != nil {
			return err
		}
		if err := RecountUsers(ctx, tx); err != nil {
			return err
		}
		return recountSite(ctx, tx)
	})
}

// recountNames counts the public documents of every category and tag.
func recountNames(ctx context.Context, tx *store.Tx) error {
	err := tx.Category.Update().Modify(func(u *entsql.UpdateBuilder) {
		u.Set(category.FieldDocuments, entsql.Expr("(SELECT COUNT(*) FROM documents d WHERE d.visibility = 'PUBLIC' AND d.category = categories.name)"))
	}).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.Tag.Update().Modify(func(u *entsql.UpdateBuilder) {
		u.Set(enttag.FieldDocuments, entsql.Expr("(SELECT COUNT(*) FROM document_tags d WHERE d.tag_id = tags.id)"))
	}).Exec(ctx)
}
