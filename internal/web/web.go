// Package web owns what a browser opens: pages and their assets, embedded in the binary. Nothing that it serves makes a
// browser ask another host. It must not know the schema, run operations or decide who may see what: its pages are
// clients of the API like any other.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed assets examples
var files embed.FS

// Playground is the page on which people write and run operations, with ready examples, a sign-in and a panel that
// explains what each answer took. The zero value is useful.
type Playground struct {
	Endpoint     string    // where operations are sent; "/graphql" where it is empty
	Examples     []Example // the tabs of a first visit; Examples() where it is nil
	Development  bool      // says on the page that everybody may explain their operations
	DemoUsername string    // fills in the sign-in and the examples; nothing is filled in where it is empty
	DemoPassword string    // shown to every visitor: never the password of an account that matters
}

// Handler serves the page at / and what it loads under /assets/. Any other path is a 404 in plain text. It fails only
// where the embedded files do not fit each other.
func (p Playground) Handler() (http.Handler, error) {
	static, err := loadAssets(files)
	if err != nil {
		return nil, err
	}
	index, err := p.index(static)
	if err != nil {
		return nil, err
	}
	site := site{"/": index}
	for name, asset := range static.pages {
		site[static.address(name)] = asset
	}
	return site, nil
}

// site is everything that is served, by path.
type site map[string]*page

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch p := s[r.URL.Path]; {
	case p == nil:
		http.Error(w, "There is no such page.", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
	default:
		p.ServeHTTP(w, r)
	}
}

// settings is what the page's script reads from its <script type="application/json">.
type settings struct {
	Endpoint     string    `json:"endpoint"`
	Examples     []Example `json:"examples"`
	Development  bool      `json:"development"`
	DemoUsername string    `json:"demoUsername"`
	DemoPassword string    `json:"demoPassword"`
}

func (p Playground) settings() (settings, error) {
	s := settings(p)
	if s.Endpoint == "" {
		s.Endpoint = "/graphql"
	}
	if s.Examples == nil {
		var err error
		if s.Examples, err = Examples(); err != nil {
			return s, err
		}
	}
	s.Examples = signedFor(s.Examples, p.DemoUsername, p.DemoPassword)
	return s, nil
}

func (p Playground) index(static *assets) (*page, error) {
	s, err := p.settings()
	if err != nil {
		return nil, err
	}
	tmpl, err := template.New("index.html").Funcs(template.FuncMap{"asset": static.url}).ParseFS(files, "assets/index.html")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("fill the page: %w", err)
	}
	// The page names the version of everything it loads, so it is the one thing that a browser has to ask for again.
	return newPage("text/html; charset=utf-8", "no-cache", out.Bytes())
}
