package testkit_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/process"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestSharedRedis(t *testing.T) {
	a, b := testkit.Redis(t), testkit.Redis(t)
	if a.URL != b.URL || a.Prefix == b.Prefix {
		t.Fatalf("want one server and two prefixes, got %q %q and %q %q", a.URL, b.URL, a.Prefix, b.Prefix)
	}
	client := connect(t, a)
	if err := client.Set(t.Context(), a.Prefix+"key", "value", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	if got := client.Exists(t.Context(), b.Prefix+"key").Val(); got != 0 {
		t.Fatal("another test sees the key")
	}
}

func TestRedisRestartIsEmptyOnTheSamePort(t *testing.T) {
	server := testkit.StartRedis(t)
	client := connect(t, server)
	if err := client.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Fatal(err)
	}
	before := client.InfoMap(t.Context(), "server").Item("Server", "run_id")
	server.Stop()
	server.Stop() // twice is fine
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Fatal("a stopped server answers")
	}
	server.Restart()
	if n, err := client.Exists(t.Context(), "key").Result(); err != nil || n != 0 {
		t.Fatalf("want an empty server, got %d, %v", n, err)
	}
	after := client.InfoMap(t.Context(), "server").Item("Server", "run_id")
	if before == "" || before == after {
		t.Fatalf("want another run id, got %q and %q", before, after)
	}
}

func TestFrozenRedisKeepsSilent(t *testing.T) {
	server := testkit.StartRedis(t)
	client := connect(t, server)
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	server.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var timeout net.Error
	if err := client.Ping(ctx).Err(); !errors.Is(err, context.DeadlineExceeded) && (!errors.As(err, &timeout) || !timeout.Timeout()) {
		t.Fatalf("want a timeout, got %v", err)
	}
	server.Thaw()
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	server.Freeze() // and a frozen server can be stopped, here by the cleanup
}

func TestRedisTakesArguments(t *testing.T) {
	server := testkit.StartRedis(t, "--maxmemory", "2mb", "--cluster-enabled", "yes")
	client := connect(t, server)
	got, err := client.ConfigGet(t.Context(), "maxmemory").Result()
	if err != nil || got["maxmemory"] != "2097152" {
		t.Fatalf("got %v, %v", got, err)
	}
}

func TestRedisSaysWhyItDidNotStart(t *testing.T) {
	testkit.Redis(t) // skips if there is none
	_, err := process.StartRedis(t.Context(), "--no-such-option")
	if err == nil || !strings.Contains(err.Error(), "no-such-option") {
		t.Fatalf("want the words of the server, got %v", err)
	}
}

func TestPostgresDatabasesAreApart(t *testing.T) {
	a, b := testkit.Postgres(t), testkit.Postgres(t)
	query(t, a, "CREATE TABLE t (x int)")
	query(t, b, "CREATE TABLE t (x int)")
	if got := query(t, a, "SELECT current_setting('server_encoding')"); got != "UTF8" {
		t.Fatalf("encoding %s", got)
	}
}

func TestPostgresDropsTheDatabase(t *testing.T) {
	var at string
	t.Run("uses it", func(t *testing.T) {
		at = testkit.Postgres(t)
		query(t, at, "SELECT 1")
	})
	if conn, err := pgx.Connect(t.Context(), at); err == nil {
		conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
}

func TestMissingProgramNamesThePackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := process.StartRedis(t.Context())
	var missing *process.MissingError
	if !errors.As(err, &missing) || missing.Package != "redis-server" {
		t.Fatalf("got %v", err)
	}
}

func connect(t *testing.T, server *testkit.RedisServer) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: server.Addr, MaxRetries: -1, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// query returns the first column of the first row as text, or nothing where there is no row.
func query(t *testing.T, at, statement string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	result, err := conn.PgConn().Exec(t.Context(), statement).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(result) == 0 || len(result[0].Rows) == 0 {
		return ""
	}
	return string(result[0].Rows[0][0])
}
