// Package store owns the database: it opens SQLite or PostgreSQL, brings its schema up to date, and runs transactions
// whose invalidations are delivered after the commit and survive a crash. It knows no rule of any entity.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/mattn/go-sqlite3"

	"docsquare/ent"
)

// Invalidation is what the store asks of the cache.
type Invalidation struct {
	Tags    func(entity any) []string                      // what a write to the entity touches
	Replace func(ctx context.Context, tags []string) error // called after the commit
	Durable bool                                           // tags are written down in the transaction, for Replace can fail

	// Statement is called before each statement; it may be nil.
	Statement func(ctx context.Context)
}

// Store is an open database.
type Store struct {
	DB     *ent.Client // reads; writes go through Write
	driver dialect.Driver
	pools  []*sql.DB
	inv    Invalidation
	log    *slog.Logger
	meters meters
	wrap   func(dialect.Driver) dialect.Driver
	opened int // the data version of the file when it was opened

	deliveries deliveries

	settled chan int // outbox rows whose tags are delivered
	failing bool     // whether the relay is; the relay's own
}

// The sizes of the connection pools.
const (
	sqliteReaders = 4
	postgresConns = 16
)

// How long a busy SQLite is waited for.
const (
	busyTimeout = 5 * time.Second
	busyPause   = 10 * time.Millisecond
)

// Option changes how Open opens a database.
type Option func(*Store)

// WithDriver has wrap replace the driver whose transactions write, such as by one that fails. Nil leaves it as it is.
func WithDriver(wrap func(dialect.Driver) dialect.Driver) Option {
	return func(s *Store) { s.wrap = wrap }
}

// Open opens the database of a URL, sqlite://PATH or postgres://…, and brings its schema up to date.
func Open(ctx context.Context, databaseURL string, inv Invalidation, log *slog.Logger, options ...Option) (*Store, error) {
	s := &Store{inv: inv, log: log, meters: newMeters(inv.Statement), settled: make(chan int, settledQueue)}
	for _, change := range options {
		change(s)
	}
	err := s.connect(ctx, databaseURL)
	if err == nil {
		err = s.Migrate(ctx)
	}
	if err == nil {
		s.opened, err = s.dataVersion(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.driver = counting{s.driver, s.meters}
	s.DB = ent.NewClient(ent.Driver(s.driver))
	return s, nil
}

func (s *Store) connect(ctx context.Context, databaseURL string) error {
	scheme, rest, _ := strings.Cut(databaseURL, "://")
	switch scheme {
	case "sqlite":
		return s.connectSQLite(ctx, rest)
	case "postgres", "postgresql":
		db, err := s.pool(ctx, "pgx", databaseURL, postgresConns)
		if err == nil {
			s.driver = s.wrapped(entsql.OpenDB(dialect.Postgres, db))
		}
		return err
	}
	return fmt.Errorf("DATABASE_URL must begin with sqlite:// or postgres://, but is %q", redacted(databaseURL))
}

// connectSQLite opens one connection that writes and a pool that reads. SQLite has one writer at a time: writers of this process queue
// for the connection, not for SQLite's lock. Each commit is synced (synchronous=FULL), so that an acknowledged write survives a power cut. The
// page caches are small, 4 MB for each connection: what is read often is in the near tier.
func (s *Store) connectSQLite(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("the directory of DATABASE_URL: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000" +
		"&_foreign_keys=on&_cache_size=-4000&_stmt_cache_size=64&_loc=UTC"
	writer, err := s.pool(ctx, "sqlite3", dsn+"&_txlock=immediate", 1)
	if err != nil {
		return err
	}
	reader, err := s.pool(ctx, "sqlite3", dsn+"&mode=rw&_query_only=1", sqliteReaders)
	if err != nil {
		return err
	}
	s.driver = split{
		Driver: &groups{Driver: s.wrapped(entsql.OpenDB(dialect.SQLite, writer)), open: groupOpen, held: s.meters.holds.note},
		reader: entsql.OpenDB(dialect.SQLite, reader),
	}
	return nil
}

func (s *Store) wrapped(d dialect.Driver) dialect.Driver {
	if s.wrap == nil {
		return d
	}
	return s.wrap(d)
}

func (s *Store) pool(ctx context.Context, driver, dsn string, conns int) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	s.pools = append(s.pools, db)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := answers(ctx, db); err != nil {
		return nil, fmt.Errorf("the database of DATABASE_URL does not answer: %w", err)
	}
	return db, nil
}

// answers asks whether the database answers. Who opens a file of SQLite in the very moment in which another closes it is
// refused without being made to wait, so it asks again for a while.
func answers(ctx context.Context, db *sql.DB) error {
	for late := time.After(busyTimeout); ; {
		err := db.PingContext(ctx)
		if busy, ok := errors.AsType[sqlite3.Error](err); !ok || busy.Code != sqlite3.ErrBusy {
			return err
		}
		select {
		case <-time.After(busyPause):
		case <-late:
			return err
		case <-ctx.Done():
			return err
		}
	}
}

// Dialect is dialect.SQLite or dialect.Postgres.
func (s *Store) Dialect() string { return s.driver.Dialect() }

// System is what OpenTelemetry calls the database.
func (s *Store) System() string {
	if s.Dialect() == dialect.Postgres {
		return "postgresql"
	}
	return "sqlite"
}

// Ping returns an error if the database does not answer.
func (s *Store) Ping(ctx context.Context) error {
	for _, p := range s.pools {
		if err := p.PingContext(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the connections.
func (s *Store) Close() error {
	var errList []error
	for _, p := range s.pools {
		errList = append(errList, p.Close())
	}
	return errors.Join(errList...)
}

func redacted(databaseURL string) string {
	if u, err := url.Parse(databaseURL); err == nil {
		return u.Redacted()
	}
	return "…"
}
