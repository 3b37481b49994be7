package oidc

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestClaims(t *testing.T) {
	s := newEd("d1")
	i := newFake(t, s.jwk(nil)).accepts(t)
	expires := time.Now().Add(time.Hour).Truncate(time.Second).UTC()
	full := object{"preferred_username": "ada", "name": "Ada L.", "email": "ada@example.org", "email_verified": true}
	for name, test := range map[string]struct {
		claims object
		want   Claims
	}{
		"few":                        {nil, Claims{Subject: "user-1"}},
		"all":                        {full, Claims{"user-1", "ada", "Ada L.", "ada@example.org", true, expires, time.Time{}, time.Time{}}},
		"verified as a text":         {object{"email": "a@b", "email_verified": "true"}, Claims{Subject: "user-1", Email: "a@b", EmailVerified: true}},
		"verified as a number":       {object{"email": "a@b", "email_verified": 1}, Claims{Subject: "user-1", Email: "a@b"}},
		"verified, without an email": {object{"email_verified": true}, Claims{Subject: "user-1"}},
		"verified, but not usable":   {object{"email": "a\r\n@b", "email_verified": true}, Claims{Subject: "user-1"}},
		"texts not usable":           {object{"name": "a\x00", "preferred_username": strings.Repeat("u", 256)}, Claims{Subject: "user-1"}},
		"names in capitals":          {object{"Sub": "admin", "EMAIL": "a@b"}, Claims{Subject: "user-1"}},
		"audiences":                  {object{"aud": []string{"x", testAudience}}, Claims{Subject: "user-1"}},
		"sub of 255 bytes":           {object{"sub": strings.Repeat("s", 255)}, Claims{Subject: strings.Repeat("s", 255)}},
		"no iat and nbf":             {object{"iat": nil, "nbf": nil}, Claims{Subject: "user-1"}},
		"moment of the sign-in":      {object{"auth_time": 1_000_000_000}, Claims{Subject: "user-1", Authenticated: time.Unix(1_000_000_000, 0).UTC()}},
		"exp with a fraction":        {object{"exp": float64(expires.Unix()) + 0.5}, Claims{Subject: "user-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.want.Expires = expires
			claims := with(object{"exp": expires.Unix()}, test.claims)
			got := accepted(t, i, s.sign(claims, nil))
			if age := time.Since(got.IssuedAt); age < 0 || age > time.Minute {
				t.Errorf("issued at %v", got.IssuedAt)
			}
			got.IssuedAt = time.Time{}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestEveryAlgorithm(t *testing.T) {
	ec := func(alg string, curve elliptic.Curve) signer {
		return signer{alg, alg, must(ecdsa.GenerateKey(curve, rand.Reader))}
	}
	all := []signer{
		ec("ES256", elliptic.P256()), ec("ES384", elliptic.P384()), ec("ES512", elliptic.P521()), newEd("EdDSA"),
		{"RS256", "RS256", rsaKey()},
		{"RS384", "RS384", rsaKey()},
		{"RS512", "RS512", rsaKey()},
		{"PS256", "PS256", rsaKey()},
		{"PS384", "PS384", rsaKey()},
		{"PS512", "PS512", rsaKey()},
	}
	for _, s := range all {
		t.Run(s.alg, func(t *testing.T) {
			f := newFake(t, s.jwk(nil))
			i := f.accepts(t, func(o *Options) { o.Algorithms = []string{s.alg} })
			accepted(t, i, s.sign(nil, nil))
			for _, other := range all {
				if other.alg != s.alg {
					refused(t, i, other.sign(nil, nil), badAlgorithm)
				}
			}
		})
	}
}

func TestGoodHeaders(t *testing.T) {
	s := newEC("e1")
	i := newFake(t, s.jwk(nil), newEC("enc").jwk(object{"use": "enc"})).accepts(t)
	for name, header := range map[string]object{
		"no type":                          {"typ": nil},
		"access token":                     {"typ": "at+jwt"},
		"whole media type":                 {"typ": "application/AT+JWT"},
		"no kid, one key for signatures":   {"kid": nil},
		"extensions that are not critical": {"x5t": "abc", "nonce": "n", "jku": "https://evil.example"},
	} {
		t.Run(name, func(t *testing.T) { accepted(t, i, s.sign(nil, header)) })
	}
}

func TestSameKeyIDTwice(t *testing.T) { // RFC 7517, 4.5: of different kinds, as alternatives
	ec, ed := newEC("k"), newEd("k")
	i := newFake(t, ec.jwk(nil), ed.jwk(nil)).accepts(t)
	accepted(t, i, ec.sign(nil, nil))
	accepted(t, i, ed.sign(nil, nil))
}

func TestLeeway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEd("d1")
		f := newBubble(t, s.jwk(nil))
		usual := f.accepts(t)
		wide := f.accepts(t, func(o *Options) { o.Leeway = 2 * time.Minute })
		at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
		for _, claims := range []object{{"exp": at(-30 * time.Second)}, {"nbf": at(30 * time.Second)}, {"iat": at(30 * time.Second)}} {
			accepted(t, usual, s.sign(claims, nil))
		}
		for want, claims := range map[fault]object{
			expired: {"exp": at(-31 * time.Second)}, tooEarly: {"nbf": at(31 * time.Second)}, fromFuture: {"iat": at(31 * time.Second)},
		} {
			refused(t, usual, s.sign(claims, nil), want)
			accepted(t, wide, s.sign(claims, nil))
		}
	})
}

func TestTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEd("d1")
		i := newBubble(t, s.jwk(nil)).accepts(t)
		token := s.sign(object{"exp": time.Now().Add(time.Minute).Unix()}, nil)
		accepted(t, i, token)
		pass(time.Minute + 30*time.Second)
		accepted(t, i, token)
		pass(time.Second)
		refused(t, i, token, expired)
	})
}

