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
	"docsquare/internal/account"
	"docsquare/internal/audit"
	"docsquare/internal/bucket"
	"docsquare/internal/cache"
	"docsquare/internal/command"
	"docsquare/internal/config"
	"docsquare/internal/document"
	"docsquare/internal/edge"
	"docsquare/internal/editor"
	"docsquare/internal/extract"
	"docsquare/internal/health"
	"docsquare/internal/hotset"
	"docsquare/internal/interaction"
	"docsquare/internal/issuer"
	"docsquare/internal/metrics"
	"docsquare/internal/origin"
	"docsquare/internal/ratelimit"
	"docsquare/internal/seed"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/store"
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
		err = c.Do(ctx, command.Parts{Store: a.store, Accounts: a.Accounts, Config: cfg, Warm: a.warmNow, Derive: a.derive})
	}
	return errors.Join(err, a.close())
}

// app is everything that is constructed.
type app struct {
	config    config.Config
	log       *slog.Logger
	redis     *cache.Client // nil without REDIS_URL
	store     *store.Store
	bucket    *bucket.Bucket
	texts     *extract.Extractor
	hot       *hotset.Service
	origins   origin.Policy // whose pages may ask
	gate      *health.Gate  // closed until the cache is warm
	documents *trusted.Documents
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
	a := &app{config: cfg, log: command.Logger(cfg.LogLevel)}
	slog.SetDefault(a.log)
	cache.LogClients(a.log)
	var err error
	a.redis, err = cache.Connect(cache.RedisOptions{
		URL: cfg.RedisURL, Username: cfg.RedisUsername, Password: cfg.RedisPassword, SentinelPassword: cfg.RedisSentinelPassword,
		DB: cfg.RedisDB, CAFile: cfg.RedisCAFile,
	})
	if err != nil {
		return nil, err
	}
	a.Cache = cache.New(cache.Options{
		Redis: a.redis, Prefix: cfg.CachePrefix, NearBytes: cfg.CacheNearBytes, TTL: cfg.CacheTTL, Log: a.log,
		ReadTimeout: cfg.RedisReadTimeout, WriteTimeout: cfg.RedisWriteTimeout, Audit: cfg.CacheAudit,
	})
	a.store, err = store.Open(ctx, cfg.DatabaseURL, store.Invalidation{Tags: cache.Touched, Replace: a.Cache.Replace, Durable: a.redis != nil}, a.log)
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
	a.Sources = loader.Sources{
		Cache: a.Cache, Accounts: accounts, Documents: document.New(a.store, a.Cache), Square: square.New(a.store, a.Cache),
		Interactions: interaction.New(a.store, a.Cache, a.log), Stats: stats.New(a.store, a.Cache),
		Editor: editor.New(a.store, a.Cache, cfg.EditorIdle, a.log), Uploads: upload.New(a.store, a.Cache, a.bucket, a.texts, limits, a.log),
		Audit: audit.New(a.store, cfg.AuditTTL, a.log),
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

// work starts what goes on beside the requests until close; it keeps the cache true: with Redis by the relay of the outbox and
// what recovers Redis, without it by the watch over writes of other processes.
func (a *app) work(ctx context.Context) {
	ctx, a.stopWorkers = context.WithCancel(ctx)
	a.workers.Go(func() { a.Interactions.Run(ctx) })
	a.workers.Go(func() { a.Editor.Run(ctx) })
	a.workers.Go(func() { a.Uploads.Run(ctx) })
	a.workers.Go(func() { a.Audit.Run(ctx) })
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
	a.stopWorkers()
	a.workers.Wait()
	if a.rates != nil {
		a.rates.Close()
	}
	a.Cache.Close()
	a.texts.Close()
	err := errors.Join(a.bucket.Close(), a.store.Close())
	if a.redis != nil {
		err = errors.Join(err, a.redis.Close())
	}
	return err
}

// handler is every address of the server.
func (a *app) handler() (http.Handler, error) {
	demo := seed.Demo(a.config.Development())
	pages, err := web.Playground{Development: a.config.Development(), DemoUsername: demo.Username, DemoPassword: demo.Password}.Handler()
	if err != nil {
		return nil, err
	}
	operations, err := a.operations()
	if err != nil {
		return nil, err
	}
	files, err := transfer.Handler(transfer.Services{Accounts: a.Accounts, Uploads: a.Uploads, Documents: a.Documents}, a.log)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", operations)
	mux.Handle(upload.Path, files)
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready(a.gate,
		health.Part{Name: "database", State: health.Answers(a.store.Ping, health.Down)}, health.Part{Name: "redis", State: func(context.Context) string { return a.Cache.State() }},
		health.Part{Name: "files", State: health.Answers(a.bucket.Ping, health.Degraded)}))
	mux.Handle("GET /metrics", metrics.Handler(a.Cache, a.store, a.log, metrics.Rates(a.rates), metrics.Documents(a.documents.Each)))
	mux.HandleFunc("GET /schema.graphql", graph.ServeSDL)
	mux.Handle("/", pages)
	return edge.Guarded(a.origins.Handler(mux)), nil
}

// operations answers GraphQL.
func (a *app) operations() (http.Handler, error) {
	cfg := a.config
	budgets, err := economy.ParseBudgets(cfg.RateUser, cfg.RateAddress, cfg.RateGlobal)
	if err != nil {
		return nil, err
	}
	if a.documents, err = graph.LoadDocuments(cfg.TrustedDocuments, cfg.LimitTokens); err != nil {
		return nil, fmt.Errorf("TRUSTED_DOCUMENTS: %w", err)
	}
	if cfg.LimitsRates() {
		a.rates = ratelimit.New(ratelimit.Options{Redis: a.redis.Universal(), Prefix: cfg.CachePrefix, Timeout: cfg.RedisReadTimeout, Log: a.log})
	}
	h, err := graph.Handler(a.Sources, graph.Options{
		Limits:  guard.Limits{Bytes: guard.Default.Bytes, Tokens: cfg.LimitTokens, Depth: cfg.LimitDepth, Aliases: cfg.LimitAliases, RootFields: cfg.LimitRootFields, Cost: cfg.LimitCost},
		Timeout: cfg.RequestTimeout, Explain: cfg.Development(), Introspection: cfg.Introspects(), Log: a.log, Limiter: a.rates, Budgets: budgets,
		Trusted: graph.Trusted{Mode: trusted.Mode(cfg.TrustedDocumentsMode), Documents: a.documents}, Origins: a.origins, Proxies: cfg.TrustedProxies,
		SmallFile: cfg.FilesSmallBytes, PublicURL: cfg.PublicURL, Draining: a.draining.Done(),
	})
	return edge.Compressed(h), err
}

// serve answers requests until the context ends, and then lets those under way end.
func serve(ctx context.Context, a *app) error {
	if err := a.sample(ctx); err != nil {
		return err
	}
	handler, err := a.handler()
	if err != nil {
		return err
	}
	server := edge.Server{
		Addr: a.config.Addr, Handler: handler, Operation: a.config.RequestTimeout, Drain: a.drain, DrainTime: a.config.DrainTimeout, Log: a.log,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return server.Run(ctx, func(address string) {
		a.log.InfoContext(ctx, "docsquare answers", "playground", "http://"+address+"/", "environment", a.config.Environment)
		a.workers.Go(func() { a.keepWarm(ctx) })
	})
}

// warmNow fills the cache with what is asked for first, and with what the last run was asked for most.
func (a *app) warmNow(ctx context.Context, progress func(done, total int)) error {
	err := a.warming(progress, false).Run(ctx)
	if err == nil && a.Cache.State() != health.OK {
		return errors.New("the cache in Redis is not warm, for REDIS_URL leads to no Redis in order: the log says why")
	}
	return err
}

func (a *app) warming(progress func(done, total int), gentle bool) graph.Warming {
	return graph.Warming{Sources: a.Sources, Remembered: a.hot.Remembered, Timeout: a.config.RequestTimeout, Gentle: gentle, Progress: progress, Log: a.log}
}

// keepWarm warms the cache beside the first requests, and then remembers what is hot until the context ends.
func (a *app) keepWarm(ctx context.Context) {
	if a.config.WarmTimeout > 0 {
		if err := a.warming(a.gate.Progress, true).Run(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "the cache is not as warm as it should be", "error", err)
		}
	}
	a.gate.Open()
	a.hot.Keep(ctx)
}

// sample gives an empty database of a developer something to explore.
func (a *app) sample(ctx context.Context) error {
	empty, err := seed.Empty(ctx, a.store)
	if err != nil || !empty || !a.config.Development() {
		return err
	}
	a.log.InfoContext(ctx, "the database is empty: writing sample documents")
	if err := seed.Sample(ctx, a.store, a.Accounts); err != nil {
		return err
	}
	return a.derive(ctx, true, command.LogProgress(ctx, a.log))
}
