package doctor_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"docsquare/internal/cache"
	"docsquare/internal/config"
	"docsquare/internal/doctor"
	"docsquare/internal/store"
	"docsquare/internal/testkit/process"
)

// testkit would have all of the graph compiled for these tests.
func TestMain(m *testing.M) {
	cache.LogClients(slog.New(slog.DiscardHandler)) // tests take servers away
	code := m.Run()
	stopPostgres()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines left over:", err)
			code = 1
		}
	}
	os.Exit(code)
}

var stopPostgres = func() {}

var sharedPostgres = sync.OnceValues(func() (string, error) {
	if at := os.Getenv(process.PostgresEnv); at != "" { //nolint:forbidigo // as testkit does
		return at, nil
	}
	server, err := process.StartPostgres(context.Background())
	if err != nil {
		return "", err
	}
	stopPostgres = server.Close
	return server.URL, nil
})

func must(t *testing.T, err error) {
	t.Helper()
	if missing, ok := errors.AsType[*process.MissingError](err); ok && os.Getenv("CI") != "true" { //nolint:forbidigo // as testkit does
		t.Skip(missing)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var derivations = []store.Derivation{{Name: "search", Version: 3, Build: func(context.Context, func(done, total int)) error { return nil }}}

// healthy is a set-up in which all is in order: SQLite, a directory, no Redis.
func healthy(t *testing.T) *doctor.Options {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("DATABASE_URL", "sqlite://"+filepath.Join(dir, "docsquare.db"))
	t.Setenv("FILES_URL", "file://"+filepath.Join(dir, "files"))
	must(t, os.Mkdir(filepath.Join(dir, "files"), 0o750))
	c, err := config.Load(cache.Names())
	must(t, err)
	migrated(t, c.DatabaseURL)
	return &doctor.Options{Config: c, Derivations: derivations}
}

// migrated brings the schema of a database up to date.
func migrated(t *testing.T, databaseURL string) {
	t.Helper()
	must(t, opened(t, databaseURL).Close())
}

// opened is the database as a server has it open.
func opened(t *testing.T, databaseURL string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), databaseURL, store.Invalidation{Replace: func(context.Context, []string) error { return nil }, Durable: true}, slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, s.Derive(t.Context(), derivations, false, func(string, int, int) {}))
	return s
}

// postgres gives the set-up an empty database in a PostgreSQL.
func postgres(t *testing.T, o *doctor.Options) {
	t.Helper()
	admin, err := sharedPostgres()
	must(t, err)
	at, err := url.Parse(admin)
	must(t, err)
	at.Path = fmt.Sprintf("/doctor_%d", time.Now().UnixNano())
	execute(t, admin, "CREATE DATABASE "+at.Path[1:]+" TEMPLATE template0")
	t.Cleanup(func() { execute(t, admin, "DROP DATABASE "+at.Path[1:]+" WITH (FORCE)") })
	o.Config.DatabaseURL = at.String()
}

// execute runs statements past the store.
func execute(t *testing.T, databaseURL string, statements ...string) {
	t.Helper()
	name, dsn := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok {
		name, dsn = "sqlite3", "file:"+path
	}
	db, err := sql.Open(name, dsn)
	must(t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), s)
		must(t, err)
	}
}

// startRedis gives the set-up a Redis of its own; the arguments go after those of one in order.
func startRedis(t *testing.T, o *doctor.Options, args ...string) *process.Redis {
	t.Helper()
	r, err := process.StartRedis(t.Context(), append([]string{"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}, args...)...)
	must(t, err)
	t.Cleanup(r.Close)
	o.Config.RedisURL = r.URL()
	o.Redis.URL = r.URL()
	return r
}

// client looks into a Redis past the doctor.
func client(t *testing.T, r *process.Redis) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: r.Addr})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// examined is the findings and the report of a set-up. No report has a secret, and none says what is wrong and not how to
// mend it.
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
	must(t, err)
	if strings.Contains(out.String(), "secret") {
		t.Errorf("the report has a secret:\n%s", out.String())
	}
	return list, out.String()
}
