package dashboard_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"docsquare/ent/user"
	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// guarded is a feed for administrators, over a community.
func guarded(t *testing.T) (*dashboard.Feed, *apptest.App) {
	t.Helper()
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	return feed(t, func(o *dashboard.Options) { o.Everybody, o.Accounts, o.Cache = false, app.Accounts, app.Cache }), app
}

func appoint(t *testing.T, app *apptest.App, name string, role user.Role) {
	t.Helper()
	testkit.Must(t, app.Accounts.Appoint(t.Context(), servicetest.ID(name), role))
}

// wantRefusal checks that a client with the token is refused with the status and a body that contains the words.
func wantRefusal(t *testing.T, f http.Handler, token string, status int, words string) http.Header {
	t.Helper()
	r := listen(t, f, token).response
	body, err := io.ReadAll(r.Body)
	testkit.Must(t, err)
	if r.StatusCode != status || !strings.Contains(string(body), words) || strings.Contains(r.Header.Get("Content-Type"), "event-stream") {
		t.Errorf("status %d: %s, want %d: %s", r.StatusCode, body, status, words)
	}
	return r.Header
}

// TestWhoMayLook admits administrators, but no guests, no other accounts and no invalid tokens.
func TestWhoMayLook(t *testing.T) {
	f, app := guarded(t)
	appoint(t, app, "bob", user.RoleAdmin)
	for _, token := range []string{"", "nonsense", base64.RawURLEncoding.EncodeToString(make([]byte, 32))} {
		if got := wantRefusal(t, f, token, http.StatusUnauthorized, "sign in").Get("WWW-Authenticate"); got != "Bearer" {
			t.Errorf("WWW-Authenticate: %q", got)
		}
	}
	if got := wantRefusal(t, f, app.Token(t, servicetest.ID("ann")), http.StatusForbidden, "Administrator role required.").Get("WWW-Authenticate"); got != "" {
		t.Errorf("WWW-Authenticate: %q", got)
	}
	l := listen(t, f, app.Token(t, servicetest.ID("bob")))
	if l.response.StatusCode != http.StatusOK {
		t.Fatalf("an administrator: %s", l.response.Status)
	}
	l.begin(t)
}

// TestEverybodyMayLook is for development, where no token is required.
func TestEverybodyMayLook(t *testing.T) {
	for _, token := range []string{"", "nonsense"} {
		l := listen(t, feed(t), token)
		if l.response.StatusCode != http.StatusOK {
			t.Fatal(l.response.Status)
		}
		l.begin(t)
	}
}

// TestNobodyLooksWhileNobodyIsKnown answers with a failure where it cannot be found out who asks, and does not say why.
func TestNobodyLooksWhileNobodyIsKnown(t *testing.T) {
	f, app := guarded(t)
	testkit.Must(t, app.Store.Close())
	wantRefusal(t, f, base64.RawURLEncoding.EncodeToString(make([]byte, 32)), http.StatusInternalServerError, "Internal server error")
}

// TestStreamEndsWithTheRight ends a stream before the next frame, once its session has ended or its account administers no
// more.
func TestStreamEndsWithTheRight(t *testing.T) {
	f, app := guarded(t)
	appoint(t, app, "ann", user.RoleAdmin)
	appoint(t, app, "bob", user.RoleAdmin)
	ended, dismissed, other := app.Token(t, servicetest.ID("ann")), app.Token(t, servicetest.ID("bob")), app.Token(t, servicetest.ID("ann"))
	var all []*listener
	for _, token := range []string{ended, dismissed, other} {
		l := listen(t, f, token)
		l.begin(t)
		all = append(all, l)
	}
	f.Add(dashboard.Frame{At: 1})
	for _, l := range all {
		l.event(t, "frame")
		l.event(t, "now")
	}
	v, err := app.Accounts.Authenticate(t.Context(), ended)
	testkit.Must(t, err)
	_, err = app.Accounts.Logout(t.Context(), v)
	testkit.Must(t, err)
	appoint(t, app, "bob", user.RoleUser)
	f.Add(dashboard.Frame{At: 2})
	all[0].wantEnd(t)
	all[1].wantEnd(t)
	all[2].event(t, "frame")
	all[2].event(t, "now")
	wantRefusal(t, f, ended, http.StatusUnauthorized, "sign in again")
	wantRefusal(t, f, dismissed, http.StatusForbidden, "Administrator role required.")
}
