package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docsquare/internal/testkit/process"
)

const statementTimeout = 30 * time.Second

// Postgres makes an empty database in a real PostgreSQL and returns its URL, postgres://…; the database is dropped at
// the end of the test, even if clients are still connected. The cluster is that of DOCSQUARE_TEST_POSTGRES_URL, which
// `make test` sets, else one that this test binary starts at the first call (some seconds). Without PostgreSQL the
// test is skipped. Call it outside a synctest bubble.
func Postgres(tb testing.TB) string {
	tb.Helper()
	return created(tb, "template0") // which has no connections: they would make the statement wait or fail
}

// created makes a copy of a database, which is dropped at the end of the test.
func created(tb testing.TB, template string) string {
	tb.Helper()
	at, drop := copied(tb, template)
	tb.Cleanup(func() { Must(tb, drop()) })
	return at
}

// copied makes a copy of a database, and returns its URL with what drops it.
func copied(tb testing.TB, template string) (databaseURL string, drop func() error) {
	tb.Helper()
	admin, err := sharedPostgres()
	if err != nil {
		unavailable(tb, err)
	}
	database, err := url.Parse(admin)
	if err != nil {
		tb.Fatalf("%s: %v", process.PostgresEnv, err)
	}
	name := unique()
	Must(tb, execute(admin, "CREATE DATABASE "+name+" TEMPLATE "+template))
	database.Path = "/" + name
	return database.String(), func() error { return execute(admin, "DROP DATABASE "+name+" WITH (FORCE)") }
}

var sharedPostgres = sync.OnceValues(func() (string, error) {
	if at := os.Getenv(process.PostgresEnv); at != "" {
		return at, nil
	}
	server, err := process.StartPostgres(context.Background())
	if err != nil {
		return "", err
	}
	started.add(server.Close)
	return server.URL, nil
})

// execute runs one statement on its own connection. It has no test's context: cleanups call it too.
func execute(at, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// Proxied starts a proxy to the server of a URL until the end of the test, and returns it with the URL that leads through it.
func Proxied(tb testing.TB, at string) (*process.Proxy, string) {
	tb.Helper()
	u, err := url.Parse(at)
	Must(tb, err)
	p, err := process.StartProxy(context.WithoutCancel(tb.Context()), u.Host)
	Must(tb, err)
	tb.Cleanup(p.Close)
	u.Host = p.Addr
	return p, u.String()
}
