package graph_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"docsquare/graph"
	"docsquare/internal/account"
	"docsquare/internal/account/oidc"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// outside is an issuer of tokens, and the application that accepts them.
type outside struct {
	key      *ecdsa.PrivateKey
	url      string
	accounts *account.Service
	handler  http.Handler
}

func newOutside(t *testing.T, app *apptest.App) outside {
	t.Helper()
	return newOutsideWith(t, app, account.Options{})
}

func newOutsideWith(t *testing.T, app *apptest.App, options account.Options) outside {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testkit.Must(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	}))
	t.Cleanup(server.Close)
	o := outside{key: key, url: server.URL}
	o.accounts, o.handler = o.accepted(t, app, options)
	return o
}

// accepted returns an application that accepts the tokens.
func (o outside) accepted(t *testing.T, app *apptest.App, options account.Options) (*account.Service, http.Handler) {
	t.Helper()
	from, err := oidc.New(oidc.Options{Issuer: o.url, Audience: "docsquare", JWKS: o.url})
	testkit.Must(t, err)
	sources := app.Sources
	options.Lifetime, options.Outside = time.Hour, from
	sources.Accounts, err = account.New(app.Store, app.Cache, options)
	testkit.Must(t, err)
	h, err := graph.Handler(sources, graph.Options{Timeout: time.Minute, Introspection: true})
	testkit.Must(t, err)
	return sources.Accounts, h
}

// token speaks for a subject, with further claims.
func (o outside) token(t *testing.T, subject string, more map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: o.key, KeyID: "1"}}, nil)
	testkit.Must(t, err)
	claims := jwt.Claims{Issuer: o.url, Subject: subject, Audience: jwt.Audience{"docsquare"}, Expiry: jwt.NewNumericDate(time.Now().Add(time.Hour))}
	text, err := jwt.Signed(signer).Claims(claims).Claims(more).Serialize()
	testkit.Must(t, err)
	return text
}

// TestOutsideTokens opens an account for a subject, once, finds it again by whatever name it has, and links no other account.
func TestOutsideTokens(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			o := newOutside(t, app)
			whoami := func(token string) (name, email string) {
				t.Helper()
				var out struct {
					Viewer struct{ Username, Email string }
				}
				client{handler: o.handler, token: token}.must(t, `{ viewer { username email } }`, nil, &out)
				return out.Viewer.Username, out.Viewer.Email
			}
			dora := map[string]any{"preferred_username": "Dora Ünal", "name": "Dora", "email": "dora@example.org", "email_verified": true}
			if name, email := whoami(o.token(t, "1", dora)); name != "dora-nal" || email != "dora@example.org" {
				t.Errorf("the first is %q, %q", name, email)
			}
			if name, _ := whoami(o.token(t, "1", map[string]any{"preferred_username": "another"})); name != "dora-nal" {
				t.Errorf("the same subject is %q", name)
			}
			ann := map[string]any{"preferred_username": "ann", "email": "ann@example.org", "email_verified": true}
			if name, email := whoami(o.token(t, "2", ann)); name == "ann" || email == "ann@example.org" {
				t.Errorf("a token that says so is ann: %q, %q", name, email)
			}
			if name, email := whoami(o.token(t, "3", map[string]any{"email": "eve@example.org"})); email == "eve@example.org" || len(name) < 3 {
				t.Errorf("an unverified address is taken: %q, %q", name, email)
			}
			own := client{handler: o.handler, token: app.Token(t, servicetest.ID("bob"))}
			var out struct{ Viewer struct{ Username string } }
			if own.must(t, `{ viewer { username } }`, nil, &out); out.Viewer.Username != "bob" {
				t.Errorf("a session of the server is %q", out.Viewer.Username)
			}
			forged := outside{url: o.url}
			forged.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if a, err := (client{handler: o.handler, token: forged.token(t, "1", nil)}).send(t.Context(), `{ __typename }`, nil); err != nil || a.status != http.StatusUnauthorized || a.code() != "UNAUTHENTICATED" {
				t.Errorf("a forged token is answered by %d %s, %v", a.status, a.raw, err)
			}
		})
	}
}

// TestForgedTokens verifies at most so many forged tokens of an address. Tokens that were valid before, other addresses and session tokens are
// answered as before.
func TestForgedTokens(t *testing.T) {
	app := served(t, "sqlite")
	l := ratelimit.New(ratelimit.Options{})
	t.Cleanup(l.Close)
	o := newOutsideWith(t, app, account.Options{Limiter: l, InvalidTokens: ratelimit.Rate{Points: 10, Window: 24 * time.Hour}})
	forged := outside{url: o.url}
	var err error
	forged.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testkit.Must(t, err)
	authorize := func(address, token string) error {
		_, err := o.accounts.Authorize(viewer.With(t.Context(), viewer.Viewer{Address: address}), "Bearer "+token)
		return err
	}
	known := o.token(t, "1", nil)
	for i := range 30 { // a valid token costs nothing
		testkit.Must(t, authorize("192.0.2.1", o.token(t, "1", map[string]any{"n": i})))
	}
	testkit.Must(t, authorize("192.0.2.1", known))
	codes := map[errs.Code]int{}
	for i := range 50 {
		codes[errs.As(authorize("192.0.2.1", forged.token(t, "1", map[string]any{"n": i}))).Code]++
	}
	if codes[errs.Unauthenticated] != 10 || codes[errs.RateLimited] != 40 {
		t.Errorf("50 forged tokens are %v", codes)
	}
	testkit.Must(t, authorize("192.0.2.1", known))
	testkit.Must(t, authorize("192.0.2.1", app.Token(t, servicetest.ID("bob"))))
	testkit.Must(t, authorize("192.0.2.2", o.token(t, "1", map[string]any{"n": 99})))
}

// TestOutsideCrowd opens one account for a subject that comes many times at once.
func TestOutsideCrowd(t *testing.T) {
	app := served(t, "postgres")
	o := newOutside(t, app)
	token := o.token(t, "1", map[string]any{"preferred_username": "crowd"})
	const many = 8
	ids := make(chan string, many)
	for range many {
		go func() {
			var out struct{ Viewer struct{ ID string } }
			_ = client{handler: o.handler, token: token}.into(t.Context(), `{ viewer { id } }`, nil, &out)
			ids <- out.Viewer.ID
		}()
	}
	first := <-ids
	for range many - 1 {
		if id := <-ids; id != first || id == "" {
			t.Errorf("one subject is %q and %q", first, id)
		}
	}
}
