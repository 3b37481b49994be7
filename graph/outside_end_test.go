package graph_test

import (
	"encoding/base64"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"docsquare/ent/refusedtoken"
	"docsquare/internal/account"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

const whoAmI = `{ viewer { id username } }`

// as returns the answer to a request with a token.
func (o outside) as(t *testing.T, token, query string) answer {
	t.Helper()
	a, err := client{handler: o.handler, token: token}.send(t.Context(), query, nil)
	testkit.Must(t, err)
	return a
}

// account returns the ID and the username that a token speaks for.
func (o outside) account(t *testing.T, token string) (id, username string) {
	t.Helper()
	var out struct{ Viewer struct{ ID, Username string } }
	client{handler: o.handler, token: token}.must(t, whoAmI, nil, &out)
	return out.Viewer.ID, out.Viewer.Username
}

func (o outside) refused(t *testing.T, what, token string) {
	t.Helper()
	if a := o.as(t, token, whoAmI); a.status != http.StatusUnauthorized || a.code() != "UNAUTHENTICATED" {
		t.Errorf("%s is answered by %d %s", what, a.status, a.raw)
	}
}

// issued returns the claims of a token that was issued some time ago.
func issued(ago time.Duration) map[string]any {
	return map[string]any{"iat": time.Now().Add(-ago).Unix()}
}

// TestOutsideLogout signs a token out: it is refused from then on, on every instance, and others of its subject are not.
func TestOutsideLogout(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			url, tiers := testkit.Database(t, dialect), servicetest.Tiers{Redis: true, Prefix: testkit.Redis(t).Prefix}
			app := apptest.Open(t, url, tiers)
			o := newOutside(t, app)
			other := o
			_, other.handler = o.accepted(t, apptest.Open(t, url, tiers), account.Options{})
			first, second := o.token(t, "1", issued(time.Minute)), o.token(t, "1", issued(0))
			id, _ := o.account(t, first)
			if same, _ := other.account(t, second); same != id {
				t.Errorf("the tokens of one subject speak for %s and %s", id, same)
			}
			for range 2 { // signing out twice
				if a := other.as(t, first, `mutation { logout { loggedOut } }`); a.code() != "UNAUTHENTICATED" && !strings.Contains(string(a.raw), "true") {
					t.Errorf("logout is answered by %s", a.raw)
				}
				await(t, "the logout", func() bool { return o.as(t, first, whoAmI).status == http.StatusUnauthorized })
				other.refused(t, "a token that was signed out", first)
				o.refused(t, "a token with the other form of its signature", otherForm(t, first))
			}
			if same, _ := o.account(t, second); same != id {
				t.Errorf("another token speaks for %s", same)
			}
			testkit.Must(t, app.Store.Write(t.Context(), func(tx *store.Tx) error {
				rows := tx.RefusedToken.Query().AllX(t.Context())
				for _, r := range rows {
					tx.Invalidate(r)
				}
				tx.RefusedToken.Delete().ExecX(t.Context())
				r, err := tx.RefusedToken.Create().SetSubject(rows[0].Subject).SetToken(rows[0].Token).SetExpiresAt(time.Now().Add(-time.Hour)).Save(t.Context())
				tx.Invalidate(r)
				return err
			}))
			testkit.Must(t, o.accounts.Tidy(t.Context()))
			if n := app.Store.DB.RefusedToken.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d tokens are known that have expired", n)
			}
		})
	}
}

// otherForm returns a token with the other signature that is valid for the same content.
func otherForm(t *testing.T, token string) string {
	t.Helper()
	at := strings.LastIndexByte(token, '.') + 1
	raw, err := base64.RawURLEncoding.DecodeString(token[at:])
	testkit.Must(t, err)
	order, _ := new(big.Int).SetString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16) // of P-256
	new(big.Int).Sub(order, new(big.Int).SetBytes(raw[32:])).FillBytes(raw[32:])
	return token[:at] + base64.RawURLEncoding.EncodeToString(raw)
}

// TestOutsideAccountIsDeleted deletes an account without a password. Its username and a fresh token confirm that. No token that was issued until
// then speaks for anybody; a later one opens a new account.
func TestOutsideAccountIsDeleted(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			o := newOutside(t, app)
			old, fresh := o.token(t, "1", issued(10*time.Minute)), o.token(t, "1", issued(0))
			id, username := o.account(t, fresh)
			end := `mutation { deleteAccount(input: {username: "` + username + `"}) { userId } }`
			longAgo := issued(0)
			longAgo["auth_time"] = time.Now().Add(-time.Hour).Unix()
			for what, tc := range map[string]struct{ token, query, code string }{
				"an old token":             {old, end, "FORBIDDEN"},
				"a token without a moment": {o.token(t, "1", nil), end, "FORBIDDEN"},
				"a renewed token":          {o.token(t, "1", longAgo), end, "FORBIDDEN"},
				"another username":         {fresh, strings.Replace(end, username, "ann", 1), "BAD_USER_INPUT"},
				"a password":               {fresh, `mutation { deleteAccount(input: {password: "` + servicetest.Password + `"}) { userId } }`, "BAD_USER_INPUT"},
			} {
				if a := o.as(t, tc.token, tc.query); a.code() != tc.code {
					t.Errorf("%s: %s", what, a.raw)
				}
			}
			if a := o.as(t, fresh, end); a.code() != "" {
				t.Fatalf("the deletion is answered by %s", a.raw)
			}
			for range 2 { // before and after the rows are deleted
				o.refused(t, "the token that has deleted the account", fresh)
				o.refused(t, "a token that was issued before", old)
				o.refused(t, "a token that does not say when it was issued", o.token(t, "1", nil))
				o.refused(t, "a token of a clock that is ahead", o.token(t, "1", issued(-20*time.Second)))
				testkit.Must(t, app.Removals.Finish(t.Context()))
			}
			if n := app.Store.DB.Identity.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d accounts are back", n)
			}
			testkit.Must(t, app.Store.Write(servicetest.PastServices(t.Context()), func(tx *store.Tx) error { // as if some time had passed
				r := tx.RefusedToken.Query().Where(refusedtoken.IssuedUntilNotNil()).OnlyX(t.Context())
				tx.RefusedToken.DeleteOne(r).ExecX(t.Context())
				tx.Invalidate(r)
				return tx.RefusedToken.Create().SetSubject(r.Subject).SetIssuedUntil(time.Now().Add(-time.Minute)).Exec(t.Context())
			}))
			if later, _ := o.account(t, o.token(t, "1", issued(0))); later == id || later == "" {
				t.Errorf("a later token speaks for %q", later)
			}
			o.refused(t, "a token that was issued before", old)
		})
	}
}