func TestMaxLifetime(t *testing.T) {
	s := newEd("d1")
	i := newFake(t, s.jwk(nil)).accepts(t, func(o *Options) { o.MaxLifetime = time.Hour })
	accepted(t, i, s.sign(nil, nil))
	refused(t, i, s.sign(object{"iat": nil}, nil), noIssuedAt)
	refused(t, i, s.sign(object{"iat": time.Now().Unix() - 1}, nil), longLived)
	refused(t, i, s.sign(object{"iat": -1e18}, nil), longLived)
}

func TestConcurrentVerify(t *testing.T) {
	c := newCast()
	f := newFake(t, c.rsa.jwk(nil))
	i := f.accepts(t)
	run(t, i)
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			for range 5 {
				accepted(t, i, c.rsa.sign(nil, nil))
				refused(t, i, c.stranger.sign(nil, nil), badSignature)
				refused(t, i, c.ec.sign(object{"jti": n}, nil), badClaims)
				refused(t, i, c.ed.sign(nil, nil), unknownKey)
			}
		})
	}
	all.Wait()
	f.fetched(t, 1)
}

// TestLogIsSilent is that no part of a token, nor of a key, gets into the log or an error.
func TestLogIsSilent(t *testing.T) {
	c := newCast()
	var log bytes.Buffer
	i := newFake(t, c.published()...).accepts(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	accepted(t, i, c.rsa.sign(nil, nil))
	for name, bad := range badTokens(c) {
		_, err := i.Verify(t.Context(), bad.token)
		log.WriteString(err.Error())
		for part := range strings.SplitSeq(bad.token, ".") {
			if len(part) > 8 && strings.Contains(log.String(), part) {
				t.Errorf("%s: a part of it is in the log", name)
			}
		}
	}
	for _, key := range c.published() {
		for _, name := range []string{"n", "x", "y", "d", "k"} {
			if v, _ := key[name].(string); v != "" && strings.Contains(log.String(), v) {
				t.Errorf("%v: %q is in the log", key["kid"], name)
			}
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, s := range []signer{{"r1", "RS256", rsaKey()}, newEC("e1"), newEd("d1")} {
		b.Run(s.alg, func(b *testing.B) {
			i, token := must(New(Options{Issuer: testIssuer, Audience: testAudience})), s.sign(nil, nil)
			i.keys.Store(must(readSet([]byte(toJSON(object{"keys": []object{s.jwk(nil)}})), i.algorithms, time.Now())))
			for b.Loop() {
				if _, err := i.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
