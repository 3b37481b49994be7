// Package notion reads exports of Notion as Markdown and CSV. The names of its files end with the identifiers of pages.
package notion

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"docsquare/internal/cli/importer/source"
)

// export is an export of Notion.
type export struct {
	source.Folder
	pages map[string]bool // identifiers of the pages in it
}

// identifier matches what the name of a page ends with.
var identifier = regexp.MustCompile(`^(.*?)[ -]?([0-9a-f]{32})(_all)?$`)

// maxProbe is how many files are looked at to know whether a tree is an export.
const maxProbe = 100_000

// Detect returns the source of a tree in which a page has a name as in an export, and nil for any other tree.
func Detect(tree fs.FS) (source.Source, error) {
	e := &export{Folder: source.Folder{Tree: tree, Label: "Notion", Author: "Notion"}, pages: map[string]bool{}}
	probed := 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || probed > maxProbe {
			return nil //nolint:nilerr // the import reports what cannot be read
		}
		if d.IsDir() && name != "." && source.Unwanted(name, true) != "" {
			return fs.SkipDir
		}
		probed++
		if id := idOf(name); id != "" && strings.EqualFold(path.Ext(name), ".md") {
			e.pages[id] = true
		}
		return nil
	})
	if err != nil || len(e.pages) == 0 {
		return nil, err
	}
	return e, nil
}

// split returns the name of a page without its identifier, and the identifier; empty if the name has none.
func split(name string) (title, id string) {
	stem := path.Base(name)
	if extension := strings.ToLower(path.Ext(stem)); extension == ".md" || extension == ".csv" || extension == ".html" {
		stem = stem[:len(stem)-len(extension)]
	}
	if m := identifier.FindStringSubmatch(stem); m != nil {
		return strings.TrimSpace(m[1]), m[2]
	}
	return stem, ""
}

func idOf(name string) string {
	_, id := split(name)
	return id
}

// ID implements source.Source: a page that is renamed or moved stays the same.
func (e *export) ID(name string) string {
	if id := idOf(name); id != "" {
		return "notion/" + id
	}
	return e.Folder.ID(name)
}

// Skip implements source.Source.
func (e *export) Skip(name string, isFolder bool) string {
	if reason := source.Unwanted(name, isFolder); reason != "" || isFolder {
		return reason
	}
	switch extension := strings.ToLower(path.Ext(name)); {
	case extension == ".csv" && idOf(name) != "":
		return "it is a database: its rows are imported as pages, its table is not"
	case extension == ".html" && (idOf(name) != "" || path.Base(name) == "index.html"):
		return "it is HTML: export the pages from Notion as Markdown & CSV"
	}
	return ""
}

// Home implements source.Source: the category is the page at the top.
func (e *export) Home(name string) (author, category string) {
	author, category = e.Folder.Home(name)
	if category != "" {
		category, _ = split(category)
	}
	return author, category
}

// Names implements source.Source.
func (e *export) Names(p source.Page) []string {
	if id := idOf(p.Path); id != "" {
		return []string{"notion:" + id}
	}
	return nil
}

// Resolve implements source.Source. A page is found by its identifier too, also by its address in Notion.
func (e *export) Resolve(from source.Page, address string) source.Reference {
	if a, err := url.Parse(address); err == nil && a.Host != "" {
		id := idOf(a.Path)
		if host := a.Hostname(); id == "" || !e.pages[id] || host != "notion.so" && !strings.HasSuffix(host, ".notion.so") && !strings.HasSuffix(host, ".notion.site") {
			return source.Reference{}
		}
		return source.Reference{Candidates: []string{"notion:" + id}} // its fragment is an identifier of a block
	}
	ref := e.Folder.Resolve(from, address)
	if a, ok := source.Split(address); ok && e.pages[idOf(a.Path)] && !strings.EqualFold(path.Ext(a.Path), ".csv") {
		ref.Candidates = append(ref.Candidates, "notion:"+idOf(a.Path))
	}
	return ref
}
