package store_test

import (
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"docsquare/internal/testkit"
)

// raw is a connection to a database past the store, and the migrations that there are for it.
type raw struct {
	*sql.DB
	postgres bool
	migrate  *goose.Provider
}

func rawOf(t *testing.T, url string) raw {
	t.Helper()
	r, dialect := raw{postgres: strings.HasPrefix(url, "postgres")}, goose.DialectSQLite3
	// Without the checks of foreign keys, as the store migrates: a table that is rebuilt would take with it what refers to it.
	name, dir, dsn := "sqlite3", "migrations/sqlite", "file:"+strings.TrimPrefix(url, "sqlite://")+"?_loc=UTC"
	if r.postgres {
		name, dir, dsn, dialect = "pgx", "migrations/postgres", url, goose.DialectPostgres
	}
	var err error
	r.DB, err = sql.Open(name, dsn)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = r.Close() })
	r.migrate, err = goose.NewProvider(dialect, r.DB, os.DirFS(dir))
	testkit.Must(t, err)
	return r
}

func (r raw) exec(t *testing.T, text string) {
	t.Helper()
	if r.postgres {
		text = strings.ReplaceAll(text, "X'", `'\x`)
	}
	_, err := r.ExecContext(t.Context(), text)
	testkit.Must(t, err)
}
