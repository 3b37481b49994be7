package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// Migrate brings the schema up to date. Instances that start together take turns. A database whose schema is newer than
// this program knows is refused: a newer program has moved or dropped what this one would read and write.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	if err := s.up(ctx, provider); err != nil {
		return fmt.Errorf("the schema could not be brought up to date: %w", err)
	}
	current, known, err := provider.GetVersions(ctx)
	if err == nil && current > known {
		err = fmt.Errorf("the database of DATABASE_URL has schema version %d, but this docsquare knows versions up to %d: "+
			"run a newer docsquare, or restore a backup from before the upgrade", current, known)
	}
	return err
}

func (s *Store) up(ctx context.Context, provider *goose.Provider) error {
	if s.driver.Dialect() == dialect.SQLite {
		return s.unchecked(ctx, func() error { return s.upSQLite(ctx, provider) })
	}
	return s.apply(ctx, provider)
}

// upSQLite migrates although nothing locks out another process that does the same: where one was faster, its own attempt
// fails and it goes on from there.
func (s *Store) upSQLite(ctx context.Context, provider *goose.Provider) error {
	for reached := int64(-1); ; {
		err := s.apply(ctx, provider)
		if err == nil {
			return nil
		}
		version, failed := provider.GetDBVersion(ctx)
		if failed != nil || version <= reached {
			return err
		}
		reached = version
	}
}

// unchecked runs f without the checks of foreign keys, as SQLite prescribes for a table that is rebuilt: dropping the old
// one would delete all that refers to it. They cannot be switched within a transaction, which each migration is.
func (s *Store) unchecked(ctx context.Context, f func() error) error {
	writer := s.pools[0] // of one connection, so that the switch is for all that follows
	if _, err := writer.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return err
	}
	err := f()
	_, on := writer.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
	return errors.Join(err, on)
}

func (s *Store) apply(ctx context.Context, provider *goose.Provider) error {
	results, err := provider.Up(ctx)
	for _, r := range results {
		s.log.InfoContext(ctx, "migration applied", "version", r.Source.Version, "took", r.Duration)
	}
	return err
}

// Latest is the version of the schema that this program knows.
func (s *Store) Latest() (int64, error) {
	provider, err := s.provider()
	if err != nil {
		return 0, err
	}
	sources := provider.ListSources()
	return sources[len(sources)-1].Version, nil
}

func (s *Store) provider() (*goose.Provider, error) {
	kind, dir, options := goose.DialectSQLite3, "sqlite", []goose.ProviderOption(nil)
	if s.driver.Dialect() == dialect.Postgres {
		kind, dir = goose.DialectPostgres, "postgres"
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, "migrations/"+dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(kind, s.pools[0], files, options...)
}
