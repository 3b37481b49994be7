package feed_test

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"

	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/feed"
	"docsquare/internal/services"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// server is the addresses of feeds over a community.
type server struct {
	t       *testing.T
	site    *services.Site
	handler http.Handler
}

func opened(t *testing.T, dialect string, o feed.Options) *server {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	o.PublicURL, o.Log = servicetest.PublicURL, slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	feed.Register(mux, feed.Services{Cache: site.Cache, Accounts: site.Accounts, Documents: site.Documents, Square: site.Square}, o,
		func(h http.Handler) http.Handler { return h })
	return &server{t, site, mux}
}

// get requests an address, with headers in pairs, and returns the answer and the number of SQL statements.
func (s *server) get(path string, headers ...string) (*httptest.ResponseRecorder, int) {
	s.t.Helper()
	ctx, rec := record.With(s.t.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w, rec.Report().SQL.Statements
}

// feed requests a feed and parses it.
func (s *server) feed(path string) *gofeed.Feed {
	s.t.Helper()
	w, _ := s.get(path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
		s.t.Fatalf("%s: %d %s %s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	f, err := gofeed.NewParser().ParseString(w.Body.String())
	testkit.Must(s.t, err)
	return f
}

func titles(f *gofeed.Feed) (all []string) {
	for _, x := range f.Items {
		all = append(all, x.Title)
	}
	return all
}

// eachDialect runs a test over a community on both databases.
func eachDialect(t *testing.T, test func(t *testing.T, s *server)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) { test(t, opened(t, dialect, feed.Options{})) })
	}
}

func TestFeeds(t *testing.T) {
	eachDialect(t, func(t *testing.T, s *server) {
		for path, want := range map[string]struct {
			title  string
			first  string
			length int
		}{
			feed.SitePath:                             {"Documents on docsquare.test", "Document 25", 25},
			feed.AuthorPath + "bob.atom":              {"Documents by The bob on docsquare.test", "第 24 篇文档", 12},
			feed.AuthorPath + "BOB.atom":              {"Documents by The bob on docsquare.test", "第 24 篇文档", 12},
			feed.TagPath + "%E7%BC%93%E5%AD%98.atom":  {"Documents with the tag 缓存 on docsquare.test", "第 24 篇文档", 12},
			feed.TagPath + "Graph.atom":               {"Documents with the tag Graph on docsquare.test", "Document 25", 25},
			feed.TagPath + "nothing.atom":             {"Documents with the tag nothing on docsquare.test", "", 0},
			feed.SearchPath + "?q=%E6%96%87%E6%A1%A3": {"Documents on docsquare.test that match: 文档", "第 24 篇文档", 12},
			feed.SearchPath + "?q=zzz":                {"Documents on docsquare.test that match: zzz", "", 0},
		} {
			f := s.feed(path)
			all := titles(f)
			if f.FeedType != "atom" || f.Title != want.title || len(all) != want.length || want.length > 0 && all[0] != want.first {
				t.Errorf("%s: %s %q with %q, want %+v", path, f.FeedType, f.Title, all, want)
			}
			if !slices.IsSortedFunc(f.Items, func(a, b *gofeed.Item) int { return b.PublishedParsed.Compare(*a.PublishedParsed) }) {
				t.Errorf("%s is not in the order of publication: %q", path, all)
			}
			if want := servicetest.PublicURL + path; f.FeedLink != want || f.UpdatedParsed == nil {
				t.Errorf("the feed is at %s, updated %v, want %s", f.FeedLink, f.UpdatedParsed, want)
			}
		}
	})
}

func TestEntry(t *testing.T) {
	s := opened(t, "sqlite", feed.Options{})
	w, _ := s.get(feed.SitePath)
	f, err := (&atom.Parser{}).Parse(w.Body)
	testkit.Must(t, err)
	e, id := f.Entries[1], servicetest.Names()["doc24"].String()
	if e.ID != servicetest.PublicURL+"/documents/"+id || e.Links[0].Href != e.ID+"/%E7%AC%AC-24-%E7%AF%87%E6%96%87%E6%A1%A3" || e.Links[0].Rel != "alternate" {
		t.Errorf("%s leads to %+v", e.ID, e.Links[0])
	}
	if e.Title != "第 24 篇文档" || e.Summary != "About doc24" || e.Authors[0].Name != "The bob" || e.Categories[0].Term != "缓存" || len(e.Categories) != 2 {
		t.Errorf("the entry is %q, %q, by %+v in %+v", e.Title, e.Summary, e.Authors[0], e.Categories)
	}
	if at := servicetest.Base.Add(24 * time.Hour); !e.PublishedParsed.Equal(at) || !e.UpdatedParsed.Equal(at) {
		t.Errorf("published %v, updated %v, want %v", e.PublishedParsed, e.UpdatedParsed, at)
	}
}

