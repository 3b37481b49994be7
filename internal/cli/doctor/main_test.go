package doctor_test

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docsquare/internal/cli/doctor"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// healthy is a set-up in which all is in order: SQLite, a directory, no Redis.
func healthy(t *testing.T) *doctor.Options {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("DATABASE_URL", "sqlite://"+filepath.Join(dir, "docsquare.db"))
	t.Setenv("FILES_URL", "file://"+filepath.Join(dir, "files"))
	testkit.Must(t, os.Mkdir(filepath.Join(dir, "files"), 0o750))
	c, err := config.Load(kinds.Names())
	testkit.Must(t, err)
	migrated(t, c.DatabaseURL)
	return &doctor.Options{Config: c}
}

// migrated brings the schema of a database up to date.
func migrated(t *testing.T, databaseURL string) {
	t.Helper()
	testkit.Must(t, opened(t, databaseURL).Close())
}

// opened is the database as a server has it open.
func opened(t *testing.T, databaseURL string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), databaseURL, store.Invalidation{Replace: func(context.Context, []string) error { return nil }, Durable: true}, slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	return s
}

// postgres gives the set-up an empty database in a PostgreSQL.
func postgres(t *testing.T, o *doctor.Options) {
	t.Helper()
	o.Config.DatabaseURL = testkit.Postgres(t)
}

// execute runs statements past the store.
func execute(t *testing.T, databaseURL string, statements ...string) {
	t.Helper()
	name, dsn := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok {
		name, dsn = "sqlite3", "file:"+path
	}
	db, err := sql.Open(name, dsn)
	testkit.Must(t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), s)
		testkit.Must(t, err)
	}
}

// startRedis starts a Redis server for the set-up; the arguments are appended to those of a healthy one.
func startRedis(t *testing.T, o *doctor.Options, args ...string) *testkit.RedisServer {
	t.Helper()
	r := testkit.StartRedis(t, append([]string{"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}, args...)...)
	o.Config.RedisURL, o.Redis.URL = r.URL, r.URL
	return r
}

// examined returns the findings and the report of a set-up. It fails the test if the report contains a secret, or a problem
// without a remedy.
func examined(t *testing.T, o *doctor.Options) (list []doctor.Finding, report string) {
	t.Helper()
	var out strings.Builder
	_, err := doctor.Write(&out, func(yield func(doctor.Finding) bool) {
		for f := range doctor.Examine(t.Context(), *o) {
			list = append(list, f)
			if f.State >= doctor.Warning && f.Remedy == "" {
				t.Errorf("no remedy for %+v", f)
			}
			if !yield(f) {
				return
			}
		}
	})
	testkit.Must(t, err)
	if strings.Contains(out.String(), "secret") {
		t.Errorf("the report has a secret:\n%s", out.String())
	}
	return list, out.String()
}
