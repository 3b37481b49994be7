// Package hotset remembers which documents and accounts were asked for most, so that the next run of a server can warm its
// cache with them. It does not warm anything itself.
package hotset

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache/ops"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Size is how many of each are remembered.
const Size = 500

const (
	interval    = 10 * time.Minute
	lastTimeout = 2 * time.Second
)

// Service keeps the hot set in the database.
type Service struct {
	store *store.Store
	cache *kinds.Cache
	log   *slog.Logger
}

// New is the service over a store and its cache.
func New(s *store.Store, c *kinds.Cache, log *slog.Logger) *Service {
	return &Service{store: s, cache: c, log: log}
}

// Set is what was asked for most, the hottest first.
type Set struct{ Documents, Users []uuid.UUID }

// Remember writes down what this run of the server was asked for most. A run that was asked for nothing leaves what an
// earlier one has written.
func (s *Service) Remember(ctx context.Context) error {
	hot := map[string][]uuid.UUID{
		s.cache.Documents.Name(): ops.Hottest(s.cache.Documents, Size),
		s.cache.Users.Name():     ops.Hottest(s.cache.Users, Size),
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		for kind, keys := range hot {
			if len(keys) == 0 {
				continue
			}
			if err := tx.HotSet.Create().SetID(kind).SetKeys(keys).OnConflictColumns("id").UpdateNewValues().Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remembered is what earlier runs have written down.
func (s *Service) Remembered(ctx context.Context) (Set, error) {
	var set Set
	rows, err := s.store.DB.HotSet.Query().All(ctx)
	for _, r := range rows {
		switch r.ID {
		case s.cache.Documents.Name():
			set.Documents = r.Keys
		case s.cache.Users.Name():
			set.Users = r.Keys
		}
	}
	return set, err
}

// Keep remembers again and again until the context ends, and once more then.
func (s *Service) Keep(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.note(ctx, s.Remember(ctx))
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTimeout)
			defer cancel()
			s.note(last, s.Remember(last))
			return
		}
	}
}

func (s *Service) note(ctx context.Context, err error) {
	if err != nil {
		s.log.WarnContext(ctx, "hot keys not saved", "error", err)
	}
}
