package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/process"
)

// spied is an open store with what it has had invalidated, each time with the number of tags in the database then.
type spied struct {
	*store.Store
	count func(ctx context.Context) (int, error) // tags in the database
	seen  []int
}

func spy(t *testing.T, url string) *spied {
	t.Helper()
	s, inv := &spied{}, quiet()
	inv.Replace = func(ctx context.Context, tags []string) error {
		if len(tags) > 0 {
			n, err := s.count(ctx)
			s.seen = append(s.seen, n)
			return err
		}
		return nil
	}
	var err error
	s.Store, err = store.Open(t.Context(), url, inv, silent)
	testkit.Must(t, err)
	s.count = s.DB.Tag.Query().Count // through the readers, which see what is committed
	return s
}

// named writes a tag and says that it touched something.
func named(ctx context.Context, tx *store.Tx, name string) error {
	tx.Invalidate(&ent.UserStats{UserID: uuid.New()})
	return tx.Tag.Create().SetName(name).SetFolded(name).Exec(ctx)
}

// TestWrite invalidates after the commit, and neither changes nor invalidates anything where the write fails or panics.
func TestWrite(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			s := spy(t, testkit.Database(t, dialect))
			defer shut(s.Store)
			ctx, failure := t.Context(), errors.New("failure")
			testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error { return named(ctx, tx, "kept") }))
			err := s.Write(ctx, func(tx *store.Tx) error { return errors.Join(named(ctx, tx, "failed"), failure) })
			if !errors.Is(err, failure) {
				t.Errorf("the error of the write is %v", err)
			}
			if got := recovered(func() {
				_ = s.Write(ctx, func(tx *store.Tx) error { panic(errors.Join(named(ctx, tx, "panicked"), failure)) })
			}); !errors.Is(got, failure) {
				t.Errorf("the panic passes as %v", got)
			}
			ended, cancel := context.WithCancel(ctx)
			err = s.Write(ended, func(tx *store.Tx) error {
				defer cancel()
				return named(ctx, tx, "cancelled")
			})
			if err == nil {
				t.Error("a write whose request has ended was committed without an error")
			}
			testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error { return named(ctx, tx, "kept too") })) // the writer is free
			names, err := s.DB.Tag.Query().Order(tag.ByName()).All(ctx)
			testkit.Must(t, err)
			if len(names) != 2 || names[0].Name != "kept" || names[1].Name != "kept too" {
				t.Errorf("the tags are %v", names)
			}
			if !slices.Equal(s.seen, []int{1, 2}) {
				t.Errorf("at the invalidations there were %v tags, not 1 and 2", s.seen)
			}
		})
	}
}

// slowCommit has PostgreSQL take a second for each commit of a new tag, also if it is asked to cancel: pgx asks for that when a connection
// breaks, and it may be too late.
const slowCommit = `
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE over timestamptz := clock_timestamp() + interval '1 second'; BEGIN
	WHILE clock_timestamp() < over LOOP
		BEGIN PERFORM pg_sleep(extract(epoch FROM over - clock_timestamp())); EXCEPTION WHEN query_canceled THEN NULL; END;
	END LOOP;
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON tags DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`

