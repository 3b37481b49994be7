package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"docsquare/ent"
	"docsquare/internal/counters"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// both are the databases that every guarantee is tested on.
var both = []string{"sqlite", "postgres"}

// client is somebody who sends operations to the real handler: a guest where the token is empty.
type client struct {
	handler http.Handler
	token   string
	explain bool
}

// variables of an operation.
type variables map[string]any

// answer is the body of an answer, as bytes and in its parts.
type answer struct {
	status int
	raw    string
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Extensions struct {
			Code     string `json:"code"`
			Revision int    `json:"revision"`
		} `json:"extensions"`
	} `json:"errors"`
}

// send sends an operation and returns what came back, whatever it is.
func (c client) send(ctx context.Context, query string, vars variables) (answer, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return answer{}, err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if c.explain {
		r.Header.Set("X-Explain", "1")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	a := answer{status: w.Code, raw: w.Body.String()}
	return a, json.Unmarshal(w.Body.Bytes(), &a)
}

// into sends an operation that must succeed and decodes its data.
func (c client) into(ctx context.Context, query string, vars variables, out any) error {
	a, err := c.send(ctx, query, vars)
	if err != nil {
		return err
	}
	if len(a.Errors) > 0 {
		return fmt.Errorf("%s with %v: %s", query, vars, a.raw)
	}
	return json.Unmarshal(a.Data, out)
}

// code returns the code of the first error, empty if there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

// must is into for a test's own goroutine.
func (c client) must(tb testing.TB, query string, vars variables, out any) {
	tb.Helper()
	testkit.Must(tb, c.into(tb.Context(), query, vars, out))
}

// as is the client of somebody in the community, a guest where the name is empty.
func as(tb testing.TB, app *apptest.App, name string) client {
	tb.Helper()
	c := client{handler: app.Handler}
	if name != "" {
		c.token = app.Token(tb, servicetest.ID(name))
	}
	return c
}

// global is the global identifier of something in the community.
func global(t nodeid.Type, name string) string {
	return nodeid.ID{Type: t, UUID: servicetest.ID(name)}.String()
}

// served returns the application with the community and the relay that a server runs in the background.
func served(t *testing.T, dialect string) *apptest.App {
	t.Helper()
	app := apptest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{Redis: true})
	relayed(t, app)
	return app
}

// relayed runs the relay until the test ends.
func relayed(t *testing.T, app *apptest.App) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		app.Store.Relay(t.Context())
	}()
	t.Cleanup(func() { <-done })
}

// accounts writes accounts without passwords, which can be signed in to by Token alone.
func accounts(tb testing.TB, app *apptest.App, n int) []*ent.User {
	tb.Helper()
	users := make([]*ent.User, n)
	testkit.Must(tb, app.Store.Write(tb.Context(), func(tx *store.Tx) error {
		for i := range users {
			name := fmt.Sprintf("client%02d", i)
			u, err := tx.User.Create().SetID(servicetest.ID(name)).SetUsername(name).SetEmail(name + "@example.org").
				SetDisplayName(name).Save(tb.Context())
			if err != nil {
				return err
			}
			if err := tx.UserStats.Create().SetUserID(u.ID).Exec(tb.Context()); err != nil {
				return err
			}
			tx.Invalidate(u, &ent.UserStats{UserID: u.ID})
			users[i] = u
		}
		tx.Count(counters.SiteUsers, int64(n))
		return nil
	}))
	return users
}

// decode decodes the data of an answer without errors.
func (a answer) decode(out any) error {
	if len(a.Errors) > 0 {
		return fmt.Errorf("the answer is %s", a.raw)
	}
	return json.Unmarshal(a.Data, out)
}
