package testkit

import (
	"context"
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
	admin, err := sharedPostgres()
	if err != nil {
		unavailable(tb, err)
	}
	database, err := url.Parse(admin)
	if err != nil {
		tb.Fatalf("%s: %v", process.PostgresEnv, err)
	}
	name := unique()
	// template0 has no connections, which would make the statement wait or fail.
	execute(tb, admin, "CREATE DATABASE "+name+" TEMPLATE template0")
	tb.Cleanup(func() { execute(tb, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	database.Path = "/" + name
	return database.String()
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

// execute runs one statement on its own connection.
func execute(tb testing.TB, at, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), statementTimeout) // cleanups come here too
	defer cancel()
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
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