// TestCommitUnderWay disturbs a commit. It runs to its end although the client has left. One of which the end is not known
// invalidates as well, at once and when the database has decided.
func TestCommitUnderWay(t *testing.T) {
	const committing = ` FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query ILIKE 'commit%' AND wait_event = 'PgSleep'`
	for name, c := range map[string]struct {
		disturb func(ctx context.Context, db *sql.DB, way *process.Proxy, leave func()) error
		unknown bool
		tags    []int // in the database at each invalidation
	}{
		"the client leaves": {func(_ context.Context, _ *sql.DB, _ *process.Proxy, leave func()) error {
			leave()
			return nil
		}, false, []int{1}},
		"the server ends the connection": {func(ctx context.Context, db *sql.DB, _ *process.Proxy, _ func()) error {
			_, err := db.ExecContext(ctx, "SELECT pg_terminate_backend(pid)"+committing)
			return err
		}, true, []int{0, 0}},
		"the connection breaks and the commit goes on": {func(ctx context.Context, _ *sql.DB, way *process.Proxy, _ func()) error {
			return errors.Join(way.Set(ctx, process.Cut), way.Set(ctx, process.Pass))
		}, true, []int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			direct := testkit.Postgres(t)
			way, through := testkit.Proxied(t, direct)
			s := spy(t, through)
			defer shut(s.Store)
			db, err := sql.Open("pgx", direct)
			testkit.Must(t, err)
			defer db.Close()
			s.count = func(ctx context.Context) (n int, err error) {
				err = db.QueryRowContext(ctx, "SELECT count(*) FROM tags").Scan(&n)
				return n, err
			}
			_, err = db.ExecContext(t.Context(), slowCommit)
			testkit.Must(t, err)
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			written := make(chan error, 1)
			go func() {
				written <- s.Write(ctx, func(tx *store.Tx) error { return named(t.Context(), tx, "x") })
			}()
			testkit.Eventually(t, "a commit", func() bool {
				n := 0
				testkit.Must(t, db.QueryRowContext(t.Context(), "SELECT count(*)"+committing).Scan(&n))
				return n == 1
			})
			testkit.Must(t, c.disturb(t.Context(), db, way, leave))
			if err := testkit.Receive(t, "the write", written); errors.Is(err, store.ErrCommit) != c.unknown || (err == nil) == c.unknown {
				t.Errorf("the write ended with %v", err)
			}
			if !slices.Equal(s.seen, c.tags) {
				t.Errorf("at the invalidations there were %v tags, want %v", s.seen, c.tags)
			}
		})
	}
}

func recovered(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

// TestReadersCannotWrite holds for SQLite, where each connection is for reading or for writing: what begins like a read
// goes to the readers, and must not write there.
func TestReadersCannotWrite(t *testing.T) {
	s := open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.Category.Create().SetName("x").Exec(t.Context()) }))
	_, err := s.DB.Category.Query().Modify(func(sel *entsql.Selector) {
		sel.Prefix(entsql.ExprP("WITH w AS (SELECT 1) INSERT INTO tags (name)")).Select(sel.C("name"))
	}).Strings(t.Context())
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("a reader was told to write and answered %v", err)
	}
	if n := s.DB.Tag.Query().CountX(t.Context()); n != 0 {
		t.Errorf("a reader has written %d rows", n)
	}
}

// TestNothingIsLocked has many writers and readers use one SQLite file through two stores, which lock as two processes do.
func TestNothingIsLocked(t *testing.T) {
	const writers, writes = 8, 150
	url := testkit.Database(t, "sqlite")
	stores := []*store.Store{open(t, url), open(t, url)}
	ctx := t.Context()
	testkit.Must(t, stores[0].Write(ctx, func(tx *store.Tx) error { return tx.Category.Create().SetName("counter").Exec(ctx) }))
	var group, readers sync.WaitGroup
	var written atomic.Bool
	for i := range writers {
		s := stores[i%2]
		group.Go(func() {
			for range writes {
				if err := s.Write(ctx, func(tx *store.Tx) error { return increment(ctx, tx) }); err != nil {
					t.Errorf("write: %v", err)
				}
			}
		})
		readers.Go(func() {
			for !written.Load() {
				if _, err := s.DB.Category.Query().Only(ctx); err != nil {
					t.Errorf("read: %v", err)
				}
			}
		})
	}
	group.Wait()
	written.Store(true)
	readers.Wait()
	c, err := stores[1].DB.Category.Query().Only(ctx)
	testkit.Must(t, err)
	if c.Documents != writers*writes {
		t.Errorf("%d of %d writes are there", c.Documents, writers*writes)
	}
	for _, s := range stores {
		shut(s)
	}
}

// increment reads before it writes, which is where a transaction that does not lock at its beginning fails.
func increment(ctx context.Context, tx *store.Tx) error {
	c, err := tx.Category.Query().Only(ctx)
	if err != nil {
		return err
	}
	return tx.Category.UpdateOne(c).SetDocuments(c.Documents + 1).Exec(ctx)
}
