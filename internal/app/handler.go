package app

import (
	"context"
	"errors"
	"net/http"

	"docsquare/graph"
	"docsquare/graph/economy"
	"docsquare/graph/guard"
	"docsquare/graph/trusted"
	"docsquare/internal/dashboard"
	"docsquare/internal/edge"
	"docsquare/internal/explain"
	"docsquare/internal/health"
	"docsquare/internal/metrics"
	"docsquare/internal/ratelimit"
	"docsquare/internal/seed"
	"docsquare/internal/transfer"
	"docsquare/internal/upload"
	"docsquare/internal/web"
)

// Handler returns the handler of all addresses of the server. Call it once.
func (a *App) Handler() (http.Handler, error) {
	demo := seed.Demo(a.Config.Development())
	pages, noPages := web.Pages{Development: a.Config.Development(), DemoUsername: demo.Username, DemoPassword: demo.Password}.Handler()
	budgets, noBudgets := economy.ParseBudgets(a.Config.RateUser, a.Config.RateAddress, a.Config.RateGlobal)
	documents, noDocuments := graph.LoadDocuments(a.Config.TrustedDocuments, a.Config.LimitTokens)
	files, noFiles := transfer.Handler(transfer.Services{Accounts: a.Accounts, Uploads: a.Uploads, Documents: a.Documents}, a.Log)
	if err := errors.Join(noPages, noBudgets, noDocuments, noFiles); err != nil {
		return nil, err
	}
	a.budgets, a.documents = budgets, documents
	if a.Config.LimitsRates() {
		a.rates = ratelimit.New(ratelimit.Options{Redis: a.client.Universal(), Prefix: a.Config.CachePrefix, Timeout: a.Config.RedisReadTimeout, Log: a.Log})
		a.closers.addFunc(a.rates.Close)
	}
	scraped, feed := a.observers()
	operations, err := graph.Handler(a.Sources, a.graphOptions(scraped.Observe, feed.Observe, a.traces.Observe))
	if err != nil {
		return nil, err
	}
	a.workers.Start("dashboard", feed.Run)
	mux := http.NewServeMux()
	mux.Handle("/graphql", a.traces.Requests(edge.Compressed(operations)))
	mux.Handle(upload.Path, a.traces.Requests(files))
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready(a.gate, a.parts()...))
	mux.Handle("GET /metrics", scraped.Handler(a.Config.MetricsToken))
	mux.Handle("GET "+dashboard.Path, feed)
	mux.HandleFunc("GET /schema.graphql", graph.ServeSDL)
	mux.Handle("/", pages)
	return edge.Guarded(a.origins.Handler(mux)), nil
}

// graphOptions returns the options of the GraphQL handler. Each observer is called with every operation that has ended.
func (a *App) graphOptions(observers ...func(context.Context, explain.Operation)) graph.Options {
	cfg := a.Config
	return graph.Options{
		Limits:  guard.Limits{Bytes: guard.Default.Bytes, Tokens: cfg.LimitTokens, Depth: cfg.LimitDepth, Aliases: cfg.LimitAliases, RootFields: cfg.LimitRootFields, Cost: cfg.LimitCost},
		Timeout: cfg.RequestTimeout, Explain: cfg.Development(), Introspection: cfg.Introspects(), Log: a.Log, Limiter: a.rates, Budgets: a.budgets,
		Trusted: graph.Trusted{Mode: trusted.Mode(cfg.TrustedDocumentsMode), Documents: a.documents}, Origins: a.origins, Proxies: cfg.TrustedProxies,
		MaxAnswer: cfg.LimitAnswer, SmallFile: cfg.FilesSmallBytes, PublicURL: cfg.PublicURL, Draining: a.draining.Done(), Slow: cfg.SlowOperation, Live: &a.live, Observers: observers,
	}
}

// observers returns the metrics for Prometheus and the feed of the dashboard.
func (a *App) observers() (*metrics.Metrics, *dashboard.Feed) {
	scraped := metrics.New(metrics.Sources{
		Cache: a.Cache, Store: a.Store, Limiter: a.rates, Documents: a.documents.Each, Version: Version(), Log: a.Log,
		Live: a.live.Now, Uploads: a.Uploads.Receiving,
	})
	return scraped, dashboard.New(dashboard.Options{
		Metrics: scraped, Cache: a.Cache, Parts: a.parts(), Version: Version(), Environment: a.Config.Environment,
		Accounts: a.Accounts, Everybody: a.Config.Development(), Draining: a.draining.Done(), Log: a.Log,
	})
}

// parts returns what the server depends on.
func (a *App) parts() []health.Part {
	return []health.Part{
		{Name: "database", State: health.Answers(a.Store.Ping, health.Down)},
		{Name: "redis", State: func(context.Context) string { return string(a.Cache.State()) }},
		{Name: "files", State: health.Answers(a.files.Ping, health.Degraded)},
	}
}
