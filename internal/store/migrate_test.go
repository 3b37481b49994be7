package store

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"testing"
)

// TestSchemaAndMigrationsAgree fails where an entity has changed and no migration was written.
func TestSchemaAndMigrationsAgree(t *testing.T) {
	inv := Invalidation{
		Tags: func(any) []string { return nil }, Hold: func(bool) {},
		Replace: func(context.Context, []string) error { return nil },
	}
	s, err := Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "t.db"), inv, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	var missing bytes.Buffer
	if err := s.Missing(t.Context(), &missing); err != nil {
		t.Fatal(err)
	}
	if missing.Len() > 0 {
		t.Errorf("write a migration with newmigration: the database lacks\n%s", missing.String())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
