package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"

	"docsquare/ent/migrate"
	"docsquare/internal/store"
)

// missing migrates a database, and returns the version of its schema and the statements that would bring it to the schema of the
// entities: the body of the next migration, empty if the two agree. The statements drop what the entities no longer have.
func missing(ctx context.Context, databaseURL string) (version int64, statements []byte, err error) {
	inv := store.Invalidation{Tags: func(any) []string { return nil }}
	var driver dialect.Driver
	s, err := store.Open(ctx, databaseURL, inv, slog.New(slog.DiscardHandler), store.WithDriver(func(d dialect.Driver) dialect.Driver {
		driver = d
		return d
	}))
	if err != nil {
		return 0, nil, err
	}
	var body bytes.Buffer
	version, err = s.Latest()
	differs := migrate.NewSchema(driver).WriteTo(ctx, &body, schema.WithDropIndex(true), schema.WithDropColumn(true))
	return version, body.Bytes(), errors.Join(err, differs, s.Close())
}
