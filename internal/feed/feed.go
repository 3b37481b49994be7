// Package feed serves what feed readers and crawlers ask for: Atom feeds of public documents (RFC 4287), the sitemap and robots.txt. A page
// is built as a guest sees it, and kept while nothing that it has read is changed.
package feed

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"docsquare/internal/account"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
	"docsquare/internal/kinds"
	"docsquare/internal/square"
	"docsquare/internal/viewer"
)

// The addresses. Those that end with a slash have a name behind it.
const (
	SitePath    = "/feeds/site.atom"
	SearchPath  = "/feeds/search.atom"
	AuthorPath  = "/feeds/authors/"
	TagPath     = "/feeds/tags/"
	SitemapPath = "/sitemap.xml"
	RobotsPath  = "/robots.txt"
)

// Costs in points: of a request, and of a page that is not kept.
const (
	requestPoints = 1
	buildPoints   = 20
)

const (
	buildTime  = 10 * time.Second
	maxAddress = 4 << 10 // bytes of an address: it is the key of a kept page
)

// Services is what pages are made of.
type Services struct {
	Cache     *kinds.Cache
	Accounts  *account.Service
	Documents *document.Service
	Square    *square.Service
}

// Options of the handler.
type Options struct {
	PublicURL string // where clients reach the server; empty: where each request was sent to
	Proxies   int    // before the server, each of which adds to X-Forwarded-For
	Log       *slog.Logger

	// Charge charges a request to its client, in points. An error of a client's refuses the request. nil: nothing is charged.
	Charge func(ctx context.Context, v viewer.Viewer, points int) error
}

type server struct {
	Services
	Options
	kept *cache.Derived[key, built]
}

// key identifies a page: its address, and where the client reaches the server.
type key struct{ Address, Location string }

// built is a page that was built.
type built struct {
	body    []byte
	media   string
	tag     string
	changed time.Time // when what it shows last changed; zero: not known
}

// newPage returns a page. Its entity tag is the same on every instance.
func newPage(body []byte, media string, changed time.Time) built {
	sum := sha256.Sum256(body)
	return built{body: body, media: media, tag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, changed: changed}
}

// builder makes a page for a request.
type builder func(ctx context.Context, r *http.Request, location string) (built, error)

// Register adds the addresses to a mux. Wrap is applied to each handler. Call it once, before the cache is used.
func Register(mux *http.ServeMux, s Services, o Options, wrap func(http.Handler) http.Handler) {
	h := &server{Services: s, Options: o, kept: cache.NewDerived[key, built](s.Cache.Engine, "feed")}
	for path, render := range map[string]builder{
		SitePath: h.site, SearchPath: h.search, AuthorPath + "{name}": h.author, TagPath + "{name}": h.tag, SitemapPath: h.sitemap,
	} {
		mux.Handle("GET "+path, wrap(h.serve(render)))
	}
	mux.Handle("GET "+RobotsPath, http.HandlerFunc(h.robots))
}

// serve answers with a kept page, or with one that is built now.
func (h *server) serve(render builder) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guest := viewer.Viewer{UserAgent: r.UserAgent(), Address: viewer.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), h.Proxies)}
		ctx, cancel := context.WithTimeout(viewer.With(r.Context(), guest), buildTime)
		defer cancel()
		p, err := h.page(ctx, r, guest, render)
		if err != nil {
			h.refuse(ctx, w, err)
			return
		}
		p.send(w, r)
	})
}

func (h *server) page(ctx context.Context, r *http.Request, guest viewer.Viewer, render builder) (built, error) {
	k := key{r.URL.RequestURI(), h.location(r)}
	if len(k.Address)+len(k.Location) > maxAddress {
		return built{}, errs.New(errs.BadUserInput, "the address is longer than %d bytes: shorten it", maxAddress)
	}
	if err := h.charge(ctx, guest, requestPoints); err != nil {
		return built{}, err
	}
	kept, ok, turn := h.kept.Derive(ctx, k)
	if ok {
		return kept, nil
	}
	defer turn.Drop()
	if err := h.charge(ctx, guest, buildPoints); err != nil {
		return built{}, err
	}
	scope := h.Cache.Scope(ctx, true)
	ctx = context.WithValue(ctx, cache.ScopeKey{}, scope)
	defer scope.Fill(ctx)
	p, err := render(ctx, r, k.Location)
	if err == nil {
		turn.Keep(p, scope.ReadSet())
	}
	return p, err
}

func (h *server) charge(ctx context.Context, guest viewer.Viewer, points int) error {
	if h.Charge == nil {
		return nil
	}
	return h.Charge(ctx, guest, points)
}

// location returns where the client reaches the server.
func (h *server) location(r *http.Request) string {
	switch {
	case h.PublicURL != "":
		return strings.TrimRight(h.PublicURL, "/")
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// refuse answers an error as a line of text.
func (h *server) refuse(ctx context.Context, w http.ResponseWriter, err error) {
	message := "Internal server error. The log has the cause."
	if e := errs.As(err); e != nil && e.Code != errs.Internal {
		message = e.Message
	} else {
		h.Log.ErrorContext(ctx, "feed failed", "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, message, httpserver.Refuse(w.Header(), err))
}

// send sends a page, or that the client has it already. Clients ask before each use whether theirs is the last one.
func (p built) send(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", "no-cache")
	head.Set("ETag", p.tag)
	if !p.changed.IsZero() {
		head.Set("Last-Modified", p.changed.UTC().Format(http.TimeFormat))
	}
	if p.known(r.Header) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Type", p.media)
	_, _ = w.Write(p.body) // an error cannot be reported to the client any more
}

// known reports whether the client has the page. Its time counts only without entity tags (RFC 9110, section 13.2.2).
func (p built) known(head http.Header) bool {
	if tags := head.Get("If-None-Match"); tags != "" {
		for tag := range strings.SplitSeq(tags, ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(p.tag, "W/") {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(head.Get("If-Modified-Since"))
	return err == nil && !p.changed.IsZero() && !p.changed.Truncate(time.Second).After(since)
}