func TestRefused(t *testing.T) {
	s := opened(t, "sqlite", feed.Options{})
	for path, want := range map[string]int{
		feed.AuthorPath + "absent.atom":                   http.StatusNotFound,
		feed.AuthorPath + "ann":                           http.StatusNotFound,
		feed.AuthorPath + ".atom":                         http.StatusNotFound,
		feed.TagPath + "%FF.atom":                         http.StatusNotFound,
		feed.TagPath + strings.Repeat("a", 100) + ".atom": http.StatusNotFound,
		feed.SearchPath:                                   http.StatusBadRequest,
		feed.SearchPath + "?q=%20":                        http.StatusBadRequest,
		feed.SearchPath + "?q=%FF":                        http.StatusBadRequest,
		feed.SitePath + "?" + strings.Repeat("a", 5000):   http.StatusBadRequest,
		"/feeds/other.atom":                               http.StatusNotFound,
	} {
		if w, _ := s.get(path); w.Code != want {
			t.Errorf("%.60s: %d %s, want %d", path, w.Code, w.Body, want)
		}
	}
}

// TestConditional asks again with what an answer has named: nothing is read or sent until a write has changed the feed.
func TestConditional(t *testing.T) {
	eachDialect(t, func(t *testing.T, s *server) {
		for _, path := range []string{feed.SitePath, feed.AuthorPath + "ann.atom", feed.TagPath + "graph.atom", feed.SearchPath + "?q=document", feed.SitemapPath} {
			first, statements := s.get(path)
			tag, changed := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
			if first.Code != http.StatusOK || statements == 0 || tag == "" || changed == "" {
				t.Fatalf("%s: %d with %d statements, ETag %q, Last-Modified %q", path, first.Code, statements, tag, changed)
			}
			s.unchanged(path, "If-None-Match", `"other", `+tag)
			s.unchanged(path, "If-None-Match", strings.TrimPrefix(tag, "W/"))
			s.unchanged(path, "If-Modified-Since", changed)
			s.sent(path, first.Body.String(), "If-None-Match", `"other"`, "If-Modified-Since", changed)
			s.sent(path, first.Body.String(), "If-Modified-Since", servicetest.Base.UTC().Format(http.TimeFormat))
		}
		ctx, ann := t.Context(), viewer.Viewer{UserID: servicetest.ID("ann")}
		tags := map[string]string{}
		for _, path := range []string{feed.SitePath, feed.AuthorPath + "ann.atom", feed.AuthorPath + "bob.atom", feed.TagPath + "graph.atom", feed.SearchPath + "?q=document", feed.SitemapPath} {
			w, _ := s.get(path)
			tags[path] = w.Header().Get("ETag")
		}
		_, err := s.site.Documents.Update(ctx, ann, servicetest.ID("doc25"), document.Change{ExpectedRevision: 1, Title: new("A new document 新")})
		testkit.Must(t, err)
		for path, tag := range tags {
			w, _ := s.get(path, "If-None-Match", tag)
			want := cmp.Or(map[string]int{feed.AuthorPath + "bob.atom": http.StatusNotModified}[path], http.StatusOK)
			if w.Code != want {
				t.Errorf("after the change, %s is %d, want %d", path, w.Code, want)
			}
		}
		if all := titles(s.feed(feed.SitePath)); all[0] != "A new document 新" {
			t.Errorf("the feed has %q", all)
		}
		_, err = s.site.Documents.Unpublish(ctx, ann, servicetest.ID("doc25"))
		testkit.Must(t, err)
		if all := titles(s.feed(feed.SitePath)); all[0] != "第 24 篇文档" || len(all) != 24 {
			t.Errorf("after a document was taken back, the feed has %q", all)
		}
	})
}

