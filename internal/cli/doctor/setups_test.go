package doctor_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"docsquare/internal/cli/doctor"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
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

func file(o *doctor.Options) string { return strings.TrimPrefix(o.Config.DatabaseURL, "sqlite://") }

func noDatabaseFile(t *testing.T, o *doctor.Options) {
	testkit.Must(t, os.WriteFile(file(o), []byte(strings.Repeat("a letter to my landlord\n", 100)), 0o600))
}

func fileAsDirectory(t *testing.T, o *doctor.Options) {
	path := filepath.Join(t.TempDir(), "files")
	testkit.Must(t, os.WriteFile(path, nil, 0o600))
	o.Config.FilesURL = "file://" + path
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
	startRedis(t, o, "--maxmemory-policy", "noeviction", "--maxmemory", "100kb")
}

func unbounded(t *testing.T, o *doctor.Options) { startRedis(t, o, "--maxmemory", "0") }

func replica(t *testing.T, o *doctor.Options) {
	host, port, err := net.SplitHostPort(startRedis(t, o).Addr)
	testkit.Must(t, err)
	startRedis(t, o, "--replicaof", host+" "+port)
}

func demo(_ *testing.T, o *doctor.Options) { o.Config.Addr = ":8080" }

func production(_ *testing.T, o *doctor.Options) {
	o.Config.Environment, o.Config.PublicURL, o.Config.Introspection = config.Production, "http://docs.example.org", "on"
}

func proxied(t *testing.T, o *doctor.Options) {
	postgres(t, o)
	o.Config.Environment, o.Config.PublicURL = config.Production, "https://docs.example.org"
}

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
