package httpserver

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"
)

// OriginPolicy defines which origins may send requests, in addition to pages of the server itself.
type OriginPolicy struct {
	Self     string   // where clients reach the server, such as https://docs.example.org; empty: where each request was sent to
	Origins  []string // such as https://app.example.org or https://*.example.org; "*" is all
	Loopback bool     // pages that are served from the machine itself
}

const preflightFor = 10 * time.Minute

// Preflight headers are those of which one makes a browser ask first, so that its presence shows that this was so. Their names are in the
// canonical form.
var preflightHeaders = []string{"Authorization", "Graphql-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Requested-With"}

// exposed is the headers of answers that pages may read.
var exposed = []string{"ETag", "Location", "RateLimit", "RateLimit-OriginPolicy", "Retry-After", "Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Expires", "X-Cache-Version", "X-Request-Id"}

// Handler lets pages of the allowed origins ask next, and answers their preflights.
func (p OriginPolicy) Handler(next http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: p.Allows,
		AllowedMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete},
		AllowedHeaders:  []string{"*"},
		ExposedHeaders:  exposed,
		MaxAge:          int(preflightFor.Seconds()),
	}).Handler(next)
}

// Allows reports whether pages of an origin of another site may send requests.
func (p OriginPolicy) Allows(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return slices.Contains(p.Origins, "*")
	}
	return p.Loopback && loopback(u.Hostname()) || slices.ContainsFunc(p.Origins, func(allowed string) bool { return matches(allowed, origin) })
}

// matches compares an origin with an allowed one, in which "*." matches one or more names before the host.
func matches(allowed, origin string) bool {
	before, after, wild := strings.Cut(allowed, "://*.")
	if !wild {
		return allowed == "*" || strings.EqualFold(allowed, origin)
	}
	rest, ok := strings.CutPrefix(strings.ToLower(origin), strings.ToLower(before)+"://")
	return ok && strings.HasSuffix(rest, "."+strings.ToLower(after))
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// Foreign reports whether a browser has sent this request for a page of a site that is not allowed, without a preflight.
// Browsers name the site from which they send: in Origin if they know it, and in Sec-Fetch-Site in any case.
func (p OriginPolicy) Foreign(r *http.Request) bool {
	if !unasked(r) {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		return !p.Own(r) && !p.Allows(origin)
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

// Own reports whether a request comes from a page of this server, according to its Origin header.
func (p OriginPolicy) Own(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	if p.Self != "" && strings.EqualFold(strings.TrimRight(p.Self, "/"), r.Header.Get("Origin")) {
		return true
	}
	return err == nil && u.Host != "" && strings.EqualFold(withoutPort(u), hostOf(r.Host, u.Scheme))
}

// unasked reports whether a browser sends such a request to any site without a preflight.
func unasked(r *http.Request) bool {
	if r.Method == http.MethodPost && Header(r, "Content-Type") == "application/json" { // of most clients
		return false
	}
	if slices.ContainsFunc(preflightHeaders, func(name string) bool { return Header(r, name) != "" }) {
		return false
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err != nil || slices.Contains([]string{"multipart/form-data", "application/x-www-form-urlencoded", "text/plain"}, media)
}

func withoutPort(u *url.URL) string { return hostOf(u.Host, u.Scheme) }

// hostOf is a host without the port that its scheme implies.
func hostOf(host, scheme string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil || port != map[string]string{"http": "80", "https": "443"}[scheme] {
		return host
	}
	return name
}
