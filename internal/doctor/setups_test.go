package doctor_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"docsquare/internal/config"
	"docsquare/internal/doctor"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/process"
)

func badValues(t *testing.T, o *doctor.Options) {
	t.Setenv("REDIS_DB", "one")
	t.Setenv("SESSION_TTL", "a month")
	o.Config, o.Invalid = config.Load(kinds.Names())
}

// deafDatabase accepts connections and says nothing.
func deafDatabase(t *testing.T, o *doctor.Options) {
	var listening net.ListenConfig
	l, err := listening.Listen(t.Context(), "tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	o.Config.DatabaseURL = "postgres://ann:secret@" + l.Addr().String() + "/docsquare?connect_timeout=2"
}

func noDatabase(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	at := o.Config.DatabaseURL
	o.Config.DatabaseURL = at[:strings.LastIndex(at, "/")] + "/nowhere?sslmode=disable"
}

func pending(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "DROP TABLE audit_entries", "DROP TABLE identities", "DELETE FROM goose_db_version WHERE version_id = 6")
}

func newer(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)")
}

func missingIndex(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "DROP INDEX document_file_id")
}

func missingIndexes(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	migrated(t, o.Config.DatabaseURL)
	execute(t, o.Config.DatabaseURL, "DROP INDEX search_words_words", "DROP INDEX users_email_key",
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'tag_folded'::regclass")
}

func missingTable(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "DROP TRIGGER search_entries_deleted")
	postgres(t, o)
	migrated(t, o.Config.DatabaseURL)
	execute(t, o.Config.DatabaseURL, "DROP TABLE search_words")
}

func missingColumn(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	migrated(t, o.Config.DatabaseURL)
	execute(t, o.Config.DatabaseURL, "ALTER TABLE users DROP COLUMN bio")
}

func noWAL(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "PRAGMA journal_mode = DELETE")
}

func file(o *doctor.Options) string { return strings.TrimPrefix(o.Config.DatabaseURL, "sqlite://") }

// damaged writes nonsense over the root of an index.
func damaged(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "INSERT INTO tags (name) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'tag' || i FROM n", "PRAGMA wal_checkpoint(TRUNCATE)")
	f, err := os.OpenFile(file(o), os.O_RDWR, 0)
	testkit.Must(t, err)
	info, err := f.Stat()
	testkit.Must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("nonsense", 512)), info.Size()-3*4096)
	testkit.Must(t, errors.Join(err, f.Close()))
}

func noDatabaseFile(t *testing.T, o *doctor.Options) {
	testkit.Must(t, os.WriteFile(file(o), []byte(strings.Repeat("a letter to my landlord\n", 100)), 0o600))
}

func brokenReferences(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "INSERT INTO comments (id, created_at, updated_at, body, document_id, author_id) VALUES ('1', '2026-01-01', '2026-01-01', 'x', 'none', 'absent')")
}

func fileAsDirectory(t *testing.T, o *doctor.Options) {
	path := filepath.Join(t.TempDir(), "files")
	testkit.Must(t, os.WriteFile(path, nil, 0o600))
	o.Config.FilesURL = "file://" + path
}

func waitingOutbox(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, `INSERT INTO outbox (tags, created_at) VALUES ('["square"]', '2026-01-01 00:00:00+00:00')`)
}

func oldDerived(t *testing.T, o *doctor.Options) {
	execute(t, o.Config.DatabaseURL, "UPDATE derivations SET version = 2")
}

func readOnlyPostgres(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	migrated(t, o.Config.DatabaseURL)
	name := o.Config.DatabaseURL[strings.LastIndex(o.Config.DatabaseURL, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	execute(t, o.Config.DatabaseURL, "ALTER DATABASE "+name+" SET default_transaction_read_only = on")
}

func noRedis(t *testing.T, o *doctor.Options) { startRedis(t, o).Stop() }

func wrongPassword(t *testing.T, o *doctor.Options) {
	startRedis(t, o, "--requirepass", "open sesame")
	o.Redis.Password = "secret"
}

func noPassword(t *testing.T, o *doctor.Options) { startRedis(t, o, "--requirepass", "open sesame") }

func noEviction(t *testing.T, o *doctor.Options) {
	startRedis(t, o, "--maxmemory-policy", "noeviction")
}

func fullRedis(t *testing.T, o *doctor.Options) {
	startRedis(t, o, "--maxmemory-policy", "noeviction", "--maxmemory", "1mb")
}

func unbounded(t *testing.T, o *doctor.Options) { startRedis(t, o, "--maxmemory", "0") }

func persistent(t *testing.T, o *doctor.Options) { startRedis(t, o, "--save", "900 1") }

func fewClients(t *testing.T, o *doctor.Options) {
	c := client(t, startRedis(t, o, "--maxclients", "2"))
	testkit.Must(t, c.Ping(t.Context()).Err()) // and stays connected
}

func slowRedis(t *testing.T, o *doctor.Options) {
	r := startRedis(t, o)
	p, err := process.StartProxy(t.Context(), r.Addr)
	testkit.Must(t, err)
	t.Cleanup(p.Close)
	testkit.Must(t, p.Set(t.Context(), process.Slow))
	o.Redis.URL = "redis://" + p.Addr
}

func ratherSlowRedis(t *testing.T, o *doctor.Options) {
	slowRedis(t, o)
	o.Config.RedisReadTimeout = time.Second
}

func replica(t *testing.T, o *doctor.Options) {
	host, port, err := net.SplitHostPort(startRedis(t, o).Addr)
	testkit.Must(t, err)
	startRedis(t, o, "--replicaof", host+" "+port)
}

func eternalKeys(t *testing.T, o *doctor.Options) {
	c := client(t, startRedis(t, o))
	o.Config.CachePrefix = "doc[*]:"
	testkit.Must(t, c.Set(t.Context(), "doc[*]:1", "", 0).Err())
	testkit.Must(t, c.Set(t.Context(), "doc[*]:2", "", time.Minute).Err())
	testkit.Must(t, c.Set(t.Context(), "doc*:3", "", 0).Err()) // somebody else's
}

func demo(_ *testing.T, o *doctor.Options) { o.Config.Addr = ":8080" }

func production(_ *testing.T, o *doctor.Options) {
	o.Config.Environment, o.Config.PublicURL, o.Config.Introspection = config.Production, "http://docs.example.org", "on"
}

func proxied(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	o.Config.Environment, o.Config.PublicURL = config.Production, "https://docs.example.org"
}

func largeCache(_ *testing.T, o *doctor.Options) { o.Config.CacheNearBytes = 1 << 60 }

func largeFiles(_ *testing.T, o *doctor.Options) { o.Config.FilesMaxBytes = 1 << 60 }

// bucketAt is a bucket of an S3 that has one called files.
func bucketAt(t *testing.T, name string) (filesURL string, server *httptest.Server) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	s3 := s3mem.New()
	testkit.Must(t, s3.CreateBucket("files"))
	server = httptest.NewServer(gofakes3.New(s3).Server())
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return "s3://" + name + "?region=local&use_path_style=true&endpoint=" + server.URL, server
}

func noBucket(t *testing.T, o *doctor.Options) { o.Config.FilesURL, _ = bucketAt(t, "missing") }

func farBucket(t *testing.T, o *doctor.Options) {
	at, server := bucketAt(t, "files")
	server.Close()
	o.Config.FilesURL = at
}
