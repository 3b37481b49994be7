package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"docsquare/ent"
)

// Inspection is a database that is looked at and never changed: nothing is migrated, no file is made, and what is not of
// this release is no error.
type Inspection struct {
	store *Store // over the one pool, which Migrate and Write never see
	db    *sql.DB
}

// Inspect opens the database of a URL to look at it. Close it at the end.
func Inspect(ctx context.Context, databaseURL string) (*Inspection, error) {
	s := &Store{log: slog.New(slog.DiscardHandler)}
	name, dsn, kind := "pgx", databaseURL, dialect.Postgres
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok {
		name, kind = "sqlite3", dialect.SQLite
		mode := "rw" // which takes its journal away with it, and only reads where it may not write
		if _, err := os.Stat(path + "-wal"); err == nil {
			mode = "ro" // a journal that is there stays as it is
		}
		dsn = "file:" + (&url.URL{Path: path}).EscapedPath() + "?_query_only=1&_busy_timeout=5000&_foreign_keys=on&_loc=UTC&mode=" + mode
	}
	db, err := s.pool(ctx, name, dsn, 1)
	if err == nil && kind == dialect.SQLite {
		_, err = db.ExecContext(ctx, "SELECT count(*) FROM sqlite_master") // opening a file does not read it yet
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.driver = entsql.OpenDB(kind, db)
	s.DB = ent.NewClient(ent.Driver(s.driver))
	return &Inspection{store: s, db: db}, nil
}

// Close closes the connections.
func (i *Inspection) Close() error { return i.store.Close() }

// Refusal is the SQLSTATE with which PostgreSQL has refused something, or empty.
func Refusal(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code
	}
	return ""
}

// SQLiteVersion returns the version of the SQLite in this program.
func SQLiteVersion() string {
	version, _, _ := sqlite3.Version()
	return version
}

// PostgresState is the state that a server reports.
type PostgresState struct {
	Version  string
	Replica  bool // it only copies another server
	ReadOnly bool // transactions write only where they say so
}

// Postgres looks at a PostgreSQL server.
func (i *Inspection) Postgres(ctx context.Context) (s PostgresState, err error) {
	err = i.db.QueryRowContext(ctx, `SELECT current_setting('server_version'), pg_is_in_recovery(), current_setting('default_transaction_read_only')::bool`).
		Scan(&s.Version, &s.Replica, &s.ReadOnly)
	return s, err
}

// Now is the time by PostgreSQL's clock.
func (i *Inspection) Now(ctx context.Context) (now time.Time, err error) {
	err = i.db.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&now)
	return now, err
}

// SchemaState compares the schema of a database with the one that this program knows.
type SchemaState struct {
	Current int64   // the version; 0 before the first migration
	Known   int64   // the latest that this program knows
	Pending []int64 // migrations that are still to run
}

// Schema reads the version of the schema.
func (i *Inspection) Schema(ctx context.Context) (s SchemaState, err error) {
	tables, err := i.tables(ctx)
	if err != nil {
		return s, err
	}
	var applied []int64
	if slices.Contains(tables, goose.DefaultTablename) {
		applied, err = Select(ctx, i.store, "SELECT version_id FROM "+goose.DefaultTablename+" WHERE is_applied ORDER BY version_id", nil, scanned[int64])
	}
	if len(applied) > 0 {
		s.Current = applied[len(applied)-1]
	}
	return s, errors.Join(err, i.eachMigration(func(version int64, _ string) {
		if !slices.Contains(applied, version) {
			s.Pending = append(s.Pending, version)
		}
		s.Known = version
	}))
}

// eachMigration gives every migration of the database's kind, in their order.
func (i *Inspection) eachMigration(f func(version int64, text string)) error {
	files, err := fs.Glob(migrations, "migrations/"+map[string]string{dialect.SQLite: "sqlite", dialect.Postgres: "postgres"}[i.store.Dialect()]+"/*.sql")
	for _, name := range files {
		version, invalid := goose.NumericComponent(name)
		text, unread := migrations.ReadFile(name)
		if err = errors.Join(invalid, unread); err != nil {
			return err
		}
		f(version, string(text))
	}
	return err
}

// tables returns the names of the tables.
func (i *Inspection) tables(ctx context.Context) ([]string, error) {
	list := "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
	if i.store.Dialect() == dialect.SQLite {
		list = "SELECT name FROM sqlite_master WHERE type = 'table'"
	}
	return Select(ctx, i.store, list, nil, scanned[string])
}

func scanned[T any](rows *entsql.Rows) (v T, err error) { return v, rows.Scan(&v) }
