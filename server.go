// Command docsquare serves the GraphQL API of a community that writes and shares documents. This file is the only place
// where things are constructed; it decides nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"docsquare/graph"
	"docsquare/graph/guard"
	"docsquare/graph/loader"
	"docsquare/internal/account"
	"docsquare/internal/bucket"
	"docsquare/internal/cache"
	"docsquare/internal/command"
	"docsquare/internal/config"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/extract"
	"docsquare/internal/health"
	"docsquare/internal/hotset"
	"docsquare/internal/interaction"
	"docsquare/internal/metrics"
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
	stop()
	if err != nil {
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
	config config.Config
	log    *slog.Logger
	redis  *cache.Client // nil without REDIS_URL
	store  *store.Store
	bucket *bucket.Bucket
	texts  *extract.Extractor
	hot    *hotset.Service
	gate   *health.Gate // closed until the cache is warm
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
	if a.redis, err = cache.Connect(redisOptions(cfg)); err != nil {
		return nil, err
	}
	a.Cache = cache.New(cache.Options{
		Redis: a.redis, Prefix: cfg.CachePrefix, NearBytes: cfg.CacheNearBytes, TTL: cfg.CacheTTL, Log: a.log,
		ReadTimeout: cfg.RedisReadTimeout, WriteTimeout: cfg.RedisWriteTimeout, Audit: cfg.CacheAudit,
	})
	a.store, err = store.Open(ctx, cfg.DatabaseURL, invalidation(a.Cache, a.redis != nil), a.log)
	if err != nil {
		a.Cache.Close()
		return nil, err
	}
	a.hot, a.gate = hotset.New(a.store, a.Cache, a.log), health.NewGate("warm-up", cfg.WarmTimeout)
	if err := a.derive(ctx, false, command.LogProgress(ctx, a.log)); err != nil {
		a.Cache.Close()
		return nil, errors.Join(err, a.store.Close())
	}
	if err := a.openFiles(ctx); err != nil {
		a.Cache.Close()
		return nil, errors.Join(err, a.store.Close())
	}
	accounts, err := account.New(a.store, a.Cache, cfg.SessionTTL)
	a.Sources = loader.Sources{
		Cache: a.Cache, Accounts: accounts, Documents: document.New(a.store, a.Cache), Square: square.New(a.store, a.Cache),
		Interactions: interaction.New(a.store, a.Cache, a.log), Stats: stats.New(a.store, a.Cache),
		Editor: editor.New(a.store, a.Cache, cfg.EditorIdle, a.log), Uploads: upload.New(a.store, a.Cache, a.bucket, a.texts, uploadLimits(cfg), a.log),
	}
	a.work(context.WithoutCancel(ctx))
	return a, err
}

// openFiles opens what files need.
func (a *app) openFiles(ctx context.Context) (err error) {
	a.draining, a.drain = context.WithCancel(context.WithoutCancel(ctx))
	a.texts = extract.New(extract.Default)
	a.bucket, err = bucket.Open(ctx, a.config.FilesURL, a.store, a.log)
	return err
}

func uploadLimits(cfg config.Config) upload.Limits {
	return upload.Limits{File: cfg.FilesMaxBytes, Small: cfg.FilesSmallBytes, Quota: cfg.FilesQuotaBytes, Abandoned: cfg.UploadTTL}
}

// work starts what writes views and texts, tidies up after uploads, and keeps the cache true beside the requests, until close: with Redis the relay of the outbox and what
// recovers Redis, without it the watch over writes of other processes.
func (a *app) work(ctx context.Context) {
	ctx, a.stopWorkers = context.WithCancel(ctx)
	a.workers.Go(func() { a.Interactions.Run(ctx) })
	a.workers.Go(func() { a.Editor.Run(ctx) })
	a.workers.Go(func() { a.Uploads.Run(ctx) })
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

func redisOptions(cfg config.Config) cache.RedisOptions {
	return cache.RedisOptions{
		URL: cfg.RedisURL, Username: cfg.RedisUsername, Password: cfg.RedisPassword, SentinelPassword: cfg.RedisSentinelPassword,
		DB: cfg.RedisDB, CAFile: cfg.RedisCAFile,
	}
}

func invalidation(c *cache.Cache, durable bool) store.Invalidation {
	return store.Invalidation{Tags: cache.Touched, Replace: c.Replace, Durable: durable}
}

// close ends everything in the opposite order.
func (a *app) close() error {
	a.stopWorkers()
	a.workers.Wait()
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
	pages, err := a.playground().Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", graph.Handler(a.Sources, graph.Options{
		Limits: guard.Default, Timeout: a.config.RequestTimeout, Log: a.log,
		Explain: a.config.Development(), Introspection: a.config.Development(),
		SmallFile: a.config.FilesSmallBytes, PublicURL: a.config.PublicURL, Draining: a.draining.Done(),
	}))
	files, err := transfer.Handler(transfer.Services{Accounts: a.Accounts, Uploads: a.Uploads, Documents: a.Documents}, a.log)
	if err != nil {
		return nil, err
	}
	mux.Handle(upload.Path, files)
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready(a.gate,
		health.Part{Name: "database", State: health.Answers(a.store.Ping, health.Down)}, health.Part{Name: "redis", State: a.redisState},
		health.Part{Name: "files", State: health.Answers(a.bucket.Ping, health.Degraded)}))
	mux.Handle("GET /metrics", metrics.Handler(a.Cache, a.store, a.log))
	mux.HandleFunc("GET /schema.graphql", sdl)
	mux.Handle("/", pages)
	return mux, nil
}

func (a *app) playground() web.Playground {
	p := web.Playground{Development: a.config.Development()}
	if a.config.Development() {
		p.DemoUsername, p.DemoPassword = seed.DemoUsername, seed.DemoPassword
	}
	return p
}

func sdl(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, graph.SDL()) // nobody is left to hear of a failure
}

func (a *app) redisState(context.Context) string { return a.Cache.State() }

// serve answers requests until the context ends, and then lets those under way end.
func serve(ctx context.Context, a *app) error {
	if err := a.sample(ctx); err != nil {
		return err
	}
	handler, err := a.handler()
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: a.config.RequestTimeout + 20*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", a.config.Addr)
	if err != nil {
		return fmt.Errorf("ADDR: %w", err)
	}
	a.log.InfoContext(ctx, "docsquare answers", "playground", "http://"+listener.Addr().String()+"/", "environment", a.config.Environment)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	a.workers.Go(func() { a.keepWarm(ctx) })
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	a.log.Info("draining")
	a.drain()
	drain, cancel := context.WithTimeout(context.Background(), a.config.DrainTimeout)
	defer cancel()
	return server.Shutdown(drain)
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
