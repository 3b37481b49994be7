// Command docsquare serves the GraphQL API of a community that writes and shares documents. This file is the only place
// where things are constructed; it decides nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"docsquare/graph"
	"docsquare/graph/economy"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/graph/trusted"
	"docsquare/graph/wire"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/bucket"
	"docsquare/internal/cache"
	"docsquare/internal/command"
	"docsquare/internal/config"
	"docsquare/internal/dashboard"
	"docsquare/internal/document"
	"docsquare/internal/edge"
	"docsquare/internal/editor"
	"docsquare/internal/explain"
	"docsquare/internal/extract"
	"docsquare/internal/health"
	"docsquare/internal/hotset"
	"docsquare/internal/interaction"
	"docsquare/internal/issuer"
	"docsquare/internal/markdown"
	"docsquare/internal/metrics"
	"docsquare/internal/origin"
	"docsquare/internal/ratelimit"
	"docsquare/internal/seed"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/store"
	"docsquare/internal/tracing"
	"docsquare/internal/transfer"
	"docsquare/internal/upload"
	"docsquare/internal/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command.Run(ctx, os.Args[1:], os.Stdout, run)
	if stop(); err != nil {
		fmt.Fprintln(os.Stderr, "docsquare:", err)
		os.Exit(1)
	}
}

// run constructs the server for one command and closes it after.
func run(ctx context.Context, c command.Command) error {
	cfg, err := config.Load(cache.Names())
	if c.Examine != nil {
		return c.Examine(ctx, cfg, err)
	}
	if err != nil {
		return err
	}
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	if c.Serve {
		err = serve(ctx, a)
	} else {
		err = c.Do(ctx, command.Parts{Store: a.store, Cache: a.Cache, Admin: a.Admin, Accounts: a.Accounts, Config: cfg, Warm: a.warming().Now, Derive: a.derive})
	}
	return errors.Join(err, a.close())
}

// app is everything that is constructed.
type app struct {
	config    config.Config
	log       *slog.Logger
	redis     *cache.Client // nil without REDIS_URL
	store     *store.Store
	traces    *tracing.Tracing // nil: none are made
	bucket    *bucket.Bucket
	texts     *extract.Extractor
	hot       *hotset.Service
	origins   origin.Policy // whose pages may ask
	gate      *health.Gate  // closed until the cache is warm
	documents *trusted.Documents
	budgets   economy.Budgets
	live      wire.Live          // what is open
	rates     *ratelimit.Limiter // nil: nothing is limited over time
	outside   *issuer.Issuer     // nil: only the server's own sessions count
	loader.Sources
	draining    context.Context // over when the server is about to end
	drain       context.CancelFunc
	stopWorkers context.CancelFunc
	workers     sync.WaitGroup
}

// open constructs everything but the HTTP server. Close it at the end.
func open(ctx context.Context, cfg config.Config) (*app, error) {
	a := &app{config: cfg, log: command.Logger(cfg.LogLevel, tracing.Attributes)}
	slog.SetDefault(a.log)
	cache.LogClients(a.log)
	var err error
	if a.redis, err = cache.Connect(command.RedisOptions(cfg)); err != nil {
		return nil, err
	}
	a.Cache = cache.New(cache.Options{
		Redis: a.redis, Prefix: cfg.CachePrefix, NearBytes: cfg.CacheNearBytes, TTL: cfg.CacheTTL, Log: a.log,
		ReadTimeout: cfg.RedisReadTimeout, WriteTimeout: cfg.RedisWriteTimeout, Audit: cfg.CacheAudit,
	})
	a.store, err = store.Open(ctx, cfg.DatabaseURL, store.Invalidation{Tags: cache.Touched, Replace: a.Cache.Replace, Durable: a.redis != nil, Statement: cache.Statement}, a.log)
	if err != nil {
		a.Cache.Close()
		return nil, err
	}
	a.hot, a.gate = hotset.New(a.store, a.Cache, a.log), health.NewGate("warm-up", cfg.WarmTimeout)
	a.draining, a.drain = context.WithCancel(context.WithoutCancel(ctx))
	a.texts, a.origins = extract.New(extract.Default), origin.Policy{Self: cfg.PublicURL, Origins: cfg.CORSOrigins, Loopback: cfg.Development()}
	if err = a.derive(ctx, false, command.LogProgress(ctx, a.log)); err == nil {
		a.bucket, err = bucket.Open(ctx, cfg.FilesURL, a.store, a.log)
	}
	if err != nil {
		a.drain()
		a.Cache.Close()
		return nil, errors.Join(err, a.store.Close())
	}
	limits := upload.Limits{File: cfg.FilesMaxBytes, Small: cfg.FilesSmallBytes, Quota: cfg.FilesQuotaBytes, Abandoned: cfg.UploadTTL}
	accounts, err := a.openAccounts()
	if err == nil {
		a.traces, err = tracing.Open(ctx, tracing.Options{
			Endpoint: cfg.TracesEndpoint, Headers: cfg.TraceHeaders(), Ratio: cfg.TracesRatio, Service: cfg.ServiceName, Version: command.Version(),
			Environment: cfg.Environment, Database: a.store.System(), Proxies: cfg.TrustedProxies, Public: cfg.Public(), Log: a.log,
		})
	}
	a.Sources = loader.Sources{
		Cache: a.Cache, Accounts: accounts, Documents: document.New(a.store, a.Cache, a.log), Square: square.New(a.store, a.Cache),
		Interactions: interaction.New(a.store, a.Cache, a.log), Stats: stats.New(a.store, a.Cache),
		Editor: editor.New(a.store, a.Cache, cfg.EditorIdle, a.log), Uploads: upload.New(a.store, a.Cache, a.bucket, a.texts, limits, a.log),
		Audit: audit.New(a.store, cfg.AuditTTL, a.log), Admin: admin.New(a.store, a.Cache, a.log),
	}
	a.work(context.WithoutCancel(ctx))
	return a, err
}

