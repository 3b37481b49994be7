package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// The kinds of files that are served. What has another ending is for readers of the source.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// assets are the files that pages load. Their addresses carry the hash of them all, so a browser may cache each without
// limit and the imports between scripts stay relative.
type assets struct {
	version string
	pages   map[string]*page // by path below assets/
}

func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{pages: map[string]*page{}}
	hash := sha256.New()
	err := fs.WalkDir(files, "assets", func(name string, _ fs.DirEntry, err error) error {
		contentType := contentTypes[path.Ext(name)]
		if err != nil || contentType == "" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		p, err := newPage(contentType, "public, max-age=31536000, immutable", withoutSourceMap(body))
		if err != nil {
			return err
		}
		a.pages[strings.TrimPrefix(name, "assets/")] = p
		fmt.Fprintln(hash, name, p.etag)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load the assets: %w", err)
	}
	a.version = hex.EncodeToString(hash.Sum(nil))[:12]
	return a, nil
}

// The maps of vendored scripts are not embedded, and a browser with open tools would ask for them.
func withoutSourceMap(body []byte) []byte {
	if i := bytes.LastIndex(body, []byte("\n//# sourceMappingURL=")); i >= 0 {
		return body[:i+1]
	}
	return body
}

// address is where an asset is found. An address of another version is a 404: what stood there is gone.
func (a *assets) address(name string) string { return path.Join("/assets", a.version, name) }

// url is the address for a page that wants to load it; a page that names a missing asset does not start.
func (a *assets) url(name string) (string, error) {
	if a.pages[name] == nil {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return a.address(name), nil
}

// page is one answer, ready in both encodings.
type page struct {
	contentType, cacheControl, etag string
	plain, zipped                   []byte
}

func newPage(contentType, cacheControl string, body []byte) (*page, error) {
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	if _, err := zip.Write(body); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return &page{contentType, cacheControl, hex.EncodeToString(sum[:16]), body, zipped.Bytes()}, nil
}

// policy lets a page load and ask this server alone. The editor of the Playground sets its own styles.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", p.cacheControl)
	h.Set("Vary", "Accept-Encoding")
	body, etag := p.plain, p.etag
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		// A strong tag names bytes, and these are others.
		body, etag = p.zipped, p.etag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// takesGzip reports whether a client names gzip without refusing it.
func takesGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q := strings.TrimSpace(params)
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
