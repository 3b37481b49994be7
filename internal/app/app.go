// Package app constructs the server: it has the services of a site answer over HTTP. The server, its commands, the tests and the tools
// use this one constructor.
package app

import (
	"context"
	"errors"
	"log/slog"

	"entgo.io/ent/dialect"

	"docsquare/graph/loader"
	"docsquare/graph/quota"
	"docsquare/graph/transport"
	"docsquare/graph/trusted"
	"docsquare/internal/config"
	"docsquare/internal/httpserver"
	"docsquare/internal/kinds/hotset"
	"docsquare/internal/limit/admission"
	"docsquare/internal/services"
	"docsquare/internal/telemetry/tracing"
)

// App is a server whose parts are constructed. Its workers run after Start. Close it.
type App struct {
	*services.Site

	Sources loader.Sources // the services, as resolvers read them

	traces    *tracing.Tracing // nil: no traces
	hot       *hotset.Service
	gate      *httpserver.Gate // open when the cache is warm
	origins   httpserver.OriginPolicy
	documents *trusted.Documents
	budgets   quota.Budgets
	admission *admission.Gate // nil without limits over time
	live      transport.Live
	statuses  httpserver.Statuses

	draining context.Context // ends when the server is about to stop
	drain    context.CancelFunc
}

// Options are what the configuration does not have.
type Options struct {
	Log   *slog.Logger // nil: NewLog at the level of the configuration
	Alone bool         // resolvers without loaders, as the measure of what loaders do

	Driver func(dialect.Driver) dialect.Driver // of services.Options
}

// Open constructs the server and brings its database up to date. If it fails, everything that it has opened is closed.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = NewLog(cfg.LogLevel)
	}
	site, err := services.Open(ctx, cfg, services.Options{Log: o.Log, Driver: o.Driver})
	if err != nil {
		return nil, err
	}
	a := &App{Site: site, Sources: loader.Sources{Services: site.Services, Alone: o.Alone}}
	if a.Rates != nil {
		a.admission = admission.New(admission.Options{Wait: cfg.RequestTimeout})
	}
	a.hot, a.gate = hotset.New(a.Store, a.Cache, a.Log), httpserver.NewGate("warm-up", cfg.WarmTimeout)
	a.origins = httpserver.OriginPolicy{Self: cfg.PublicURL, Origins: cfg.CORSOrigins, Loopback: cfg.Development()}
	a.draining, a.drain = context.WithCancel(context.WithoutCancel(ctx))
	if a.traces, err = a.openTraces(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) openTraces(ctx context.Context) (*tracing.Tracing, error) {
	cfg := a.Config
	return tracing.Open(ctx, tracing.Options{
		Endpoint: cfg.TracesEndpoint, Headers: cfg.TraceHeaders(), Ratio: cfg.TracesRatio, Service: cfg.ServiceName, Version: Version(),
		Environment: cfg.Environment, Database: a.Store.System(), Proxies: cfg.TrustedProxies, Public: cfg.Public(), Log: a.Log,
	})
}

// Close stops the workers and closes everything in reverse order.
func (a *App) Close() error {
	a.drain()
	a.Workers.Stop()
	traces := a.traces.Close(context.WithoutCancel(a.draining))
	return errors.Join(traces, a.Site.Close())
}
