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
	defaultOnce = sync.OnceValues(Playground{}.Handler)
)

func handler(t *testing.T) http.Handler {
	t.Helper()
	h, err := defaultOnce()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The page with these options.
func index(t *testing.T, p Playground) *page {
	t.Helper()
	static, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	page, err := p.index(static)
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
	imported = regexp.MustCompile(`from '\./([^']+)'`)
)

func TestIndexLoadsOnlyWhatIsServed(t *testing.T) {
	h := handler(t)
	start := get(t, h, "/")
	if start.Code != http.StatusOK || start.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("index: %d %v", start.Code, start.Header())
	}
	found := loaded.FindAllStringSubmatch(start.Body.String(), -1)
	if len(found) < 8 {
		t.Fatalf("the page loads %d files only", len(found))
	}
	for _, m := range found {
		w := get(t, h, m[1])
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", m[1], w.Code, w.Header())
		}
		folder := m[1][:strings.LastIndex(m[1], "/")+1]
		for _, i := range imported.FindAllStringSubmatch(w.Body.String(), -1) {
			if got := get(t, h, folder+i[1]).Code; got != http.StatusOK {
				t.Errorf("%s imports %s: %d", m[1], i[1], got)
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
	if bytes.Contains(index(t, Playground{}).plain, []byte("//")) {
		t.Error("the page names another host")
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
		"/index.html", "/nothing", "/assets/", "/assets/playground.js", "/assets/0/playground.js", version, version + "/",
		version + "/index.html", version + "/vendor", version + "/vendor/README.md", version + "/..%2fweb.go",
	} {
		w := get(t, h, path)
		if w.Code != http.StatusNotFound || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %q", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	w := httptest.NewRecorder()
	handler(t).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("%d %v", w.Code, w.Header())
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
	if index(t, Playground{}).etag == index(t, Playground{Endpoint: "/other"}).etag {
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
	text := string(index(t, Playground{
		Endpoint:     "/api",
		Examples:     []Example{{Name: "</script>", Query: "{ a }", Variables: `{"u": "YOUR-USERNAME"}`}},
		Development:  true,
		DemoUsername: "ada",
		DemoPassword: `pass"<word>`,
	}).plain)
	m := embedded.FindStringSubmatch(text)
	if m == nil {
		t.Fatal("no settings in the page")
	}
	var got settings
	if err := json.Unmarshal([]byte(m[1]), &got); err != nil {
		t.Fatalf("%v in %s", err, m[1])
	}
	if got.Endpoint != "/api" || got.DemoPassword != `pass"<word>` || got.Examples[0].Name != "</script>" {
		t.Errorf("settings: %+v", got)
	}
	if got.Examples[0].Variables != `{"u": "ada"}` {
		t.Errorf("variables: %s", got.Examples[0].Variables)
	}
	if !strings.Contains(text, "development") {
		t.Error("the page does not say that it is in development")
	}
}
