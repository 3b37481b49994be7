// Package servicetest opens the services of a site over the servers of testkit, and fills them with a small community whose rows are
// the same in every run. It is imported by tests only, and by none that stand in the package of what they test: the services would be
// compiled again for them. Tests of what answers over HTTP use apptest.
package servicetest

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"docsquare/internal/account"
	"docsquare/internal/config"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Tiers selects the tiers of the cache that a site has.
type Tiers struct {
	Redis bool // the far tier
	Far   bool // no near tier: what Redis alone does; without Redis, no cache at all
	Alone bool // no loaders either: every field reads its own rows

	// Prefix is before every key in Redis; empty: one that is used nowhere else. Sites over one database that share
	// it are instances of one server.
	Prefix string

	Driver    func(dialect.Driver) dialect.Driver // of services.Options
	NearBytes int64                               // of the near tier; 0: the default
}

// UploadLimits is what every site takes.
var UploadLimits = upload.Limits{File: 64 << 20, Small: 1 << 20, Quota: 128 << 20, Abandoned: time.Hour}

// PublicURL is the address of every site.
const PublicURL = "http://docsquare.test"

// Open opens the services on a database, with a cache that no other site uses unless the tiers name its prefix. Of its workers, only
// those of Redis and of the editor run.
func Open(tb testing.TB, databaseURL string, tiers Tiers) *services.Site {
	tb.Helper()
	s, err := services.Open(tb.Context(), Config(tb, databaseURL, tiers), services.Options{Log: slog.New(slog.DiscardHandler), Driver: tiers.Driver})
	testkit.Must(tb, err)
	tb.Cleanup(func() { _ = s.Close() })
	Watch(tb, s, tiers)
	return s
}

// Config is the configuration of a site on a database.
func Config(tb testing.TB, databaseURL string, tiers Tiers) config.Config {
	tb.Helper()
	cfg := config.Default()
	cfg.DatabaseURL, cfg.FilesURL, cfg.PublicURL = databaseURL, "file://"+tb.TempDir(), PublicURL
	cfg.FilesMaxBytes, cfg.FilesSmallBytes = config.Bytes(UploadLimits.File), config.Bytes(UploadLimits.Small)
	cfg.FilesQuotaBytes, cfg.UploadTTL = config.Bytes(UploadLimits.Quota), UploadLimits.Abandoned
	cfg.PDFCacheDir = filepath.Join(os.TempDir(), "docsquare-test-pdf") // compiling takes seconds: one for all sites
	cfg.EditorIdle, cfg.AuditTTL = time.Hour, time.Hour
	if tiers.Redis {
		cfg.RedisURL, cfg.CachePrefix = testkit.Redis(tb).URL, cmp.Or(tiers.Prefix, "test:"+uuid.NewString()+":")
		cfg.RedisReadTimeout, cfg.RedisWriteTimeout = 5*time.Second, 5*time.Second // a busy machine is no outage
	}
	if tiers.NearBytes > 0 {
		cfg.CacheNearBytes = config.Bytes(tiers.NearBytes)
	}
	if tiers.Far {
		cfg.CacheNearBytes = -1
	}
	return cfg
}

// Watch runs the workers of Redis and of the editor, and fails the test for a change that is not invalidated.
func Watch(tb testing.TB, s *services.Site, tiers Tiers) {
	tb.Helper()
	if _, benchmark := tb.(*testing.B); !benchmark && tiers.Driver == nil { // whose faults its statements would meet as well
		checkInvalidations(tb, s.Store, s.Cache)
	}
	testkit.Run(tb, s.Cache, s.Store.Drain)
	testkit.Work(tb, s.Editor.Run)
}

// Token signs a user in until the end of the test.
func Token(tb testing.TB, accounts *account.Service, user uuid.UUID) string {
	tb.Helper()
	in, err := accounts.SignIn(tb.Context(), user, viewer.Viewer{UserAgent: "test"})
	testkit.Must(tb, err)
	tb.Cleanup(func() {
		_, err := accounts.Logout(context.WithoutCancel(tb.Context()), viewer.Viewer{UserID: user, SessionID: in.SessionID})
		testkit.Must(tb, err)
	})
	return in.Token
}
