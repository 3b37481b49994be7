// Package apptest opens a real application over the servers of testkit, and fills it with a small community whose rows are
// the same in every run. It is imported by tests only, and by none that stand in the package of what they test: the whole
// application would be compiled again for them.
package apptest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/internal/app"
	"docsquare/internal/config"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Tiers selects the tiers of the cache that an application has.
type Tiers struct {
	Redis bool // the far tier
	Far   bool // no near tier: what Redis alone does; without Redis, no cache at all
	Alone bool // no loaders either: every field reads its own rows

	// Prefix is before every key in Redis; empty: one that is used nowhere else. Applications over one database that share
	// it are instances of one server.
	Prefix string

	Driver    func(dialect.Driver) dialect.Driver // of app.Options
	NearBytes int64                               // of the near tier; 0: the default
}

// UploadLimits is what the application takes.
var UploadLimits = upload.Limits{File: 64 << 20, Small: 1 << 20, Quota: 128 << 20, Abandoned: time.Hour}

const publicURL = "http://docsquare.test"

// App is the application over real servers.
type App struct {
	*app.App
	Handler http.Handler // of /graphql alone
}

// Open opens the application on a database, with a cache that no other one uses unless the tiers name its prefix. Of its workers, only
// those of Redis and of the editor run.
func Open(tb testing.TB, databaseURL string, tiers Tiers) *App {
	tb.Helper()
	cfg := config.Default()
	cfg.DatabaseURL, cfg.FilesURL, cfg.PublicURL = databaseURL, "file://"+tb.TempDir(), publicURL
	cfg.FilesMaxBytes, cfg.FilesSmallBytes, cfg.FilesQuotaBytes, cfg.UploadTTL = UploadLimits.File, UploadLimits.Small, UploadLimits.Quota, UploadLimits.Abandoned
	cfg.EditorIdle, cfg.AuditTTL = time.Hour, time.Hour
	if tiers.Redis {
		cfg.RedisURL, cfg.CachePrefix = testkit.Redis(tb).URL, cmp.Or(tiers.Prefix, "test:"+uuid.NewString()+":")
		cfg.RedisReadTimeout, cfg.RedisWriteTimeout = 5*time.Second, 5*time.Second // a busy machine is no outage
	}
	if tiers.NearBytes > 0 {
		cfg.CacheNearBytes = tiers.NearBytes
	}
	if tiers.Far {
		cfg.CacheNearBytes = -1
	}
	opened, err := app.Open(tb.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler), Alone: tiers.Alone, Driver: tiers.Driver})
	testkit.Must(tb, err)
	tb.Cleanup(func() { _ = opened.Close() })
	if _, benchmark := tb.(*testing.B); !benchmark && tiers.Driver == nil { // whose faults its statements would meet as well
		checkInvalidations(tb, opened.Store, opened.Cache)
	}
	a := &App{App: opened}
	testkit.Run(tb, a.Cache, a.Store.Drain)
	testkit.Work(tb, a.Editor.Run)
	a.Handler = a.Serve(tb, func(*graph.Options) {})
	return a
}

// Serve is a handler over the application with other options than those of most tests.
func (a *App) Serve(tb testing.TB, change func(*graph.Options)) http.Handler {
	tb.Helper()
	o := graph.Options{
		Limits: limits.Default, Timeout: 30 * time.Second, Explain: true, Introspection: true, Log: slog.New(slog.DiscardHandler),
		SmallFile: UploadLimits.Small, PublicURL: publicURL,
	}
	change(&o)
	h, err := graph.Handler(a.Sources, o)
	testkit.Must(tb, err)
	return h
}

// Token signs a user in until the end of the test.
func (a *App) Token(tb testing.TB, user uuid.UUID) string {
	tb.Helper()
	in, err := a.Accounts.SignIn(tb.Context(), user, viewer.Viewer{UserAgent: "test"})
	testkit.Must(tb, err)
	tb.Cleanup(func() {
		_, err := a.Accounts.Logout(context.WithoutCancel(tb.Context()), viewer.Viewer{UserID: user, SessionID: in.SessionID})
		testkit.Must(tb, err)
	})
	return in.Token
}

// Response is an answer.
type Response struct {
	Status     int             `json:"-"`
	Data       json.RawMessage `json:"data,omitempty"`
	Errors     json.RawMessage `json:"errors,omitempty"`
	Extensions struct {
		Explain record.Report `json:"explain"`
	} `json:"extensions"`
}

// Do sends an operation as the holder of the token, a guest where it is empty, and asks for its explanation.
func (a *App) Do(ctx context.Context, query string, variables json.RawMessage, token string) (Response, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return Response{}, err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Explain", "1")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	a.Handler.ServeHTTP(w, r)
	out := Response{Status: w.Code}
	return out, json.Unmarshal(w.Body.Bytes(), &out)
}
