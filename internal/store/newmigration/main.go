// Command newmigration writes the next migration of one dialect: what the entities have and the migrated database lacks.
//
//	go run ./internal/store/newmigration DATABASE_URL NUMBER NAME
//
// The database must be empty or hold the schema of the latest migration. Read what it wrote before committing it.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"docsquare/internal/store"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		slog.Error("no migration was written", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: newmigration DATABASE_URL NUMBER NAME")
	}
	inv := store.Invalidation{Tags: func(any) []string { return nil }}
	s, err := store.Open(ctx, args[0], inv, slog.Default())
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := s.Missing(ctx, &body); err != nil {
		return err
	}
	if body.Len() == 0 {
		return s.Close()
	}
	dir := map[string]string{"sqlite3": "sqlite", "postgres": "postgres"}[s.Dialect()]
	file := filepath.Join("internal/store/migrations", dir, args[1]+"_"+args[2]+".sql")
	text := fmt.Sprintf("-- +goose Up\n%s", body.String())
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil { //nolint:gosec // the developer who runs it says where
		return err
	}
	return s.Close()
}
