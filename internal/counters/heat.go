package counters

import (
	"context"
	"time"

	"docsquare/ent"
	"docsquare/internal/counters/rank"
	"docsquare/internal/store"
)

// heat adds signals to the statistics in memory.
func heat(st *ent.DocumentStats, signals ...rank.Signal) {
	st.HotDay = rank.Heat(rank.Day, st.HotDay, signals...)
	st.HotWeek = rank.Heat(rank.Week, st.HotWeek, signals...)
	st.HotMonth = rank.Heat(rank.Month, st.HotMonth, signals...)
}

// born sets the heat of a document without views.
func born(st *ent.DocumentStats, at time.Time) {
	st.HotDay, st.HotWeek, st.HotMonth = rank.Born(rank.Day, at), rank.Born(rank.Week, at), rank.Born(rank.Month, at)
}

// Begin opens the statistics of a new document. List means that it is public.
func Begin(ctx context.Context, tx *store.Tx, d *ent.Document) error {
	st := &ent.DocumentStats{}
	born(st, d.CreatedAt)
	return tx.DocumentStats.Create().SetDocumentID(d.ID).SetFormat(string(d.Format)).SetNillableCategory(d.Category).
		SetHotDay(st.HotDay).SetHotWeek(st.HotWeek).SetHotMonth(st.HotMonth).Exec(ctx)
}
