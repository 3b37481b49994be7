package oidc

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func TestBadAnswers(t *testing.T) {
	s := newEC("k1")
	set := toJSON(object{"keys": []object{s.jwk(nil)}})
	big := `{"pad":"` + strings.Repeat("x", maxBody) + `",` + set[1:]
	elsewhere := httptest.NewServer(text(set))
	t.Cleanup(elsewhere.Close)
	for name, answer := range map[string]http.HandlerFunc{
		"status 500, with keys": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(set))
		},
		"status 404":                status(http.StatusNotFound),
		"status 204":                status(http.StatusNoContent),
		"nothing":                   text(""),
		"HTML":                      text("<html>sign in</html>"),
		"null":                      text("null"),
		"a list":                    text("[" + set + "]"),
		"an object without keys":    text("{}"),
		"keys that are null":        text(`{"keys":null}`),
		"keys that are an object":   text(`{"keys":{}}`),
		"more than 1 MiB":           text(big),
		"more than 1 MiB of blanks": text(set + strings.Repeat(" ", maxBody)),
		"more than 1 MiB unpacked": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(big))
			_ = z.Close()
		},
		"more than 100 keys": text(`{"keys":[` + strings.Repeat("{},", maxKeys) + set[len(`{"keys":[`):]),
		"deeply nested":      text(`{"keys":[` + strings.Repeat("[", 900_000) + `]}`),
		"a header beyond measure": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 2*maxHeader))
			_, _ = w.Write([]byte(set))
		},
		"a redirect to another port": http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP,
		"a redirect to another scheme": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+"/keys", http.StatusTemporaryRedirect)
		},
		"a redirect to a file":      http.RedirectHandler("file:///etc/passwd", http.StatusFound).ServeHTTP,
		"a redirect without an end": http.RedirectHandler("/keys", http.StatusFound).ServeHTTP,
		"a redirect to nowhere":     status(http.StatusFound),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.answers(answer)
			unavailable(t, f.accepts(t), s.sign(nil, nil))
		})
	}
}

func TestRedirectAtHome(t *testing.T) {
	s := newEC("k1")
	f := newFake(t)
	f.answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" {
			http.Redirect(w, r, "/moved", http.StatusFound)
			return
		}
		text(toJSON(object{"keys": []object{s.jwk(nil)}}))(w, r)
	})
	accepted(t, f.accepts(t), s.sign(nil, nil))
}

func TestRedirectsEnd(t *testing.T) {
	f := newFake(t)
	f.answers(http.RedirectHandler("/keys", http.StatusFound).ServeHTTP)
	unavailable(t, f.accepts(t), newEC("k1").sign(nil, nil))
	f.fetched(t, 1+maxRedirects)
}

// tripper is a network that answers by itself.
type tripper func(*http.Request) *http.Response

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

// TestRedirectToPlainHTTP is that of the same host and port, which no real server offers.
func TestRedirectToPlainHTTP(t *testing.T) {
	network := tripper(func(r *http.Request) *http.Response {
		if r.URL.Scheme != "https" {
			t.Error("asked for", r.URL)
		}
		w := httptest.NewRecorder()
		http.Redirect(w, r, "http://"+r.URL.Host+"/plain", http.StatusFound)
		return w.Result()
	})
	i := must(New(Options{
		Issuer: testIssuer, Audience: testAudience, JWKS: "https://issuer.example/keys", Client: &http.Client{Transport: network},
	}))
	unavailable(t, i, newEC("k1").sign(nil, nil))
}

func TestPlainHTTPFromTLS(t *testing.T) {
	s := newEC("k1")
	plain := newFake(t, s.jwk(nil))
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	t.Cleanup(secure.Close)
	i := plain.accepts(t, func(o *Options) { o.JWKS, o.Client = secure.URL, secure.Client() })
	unavailable(t, i, s.sign(nil, nil))
	plain.fetched(t, 0)
}

