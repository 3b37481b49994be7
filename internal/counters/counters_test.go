package counters_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docsquare/ent"
	"docsquare/ent/like"
	"docsquare/ent/userstats"
	"docsquare/internal/counters"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestRecountKeepsWhatOthersAdd has a recount wait for a writer who adds to the same counter: both must count.
func TestRecountKeepsWhatOthersAdd(t *testing.T) {
	url := servicetest.Community(t, "postgres")
	site := servicetest.Open(t, url, servicetest.Tiers{})
	bob, doc := servicetest.ID("bob"), servicetest.ID("doc01")
	recounted := make(chan error, 1)
	testkit.Must(t, site.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.Like.Create().SetUserID(bob).SetDocumentID(doc).Exec(servicetest.PastServices(t.Context())); err != nil {
			return err
		}
		if err := counters.Count(t.Context(), tx, doc, counters.Received{Likes: 1}); err != nil {
			return err
		}
		if err := counters.CountUser(t.Context(), tx, bob, counters.Done{Likes: 1}); err != nil {
			return err
		}
		go func() {
			recounted <- site.Store.Write(t.Context(), func(tx *store.Tx) error {
				if err := counters.RecountUsers(t.Context(), tx, bob, servicetest.ID("cy")); err != nil {
					return err
				}
				return counters.Recount(t.Context(), tx, doc)
			})
		}()
		awaitLock(t, url)
		return nil
	}))
	testkit.Must(t, <-recounted)
	db := site.Store.DB
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
			t.Fatal("no transaction waits for a lock")
		}
	}
}

// TestManyAtOnce deletes a document that more accounts like than a statement has parameters.
func TestManyAtOnce(t *testing.T) {
	site := servicetest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	const crowd = 33_000
	doc := servicetest.ID("doc01")
	testkit.Must(t, site.Store.Write(t.Context(), func(tx *store.Tx) error {
		for part := range slices.Chunk(readers(crowd), 1000) {
			if err := like1000(t.Context(), tx, doc, part); err != nil {
				return err
			}
		}
		return counters.Recount(t.Context(), tx, doc)
	}))
	testkit.Must(t, site.Store.Write(t.Context(), func(tx *store.Tx) error {
		d, err := counters.Document(t.Context(), tx, doc)
		if err != nil {
			return err
		}
		return counters.Delete(t.Context(), tx, d)
	}))
	if n := site.Store.DB.UserStats.Query().Where(userstats.LikesGT(0), userstats.UserIDNEQ(servicetest.ID("cy"))).CountX(t.Context()); n != 0 {
		t.Errorf("%d accounts still count a like", n)
	}
}

func readers(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("reader%05d", i)
	}
	return names
}

// like1000 opens accounts that like the document and count it.
func like1000(ctx context.Context, tx *store.Tx, doc uuid.UUID, names []string) error {
	err := tx.User.MapCreateBulk(names, func(c *ent.UserCreate, i int) {
		c.SetID(servicetest.ID(names[i])).SetUsername(names[i]).SetEmail(names[i] + "@example.org").SetDisplayName(names[i])
	}).Exec(ctx)
	if err != nil {
		return err
	}
	err = tx.UserStats.MapCreateBulk(names, func(c *ent.UserStatsCreate, i int) { c.SetUserID(servicetest.ID(names[i])).SetLikes(1) }).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.Like.MapCreateBulk(names, func(c *ent.LikeCreate, i int) { c.SetUserID(servicetest.ID(names[i])).SetDocumentID(doc) }).Exec(ctx)
}
