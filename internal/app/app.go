// Package app constructs the server from its configuration, and closes it in reverse order. The server, its commands, the tests and the
// tools use this one constructor.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"entgo.io/ent/dialect"

	"docsquare/graph/loader"
	"docsquare/graph/quota"
	"docsquare/graph/transport"
	"docsquare/graph/trusted"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/admission"
	"docsquare/internal/app/connect"
	"docsquare/internal/audit"
	"docsquare/internal/background"
	"docsquare/internal/blobstore"
	"docsquare/internal/cache"
	"docsquare/internal/config"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/extract"
	"docsquare/internal/hotset"
	"docsquare/internal/httpserver"
	"docsquare/internal/interaction"
	"docsquare/internal/kinds"
	"docsquare/internal/oidc"
	"docsquare/internal/ratelimit"
	"docsquare/internal/removal"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/store"
	"docsquare/internal/telemetry/tracing"
	"docsquare/internal/upload"
)

// App is a server whose parts are constructed. Its workers run after Start. Close it.
type App struct {
	loader.Sources

	Config config.Config
	Log    *slog.Logger
	Store  *store.Store
	Redis  connect.Tier // nil without REDIS_URL

	Removals *removal.Worker

	driver    func(dialect.Driver) dialect.Driver
	outside   *oidc.Issuer     // nil: only the server's own sessions are accepted
	traces    *tracing.Tracing // nil: no traces
	files     *blobstore.Bucket
	texts     *extract.Extractor
	hot       *hotset.Service
	gate      *httpserver.Gate // open when the cache is warm
	origins   httpserver.OriginPolicy
	documents *trusted.Documents
	budgets   quota.Budgets
	rates     *ratelimit.Limiter // nil: no limits over time
	admission *admission.Gate    // nil without limits over time
	live      transport.Live

	draining context.Context // ends when the server is about to stop
	drain    context.CancelFunc
	workers  *background.Group
	closers  closers
}

// Options are what the configuration does not have.
type Options struct {
	Log   *slog.Logger // nil: NewLog at the level of the configuration
	Alone bool         // resolvers without loaders, as the measure of what loaders do

	// Driver replaces the driver of the database whose transactions write; nil: it stays. Tests of faults set it.
	Driver func(dialect.Driver) dialect.Driver
}

// Open constructs the server and brings its database up to date. If it fails, everything that it has opened is closed.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	a := &App{Config: cfg, Log: o.Log, driver: o.Driver}
	if a.Log == nil {
		a.Log = NewLog(cfg.LogLevel)
	}
	for _, open := range []func(context.Context) error{a.openRedis, a.openData, a.openFiles, a.openAccounts, a.openTraces} {
		if err := open(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	a.openServices()
	a.Alone = o.Alone
	a.workers = background.NewGroup(ctx, a.Log)
	a.closers.addFunc(a.workers.Stop)
	a.draining, a.drain = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // Close calls it
	a.closers.addFunc(a.drain)
	return a, nil
}

// Close stops the workers and closes everything in reverse order.
func (a *App) Close() error { return a.closers.close() }

func (a *App) openRedis(context.Context) error {
	opened, err := connect.OpenRedis(a.Config, a.Log)
	if err != nil {
		return err
	}
	a.Redis, a.rates = opened.Far, opened.Rates
	a.closers.add(opened.Close)
	if a.rates != nil {
		a.admission = admission.New(admission.Options{})
	}
	return nil
}

// openData opens the cache and the database. The cache is closed first: what it refreshes is read from the database.
func (a *App) openData(ctx context.Context) (err error) {
	o := kinds.Options{
		Options: cache.Options{NearBytes: a.Config.CacheNearBytes, TTL: a.Config.CacheTTL, Log: a.Log},
		Audit:   a.Config.CacheAudit,
	}
	if a.Redis != nil {
		o.Far = a.Redis
	}
	a.Cache = kinds.New(o)
	invalidation := store.Invalidation{Tags: kinds.Touched, Replace: a.Cache.Replace, Durable: a.Redis != nil, Statement: cache.Statement}
	if a.Store, err = store.Open(ctx, a.Config.DatabaseURL, invalidation, a.Log, store.WithDriver(a.driver)); err != nil {
		a.Cache.Close()
		return err
	}
	a.closers.add(a.Store.Close)
	a.closers.addFunc(a.Cache.Close)
	return a.Derive(ctx, false, LogProgress(ctx, a.Log))
}

func (a *App) openFiles(ctx context.Context) (err error) {
	if a.files, err = blobstore.Open(ctx, a.Config.FilesURL, a.Store, a.Log); err != nil {
		return err
	}
	a.closers.add(a.files.Close)
	a.texts = extract.New(extract.Default)
	a.closers.addFunc(a.texts.Close)
	return nil
}

// openAccounts opens what identifies clients: sessions, and the tokens of an outside issuer if one is configured.
func (a *App) openAccounts(context.Context) (err error) {
	cfg := a.Config
	if cfg.JWTIssuer != "" {
		a.outside, err = oidc.New(oidc.Options{Issuer: cfg.JWTIssuer, Audience: cfg.JWTAudience, JWKS: cfg.JWTKeysURL, Algorithms: cfg.JWTAlgorithms, Log: a.Log})
		if err != nil {
			return fmt.Errorf("JWT_ISSUER, JWT_KEYS_URL or JWT_ALGORITHMS: %w", err)
		}
	}
	invalid, err := ratelimit.ParseRate(cfg.LimitUnknownTokens)
	if err != nil {
		return fmt.Errorf("LIMIT_UNKNOWN_TOKENS: %w", err)
	}
	a.Accounts, err = account.New(a.Store, a.Cache, account.Options{Lifetime: cfg.SessionTTL, Outside: a.outside, Limiter: a.rates, InvalidTokens: invalid, Log: a.Log})
	return err
}

func (a *App) openTraces(ctx context.Context) (err error) {
	cfg := a.Config
	a.traces, err = tracing.Open(ctx, tracing.Options{
		Endpoint: cfg.TracesEndpoint, Headers: cfg.TraceHeaders(), Ratio: cfg.TracesRatio, Service: cfg.ServiceName, Version: Version(),
		Environment: cfg.Environment, Database: a.Store.System(), Proxies: cfg.TrustedProxies, Public: cfg.Public(), Log: a.Log,
	})
	a.closers.add(func() error { return a.traces.Close(context.WithoutCancel(ctx)) })
	return err
}

func (a *App) openServices() {
	cfg, c := a.Config, a.Cache
	limits := upload.Limits{File: cfg.FilesMaxBytes, Small: cfg.FilesSmallBytes, Quota: cfg.FilesQuotaBytes, Abandoned: cfg.UploadTTL}
	a.Documents, a.Square = document.New(a.Store, c, cfg.LimitTexts, a.Log), square.New(a.Store, c)
	a.Interactions, a.Stats = interaction.New(a.Store, c, a.Log), stats.New(a.Store, c)
	a.Editor, a.Uploads = editor.New(a.Store, c, cfg.EditorIdle, cfg.LimitTexts, a.Log), upload.New(a.Store, c, a.files, a.texts, limits, a.Log)
	a.Audit, a.Admin = audit.New(a.Store, cfg.AuditTTL, a.Log), admin.New(a.Store, c, a.Log)
	a.Removals = removal.New(a.Store, a.Log)
	a.hot, a.gate = hotset.New(a.Store, c, a.Log), httpserver.NewGate("warm-up", cfg.WarmTimeout)
	a.origins = httpserver.OriginPolicy{Self: cfg.PublicURL, Origins: cfg.CORSOrigins, Loopback: cfg.Development()}
}
