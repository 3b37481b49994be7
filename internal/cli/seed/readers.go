package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/user"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// reader is an account of the community. It has no credential, so signing in to it is impossible.
type reader struct {
	id    uuid.UUID
	since time.Time
}

// Readers have been there for some months, so that each can have read what is new.
const (
	newestReader = 90 * 24 * time.Hour
	oldestReader = 365 * 24 * time.Hour
)

// ReaderPrefix begins the username of every reader.
const ReaderPrefix = "reader-"

// open opens the readers that are not there yet.
func (c *community) open(ctx context.Context) error {
	present, err := c.store.DB.User.Query().Where(user.UsernameHasPrefix(ReaderPrefix)).All(ctx)
	if err != nil {
		return err
	}
	known := store.ByKey(present, func(u *ent.User) string { return u.Username })
	r := c.random(openStage)
	var missing []*ent.User
	for n := range c.o.Users {
		u := c.reader(r, n+1)
		if old := known[u.Username]; old != nil {
			u = old
		} else {
			missing = append(missing, u)
		}
		c.readers = append(c.readers, reader{u.ID, u.CreatedAt})
	}
	rows := func(yield func(*ent.User) bool) {
		for _, u := range missing {
			if !yield(u) {
				return
			}
		}
	}
	return write(ctx, c, "readers", rows, len(missing), func(tx *store.Tx, users []*ent.User) error {
		return insertReaders(ctx, tx, users)
	})
}

func (c *community) reader(r *rand.Rand, n int) *ent.User {
	name := fmt.Sprintf("%s%04d", ReaderPrefix, n)
	since := c.o.Now.Add(-newestReader - time.Duration(r.Float64()*float64(oldestReader-newestReader))).Truncate(time.Microsecond)
	return &ent.User{
		ID: newID(r, since), Username: name, Email: name + "@example.org", DisplayName: fmt.Sprintf("Reader %d", n), CreatedAt: since,
	}
}

func insertReaders(ctx context.Context, tx *store.Tx, users []*ent.User) error {
	err := tx.User.MapCreateBulk(users, func(create *ent.UserCreate, i int) {
		u := users[i]
		create.SetID(u.ID).SetUsername(u.Username).SetEmail(u.Email).SetDisplayName(u.DisplayName).SetFolded(plaintext.NameKey(u.DisplayName)).
			SetCreatedAt(u.CreatedAt).SetUpdatedAt(u.CreatedAt)
	}).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.UserStats.MapCreateBulk(users, func(create *ent.UserStatsCreate, i int) { create.SetUserID(users[i].ID) }).Exec(ctx)
}
