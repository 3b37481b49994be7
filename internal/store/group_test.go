package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// commits is a driver that counts the transactions that are committed.
type commits struct {
	dialect.Driver
	n atomic.Int32
}

type counted struct {
	dialect.Tx
	n *atomic.Int32
}

func (c *commits) Tx(ctx context.Context) (dialect.Tx, error) {
	tx, err := c.Driver.Tx(ctx)
	return counted{tx, &c.n}, err
}

func (c counted) Commit() error {
	c.n.Add(1)
	return c.Tx.Commit()
}

// grouped opens a database with a table of unique numbers, whose transactions are committed in groups.
func grouped(t *testing.T) (d dialect.Driver, waiting func() int, under *commits) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "x.db")+"?_txlock=immediate&_journal_mode=WAL")
	testkit.Must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	under = &commits{Driver: entsql.OpenDB(dialect.SQLite, db)}
	testkit.Must(t, under.Exec(t.Context(), "CREATE TABLE numbers (n INTEGER PRIMARY KEY)", []any{}, nil))
	d, waiting = store.Grouped(under, time.Hour)
	return d, waiting, under
}

func numbers(t *testing.T, d dialect.Driver) (all []int) {
	t.Helper()
	rows := &entsql.Rows{}
	testkit.Must(t, d.Query(t.Context(), "SELECT n FROM numbers ORDER BY n", []any{}, rows))
	defer rows.Close()
	testkit.Must(t, entsql.ScanSlice(rows, &all))
	return all
}

// TestGroupHasOneCommit has transactions wait for another one. The one that fails among them is undone alone.
func TestGroupHasOneCommit(t *testing.T) {
	const failing, last = 3, 7
	d, waiting, under := grouped(t)
	first, err := d.Tx(t.Context())
	testkit.Must(t, err)
	testkit.Must(t, first.Exec(t.Context(), "INSERT INTO numbers VALUES (0)", []any{}, nil))
	var all sync.WaitGroup
	for n := 1; n <= last; n++ {
		all.Go(func() {
			tx, err := d.Tx(t.Context())
			if err == nil {
				err = tx.Exec(t.Context(), "INSERT INTO numbers VALUES (?)", []any{n}, nil)
			}
			if err == nil && n == failing {
				err = errors.Join(tx.Rollback(), tx.Rollback())
			} else if err == nil {
				err = tx.Commit()
			}
			if err != nil {
				t.Errorf("%d: %v", n, err)
			}
		})
		testkit.Eventually(t, "a transaction that waits", func() bool { return waiting() == n })
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Tx(left); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that has left: %v", err)
	}
	testkit.Must(t, first.Commit())
	all.Wait()
	if got := numbers(t, d); !slices.Equal(got, []int{0, 1, 2, 4, 5, 6, 7}) || under.n.Load() != 1 {
		t.Errorf("%v in %d commits", got, under.n.Load())
	}
}

// TestGroupEndedByDatabase has SQLite roll a group back for one of its members: no member is told that it is committed.
func TestGroupEndedByDatabase(t *testing.T) {
	d, waiting, _ := grouped(t)
	first, err := d.Tx(t.Context())
	testkit.Must(t, err)
	testkit.Must(t, first.Exec(t.Context(), "INSERT INTO numbers VALUES (0)", []any{}, nil))
	second := make(chan error, 1)
	go func() {
		tx, err := d.Tx(t.Context())
		if err == nil {
			err = tx.Exec(t.Context(), "INSERT OR ROLLBACK INTO numbers VALUES (0)", []any{}, nil)
			_ = tx.Rollback()
		}
		second <- err
	}()
	testkit.Eventually(t, "a transaction that waits", func() bool { return waiting() == 1 })
	if err := first.Commit(); err == nil {
		t.Error("the first one is committed")
	}
	if err := <-second; err == nil {
		t.Error("the second one has not failed")
	}
	tx, err := d.Tx(t.Context())
	testkit.Must(t, err)
	testkit.Must(t, tx.Exec(t.Context(), "INSERT INTO numbers VALUES (1)", []any{}, nil))
	testkit.Must(t, tx.Commit())
	if got := numbers(t, d); !slices.Equal(got, []int{1}) {
		t.Errorf("%v", got)
	}
}

// TestGroupsKeepWhatIsAcknowledged has concurrent writes that succeed, fail, panic, or whose clients leave at any moment. Exactly the
// writes that returned without an error are in the database.
func TestGroupsKeepWhatIsAcknowledged(t *testing.T) {
	const writers, writes = 16, 60
	s := open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	var (
		mu   sync.Mutex
		want []string
		all  sync.WaitGroup
	)
	for w := range writers {
		r := rand.New(rand.NewPCG(1, uint64(w)))
		all.Go(func() {
			for i := range writes {
				name := fmt.Sprint(w, "-", i)
				if disturbed(t, s, r, name) == nil {
					mu.Lock()
					want = append(want, name)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	tags, err := s.DB.Tag.Query().All(t.Context())
	testkit.Must(t, err)
	got := make([]string, len(tags))
	for i, tag := range tags {
		got[i] = tag.Name
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || len(want) == 0 || len(want) == writers*writes {
		t.Errorf("%d names are written, %d acknowledged", len(got), len(want))
	}
}

// disturbed writes a name in one of the ways that a write can end.
func disturbed(t *testing.T, s *store.Store, r *rand.Rand, name string) (err error) {
	ctx, leave := context.WithTimeout(t.Context(), time.Duration(r.IntN(20))*time.Millisecond)
	defer leave()
	how := r.IntN(4)
	if how > 0 {
		ctx = t.Context()
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.Write(ctx, func(tx *store.Tx) error {
		if err := named(ctx, tx, name); err != nil {
			return err
		}
		switch how {
		case 1:
			return errors.New("failure")
		case 2:
			panic("failure")
		}
		return nil
	})
}

// TestFailedMemberSeesTheGroup has many transactions read a row that only one of them may change. Each that fails reads the change of the
// other once it has failed: the group that both were in is committed by then.
func TestFailedMemberSeesTheGroup(t *testing.T) {
	s := open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	ctx := t.Context()
	stale := errors.New("stale")
	for round := range 20 {
		name := fmt.Sprintf("tag %d", round)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				err := s.Write(ctx, func(tx *store.Tx) error {
					if found, err := tx.Tag.Query().Where(tag.Name(name)).Exist(ctx); err != nil || found {
						return errors.Join(err, stale)
					}
					return tx.Tag.Create().SetName(name).SetFolded(name).Exec(ctx)
				})
				if found, readErr := s.DB.Tag.Query().Where(tag.Name(name)).Exist(ctx); readErr != nil || !found {
					t.Errorf("after %v: found is %v, %v", err, found, readErr)
				}
			})
		}
		all.Wait()
	}
}