// unchanged fails unless the client is told without a statement that it has the page.
func (s *server) unchanged(path, header, value string) {
	s.t.Helper()
	w, statements := s.get(path, header, value)
	if w.Code != http.StatusNotModified || w.Body.Len() > 0 || statements > 0 || w.Header().Get("ETag") == "" {
		s.t.Errorf("%s with %s %s: %d with %d bytes, %d statements", path, header, value, w.Code, w.Body.Len(), statements)
	}
}

// sent fails unless the kept page is sent without a statement.
func (s *server) sent(path, want string, headers ...string) {
	s.t.Helper()
	w, statements := s.get(path, headers...)
	if w.Code != http.StatusOK || w.Body.String() != want || statements > 0 {
		s.t.Errorf("%s with %s: %d with %d bytes, %d statements", path, headers, w.Code, w.Body.Len(), statements)
	}
}

func TestSitemap(t *testing.T) {
	eachDialect(t, func(t *testing.T, s *server) {
		w, _ := s.get(feed.SitemapPath)
		var set struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []struct {
				Location string    `xml:"loc"`
				Changed  time.Time `xml:"lastmod"`
			} `xml:"url"`
		}
		testkit.Must(t, xml.Unmarshal(w.Body.Bytes(), &set))
		if len(set.URLs) != 1+servicetest.PublicDocuments || set.URLs[0].Location != servicetest.PublicURL+"/" {
			t.Fatalf("the sitemap has %d addresses: %+v", len(set.URLs), set.URLs)
		}
		for i, u := range set.URLs[1:] {
			n := servicetest.PublicDocuments - i
			want := servicetest.PublicURL + document.PagePath + servicetest.Names()[fmt.Sprintf("doc%02d", n)].String()
			if !strings.HasPrefix(u.Location, want+"/") || !u.Changed.Equal(servicetest.Base.Add(time.Duration(n)*time.Hour)) {
				t.Errorf("address %d is %+v, want %s", i, u, want)
			}
		}
	})
}

func TestRobots(t *testing.T) {
	w, _ := opened(t, "sqlite", feed.Options{}).get(feed.RobotsPath)
	if !strings.Contains(w.Body.String(), "Sitemap: "+servicetest.PublicURL+"/sitemap.xml\n") || w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestCharged checks who is charged, and that a client without a budget is refused.
func TestCharged(t *testing.T) {
	var charged []int
	var full bool
	s := opened(t, "sqlite", feed.Options{Proxies: 1, Charge: func(_ context.Context, v viewer.Viewer, points int) error {
		if !v.Guest() || v.Address != "203.0.113.9" {
			t.Errorf("it charges %+v", v)
		}
		charged = append(charged, points)
		if full {
			e := errs.New(errs.RateLimited, "too many requests")
			e.RetryAfter = 3 * time.Second
			return e
		}
		return nil
	}})
	for range 2 {
		s.get(feed.SitePath, "X-Forwarded-For", "203.0.113.9", "Authorization", "Bearer x")
	}
	if !slices.Equal(charged, []int{1, 20, 1}) {
		t.Errorf("it charges %v", charged)
	}
	full = true
	w, statements := s.get(feed.SitePath, "X-Forwarded-For", "203.0.113.9")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "3" || w.Header().Get("ETag") != "" || statements > 0 {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// TestOnlyPublic publishes nothing: a private and an unlisted document are in no feed, and neither is their author's name changed by them.
func TestOnlyPublic(t *testing.T) {
	s := opened(t, "sqlite", feed.Options{})
	for _, path := range []string{feed.SitePath, feed.AuthorPath + "ann.atom", feed.TagPath + "graph.atom", feed.SearchPath + "?q=secret", feed.SearchPath + "?q=linked", feed.SitemapPath} {
		w, _ := s.get(path)
		for _, name := range []string{"secret", "linked"} {
			if id := servicetest.Names()[name].String(); strings.Contains(w.Body.String(), id) {
				t.Errorf("%s has the document %s", path, name)
			}
		}
	}
	if d := s.site.Store.DB.Document.Query().Where(entdocument.VisibilityNEQ(entdocument.VisibilityPublic)).CountX(t.Context()); d != 2 {
		t.Errorf("%d documents are not public: the test needs two", d)
	}
}
