package oidc

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// offline is an issuer that knows keys and cannot fetch others.
func offline(keys ...object) *Issuer {
	i := must(New(Options{Issuer: testIssuer, Audience: testAudience, Client: &http.Client{Transport: nowhere{}}}))
	i.keys.Store(must(readSet([]byte(toJSON(object{"keys": keys})), i.algorithms, time.Now())))
	return i
}

type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("offline") }

// FuzzVerify is that nothing is accepted but by one of the keys: what is found begins with tokens that lack only that.
func FuzzVerify(f *testing.F) {
	c := newCast()
	i := offline(c.published()...)
	one := offline(c.ec.jwk(object{"kid": nil}))
	for _, bad := range badTokens(c) {
		if !strings.Contains(bad.token, "\n") && len(bad.token) < 4000 && bad.want != expired && bad.want != unknownKey {
			f.Add(bad.token)
		}
	}
	for _, forger := range []signer{{"r1", "RS256", rsaOther()}, newEC("e1"), newEC(""), newEd("d1")} {
		f.Add(forger.long())
	}
	f.Fuzz(func(t *testing.T, token string) {
		for _, i := range []*Issuer{i, one} {
			claims, err := i.Verify(t.Context(), token)
			if !errors.Is(err, ErrToken) || claims != (Claims{}) {
				t.Errorf("%q: %+v, %v", token, claims, err)
			}
		}
	})
}

// FuzzSigned is that good signatures make no claims good that are not, and that what is accepted is as promised.
func FuzzSigned(f *testing.F) {
	s := newEd("d1")
	i := offline(s.jwk(nil))
	for _, header := range []object{nil, {"kid": nil}, {"crit": []string{"x"}}, {"typ": 1}} {
		f.Add(toJSON(with(object{"alg": "EdDSA", "kid": "d1", "typ": "JWT"}, header)), toJSON(goodClaims()))
	}
	f.Add(`{"alg":"EdDSA"}`, `{"iss":"`+testIssuer+`","aud":["x","docsquare"],"sub":"é","exp":9e9,"email":"a","email_verified":"true"}`)
	f.Fuzz(func(t *testing.T, header, claims string) {
		c, err := i.Verify(t.Context(), s.seal(header, claims))
		if err != nil {
			if !errors.Is(err, ErrToken) {
				t.Error(err)
			}
			return
		}
		if c.Subject == "" || len(c.Subject) > maxText || !time.Now().Add(-time.Minute).Before(c.Expires) || c.Expires.Year() > 9999 {
			t.Errorf("%s: %+v", claims, c)
		}
		if !strings.Contains(claims, `"iss"`) && !strings.Contains(claims, `\u`) {
			t.Errorf("accepted without an issuer: %s", claims)
		}
	})
}

func FuzzLooks(f *testing.F) {
	for _, token := range []string{
		"", ".", "..", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "ey.e.s", "ewo.e30.x", "eyJ.e30.é", "eyJ.e30.=", "eyJ..x",
		"eyJ.e30", "eyJ.e30.x.y", "eyJ.e30.\n", strings.Repeat("A", 43), newEd("d1").long(),
	} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		parts := strings.Split(token, ".")
		raw, _ := base64.RawURLEncoding.DecodeString(parts[0][:len(parts[0])/4*4])
		want := len(parts) == 3 && parts[1] != "" && strings.Trim(strings.Join(parts, ""), alphabet) == ""
		if got := Looks(token); got && (!want || (len(raw) > 0 && raw[0] != '{')) {
			t.Errorf("%q looks like a token", token)
		} else if !got && want && len(raw) > 1 && raw[0] == '{' && strings.ContainsRune("\" \t\r\n", rune(raw[1])) {
			t.Errorf("%q does not look like a token", token)
		}
	})
}

func FuzzReadSet(f *testing.F) {
	for _, key := range newCast().published() {
		f.Add(toJSON(object{"keys": []object{key}}))
	}
	pinned := Options{}.withDefaults().algorithms()
	f.Fuzz(func(t *testing.T, body string) {
		set, err := readSet([]byte(body), pinned, time.Now())
		if err != nil {
			return
		}
		for _, k := range set.keys {
			if !k.IsPublic() || kind(k.Key) == "" || k.Use == "enc" {
				t.Errorf("accepted: %s", body)
			}
		}
	})
}
