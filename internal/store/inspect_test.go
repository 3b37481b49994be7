package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func inspect(t *testing.T, url string) *store.Inspection {
	t.Helper()
	i, err := store.Inspect(t.Context(), url)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = i.Close() })
	return i
}

// TestInspectMigrated finds a database that was just made up to date.
func TestInspectMigrated(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			shut(open(t, url))
			s, err := inspect(t, url).Schema(t.Context())
			testkit.Must(t, err)
			if s.Current != latest(t) || s.Known != latest(t) || len(s.Pending) > 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestInspectOld tells for each older version what is still to run, and runs none of it.
func TestInspectOld(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			r := rawOf(t, url)
			if dialect == "sqlite" {
				r.exec(t, "CREATE TABLE something (x)") // there is no file before
				r.exec(t, "DROP TABLE something")
			}
			version := int64(0)
			for i, next := range versions(t) {
				s, err := inspect(t, url).Schema(t.Context())
				testkit.Must(t, err)
				if s.Current != version || !slices.Equal(s.Pending, versions(t)[i:]) {
					t.Errorf("%d: %+v", version, s)
				}
				_, err = r.migrate.UpTo(t.Context(), next)
				testkit.Must(t, err)
				version = next
			}
		})
	}
}

// TestInspectMakesNothing: a file that is not there is an error, and is not there after it.
func TestInspectMakesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := store.Inspect(t.Context(), "sqlite://"+filepath.Join(dir, "none.db")); err == nil {
		t.Error("a file was opened that is not there")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestInspectRefused checks that the error has the code with which PostgreSQL refused, and never the password.
func TestInspectRefused(t *testing.T) {
	url := testkit.Postgres(t)
	_, err := store.Inspect(t.Context(), strings.Replace(url, "postgres://docsquare@", "postgres://stranger:secret@", 1))
	if store.Refusal(err) != "28000" || strings.Contains(err.Error(), "secret") {
		t.Errorf("%q: %v", store.Refusal(err), err)
	}
	if _, err := store.Inspect(t.Context(), "postgres://u:secret@127.0.0.1:1/x?sslmode=disable"); err == nil || store.Refusal(err) != "" || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	if _, err := store.Inspect(t.Context(), "postgres://u:secret@127.0.0.1:1/x?sslmode=perhaps"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
