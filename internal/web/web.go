// Package web owns what a browser opens: pages and their assets, embedded in the binary. Nothing that it serves makes a
// browser ask another host. It must not know the schema, run operations or decide who may see what: its pages are
// clients of the API like any other.
package web

import (
	"embed"
	"net/http"
)

//go:embed assets examples
var files embed.FS

// Pages is what a browser opens: the Playground, on which people write and run operations, and the dashboard, which
// shows live what the cache does. The zero value is useful.
type Pages struct {
	Endpoint     string    // where operations are sent; "/graphql" where it is empty
	Events       string    // where the dashboard reads its events; "/dashboard/events" where it is empty
	Examples     []Example // the tabs of a first visit; Examples() where it is nil
	Development  bool      // everybody may explain operations and bypass the cache; otherwise the pages offer it to administrators
	Schema       bool      // the server publishes its schema: without it the Playground asks for none
	DemoUsername string    // fills in the sign-in and the examples; nothing is filled in where it is empty
	DemoPassword string    // shown to every visitor: never the password of an account that matters
}

// Handler serves the Playground at /, the dashboard at /dashboard and what they load under /assets/. Any other path is a
// 404 in plain text. It fails only where the embedded files do not fit each other.
func (p Pages) Handler() (http.Handler, error) {
	static, err := loadAssets(files)
	if err != nil {
		return nil, err
	}
	playground, err := p.playground(static)
	if err != nil {
		return nil, err
	}
	dashboard, err := p.dashboard(static)
	if err != nil {
		return nil, err
	}
	site := site{"/": playground, "/dashboard": dashboard}
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
