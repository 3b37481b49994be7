package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/tag"
	"docsquare/ent/user"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestDeadlock has two writes hold a row each and then want that of the other. PostgreSQL ends one of them; it is written in another attempt,
// and invalidated once.
func TestDeadlock(t *testing.T) {
	s := spy(t, testkit.Database(t, "postgres"))
	defer shut(s.Store)
	ctx := t.Context()
	testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error { return errors.Join(named(ctx, tx, "a"), named(ctx, tx, "b")) }))
	s.seen = nil
	var held, done sync.WaitGroup
	var attempts atomic.Int32
	held.Add(2)
	documents := func(tx *store.Tx, name string) error {
		return tx.Tag.Update().Where(tag.Name(name)).AddDocuments(1).Exec(ctx)
	}
	write := func(first, second string) error {
		waits := sync.OnceFunc(func() { held.Done(); held.Wait() })
		return s.Write(ctx, func(tx *store.Tx) error {
			attempts.Add(1)
			if err := documents(tx, first); err != nil {
				return err
			}
			waits()
			tx.Invalidate(&ent.UserStats{UserID: uuid.New()})
			return documents(tx, second)
		})
	}
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		done.Go(func() {
			if err := write(names[0], names[1]); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	for _, name := range []string{"a", "b"} {
		if n := s.DB.Tag.Query().Where(tag.Name(name)).OnlyX(ctx).Documents; n != 2 {
			t.Errorf("%s was written %d times", name, n)
		}
	}
	if attempts.Load() < 3 || len(s.seen) != 2 {
		t.Errorf("%d attempts, %d invalidations", attempts.Load(), len(s.seen))
	}
}

// TestContended gives up after a bounded number of attempts, and tells the client what to do.
func TestContended(t *testing.T) {
	s := spy(t, testkit.Database(t, "postgres"))
	defer shut(s.Store)
	for _, state := range []string{"40P01", "40001"} {
		attempts := 0
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			attempts++
			_, err := tx.ExecContext(t.Context(), "DO $$ BEGIN RAISE EXCEPTION 'interrupted' USING ERRCODE = '"+state+"'; END $$")
			return err
		})
		if !errs.Is(err, errs.Conflict) || attempts < 2 || attempts > 10 {
			t.Errorf("%s: %v after %d attempts", state, err, attempts)
		}
	}
}

// TestHeldRows has somebody write a row that refers to one that another transaction holds: at once, unless that is about to be deleted. A writer
// of the row itself waits in either case.
func TestHeldRows(t *testing.T) {
	s := spy(t, testkit.Database(t, "postgres"))
	defer shut(s.Store)
	ctx := t.Context()
	var id uuid.UUID
	testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error {
		saved, err := tx.User.Create().SetUsername("ann").SetEmail("ann@example.org").SetDisplayName("Ann").SetFolded("ann").Save(ctx)
		if err == nil {
			id = saved.ID
		}
		return err
	}))
	const waited = "55P03" // lock_not_available
	held := func(tx *store.Tx) *ent.UserQuery { return tx.User.Query().Where(user.ID(id)) }
	refer := func(tx *store.Tx) error { return tx.UserStats.Create().SetUserID(id).Exec(ctx) }
	change := func(tx *store.Tx) error { return tx.User.UpdateOneID(id).SetBio("changed").Exec(ctx) }
	for name, c := range map[string]struct {
		hold  func(tx *store.Tx) *ent.UserQuery
		write func(tx *store.Tx) error
		want  string
	}{
		"a reference to a row that is held":     {func(tx *store.Tx) *ent.UserQuery { return store.ForUpdate(tx, held(tx)) }, refer, ""},
		"a reference to a row that is to go":    {func(tx *store.Tx) *ent.UserQuery { return store.ForDeletion(tx, held(tx)) }, refer, waited},
		"a change of a row that is held":        {func(tx *store.Tx) *ent.UserQuery { return store.ForUpdate(tx, held(tx)) }, change, waited},
		"a change of a row that is to go":       {func(tx *store.Tx) *ent.UserQuery { return store.ForDeletion(tx, held(tx)) }, change, waited},
		"a reference to a row that is not held": {func(tx *store.Tx) *ent.UserQuery { return held(tx) }, refer, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rollback := errors.New("that is all")
			err := s.Write(ctx, func(tx *store.Tx) error {
				if _, err := c.hold(tx).Only(ctx); err != nil {
					return err
				}
				err := s.Write(ctx, func(other *store.Tx) error {
					if _, err := other.ExecContext(ctx, "SET LOCAL lock_timeout = '20ms'"); err != nil {
						return err
					}
					return errors.Join(c.write(other), rollback)
				})
				if got := store.Refusal(err); got != c.want {
					t.Errorf("it is %v instead of %q", err, c.want)
				}
				return rollback
			})
			if !errors.Is(err, rollback) {
				t.Error(err)
			}
		})
	}
}
