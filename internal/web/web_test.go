package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// What is compressed once serves all tests: under the race detector it takes a second each time.
var (
	loadOnce    = sync.OnceValues(func() (*assets, error) { return loadAssets(files) })
	defaultOnce = sync.OnceValues(Pages{}.Handler)
)

func handler(t *testing.T) http.Handler {
	t.Helper()
	h, err := defaultOnce()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The Playground with these options.
func playground(t *testing.T, p Pages) *page { return made(t, p.playground) }

// The dashboard with these options.
func dashboard(t *testing.T, p Pages) *page { return made(t, p.dashboard) }

func made(t *testing.T, by func(*assets) (*page, error)) *page {
	t.Helper()
	static, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	page, err := by(static)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// Asks for a path with headers given in pairs.
func get(t *testing.T, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var (
	loaded   = regexp.MustCompile(`(?:src|href)="([^"]+)"`)
	imported = regexp.MustCompile(`(?:from|import) '\./([^']+)'`)
)

func TestPagesLoadOnlyWhatIsServed(t *testing.T) {
	h := handler(t)
	for path, least := range map[string]int{"/": 8, "/dashboard": 6} {
		start := get(t, h, path)
		if start.Code != http.StatusOK || start.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Fatalf("%s: %d %v", path, start.Code, start.Header())
		}
		seen := map[string]bool{}
		for _, m := range loaded.FindAllStringSubmatch(start.Body.String(), -1) {
			if strings.HasPrefix(m[1], "/assets/") {
				follow(t, h, m[1], seen)
			} else if got := get(t, h, m[1]).Code; got != http.StatusOK {
				t.Errorf("%s links to %s: %d", path, m[1], got)
			}
		}
		if len(seen) < least {
			t.Errorf("%s loads %d files only", path, len(seen))
		}
	}
}

// follow loads an asset and what it imports, each once.
func follow(t *testing.T, h http.Handler, path string, seen map[string]bool) {
	t.Helper()
	if seen[path] {
		return
	}
	seen[path] = true
	w := get(t, h, path)
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", path, w.Code, w.Header())
	}
	folder := path[:strings.LastIndex(path, "/")+1]
	for _, i := range imported.FindAllStringSubmatch(w.Body.String(), -1) {
		follow(t, h, folder+i[1], seen)
	}
}

// The pages run no script that stands in them and ask this server alone.
func TestContentSecurityPolicy(t *testing.T) {
	inline := regexp.MustCompile(`<script[^>]*>[^<]+</script>|\son\w+="`)
	for _, path := range []string{"/", "/dashboard"} {
		w := get(t, handler(t), path)
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'"} {
			if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, want) {
				t.Errorf("%s: the policy %q lacks %q", path, got, want)
			}
		}
		for _, script := range inline.FindAllString(w.Body.String(), -1) {
			if !embedded.MatchString(script) {
				t.Errorf("%s runs %s", path, script)
			}
		}
	}
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	static, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := regexp.MustCompile(`(?:url\(\s*["']?|@import\s+["']?|sourceMappingURL=)(?:https?:|//|\w)[^)\s]{0,60}`)
	for name, p := range static.pages {
		for _, found := range elsewhere.FindAll(p.plain, -1) {
			if !bytes.Contains(found, []byte("data:")) && !strings.HasSuffix(name, ".min.js") {
				t.Errorf("%s loads %s", name, found)
			}
		}
		if bytes.Contains(p.plain, []byte("//# sourceMappingURL=")) {
			t.Errorf("%s names a source map", name)
		}
	}
	for name, p := range map[string]*page{"the Playground": playground(t, Pages{}), "the dashboard": dashboard(t, Pages{})} {
		if bytes.Contains(p.plain, []byte("//")) {
			t.Errorf("%s names another host", name)
		}
	}
}

