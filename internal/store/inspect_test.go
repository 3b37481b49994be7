package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestInspectMigrated finds nothing missing in a database that was just made, which holds exactly what the migrations are
// read to make.
func TestInspectMigrated(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			shut(open(t, url))
			i, r := inspect(t, url), rawOf(t, url)
			s, err := i.Schema(t.Context())
			testkit.Must(t, err)
			if s.Current != latest(t) || s.Known != latest(t) || len(s.Pending) > 0 {
				t.Errorf("%+v", s)
			}
			lacks, err := i.Lacks(t.Context())
			testkit.Must(t, err)
			invalid, err := i.Invalid(t.Context())
			testkit.Must(t, err)
			differences, err := i.Differences(t.Context())
			testkit.Must(t, err)
			if len(lacks)+len(invalid)+len(differences) > 0 {
				t.Errorf("lacks %v, invalid %v, differences %v", lacks, invalid, differences)
			}
			for _, statement := range indexStatements(t, r) { // and it knows each that there is
				_, rest, _ := strings.Cut(statement, "INDEX ")
				name := strings.Trim(strings.Fields(rest)[0], "`\"")
				r.exec(t, "DROP INDEX "+name)
				lacks, err := i.Lacks(t.Context())
				testkit.Must(t, err)
				if len(lacks) != 1 || lacks[0].Kind != "INDEX" || lacks[0].Name != name {
					t.Fatalf("without %s: %v", name, lacks)
				}
				r.exec(t, lacks[0].Statement)
			}
			if diff := cmp.Diff(indexStatements(t, r), indexStatements(t, rawOf(t, migratedAnew(t, dialect)))); diff != "" {
				t.Errorf("the statements have made others than there were:\n%s", diff)
			}
		})
	}
}

func migratedAnew(t *testing.T, dialect string) string {
	t.Helper()
	url := testkit.Database(t, dialect)
	shut(open(t, url))
	return url
}

// indexStatements is what makes each index that no table brings by itself.
func indexStatements(t *testing.T, r raw) []string {
	t.Helper()
	list := "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
	if r.postgres {
		list = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%_pkey'"
	}
	lines, _ := query(t, r, list)
	return lines
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
			for version := range latest(t) {
				if version > 0 {
					_, err := r.migrate.UpTo(t.Context(), version)
					testkit.Must(t, err)
				}
				s, err := inspect(t, url).Schema(t.Context())
				testkit.Must(t, err)
				if s.Current != version || int64(len(s.Pending)) != latest(t)-version || s.Pending[0] != version+1 {
					t.Errorf("%d: %+v", version, s)
				}
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

// TestInspectDerived names what is missing or of another version.
func TestInspectDerived(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			s := open(t, url)
			defer shut(s)
			built := func(context.Context, func(done, total int)) error { return nil }
			testkit.Must(t, s.Derive(t.Context(), []store.Derivation{{Name: "a", Version: 1, Build: built}, {Name: "b", Version: 1, Build: built}}, false, nil))
			names, err := inspect(t, url).Outdated(t.Context(), []store.Derivation{{Name: "a", Version: 1}, {Name: "b", Version: 2}, {Name: "c", Version: 1}})
			if err != nil || !slices.Equal(names, []string{"b", "c"}) {
				t.Errorf("%v, %v", names, err)
			}
		})
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
