package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"docsquare/ent"
	"docsquare/ent/migrate"
)

// PostgresPool is how many connections each process holds to PostgreSQL at most.
const PostgresPool = postgresConns

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

// SQLiteState is what a file of SQLite says of itself, and the library that reads it.
type SQLiteState struct {
	Version     string
	FTS5        bool   // whether the library has it
	JournalMode string // wal, delete, …
}

// SQLite looks at a file of SQLite.
func (i *Inspection) SQLite(ctx context.Context) (s SQLiteState, err error) {
	s.Version, _, _ = sqlite3.Version()
	err = errors.Join(
		i.db.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&s.FTS5),
		i.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&s.JournalMode),
	)
	return s, err
}

// QuickCheck is what SQLite finds wrong in its file, a line each; nothing where all is in order. It reads the whole file,
// until the context ends.
func (i *Inspection) QuickCheck(ctx context.Context) ([]string, error) {
	lines, err := i.texts(ctx, "PRAGMA quick_check(5)")
	return slices.DeleteFunc(lines, func(line string) bool { return line == "ok" }), err
}

// BrokenReferences is the tables of SQLite that have rows which refer to rows that are gone.
func (i *Inspection) BrokenReferences(ctx context.Context) ([]string, error) {
	return i.texts(ctx, `SELECT DISTINCT "table" FROM pragma_foreign_key_check`)
}

// PostgresState is what a server says of itself.
type PostgresState struct {
	Version     string
	Number      int  // 150004 for 15.4
	Replica     bool // it only copies another server
	ReadOnly    bool // transactions write only where they say so
	Open        int  // connections to its databases
	Max         int  // connections that clients may have
	Idle        int  // transactions that have been idle for a minute
	IdleSeconds int  // for how long the oldest of them
}

// Postgres looks at a PostgreSQL server.
func (i *Inspection) Postgres(ctx context.Context) (s PostgresState, err error) {
	err = i.db.QueryRowContext(ctx, `SELECT current_setting('server_version'), current_setting('server_version_num')::int,
		pg_is_in_recovery(), current_setting('default_transaction_read_only')::bool,
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
		count(*) FILTER (WHERE datid IS NOT NULL AND pid <> pg_backend_pid()),
		count(*) FILTER (WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND state_change < now() - interval '1 minute'),
		coalesce(extract(epoch FROM max(now() - state_change) FILTER (WHERE datname = current_database() AND state LIKE 'idle in transaction%')), 0)::int
		FROM pg_stat_activity`).Scan(&s.Version, &s.Number, &s.Replica, &s.ReadOnly, &s.Max, &s.Open, &s.Idle, &s.IdleSeconds)
	return s, err
}

// Now is the time by PostgreSQL's clock.
func (i *Inspection) Now(ctx context.Context) (now time.Time, err error) {
	err = i.db.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&now)
	return now, err
}

// SchemaState is how the schema of a database stands to what this program knows.
type SchemaState struct {
	Current int64   // the version; 0 before the first migration
	Known   int64   // the latest that this program knows
	Pending []int64 // migrations that are still to run
}

