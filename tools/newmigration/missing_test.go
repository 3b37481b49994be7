package main

import (
	"testing"

	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestSchemaAndMigrationsAgree fails if an entity has changed and no migration was written.
func TestSchemaAndMigrationsAgree(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			_, statements, err := missing(t.Context(), testkit.Database(t, dialect))
			testkit.Must(t, err)
			if len(statements) > 0 {
				t.Errorf("write a migration with newmigration: the database differs by\n%s", statements)
			}
		})
	}
}
