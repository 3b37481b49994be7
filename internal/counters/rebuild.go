package counters

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	enttag "docsquare/ent/tag"
	"docsquare/ent/user"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Version is the version of what is counted, and how: rank's formula with it, and the keys of tags.
const Version = 2

// Rebuild recomputes every statistic from the rows, and which tags public documents carry. It may run concurrently with writers, each of
// its transactions writes a bounded number of rows. If it is interrupted, the statistics that it has rebuilt remain.
func Rebuild(ctx context.Context, s *store.Store, progress func(done, total int)) error {
	total, err := s.DB.Document.Query().Count(ctx)
	if err != nil {
		return err
	}
	if err := refold(ctx, s); err != nil {
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
		err = s.Write(ctx, func(tx *store.Tx) error {
			if err := recountCommentLikes(ctx, tx, ids); err != nil {
				return err
			}
			if err := retag(ctx, tx, ids); err != nil {
				return err
			}
			return Recount(ctx, tx, ids...)
		})
		if err != nil {
			return err
		}
		last, done = ids[len(ids)-1], done+len(ids)
		progress(min(done, total), total)
	}
	for _, rebuild := range []func(context.Context, *store.Store) error{rebuildCategories, rebuildTags, rebuildUsers, correctSite} {
		if err := rebuild(ctx, s); err != nil {
			return err
		}
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		tx.Invalidate(kinds.AllData{})
		return nil
	})
}

// portions calls write with the identifiers of rows, partSize of them for each transaction. Next returns those after an identifier.
func portions[ID any](ctx context.Context, s *store.Store, next func(last ID) ([]ID, error), write func(tx *store.Tx, ids []ID) error) error {
	var last ID
	for {
		ids, err := next(last)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return write(tx, ids) }); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// rebuildCategories counts the public documents of every category. A row is held before its documents are counted: see holdUsers.
func rebuildCategories(ctx context.Context, s *store.Store) error {
	return portions(ctx, s, func(last int) ([]int, error) {
		return s.DB.Category.Query().Where(category.IDGT(last)).Order(ent.Asc(category.FieldID)).Limit(partSize).IDs(ctx)
	}, func(tx *store.Tx, ids []int) error {
		if _, err := store.ForUpdate(tx, tx.Category.Query().Where(category.IDIn(ids...)).Order(ent.Asc(category.FieldID))).IDs(ctx); err != nil {
			return err
		}
		return tx.Category.Update().Where(category.IDIn(ids...)).Modify(func(u *entsql.UpdateBuilder) {
			u.Set(category.FieldDocuments, entsql.Expr("(SELECT COUNT(*) FROM documents d WHERE d.visibility = 'PUBLIC' AND d.category = categories.name)"))
		}).Exec(ctx)
	})
}

// rebuildTags is rebuildCategories for tags.
func rebuildTags(ctx context.Context, s *store.Store) error {
	return portions(ctx, s, func(last int) ([]int, error) {
		return s.DB.Tag.Query().Where(enttag.IDGT(last)).Order(ent.Asc(enttag.FieldID)).Limit(partSize).IDs(ctx)
	}, func(tx *store.Tx, ids []int) error {
		if _, err := store.ForUpdate(tx, tx.Tag.Query().Where(enttag.IDIn(ids...)).Order(ent.Asc(enttag.FieldID))).IDs(ctx); err != nil {
			return err
		}
		return tx.Tag.Update().Where(enttag.IDIn(ids...)).Modify(func(u *entsql.UpdateBuilder) {
			u.Set(enttag.FieldDocuments, entsql.Expr("(SELECT COUNT(*) FROM document_tags d WHERE d.tag_id = tags.id)"))
		}).Exec(ctx)
	})
}

func rebuildUsers(ctx context.Context, s *store.Store) error {
	return portions(ctx, s, func(last uuid.UUID) ([]uuid.UUID, error) {
		return s.DB.User.Query().Where(user.IDGT(last)).Order(ent.Asc(user.FieldID)).Limit(partSize).IDs(ctx)
	}, func(tx *store.Tx, ids []uuid.UUID) error { return RecountUsers(ctx, tx, ids...) })
}
