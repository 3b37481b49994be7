package store

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"docsquare/ent/migrate"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// Migrate brings the schema up to date. Instances that start together take turns.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		s.log.InfoContext(ctx, "the schema has a new version", "version", r.Source.Version, "took", r.Duration)
	}
	if err != nil {
		return fmt.Errorf("the schema could not be brought up to date: %w", err)
	}
	return nil
}

// Missing writes the statements that would bring the migrated database to the schema of the entities: the body of the
// next migration, nothing where the two agree.
func (s *Store) Missing(ctx context.Context, w io.Writer) error {
	return migrate.NewSchema(s.driver).WriteTo(ctx, w)
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
