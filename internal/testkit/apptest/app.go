// Package apptest opens a real application over the servers of testkit, and fills it with a small community whose rows are
// the same in every run. It is imported by tests only, and by none that stand in the package of what they test: the whole
// application would be compiled anew for them.
package apptest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/bucket"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/explain"
	"docsquare/internal/extract"
	"docsquare/internal/interaction"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Tiers says which tiers of the cache an application has.
type Tiers struct {
	Redis bool // the far tier
	Far   bool // no near tier: what Redis alone does; without Redis, no cache at all
	Alone bool // no loaders either: every field reads its own rows

	// Prefix is before every key in Redis; empty: one that nobody else has. Applications over one database that share
	// it are instances of one server.
	Prefix string
}

// UploadLimits is what the application takes.
var UploadLimits = upload.Limits{File: 64 << 20, Small: 1 << 20, Quota: 128 << 20, Abandoned: time.Hour}

// App is the application over real servers.
type App struct {
	Store   *store.Store
	Cache   *cache.Cache
	Sources loader.Sources
	Handler http.Handler
}

// Open opens the application on a database, with a cache that nobody else uses unless the tiers name its prefix.
func Open(tb testing.TB, databaseURL string, tiers Tiers) *App {
	tb.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	o := cache.Options{Prefix: cmp.Or(tiers.Prefix, "test:"+uuid.NewString()+":"), Log: log}
	if tiers.Redis {
		client, err := cache.Connect(cache.RedisOptions{URL: testkit.Redis(tb).URL})
		testkit.Must(tb, err)
		tb.Cleanup(func() { _ = client.Close() })
		o.Redis, o.ReadTimeout, o.WriteTimeout = client, 5*time.Second, 5*time.Second // a busy machine is no outage
	}
	if tiers.Far {
		o.NearBytes = -1
	}
	a := &App{Cache: cache.New(o)}
	tb.Cleanup(a.Cache.Close)
	inv := store.Invalidation{Tags: cache.Touched, Replace: a.Cache.Replace, Durable: tiers.Redis, Statement: cache.Statement}
	var err error
	a.Store, err = store.Open(tb.Context(), databaseURL, inv, log)
	testkit.Must(tb, err)
	tb.Cleanup(func() { _ = a.Store.Close() })
	testkit.Run(tb, a.Cache, a.Store.Drain)
	files, err := bucket.Open(tb.Context(), "file://"+tb.TempDir(), a.Store, log)
	testkit.Must(tb, err)
	texts := extract.New(extract.Default)
	tb.Cleanup(texts.Close)
	accounts, err := account.New(a.Store, a.Cache, 30*24*time.Hour, nil)
	testkit.Must(tb, err)
	a.Sources = loader.Sources{
		Cache: a.Cache, Accounts: accounts, Documents: document.New(a.Store, a.Cache, log), Square: square.New(a.Store, a.Cache),
		Interactions: interaction.New(a.Store, a.Cache, log), Stats: stats.New(a.Store, a.Cache),
		Editor:  editor.New(a.Store, a.Cache, time.Hour, log),
		Uploads: upload.New(a.Store, a.Cache, files, texts, UploadLimits, log),
		Audit:   audit.New(a.Store, time.Hour, log),
		Admin:   admin.New(a.Store, a.Cache, log),
		Alone:   tiers.Alone,
	}
	testkit.Work(tb, a.Sources.Editor.Run)
	a.Handler = a.Serve(tb, func(*graph.Options) {})
	return a
}

// Serve is a handler over the application with other options than those of most tests.
func (a *App) Serve(tb testing.TB, change func(*graph.Options)) http.Handler {
	tb.Helper()
	o := graph.Options{
		Limits: guard.Default, Timeout: 30 * time.Second, Explain: true, Introspection: true, Log: slog.New(slog.DiscardHandler),
		SmallFile: UploadLimits.Small, PublicURL: "http://docsquare.test",
	}
	change(&o)
	h, err := graph.Handler(a.Sources, o)
	testkit.Must(tb, err)
	return h
}

// Token signs a user in until the end of the test.
func (a *App) Token(tb testing.TB, user uuid.UUID) string {
	tb.Helper()
	in, err := a.Sources.Accounts.SignIn(tb.Context(), user, viewer.Viewer{UserAgent: "test"})
	testkit.Must(tb, err)
	tb.Cleanup(func() {
		_, err := a.Sources.Accounts.Logout(context.WithoutCancel(tb.Context()), viewer.Viewer{UserID: user, SessionID: in.SessionID})
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
		Explain explain.Report `json:"explain"`
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
