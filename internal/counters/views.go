package counters

import (
	"context"
	"maps"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documentstats"
	"docsquare/ent/viewday"
	"docsquare/internal/counters/rank"
	"docsquare/internal/store"
)

// CountViews adds views to documents that are still there: a few statements for up to a thousand documents.
func CountViews(ctx context.Context, tx *store.Tx, views map[uuid.UUID]int64, at time.Time) error {
	return inParts(slices.Collect(maps.Keys(views)), func(part []uuid.UUID) error {
		if len(part) == 0 {
			return nil
		}
		docs, err := Documents(ctx, tx, part...) // before their statistics, as every writer: a new day refers to them
		if err != nil || len(docs) == 0 {
			return err
		}
		held, err := receivedBy(ctx, tx, ent.Documents(docs).IDs())
		if err != nil {
			return err
		}
		for _, st := range held {
			n := views[st.DocumentID]
			st.Views += n
			heat(st, rank.Signal{Weight: rank.View * float64(n), At: at})
			if st.Listed {
				tx.Count(SiteViews, n)
			}
			tx.Invalidate(&ent.ViewDay{DocumentID: st.DocumentID})
		}
		if err := write(ctx, tx, held); err != nil {
			return err
		}
		return tx.ViewDay.MapCreateBulk(held, func(create *ent.ViewDayCreate, i int) {
			create.SetDocumentID(held[i].DocumentID).SetDay(DayOf(at)).SetViews(views[held[i].DocumentID])
		}).OnConflict(entsql.ConflictColumns(viewday.FieldDocumentID, viewday.FieldDay), entsql.ResolveWith(func(u *entsql.UpdateSet) {
			u.Set(viewday.FieldViews, entsql.ExprFunc(func(b *entsql.Builder) {
				b.Ident(viewday.Table).WriteByte('.').Ident(viewday.FieldViews).WriteString(" + excluded.").Ident(viewday.FieldViews)
			}))
		})).Exec(ctx)
	})
}

// receivedBy is how documents were received, held in one order for every writer.
func receivedBy(ctx context.Context, tx *store.Tx, documents []uuid.UUID) ([]*ent.DocumentStats, error) {
	q := store.ForUpdate(tx, tx.DocumentStats.Query().Where(documentstats.DocumentIDIn(documents...)).Order(ent.Asc(documentstats.FieldDocumentID)))
	return q.All(ctx)
}

// write writes statistics that are held. The rows are there, so the insertion always becomes an update: the one statement
// by which many rows get each their own values.
func write(ctx context.Context, tx *store.Tx, held []*ent.DocumentStats) error {
	for part := range slices.Chunk(held, partSize) {
		err := tx.DocumentStats.MapCreateBulk(part, func(create *ent.DocumentStatsCreate, i int) {
			st := part[i]
			create.SetDocumentID(st.DocumentID).SetViews(st.Views).SetLikes(st.Likes).SetFavorites(st.Favorites).SetComments(st.Comments).
				SetTopComments(st.TopComments).SetPopularity(st.Popularity).SetListed(st.Listed).SetFormat(st.Format).
				SetNillableCategory(st.Category).SetHotDay(st.HotDay).SetHotWeek(st.HotWeek).SetHotMonth(st.HotMonth)
		}).OnConflict(entsql.ConflictColumns(documentstats.FieldDocumentID), entsql.ResolveWithNewValues()).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
