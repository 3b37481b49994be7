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
	readIn      = 10 * time.Second // for everything that reads whole tables or files
	waitingRows = 5 * time.Second  // in the outbox, which the relay empties several times in a second
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
	if sqlite {
		e.sqlite(ctx, i, path)
	} else if !e.postgres(ctx, i) {
		return
	}
	if e.schema(ctx, i) {
		e.indexes(ctx, i)
		e.outbox(ctx, i)
		e.derived(ctx, i)
	}
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

// schema reports whether the schema is that of this program, so that its contents can be examined.
func (e *examination) schema(ctx context.Context, i *store.Inspection) bool {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
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
		return true
	}
	return false
}

// indexes names what the migrations have made and somebody has dropped or broken.
func (e *examination) indexes(ctx context.Context, i *store.Inspection) {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	lacks, err := i.Lacks(ctx)
	invalid, unread := i.Invalid(ctx)
	if err = errors.Join(err, unread); err != nil {
		e.fail("indexes", "give the user of DATABASE_URL the right to read the catalogue", "they cannot be read: %v", err)
		return
	}
	for _, l := range lacks {
		if l.Kind == "TABLE" {
			e.fail("tables", "restore a backup: docsquare makes a table once, and its rows are gone", "%s is missing", l.Name)
			continue
		}
		if strings.Contains(l.Statement, "UNIQUE") {
			e.fail("indexes", l.Statement, "%s is missing: writes that rely on it fail, and what must be there once can be there twice", l.Name)
			continue
		}
		e.warn("indexes", l.Statement, "%s is missing: queries that need it read whole tables", l.Name)
	}
	for _, name := range invalid {
		e.warn("indexes", fmt.Sprintf("REINDEX INDEX CONCURRENTLY %q", name), "%s is invalid: PostgreSQL does not use it", name)
	}
	if len(lacks) > 0 {
		return // the rest is compared once these are there
	}
	differences, err := i.Differences(ctx)
	switch {
	case err != nil:
		e.note("columns", "", "they could not be compared: %v", err)
	case len(differences) > 0:
		e.warn("columns", "after a backup: "+strings.Join(differences, "; "), "the tables are not as this docsquare wants them")
	case len(invalid) == 0:
		e.ok("indexes", "all tables, columns and indexes are there")
	}
}

func (e *examination) outbox(ctx context.Context, i *store.Inspection) {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	rows, age, err := i.Backlog(ctx)
	switch {
	case err != nil:
		e.fail("outbox", "give the user of DATABASE_URL the right to read its tables", "it cannot be read: %v", err)
	case age > waitingRows && e.Config.RedisURL == "":
		e.warn("outbox", "set REDIS_URL as it was, and start docsquare serve, which delivers them; where Redis is gone for good they do no harm",
			"invalidations wait: %d, the oldest for %s, and without REDIS_URL no instance delivers them", rows, rounded(age))
	case age > waitingRows:
		e.warn("outbox", "start docsquare serve with this REDIS_URL, or fix Redis: every instance that reaches Redis delivers them",
			"invalidations wait for an instance that tells Redis: %d, the oldest for %s", rows, rounded(age))
	default:
		e.ok("outbox", "no invalidation waits")
	}
}

// derived reports which derived data would be built at the next start.
func (e *examination) derived(ctx context.Context, i *store.Inspection) {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	names, err := i.Outdated(ctx, e.Derivations)
	switch {
	case err != nil:
		e.fail("derived data", "give the user of DATABASE_URL the right to read its tables", "it cannot be read: %v", err)
	case len(names) > 0:
		e.note("derived data", "run docsquare migrate --rebuild; docsquare serve does it at its start too, and answers only after",
			"missing or of another version: %s", strings.Join(names, ", "))
	default:
		e.ok("derived data", "search index and statistics are of this version")
	}
}

// file looks at the file of SQLite from outside, and says whether there is one to open.
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
