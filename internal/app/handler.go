package app

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/graph/quota"
	"docsquare/graph/trusted"
	"docsquare/internal/config"
	"docsquare/internal/feed"
	"docsquare/internal/httpserver"
	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/telemetry/metrics"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/text/markdown"
	"docsquare/internal/transfer"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
	"docsquare/internal/web"
)

// Handler returns the handler of all addresses of the server. Call it once.
func (a *App) Handler() (http.Handler, error) {
	pages, noPages := a.pages()
	budgets, noBudgets := quota.ParseBudgets(a.Config.RateUser, a.Config.RateAddress, a.Config.RateGlobal)
	documents, noDocuments := graph.LoadDocuments(a.Config.TrustedDocuments, a.Config.LimitTokens)
	if err := errors.Join(noPages, noBudgets, noDocuments); err != nil {
		return nil, err
	}
	a.budgets, a.documents = budgets, documents
	files, err := a.filesHandler()
	if err != nil {
		return nil, err
	}
	scraped, shown := a.observers()
	operations, err := graph.Handler(a.Sources, a.graphOptions(scraped.Observe, shown.Observe, a.traces.Observe))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", a.traces.Requests(httpserver.WithCompression(operations)))
	mux.Handle(upload.Path, a.traces.Requests(files))
	mux.HandleFunc("GET /healthz", httpserver.Live)
	mux.HandleFunc("GET /readyz", httpserver.Ready(a.gate, a.parts()...))
	mux.Handle("GET /metrics", scraped.Handler(a.Config.MetricsToken))
	mux.Handle("GET "+dashboard.Path, a.withAddress(shown))
	if a.Config.Introspects() {
		mux.HandleFunc("GET /schema.graphql", graph.ServeSDL)
	} else {
		mux.Handle("GET /schema.graphql", http.NotFoundHandler())
	}
	mux.HandleFunc("GET /markdown.css", markdown.ServeStyleSheet)
	feed.Register(mux, feed.Services{Cache: a.Cache, Accounts: a.Accounts, Documents: a.Documents, Square: a.Square}, feed.Options{
		PublicURL: a.Config.PublicURL, Proxies: a.Config.TrustedProxies, Log: a.Log, Charge: a.charge("the feed"),
	}, func(h http.Handler) http.Handler { return a.traces.Requests(httpserver.WithCompression(h)) })
	mux.Handle("/", pages)
	a.Workers.Start("dashboard", shown.Run) // it reads the usage of all kinds, of which the feed is the last
	return httpserver.WithHeaders(&a.statuses, a.origins.Handler(mux)), nil
}

// pages returns the handler of the pages. In development they sign in with the demo account.
func (a *App) pages() (http.Handler, error) {
	p := web.Pages{Development: a.Config.Development(), Schema: a.Config.Introspects()}
	if p.Development {
		p.DemoUsername, p.DemoPassword = config.DemoUsername, config.DemoPassword
	}
	return p.Handler()
}

// withAddress puts the address of the client into the context.
func (a *App) withAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewer.Viewer{UserAgent: r.UserAgent(), Address: viewer.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), a.Config.TrustedProxies)}
		next.ServeHTTP(w, r.WithContext(viewer.With(r.Context(), v)))
	})
}

// filesHandler returns the handler of the addresses of files. They have the budgets of operations, and the limit of uploads.
func (a *App) filesHandler() (http.Handler, error) {
	start, err := graph.UploadLimit(a.Rates)
	if err != nil {
		return nil, err
	}
	return transfer.Handler(transfer.Services{Accounts: a.Accounts, Uploads: a.Uploads, Documents: a.Documents}, transfer.Options{
		PublicURL: a.Config.PublicURL, Proxies: a.Config.TrustedProxies, Log: a.Log, Start: start,
		Charge: a.charge("the transfer"),
	})
}

// charge returns a function that charges a request to the budget of its client. What names the request in the message of a refusal.
func (a *App) charge(what string) func(ctx context.Context, v viewer.Viewer, points int) error {
	clients := quota.Clients{Limiter: a.Rates, Budgets: a.budgets}
	return func(ctx context.Context, v viewer.Viewer, points int) error {
		_, err := clients.Take(ctx, v, points, what)
		return err
	}
}

// graphOptions returns the options of the GraphQL handler. Each observer is called with every operation that has ended.
func (a *App) graphOptions(observers ...func(context.Context, record.Operation)) graph.Options {
	cfg := a.Config
	return graph.Options{
		Limits:  limits.Limits{Bytes: limits.Default.Bytes, Tokens: cfg.LimitTokens, Depth: cfg.LimitDepth, Aliases: cfg.LimitAliases, RootFields: cfg.LimitRootFields, Cost: cfg.LimitCost, Comparisons: cfg.LimitComparisons, NameBytes: limits.Default.NameBytes},
		Timeout: cfg.RequestTimeout, Explain: cfg.Development(), Introspection: cfg.Introspects(), Log: a.Log, Limiter: a.Rates, Budgets: a.budgets, Gate: a.admission,
		Trusted: graph.Trusted{Mode: trusted.Mode(cfg.TrustedDocumentsMode), Documents: a.documents}, Origins: a.origins, Proxies: cfg.TrustedProxies,
		MaxAnswer: int(cfg.LimitAnswer), Connections: cfg.LimitConnections, Subscriptions: cfg.LimitSubscriptions, AddressSubscriptions: cfg.LimitAddressSubscriptions, SmallFile: int64(cfg.FilesSmallBytes), PublicURL: cfg.PublicURL, Draining: a.draining.Done(), Slow: cfg.SlowOperation, Live: &a.live, Observers: observers,
	}
}

// observers returns the metrics for Prometheus and the feed of the dashboard.
func (a *App) observers() (*metrics.Metrics, *dashboard.Feed) {
	scraped := metrics.New(metrics.Sources{
		Cache: a.Cache, Store: a.Store, Limiter: a.Rates, Documents: a.documents.Each, Fields: a.documents.Fields, Version: Version(), Log: a.Log,
		Live: a.live.Now, Uploads: a.Uploads.Receiving, Responses: a.statuses.Each, Disks: a.disks(),
	})
	return scraped, dashboard.New(dashboard.Options{
		Metrics: scraped, Cache: a.Cache, Parts: a.parts(), Titles: a.Titles, Version: Version(), Commit: Commit(), Environment: a.Config.Environment,
		Accounts: a.Accounts, Everybody: a.Config.Development(), Draining: a.draining.Done(), Log: a.Log,
	})
}

// disks returns a path on the disk of the database file and one on that of the files, as far as they are on disks of this machine.
func (a *App) disks() map[string]string {
	disks := map[string]string{}
	if path, ok := strings.CutPrefix(a.Config.DatabaseURL, "sqlite://"); ok {
		disks["database"] = filepath.Dir(path)
	}
	if path, ok := strings.CutPrefix(a.Config.FilesURL, "file://"); ok {
		disks["files"] = path
	}
	return disks
}

// parts returns what the server depends on.
func (a *App) parts() []httpserver.Part {
	return []httpserver.Part{
		{Name: "database", State: httpserver.Answers(a.Store.Ping, httpserver.Down)},
		{Name: "redis", State: func(context.Context) string { return string(a.Cache.State()) }},
		{Name: "files", State: httpserver.Answers(a.Files.Ping, httpserver.Degraded)},
	}
}