func TestUnknownCertificate(t *testing.T) {
	s := newEC("k1")
	f := newFake(t, s.jwk(nil))
	secure := httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	secure.Config.ErrorLog = silent()
	secure.StartTLS()
	t.Cleanup(secure.Close)
	unavailable(t, f.accepts(t, func(o *Options) { o.JWKS = secure.URL }), s.sign(nil, nil))
	accepted(t, f.accepts(t, func(o *Options) { o.JWKS, o.Client = secure.URL, secure.Client() }), s.sign(nil, nil))
}

// discovering answers with a configuration, with some members other than usual, and with the keys.
func discovering(f *fake, s signer, changes func(url string) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/realm" + wellKnown:
			found := object{"issuer": f.URL + "/realm", "jwks_uri": f.URL + "/certs"}
			text(toJSON(with(found, changes(f.URL))))(w, r)
		case "/certs":
			text(toJSON(object{"keys": []object{s.jwk(nil)}}))(w, r)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}
}

func TestDiscovery(t *testing.T) {
	s := newEC("k1")
	for name, test := range map[string]struct {
		changes func(url string) object
		good    bool
	}{
		"good":                      {func(string) object { return nil }, true},
		"of another issuer":         {func(url string) object { return object{"issuer": url} }, false},
		"of an issuer with a slash": {func(url string) object { return object{"issuer": url + "/realm/"} }, false},
		"without an issuer":         {func(string) object { return object{"issuer": nil} }, false},
		"without keys":              {func(string) object { return object{"jwks_uri": nil} }, false},
		"keys by plain http":        {func(string) object { return object{"jwks_uri": "http://keys.example"} }, false},
		"keys in a file":            {func(string) object { return object{"jwks_uri": "file:///keys"} }, false},
		"keys with a password":      {func(string) object { return object{"jwks_uri": "https://a:b@keys.example"} }, false},
		"keys at a relative URL":    {func(string) object { return object{"jwks_uri": "/certs"} }, false},
		"of another shape":          {func(string) object { return object{"jwks_uri": 1} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.answers(discovering(f, s, test.changes))
			i := f.accepts(t, func(o *Options) { o.Issuer, o.JWKS = f.URL+"/realm", "" })
			token := s.sign(object{"iss": f.URL + "/realm"}, nil)
			if !test.good {
				unavailable(t, i, token)
				return
			}
			accepted(t, i, token)
		})
	}
}

func TestDiscoveryWithSlash(t *testing.T) {
	s := newEC("k1")
	f := newFake(t)
	f.answers(discovering(f, s, func(url string) object { return object{"issuer": url + "/realm/"} }))
	i := f.accepts(t, func(o *Options) { o.Issuer, o.JWKS = f.URL+"/realm/", "" })
	accepted(t, i, s.sign(object{"iss": f.URL + "/realm/"}, nil))
}

// TestDiscoveryByTLS is that an issuer that is asked by TLS cannot lead to a plain service of this host.
func TestDiscoveryByTLS(t *testing.T) {
	s := newEC("k1")
	plain := newFake(t, s.jwk(nil))
	secure := &fake{}
	secure.Server = httptest.NewTLSServer(http.HandlerFunc(secure.serve))
	t.Cleanup(secure.Close)
	secure.answers(discovering(secure, s, func(string) object { return object{"jwks_uri": plain.URL} }))
	i := plain.accepts(t, func(o *Options) { o.Issuer, o.JWKS, o.Client = secure.URL+"/realm", "", secure.Client() })
	unavailable(t, i, s.sign(object{"iss": secure.URL + "/realm"}, nil))
	plain.fetched(t, 0)
}

func TestReadSetPassesOver(t *testing.T) {
	c := newCast()
	pinned := Options{}.withDefaults().algorithms()
	set, err := readSet([]byte(toJSON(object{"keys": append(c.published(), nil, newEC(strings.Repeat("k", 256)).jwk(nil))})), pinned, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(set.keys) != 3 || len(set.ignored) != 13 {
		t.Errorf("%d keys, ignored: %q", len(set.keys), set.ignored)
	}
}