func TestContentTypes(t *testing.T) {
	static, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	h := handler(t)
	for name, want := range map[string]string{
		"playground.js":             "text/javascript; charset=utf-8",
		"playground.css":            "text/css; charset=utf-8",
		"dashboard.js":              "text/javascript; charset=utf-8",
		"vendor/uPlot.iife.min.js":  "text/javascript; charset=utf-8",
		"icon.svg":                  "image/svg+xml",
		"vendor/LICENSE-react.txt":  "text/plain; charset=utf-8",
		"vendor/graphiql.min.js":    "text/javascript; charset=utf-8",
		"vendor/graphiql.min.css":   "text/css; charset=utf-8",
		"vendor/does-not-exist.txt": "",
	} {
		url, err := static.url(name)
		if want == "" {
			if err == nil {
				t.Errorf("%s has the address %s", name, url)
			}
			continue
		}
		if got := get(t, h, url).Header().Get("Content-Type"); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	static, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	h := handler(t)
	version := "/assets/" + static.version
	for _, path := range []string{
		"/index.html", "/playground.html", "/dashboard.html", "/dashboard/", "/dashboard/events", "/nothing", "/assets/", "/assets/playground.js", "/assets/0/playground.js", version, version + "/",
		version + "/playground.html", version + "/parts/who.html", version + "/vendor", version + "/vendor/README.md", version + "/..%2fweb.go",
	} {
		w := get(t, h, path)
		if w.Code != http.StatusNotFound || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %q", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	for _, path := range []string{"/", "/dashboard"} {
		w := httptest.NewRecorder()
		handler(t).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	h := handler(t)
	for _, encoding := range []string{"", "gzip"} {
		first := get(t, h, "/", "Accept-Encoding", encoding)
		etag := first.Header().Get("ETag")
		if etag == "" || first.Header().Get("Cache-Control") != "no-cache" {
			t.Fatalf("headers: %v", first.Header())
		}
		again := get(t, h, "/", "Accept-Encoding", encoding, "If-None-Match", etag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%q: %d with %d bytes", encoding, again.Code, again.Body.Len())
		}
	}
	if playground(t, Pages{}).etag == playground(t, Pages{Endpoint: "/other"}).etag {
		t.Error("two pages have one ETag")
	}
}

func TestGzip(t *testing.T) {
	h := handler(t)
	plain := get(t, h, "/").Body.Bytes()
	for accept, zipped := range map[string]bool{
		"gzip": true, "br, GZIP;q=0.8": true, "deflate, gzip": true, "gzip;q=0": false, "br": false, "": false,
	} {
		w := get(t, h, "/", "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != zipped {
			t.Fatalf("%q: %v", accept, w.Header())
		}
		body := io.Reader(w.Body)
		if zipped {
			var err error
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%q: other bytes, %v", accept, err)
		}
	}
}

var embedded = regexp.MustCompile(`(?s)<script id="settings" type="application/json">(.*?)</script>`)

func TestSettings(t *testing.T) {
	text := string(playground(t, Pages{
		Endpoint:     "/api",
		Examples:     []Example{{Name: "</script>", Query: "{ a }", Variables: `{"u": "YOUR-USERNAME"}`}},
		Development:  true,
		DemoUsername: "ada",
		DemoPassword: `pass"<word>`,
	}).plain)
	got := settingsIn(t, text)
	if got.Endpoint != "/api" || got.DemoPassword != `pass"<word>` || got.Examples[0].Name != "</script>" {
		t.Errorf("settings: %+v", got)
	}
	if got.Examples[0].Variables != `{"u": "ada"}` {
		t.Errorf("variables: %s", got.Examples[0].Variables)
	}
	if !strings.Contains(text, ">development<") {
		t.Error("the page does not say that it is in development")
	}
}

func TestSettingsOfTheDashboard(t *testing.T) {
	for events, want := range map[string]string{"": "/dashboard/events", "/live": "/live"} {
		text := string(dashboard(t, Pages{Events: events, DemoUsername: "ada"}).plain)
		got := settingsIn(t, text)
		if got.Events != want || got.Endpoint != "/graphql" || got.DemoUsername != "ada" || got.Examples != nil {
			t.Errorf("settings: %+v", got)
		}
		if strings.Contains(text, ">development<") {
			t.Error("the page says that it is in development")
		}
	}
}

// settingsIn reads the settings out of a page.
func settingsIn(t *testing.T, text string) (s settings) {
	t.Helper()
	m := embedded.FindStringSubmatch(text)
	if m == nil {
		t.Fatal("no settings in the page")
	}
	if err := json.Unmarshal([]byte(m[1]), &s); err != nil {
		t.Fatalf("%v in %s", err, m[1])
	}
	return s
}
