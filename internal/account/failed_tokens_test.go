package account_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"testing"
	"time"

	"docsquare/internal/account"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestUnknownTokens looks up at most so many unknown tokens of an address. Sessions in the cache, known tokens and other addresses are answered
// as before, and a sign-in works.
func TestUnknownTokens(t *testing.T) {
	site := servicetest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	l := ratelimit.New(ratelimit.Options{})
	t.Cleanup(l.Close)
	accounts, err := account.New(site.Store, site.Cache, account.Options{Lifetime: time.Hour, Limiter: l, InvalidTokens: ratelimit.Rate{Points: 10, Window: 24 * time.Hour}})
	testkit.Must(t, err)
	at := func(address string) context.Context {
		return viewer.With(t.Context(), viewer.Viewer{Address: address})
	}
	random := func() string {
		raw := make([]byte, 32)
		_, _ = rand.Read(raw)
		return "Bearer " + base64.RawURLEncoding.EncodeToString(raw)
	}
	bob, ann := "Bearer "+servicetest.Token(t, site.Accounts, servicetest.ID("bob")), "Bearer "+servicetest.Token(t, site.Accounts, servicetest.ID("ann"))
	for range 30 { // a look-up that finds a session costs nothing
		testkit.Must(t, site.Cache.Replace(t.Context(), []cache.Tag{cache.Everything}))
		if _, err := accounts.Authorize(at("192.0.2.1"), bob); err != nil {
			t.Fatal(err)
		}
	}
	codes := map[errs.Code]int{}
	for range 100 {
		_, err := accounts.Authorize(at("192.0.2.1"), random())
		e := errs.As(err)
		if e == nil || e.Code == errs.RateLimited && e.RetryAfter < time.Second {
			t.Fatal(err)
		}
		codes[e.Code]++
	}
	if codes[errs.Unauthenticated] != 10 || codes[errs.RateLimited] != 90 {
		t.Errorf("100 random tokens are %v", codes)
	}
	if v, err := accounts.Authorize(at("192.0.2.1"), bob); err != nil || !v.Is(servicetest.ID("bob")) {
		t.Errorf("a session in the cache at the same address: %v", err)
	}
	if _, err := accounts.Authorize(at("192.0.2.2"), ann); err != nil {
		t.Errorf("another address: %v", err)
	}
	if _, err := accounts.SignIn(at("192.0.2.1"), servicetest.ID("bob"), viewer.Viewer{}); err != nil {
		t.Errorf("a sign-in at the same address: %v", err)
	}
}