// Schema reads the version of the schema.
func (i *Inspection) Schema(ctx context.Context) (s SchemaState, err error) {
	tables, err := i.names(ctx, "TABLE")
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

// Lack is a table or an index that the migrations have made, and that somebody has dropped.
type Lack struct {
	Kind, Name string // TABLE or INDEX
	Statement  string // what makes an index; empty for a table
}

// change is a line of a migration that makes, drops or renames something.
var change = regexp.MustCompile("(?m)^(CREATE|DROP|ALTER) (?:UNIQUE |VIRTUAL )?(TABLE|INDEX) [`\"]?(\\w+)[`\"]?(?: ON [`\"]?(\\w+)| RENAME TO [`\"]?(\\w+))?.*$")

// wanted is the tables and indexes that the migrations leave behind, by kind and name.
func (i *Inspection) wanted() (map[Lack]string, error) {
	left := map[Lack]string{} // and the table of an index, with the statement that makes it
	err := i.eachMigration(func(_ int64, text string) {
		for _, m := range change.FindAllStringSubmatch(text, -1) {
			what := Lack{Kind: m[2], Name: m[3]}
			switch {
			case m[1] == "CREATE":
				left[what] = m[4] + "\n" + m[0]
			case m[1] == "DROP":
				delete(left, what)
				maps.DeleteFunc(left, func(_ Lack, of string) bool { return strings.HasPrefix(of, m[3]+"\n") })
			case m[5] != "":
				delete(left, what)
				left[Lack{Kind: m[2], Name: m[5]}] = ""
			}
		}
	})
	return left, err
}

// Lacks compares the tables and indexes of a migrated database with those that its migrations have made.
func (i *Inspection) Lacks(ctx context.Context) (lacks []Lack, err error) {
	wanted, err := i.wanted()
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"TABLE", "INDEX"} {
		there, err := i.names(ctx, kind)
		if err != nil {
			return nil, err
		}
		for what, how := range wanted {
			if what.Kind != kind || slices.Contains(there, what.Name) {
				continue
			}
			if kind == "INDEX" {
				_, what.Statement, _ = strings.Cut(how, "\n")
			}
			lacks = append(lacks, what)
		}
	}
	slices.SortFunc(lacks, func(a, b Lack) int { return strings.Compare(b.Kind+a.Name, a.Kind+b.Name) }) // tables first
	return lacks, nil
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

// Invalid is the indexes of PostgreSQL that no query uses, such as one whose making was broken off.
func (i *Inspection) Invalid(ctx context.Context) ([]string, error) {
	if i.store.Dialect() == dialect.SQLite {
		return nil, nil
	}
	return i.texts(ctx, `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE NOT (i.indisvalid AND i.indisready) AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname`)
}

// Differences is the statements that would bring a migrated database, which lacks nothing, to the schema of the entities:
// its columns and constraints.
func (i *Inspection) Differences(ctx context.Context) (statements []string, err error) {
	driver := i.store.driver
	if i.store.Dialect() == dialect.Postgres { // which writes them down and runs none, and here could not
		tx, err := i.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return nil, err
		}
		defer func() { _ = tx.Rollback() }() // there is nothing to lose
		driver = entsql.NewDriver(dialect.Postgres, entsql.Conn{ExecQuerier: tx})
	}
	var text bytes.Buffer
	if err := migrate.NewSchema(driver).WriteTo(ctx, &text, schema.WithDropIndex(false)); err != nil {
		return nil, err
	}
	for line := range strings.Lines(text.String()) {
		if line = strings.TrimSuffix(strings.TrimSpace(line), ";"); line != "" && !strings.HasPrefix(line, "PRAGMA") {
			statements = append(statements, line)
		}
	}
	return statements, nil
}

// Backlog is that of the store.
func (i *Inspection) Backlog(ctx context.Context) (rows int, age time.Duration, err error) {
	return i.store.Backlog(ctx)
}

// Outdated returns the names of the derivations that were never built, or were built by another version.
func (i *Inspection) Outdated(ctx context.Context, list []Derivation) (names []string, err error) {
	built, err := i.store.DB.Derivation.Query().All(ctx)
	if err != nil {
		return nil, err
	}
	versions := ByKey(built, func(d *ent.Derivation) string { return d.ID })
	for _, d := range list {
		if old := versions[d.Name]; old == nil || old.Version != d.Version {
			names = append(names, d.Name)
		}
	}
	return names, nil
}

// names is the tables or indexes that there are.
func (i *Inspection) names(ctx context.Context, kind string) ([]string, error) {
	if i.store.Dialect() == dialect.SQLite {
		return i.texts(ctx, "SELECT name FROM sqlite_master WHERE type = lower(?)", kind)
	}
	letter := map[string]string{"TABLE": "r", "INDEX": "i"}[kind]
	return i.texts(ctx, "SELECT relname::text FROM pg_class WHERE relkind = $1::\"char\" AND relnamespace = current_schema()::regnamespace", letter)
}

func (i *Inspection) texts(ctx context.Context, statement string, args ...any) ([]string, error) {
	return Select(ctx, i.store, statement, args, scanned[string])
}

func scanned[T any](rows *entsql.Rows) (v T, err error) { return v, rows.Scan(&v) }
