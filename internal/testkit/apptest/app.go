// Package apptest opens a real application over the servers of testkit. It is imported by tests only, and by none that stand in the
// package of what they test: the whole application would be compiled again for them.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/internal/app"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// App is the application over real servers.
type App struct {
	*app.App
	Handler http.Handler // of /graphql alone
}

// Open opens the application as servicetest.Open opens its services.
func Open(tb testing.TB, databaseURL string, tiers servicetest.Tiers) *App {
	tb.Helper()
	o := app.Options{Log: slog.New(slog.DiscardHandler), Alone: tiers.Alone, Driver: tiers.Driver}
	opened, err := app.Open(tb.Context(), servicetest.Config(tb, databaseURL, tiers), o)
	testkit.Must(tb, err)
	tb.Cleanup(func() { _ = opened.Close() })
	servicetest.Watch(tb, opened.Site, tiers)
	a := &App{App: opened}
	a.Handler = a.Serve(tb, func(*graph.Options) {})
	return a
}

// Serve is a handler over the application with other options than those of most tests.
func (a *App) Serve(tb testing.TB, change func(*graph.Options)) http.Handler {
	tb.Helper()
	o := graph.Options{
		Limits: limits.Default, Timeout: 30 * time.Second, Explain: true, Introspection: true, Log: slog.New(slog.DiscardHandler),
		SmallFile: servicetest.UploadLimits.Small, PublicURL: servicetest.PublicURL,
	}
	change(&o)
	h, err := graph.Handler(a.Sources, o)
	testkit.Must(tb, err)
	return h
}

// Token signs a user in until the end of the test.
func (a *App) Token(tb testing.TB, user uuid.UUID) string {
	tb.Helper()
	return servicetest.Token(tb, a.Accounts, user)
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
