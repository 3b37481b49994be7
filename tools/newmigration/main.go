// Command newmigration writes the next migration of both dialects: what the entities have and the migrated databases
// lack, and what the databases have and the entities lack any more.
//
//	make generate
//	go run -tags sqlite_fts5 ./tools/newmigration NAME [POSTGRES_URL]
//
// SQLite needs no server: the command makes its own database. POSTGRES_URL names an empty PostgreSQL database, which
// it fills; without one it writes the migration of SQLite alone, which then must not be committed alone. A server for the
// purpose comes from the tests' own starter:
//
//	go run ./tools/serve -- sh -c 'go run -tags sqlite_fts5 ./tools/newmigration NAME "$DOCSQUARE_TEST_POSTGRES_URL"'
//
// Run it from the root of the repository, and read what it wrote before committing it: SQLite cannot change a column, so
// such a change copies the whole table. Then give the version before it a fixture: see internal/store/upgrade_test.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "newmigration:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: newmigration NAME [POSTGRES_URL]")
	}
	dir, err := os.MkdirTemp("", "newmigration-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover in the temporary directory is no reason to fail
	if err := write(ctx, "sqlite", "sqlite://"+filepath.Join(dir, "schema.db"), args[0], out); err != nil || len(args) == 1 {
		return err
	}
	return write(ctx, "postgres", args[1], args[0], out)
}

// write writes the migration of one dialect, nothing where the schema has not changed.
func write(ctx context.Context, dialect, databaseURL, name string, out io.Writer) error {
	latest, body, err := missing(ctx, databaseURL)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		_, err = fmt.Fprintf(out, "%s: the migrations and the entities agree\n", dialect)
		return err
	}
	file := filepath.Join("internal/store/migrations", dialect, fmt.Sprintf("%05d_%s.sql", latest+1, name))
	text := append([]byte("-- +goose Up\n"), body...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: wrote %s\n", dialect, file)
	return err
}