// openAccounts opens what says who asks: sessions, and the tokens of an outside issuer where there is one.
func (a *app) openAccounts() (*account.Service, error) {
	if cfg := a.config; cfg.JWTIssuer != "" {
		var err error
		a.outside, err = issuer.New(issuer.Options{Issuer: cfg.JWTIssuer, Audience: cfg.JWTAudience, JWKS: cfg.JWTKeysURL, Algorithms: cfg.JWTAlgorithms, Log: a.log})
		if err != nil {
			return nil, fmt.Errorf("JWT_ISSUER, JWT_KEYS_URL or JWT_ALGORITHMS: %w", err)
		}
	}
	return account.New(a.store, a.Cache, a.config.SessionTTL, a.outside)
}

// work starts what goes on beside the requests until close. Without Redis, what other processes write is watched for instead.
func (a *app) work(ctx context.Context) {
	ctx, a.stopWorkers = context.WithCancel(ctx)
	a.workers.Go(func() { a.Interactions.Run(ctx) })
	a.workers.Go(func() { a.Editor.Run(ctx) })
	a.workers.Go(func() { a.Uploads.Run(ctx) })
	a.workers.Go(func() { a.Audit.Run(ctx) })
	a.workers.Go(func() { a.Admin.Run(ctx, a.warming().Now) })
	if a.outside != nil {
		a.workers.Go(func() { a.outside.Run(ctx) })
	}
	if a.redis != nil {
		a.workers.Go(func() { a.store.Relay(ctx) })
		a.workers.Go(func() { a.Cache.Run(ctx, a.store.Drain) })
		return
	}
	a.workers.Go(func() {
		a.store.Watch(ctx, func(ctx context.Context) error { return a.Cache.Replace(ctx, []cache.Tag{cache.Everything}) })
	})
}

// derive builds what is kept beside the data and is missing or of another version, or all of it.
func (a *app) derive(ctx context.Context, all bool, progress func(name string, done, total int)) error {
	return a.store.Derive(ctx, command.Derivations(a.store), all, progress)
}

// close ends everything in the opposite order.
func (a *app) close() error {
	a.drain()
	a.stopWorkers()
	a.workers.Wait()
	if a.rates != nil {
		a.rates.Close()
	}
	a.Cache.Close()
	a.texts.Close()
	err := errors.Join(a.bucket.Close(), a.store.Close(), a.traces.Close(context.Background()))
	if a.redis != nil {
		err = errors.Join(err, a.redis.Close())
	}
	return err
}

