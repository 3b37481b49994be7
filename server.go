// Command docsquare serves the GraphQL API of a community that writes and shares documents. This file is the only place
// where things are constructed; it decides nothing.
package main

import (
	"context"
	"errors"
	"fmt"
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
	"docsquare/internal/cache"
	"docsquare/internal/command"
	"docsquare/internal/config"
	"docsquare/internal/document"
	"docsquare/internal/interaction"
	"docsquare/internal/seed"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/store"
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
		err = c.Do(ctx, command.Parts{Store: a.store, Accounts: a.Accounts, Config: cfg})
	}
	return errors.Join(err, a.close())
}

// app is everything that is constructed.
type app struct {
	config config.Config
	log    *slog.Logger
	redis  *cache.Client // nil without REDIS_URL
	store  *store.Store
	loader.Sources

	stopWorkers context.CancelFunc
	workers     sync.WaitGroup
}

// open constructs everything but the HTTP server. Close it at the end.
func open(ctx context.Context, cfg config.Config) (*app, error) {
	a := &app{config: cfg, log: command.Logger(cfg.LogLevel)}
	slog.SetDefault(a.log)
	var err error
	if a.redis, err = cache.Connect(redisOptions(cfg)); err != nil {
		return nil, err
	}
	a.Cache = cache.New(cache.Options{Redis: a.redis, Prefix: cfg.CachePrefix, NearBytes: cfg.CacheNearBytes, TTL: cfg.CacheTTL, Log: a.log})
	a.store, err = store.Open(ctx, cfg.DatabaseURL, invalidation(a.Cache, a.redis != nil), a.log)
	if err != nil {
		a.Cache.Close()
		return nil, err
	}
	accounts, err := account.New(a.store, a.Cache, cfg.SessionTTL)
	a.Sources = loader.Sources{
		Cache: a.Cache, Accounts: accounts, Documents: document.New(a.store, a.Cache), Square: square.New(a.store, a.Cache),
		Interactions: interaction.New(a.store, a.Cache), Stats: stats.New(a.store, a.Cache),
	}
	a.work(context.WithoutCancel(ctx))
	return a, err
}

// work starts what keeps the cache true beside the requests, until close: with Redis the relay of the outbox, without it
// the watch over writes of other processes.
func (a *app) work(ctx context.Context) {
	ctx, a.stopWorkers = context.WithCancel(ctx)
	if a.redis != nil {
		a.workers.Go(func() { a.store.Relay(ctx) })
		return
	}
	a.workers.Go(func() {
		a.store.Watch(ctx, func(ctx context.Context) error { return a.Cache.Replace(ctx, []cache.Tag{cache.Everything}) })
	})
}

func redisOptions(cfg config.Config) cache.RedisOptions {
	return cache.RedisOptions{
		URL: cfg.RedisURL, Username: cfg.RedisUsername, Password: cfg.RedisPassword, SentinelPassword: cfg.RedisSentinelPassword,
		DB: cfg.RedisDB, CAFile: cfg.RedisCAFile,
	}
}

func invalidation(c *cache.Cache, durable bool) store.Invalidation {
	return store.Invalidation{Tags: cache.Touched, Replace: c.Replace, Hold: c.Hold, Durable: durable}
}

// close ends everything in the opposite order.
func (a *app) close() error {
	a.stopWorkers()
	a.workers.Wait()
	a.Cache.Close()
	err := a.store.Close()
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
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, graph.SDL()) })
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

// ready tells the state of each part. A part that is degraded does not keep requests from being answered.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	status, database := http.StatusOK, "ok"
	if err := a.store.Ping(ctx); err != nil {
		status, database = http.StatusServiceUnavailable, "down"
	}
	reply(w, status, fmt.Sprintf("database: %s\nredis: %s\n", database, a.Cache.State()))
}

func reply(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // nobody is left to hear of a failure
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
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	a.log.Info("draining")
	drain, cancel := context.WithTimeout(context.Background(), a.config.DrainTimeout)
	defer cancel()
	return server.Shutdown(drain)
}

// sample gives an empty database of a developer something to explore.
func (a *app) sample(ctx context.Context) error {
	empty, err := seed.Empty(ctx, a.store)
	if err != nil || !empty || !a.config.Development() {
		return err
	}
	a.log.InfoContext(ctx, "the database is empty: writing sample documents")
	return seed.Sample(ctx, a.store, a.Accounts)
}
