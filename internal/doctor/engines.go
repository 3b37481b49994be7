package doctor

import (
	"context"
	"fmt"
	"strings"

	"docsquare/internal/store"
)

// oldestPostgres is the oldest version that still got fixes from the PostgreSQL project when this was written.
const oldestPostgres = 13

// sqlite looks at what is in a file of SQLite.
func (e *examination) sqlite(ctx context.Context, i *store.Inspection, path string) {
	s, err := i.SQLite(ctx)
	if err != nil {
		e.fail("reachable", "restore a backup of "+path, "%v", err)
		return
	}
	e.ok("reachable", "SQLite %s at %s", s.Version, path)
	if !s.FTS5 {
		e.fail("FTS5", "build docsquare with -tags sqlite_fts5, as make build does", "this docsquare was built without the full-text index of SQLite")
	}
	if s.JournalMode != "wal" {
		e.warn("journal mode", fmt.Sprintf("sqlite3 %s 'PRAGMA journal_mode = WAL', while nothing has the file open; docsquare serve tries the same at its start", path),
			"it is %s, not WAL: readers and writers wait for each other", strings.ToUpper(s.JournalMode))
	} else {
		e.ok("journal mode", "WAL")
	}
	e.integrity(ctx, i, path)
}

// integrity reads all of the file, as far as the time allows.
func (e *examination) integrity(ctx context.Context, i *store.Inspection, path string) {
	bounded, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	problems, err := i.QuickCheck(bounded)
	switch {
	case bounded.Err() != nil:
		e.note("integrity", fmt.Sprintf("sqlite3 %s 'PRAGMA quick_check'", path), "nothing wrong was found within %s, which was too short for all of it", readIn)
		return
	case err != nil || len(problems) > 0:
		problems = append(problems, fmt.Sprint(err))
		e.fail("integrity", fmt.Sprintf("stop the server and restore a backup, or save what can be read: sqlite3 %s .recover", path), "the file is damaged: %s", problems[0])
		return
	}
	tables, err := i.BrokenReferences(bounded)
	switch {
	case len(tables) > 0:
		e.warn("references", fmt.Sprintf("look at them with sqlite3 %s 'PRAGMA foreign_key_check', and delete them", path),
			"rows refer to rows that are gone, in %s: somebody wrote with foreign_keys off", strings.Join(tables, ", "))
	case err != nil:
		e.note("integrity", fmt.Sprintf("sqlite3 %s 'PRAGMA foreign_key_check'", path), "no damage; the references were too many for %s", readIn)
	default:
		e.ok("integrity", "no damage, and every reference leads somewhere")
	}
}

// postgres looks at a server, and says whether what is in it can be looked at.
func (e *examination) postgres(ctx context.Context, i *store.Inspection) bool {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	s, err := i.Postgres(ctx)
	if err != nil {
		e.fail("reachable", "let the user of DATABASE_URL read pg_stat_activity and pg_settings, as every user may by default", "%v", err)
		return false
	}
	e.ok("reachable", "PostgreSQL %s at %s", s.Version, e.place().host)
	if s.Number < oldestPostgres*10_000 {
		e.warn("version", fmt.Sprintf("upgrade PostgreSQL to %d or newer", oldestPostgres), "%s is older than what docsquare is tried with", s.Version)
	}
	switch {
	case s.Replica:
		e.fail("writable", "set DATABASE_URL to the primary; of several hosts target_session_attrs=read-write finds it", "this server is a replica, which takes no writes")
	case s.ReadOnly:
		e.fail("writable", fmt.Sprintf("ALTER DATABASE %q SET default_transaction_read_only = off (or ALTER ROLE, or postgresql.conf)", e.place().name),
			"default_transaction_read_only is on: no write succeeds")
	default:
		e.ok("writable", "a primary, and transactions may write")
	}
	free := s.Max - s.Open
	switch {
	case s.Max < store.PostgresPool:
		e.warn("connections", fmt.Sprintf("raise max_connections to %d or more for each instance", store.PostgresPool+3), "clients may have %d, but one instance takes up to %d", s.Max, store.PostgresPool)
	case free < store.PostgresPool:
		e.warn("connections", "raise max_connections of PostgreSQL, or end some of its clients", "%d of %d are free, but one instance takes up to %d", free, s.Max, store.PostgresPool)
	default:
		e.ok("connections", "%d of %d are free; one instance takes up to %d", free, s.Max, store.PostgresPool)
	}
	if s.Idle > 0 {
		e.note("transactions", "find who they are in pg_stat_activity, or SET idle_in_transaction_session_timeout",
			"%d are idle for up to %ds: what they hold waits, and nothing is tidied up behind them", s.Idle, s.IdleSeconds)
	}
	e.ask(ctx, "PostgreSQL", i.Now)
	return true
}