// handler is every address of the server.
func (a *app) handler() (http.Handler, error) {
	demo := seed.Demo(a.config.Development())
	pages, noPages := web.Pages{Development: a.config.Development(), DemoUsername: demo.Username, DemoPassword: demo.Password}.Handler()
	budgets, noBudgets := economy.ParseBudgets(a.config.RateUser, a.config.RateAddress, a.config.RateGlobal)
	documents, noDocuments := graph.LoadDocuments(a.config.TrustedDocuments, a.config.LimitTokens)
	files, noFiles := transfer.Handler(transfer.Services{Accounts: a.Accounts, Uploads: a.Uploads, Documents: a.Documents}, a.log)
	if err := errors.Join(noPages, noBudgets, noDocuments, noFiles); err != nil {
		return nil, err
	}
	a.budgets, a.documents = budgets, documents
	if a.config.LimitsRates() {
		a.rates = ratelimit.New(ratelimit.Options{Redis: a.redis.Universal(), Prefix: a.config.CachePrefix, Timeout: a.config.RedisReadTimeout, Log: a.log})
	}
	scraped, feed := a.observers()
	operations, err := graph.Handler(a.Sources, a.options(scraped.Observe, feed.Observe, a.traces.Observe))
	if err != nil {
		return nil, err
	}
	a.workers.Go(func() { feed.Run(a.draining) })
	mux := http.NewServeMux()
	mux.Handle("/graphql", a.traces.Requests(edge.Compressed(operations)))
	mux.Handle(upload.Path, a.traces.Requests(files))
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready(a.gate, a.parts()...))
	mux.Handle("GET /metrics", scraped.Handler(a.config.MetricsToken))
	mux.Handle("GET "+dashboard.Path, feed)
	mux.HandleFunc("GET /schema.graphql", graph.ServeSDL)
	mux.HandleFunc("GET /markdown.css", markdown.ServeStyleSheet)
	mux.Handle("/", pages)
	return edge.Guarded(a.origins.Handler(mux)), nil
}

// options of what answers GraphQL; each observer is told of every operation.
func (a *app) options(observers ...func(context.Context, explain.Operation)) graph.Options {
	cfg := a.config
	return graph.Options{
		Limits:  guard.Limits{Bytes: guard.Default.Bytes, Tokens: cfg.LimitTokens, Depth: cfg.LimitDepth, Aliases: cfg.LimitAliases, RootFields: cfg.LimitRootFields, Cost: cfg.LimitCost},
		Timeout: cfg.RequestTimeout, Explain: cfg.Development(), Introspection: cfg.Introspects(), Log: a.log, Limiter: a.rates, Budgets: a.budgets,
		Trusted: graph.Trusted{Mode: trusted.Mode(cfg.TrustedDocumentsMode), Documents: a.documents}, Origins: a.origins, Proxies: cfg.TrustedProxies,
		MaxAnswer: cfg.LimitAnswer, SmallFile: cfg.FilesSmallBytes, PublicURL: cfg.PublicURL, Draining: a.draining.Done(), Slow: cfg.SlowOperation, Live: &a.live, Observers: observers,
	}
}

// observers is what shows what the server does: to Prometheus, and to the dashboard.
func (a *app) observers() (*metrics.Metrics, *dashboard.Feed) {
	scraped := metrics.New(metrics.Sources{
		Cache: a.Cache, Store: a.store, Limiter: a.rates, Documents: a.documents.Each, Version: command.Version(), Log: a.log,
		Live: a.live.Now, Uploads: a.Uploads.Receiving,
	})
	return scraped, dashboard.New(dashboard.Options{
		Metrics: scraped, Cache: a.Cache, Parts: a.parts(), Version: command.Version(), Environment: a.config.Environment,
		Accounts: a.Accounts, Everybody: a.config.Development(), Draining: a.draining.Done(), Log: a.log,
	})
}

// parts is what the server stands on.
func (a *app) parts() []health.Part {
	return []health.Part{
		{Name: "database", State: health.Answers(a.store.Ping, health.Down)},
		{Name: "redis", State: func(context.Context) string { return a.Cache.State() }},
		{Name: "files", State: health.Answers(a.bucket.Ping, health.Degraded)},
	}
}

// warming fills the cache with what is asked for first, and with what the last run was asked for most.
func (a *app) warming() graph.Warming {
	return graph.Warming{Sources: a.Sources, Remembered: a.hot.Remembered, Timeout: a.config.RequestTimeout, Log: a.log}
}

// serve answers requests until the context ends, and then lets those under way end.
func serve(ctx context.Context, a *app) error {
	first, err := seed.First(ctx, a.store, a.Accounts, a.config.Development(), a.log)
	if err == nil && first {
		err = a.derive(ctx, true, command.LogProgress(ctx, a.log))
	}
	if err != nil {
		return err
	}
	handler, err := a.handler()
	if err != nil {
		return err
	}
	server := edge.Server{
		Addr: a.config.Addr, Handler: handler, Operation: a.config.RequestTimeout, Log: a.log,
		Leave: a.gate.Leave, Delay: a.config.DrainDelay, Drain: a.drain, DrainTime: a.config.DrainTimeout,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return server.Run(ctx, func(address string) {
		a.log.InfoContext(ctx, "docsquare answers", "playground", "http://"+address+"/", "environment", a.config.Environment)
		a.workers.Go(func() { a.warming().Keep(ctx, a.hot, a.gate, a.config.WarmTimeout) })
	})
}
