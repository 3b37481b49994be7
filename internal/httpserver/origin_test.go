package httpserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"docsquare/internal/httpserver"
)

var policy = httpserver.OriginPolicy{Self: "https://public.example.org/", Origins: []string{"https://app.example.org", "https://*.partner.example"}}

func TestAllows(t *testing.T) {
	for name, want := range map[string]bool{
		"https://app.example.org": true, "https://APP.example.org": true, "http://app.example.org": false, "https://app.example.org:8443": false,
		"https://app.example.org.evil.example": false, "https://a.partner.example": true, "https://a.b.partner.example": true,
		"https://partner.example": false, "https://evilpartner.example": false, "null": false, "": false, "http://localhost:3000": false,
	} {
		if policy.Allows(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	here := httpserver.OriginPolicy{Loopback: true}
	for name, want := range map[string]bool{
		"http://localhost:3000": true, "http://127.0.0.1": true, "http://[::1]:5173": true, "http://app.localhost": true,
		"http://localhost.evil.example": false, "https://example.org": false,
	} {
		if here.Allows(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	if !(httpserver.OriginPolicy{Origins: []string{"*"}}).Allows("null") {
		t.Error("all is not all")
	}
}

// TestForeign tells what a browser was made to send by a page of another site from everything else.
func TestForeign(t *testing.T) {
	for name, c := range map[string]struct {
		method  string
		headers string
		want    bool
	}{
		"no browser":                        {"GET", "", false},
		"the address line":                  {"GET", "Sec-Fetch-Site: none", false},
		"a page of this server":             {"GET", "Sec-Fetch-Site: same-origin", false},
		"an image on another site":          {"GET", "Sec-Fetch-Site: cross-site", true},
		"a sister site":                     {"GET", "Sec-Fetch-Site: same-site", true},
		"a script on another site":          {"GET", "Origin: https://evil.example|Sec-Fetch-Site: cross-site", true},
		"a script on an allowed site":       {"GET", "Origin: https://app.example.org|Sec-Fetch-Site: cross-site", false},
		"a sandboxed frame":                 {"GET", "Origin: null|Sec-Fetch-Site: cross-site", true},
		"one that was asked for":            {"GET", "Origin: https://evil.example|GraphQL-Preflight: 1", false},
		"a form on another site":            {"POST", "Content-Type: multipart/form-data; boundary=x|Origin: https://evil.example", true},
		"text on another site":              {"POST", "Content-Type: text/plain|Origin: https://evil.example", true},
		"a form of an old browser":          {"POST", "Content-Type: application/x-www-form-urlencoded|Origin: https://evil.example", true},
		"nothing on another site":           {"POST", "Origin: https://evil.example", true},
		"a form of this server":             {"POST", "Content-Type: multipart/form-data; boundary=x|Origin: http://docs.example.org", false},
		"JSON, which was asked for":         {"POST", "Content-Type: application/json|Origin: https://evil.example", false},
		"a form with a token":               {"POST", "Content-Type: multipart/form-data; boundary=x|Authorization: Bearer x|Origin: https://evil.example", false},
		"a form that no browser has sent":   {"POST", "Content-Type: multipart/form-data; boundary=x", false},
		"a form of the public address":      {"POST", "Content-Type: text/plain|Origin: https://public.example.org", false},
		"another port of the same machine":  {"POST", "Content-Type: text/plain|Origin: http://docs.example.org:81", true},
		"the port that goes without saying": {"POST", "Content-Type: text/plain|Origin: http://docs.example.org:80", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, "http://docs.example.org/graphql", nil)
		for line := range strings.SplitSeq(c.headers, "|") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				r.Header.Set(name, value)
			}
		}
		if policy.Foreign(r) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

// TestPreflight lets allowed pages ask with any header, and no other.
func TestPreflight(t *testing.T) {
	h := policy.Handler(http.NotFoundHandler())
	for from, want := range map[string]string{"https://app.example.org": "https://app.example.org", "https://evil.example": ""} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "http://docs.example.org/graphql", nil)
		for name, value := range map[string]string{"Origin": from, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type,x-explain"} {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s is answered by %q", from, got)
		}
		if w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Error("cookies are none of this server's")
		}
	}
}
