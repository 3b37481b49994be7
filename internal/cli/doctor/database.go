package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docsquare/internal/store"
)

// The bounds of what the database is asked, and what it may answer.
const (
	reachIn     = 5 * time.Second
	readIn      = 10 * time.Second
	littleSpace = 1 << 30
	noSpace     = 64 << 20
)

// database looks at what DATABASE_URL leads to.
func (e *examination) database(ctx context.Context) {
	if e.unread("DATABASE_URL") {
		return
	}
	path, sqlite := strings.CutPrefix(e.Config.DatabaseURL, "sqlite://")
	if sqlite && !e.file(path) {
		return
	}
	opening, cancel := context.WithTimeout(ctx, reachIn)
	i, err := store.Inspect(opening, e.Config.DatabaseURL)
	cancel()
	switch {
	case err != nil && sqlite:
		e.fail("reachable", "check that "+path+" is a database of docsquare, or restore a backup; DATABASE_URL names it", "%v", err)
		return
	case err != nil:
		e.fail("reachable", e.unreachable(err), "%v", err)
		return
	}
	defer func() { _ = i.Close() }() // nothing was written
	reading, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	if sqlite {
		e.ok("reachable", "SQLite %s at %s", store.SQLiteVersion(), path)
	} else if !e.postgres(reading, i) {
		return
	}
	e.schema(reading, i)
}

// unreachable is how to reach a PostgreSQL that could not be.
func (e *examination) unreachable(err error) string {
	switch store.Refusal(err) {
	case "28P01", "28000":
		return "set the user and password of DATABASE_URL to those that PostgreSQL knows (ALTER ROLE … PASSWORD …), and let them in by pg_hba.conf"
	case "3D000":
		return "CREATE DATABASE " + e.place().name + ", or name another one in DATABASE_URL"
	case "53300":
		return "raise max_connections of PostgreSQL, or end some of its clients"
	}
	return "start PostgreSQL at " + e.place().host + ", or set host and port of DATABASE_URL to where it is"
}

// place is where DATABASE_URL leads, without what may be a secret.
func (e *examination) place() (at struct{ host, name string }) {
	if u, err := url.Parse(e.Config.DatabaseURL); err == nil {
		at.host, at.name = u.Host, strings.TrimPrefix(u.Path, "/")
	}
	return at
}

// postgres examines a server, and reports whether its tables can be examined.
func (e *examination) postgres(ctx context.Context, i *store.Inspection) bool {
	s, err := i.Postgres(ctx)
	if err != nil {
		e.fail("reachable", "let the user of DATABASE_URL read pg_settings, as every user may by default", "%v", err)
		return false
	}
	e.ok("reachable", "PostgreSQL %s at %s", s.Version, e.place().host)
	switch {
	case s.Replica:
		e.fail("writable", "set DATABASE_URL to the primary; of several hosts target_session_attrs=read-write finds it", "this server is a replica, which takes no writes")
	case s.ReadOnly:
		e.fail("writable", fmt.Sprintf("ALTER DATABASE %q SET default_transaction_read_only = off (or ALTER ROLE, or postgresql.conf)", e.place().name),
			"default_transaction_read_only is on: no write succeeds")
	default:
		e.ok("writable", "a primary, and transactions may write")
	}
	e.ask(ctx, "PostgreSQL", i.Now)
	return true
}

// schema compares the version of the schema with that of this program.
func (e *examination) schema(ctx context.Context, i *store.Inspection) {
	s, err := i.Schema(ctx)
	switch {
	case err != nil:
		e.fail("schema", "give the user of DATABASE_URL the right to read its tables, or restore a backup", "its version cannot be read: %v", err)
	case s.Current > s.Known:
		e.fail("schema", "run a newer docsquare, or restore a backup from before the upgrade",
			"version %d is of a newer docsquare: this one knows versions up to %d", s.Current, s.Known)
	case len(s.Pending) > 0:
		e.warn("schema", "run docsquare migrate; docsquare serve does it at its start too",
			"version %d, but this docsquare wants %d: migrations %v are still to run", s.Current, s.Known, s.Pending)
	default:
		e.ok("schema", "version %d, the latest that this docsquare knows", s.Current)
	}
}

// file examines the file of SQLite without opening it, and reports whether it exists.
func (e *examination) file(path string) bool {
	dir := filepath.Dir(path)
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		e.fail("file", "set DATABASE_URL to a file, as in sqlite://"+filepath.Join(path, "docsquare.db"), "%s is a directory", path)
		return false
	}
	if err != nil {
		above, bad := nearest(dir)
		switch {
		case bad == nil && errors.Is(err, fs.ErrNotExist):
			e.note("file", "run docsquare serve", "there is no %s yet: docsquare serve makes it, in %s", path, above)
			e.room(above, "DATABASE_URL", true)
		default:
			e.fail("file", "make "+dir+" a directory that the user of the server may write, or set DATABASE_URL to a file elsewhere",
				"%s cannot be made: %v", path, errors.Join(bad, err))
		}
		return false
	}
	for _, what := range []string{path, dir} { // SQLite creates its journal next to the file
		if err := mayWrite(what); err != nil {
			e.fail("file", fmt.Sprintf("chown or chmod %s so that the user of the server may write it (and its directory), or set DATABASE_URL to a file elsewhere", what),
				"%s cannot be written: %v", what, err)
			return true
		}
	}
	e.ok("file", "%s, %s, can be written", path, size(info.Size()))
	e.room(dir, "DATABASE_URL", true)
	return true
}

// nearest is the directory itself, or the nearest above that is there: in which it could be made.
func nearest(dir string) (string, error) {
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no directory", dir)
	}
	if err == nil {
		err = mayWrite(dir)
	}
	return dir, err
}
