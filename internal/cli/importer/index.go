package importer

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
)

// index finds the files of a source by what links call them.
type index struct {
	entries map[string]*entry // of documents that exist after the import, by path in NFC
	assets  map[string]*asset // other files, by path in NFC
	names   map[string][]string
	folded  map[string][]string // paths by their key
}

func newIndex() *index {
	return &index{entries: map[string]*entry{}, assets: map[string]*asset{}, names: map[string][]string{}, folded: map[string][]string{}}
}

// add adds the documents, and the names that a source has for all files.
func (x *index) add(entries []*entry, src source.Source) {
	for _, e := range entries {
		if !e.gone {
			x.entries[e.page.Path] = e
			x.name(e.page, src)
		}
	}
	for name := range x.assets {
		x.name(source.Page{Path: name}, src)
	}
}

func (x *index) name(p source.Page, src source.Source) {
	key := source.Key(p.Path)
	x.folded[key] = append(x.folded[key], p.Path)
	for _, name := range src.Names(p) {
		key := source.Key(name)
		if !slices.Contains(x.names[key], p.Path) {
			x.names[key] = append(x.names[key], p.Path)
		}
	}
}

// find returns the path of the first candidate that there is.
func (x *index) find(from source.Page, candidates []string) (string, bool) {
	for _, c := range candidates {
		if !strings.HasPrefix(c, "/") {
			if found, ok := x.file(c); ok {
				return found, true
			}
		}
		if found := x.names[source.Key(c)]; len(found) > 0 {
			return nearest(from, found), true
		}
	}
	return "", false
}

// file returns the file of a path, which may lack an extension, or be that of a folder or of the page that a generator makes of it.
func (x *index) file(name string) (string, bool) {
	for _, exact := range []bool{true, false} {
		for _, guess := range guesses(name) {
			if found, ok := x.exactly(guess, exact); ok {
				return found, true
			}
		}
	}
	return "", false
}

// guesses returns the names that a file may have to which a path leads.
func guesses(name string) []string {
	all := []string{name}
	stem := strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".htm")
	for _, base := range []string{stem, path.Join(stem, "index"), path.Join(stem, "_index"), path.Join(stem, "README")} {
		for _, extension := range []string{".md", ".markdown", ".mdx", ".txt"} {
			all = append(all, base+extension)
		}
	}
	return all
}

// exactly returns a file by its path, or the only one whose path differs in nothing but its case.
func (x *index) exactly(name string, exact bool) (string, bool) {
	if exact {
		_, isDocument := x.entries[name]
		_, isAsset := x.assets[name]
		return name, isDocument || isAsset
	}
	if found := x.folded[source.Key(name)]; len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// nearest returns one of several files of a name: one in the same folder, else the one with the shortest path.
func nearest(from source.Page, paths []string) string {
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(apart(from, a), apart(from, b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
}

func apart(from source.Page, name string) int {
	if path.Dir(name) == from.Dir() {
		return 0
	}
	return 1
}
