package web

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
)

// settings is what the scripts of a page read from its <script type="application/json">.
type settings struct {
	Endpoint     string    `json:"endpoint"`
	Events       string    `json:"events,omitempty"`
	Examples     []Example `json:"examples,omitzero"`
	Development  bool      `json:"development"`
	Schema       bool      `json:"schema"`
	DemoUsername string    `json:"demoUsername"`
	DemoPassword string    `json:"demoPassword"`
}

// shared is the settings that each page has.
func (p Pages) shared() settings {
	return settings{
		Endpoint:     cmp.Or(p.Endpoint, "/graphql"),
		Development:  p.Development,
		Schema:       p.Schema,
		DemoUsername: p.DemoUsername,
		DemoPassword: p.DemoPassword,
	}
}

func (p Pages) playground(static *assets) (*page, error) {
	s := p.shared()
	s.Examples = p.Examples
	if s.Examples == nil {
		var err error
		if s.Examples, err = Examples(); err != nil {
			return nil, err
		}
	}
	s.Examples = signedFor(s.Examples, p.DemoUsername, p.DemoPassword)
	return filled(static, "playground.html", s)
}

func (p Pages) dashboard(static *assets) (*page, error) {
	s := p.shared()
	s.Events = cmp.Or(p.Events, "/dashboard/events")
	return filled(static, "dashboard.html", s)
}

// filled is a page made of its template and the parts that pages share.
func filled(static *assets, name string, s settings) (*page, error) {
	tmpl, err := template.New(name).Funcs(template.FuncMap{"asset": static.url}).ParseFS(files, "assets/"+name, "assets/parts/*.html")
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
