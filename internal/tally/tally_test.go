package tally_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docsquare/ent/like"
	"docsquare/ent/userstats"
	"docsquare/internal/store"
	"docsquare/internal/tally"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestRecountKeepsWhatOthersAdd has a recount wait for a writer who adds to the same counter: both must count.
func TestRecountKeepsWhatOthersAdd(t *testing.T) {
	url := testkit.Postgres(t)
	app := testkit.Open(t, url, testkit.Tiers{})
	testkit.NewCommunity(t, app.Store)
	bob, doc := testkit.ID("bob"), testkit.ID("doc01")
	recounted := make(chan error, 1)
	testkit.Must(t, app.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.Like.Create().SetUserID(bob).SetDocumentID(doc).Exec(t.Context()); err != nil {
			return err
		}
		if err := tally.Count(t.Context(), tx, doc, tally.Received{Likes: 1}); err != nil {
			return err
		}
		if err := tally.CountUser(t.Context(), tx, bob, tally.Done{Likes: 1}); err != nil {
			return err
		}
		go func() {
			recounted <- app.Store.Write(t.Context(), func(tx *store.Tx) error {
				if err := tally.RecountUsers(t.Context(), tx, bob, testkit.ID("cy")); err != nil {
					return err
				}
				return tally.Recount(t.Context(), tx, doc)
			})
		}()
		awaitLock(t, url)
		return nil
	}))
	testkit.Must(t, <-recounted)
	db := app.Store.DB
	rows := db.Like.Query().Where(like.UserID(bob)).CountX(t.Context())
	if got := db.UserStats.Query().Where(userstats.UserID(bob)).OnlyX(t.Context()).Likes; got != rows || rows != 1 {
		t.Errorf("the account has %d likes, its counter says %d", rows, got)
	}
}

// awaitLock waits until somebody in the database waits for a lock.
func awaitLock(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	testkit.Must(t, err)
	defer conn.Close(ctx)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		var waiting int
		testkit.Must(t, conn.QueryRow(ctx, `SELECT COUNT(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
		if waiting > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("nobody waits for a lock")
		}
	}
}
