package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect"
)

// watchInterval is how soon another process's write to the same SQLite file is noticed.
const watchInterval = 200 * time.Millisecond

// Watch calls changed whenever another process has written to the same SQLite file since Open, such as an import next to a
// running server, until the context ends. It is for a process without Redis, which hears of such writes in no other way. Where
// the database is PostgreSQL it returns at once: several processes over one server have a Redis.
func (s *Store) Watch(ctx context.Context, changed func(context.Context) error) {
	if s.Dialect() != dialect.SQLite {
		return
	}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for seen := s.opened; ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now, err := s.dataVersion(ctx)
		if err == nil && now != seen {
			err = changed(ctx)
		}
		if err == nil {
			seen = now
		} else if ctx.Err() == nil {
			s.log.WarnContext(ctx, "writes of other processes not observed", "error", err)
		}
	}
}

// dataVersion differs from that before where another process has written in between. It is a property of a connection:
// asked on the one that does all the writing of this process, it leaves those out. Of PostgreSQL it is always 0.
func (s *Store) dataVersion(ctx context.Context) (version int, err error) {
	if s.Dialect() != dialect.SQLite {
		return 0, nil
	}
	err = s.pools[0].QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
	return version, err
}
