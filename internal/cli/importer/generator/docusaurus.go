package generator

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"docsquare/internal/cli/importer/comment"
	"docsquare/internal/cli/importer/source"
)

// docusaurus is a site of Docusaurus. See https://docusaurus.io/docs/create-doc.
type docusaurus struct {
	source.Folder
	restrictions
	route string // where the addresses of docs begin
}

// The folders of documents, by what addresses of their pages begin with.
const (
	docsFolder  = "docs"
	blogFolder  = "blog"
	pagesFolder = "src/pages"
)

func detectDocusaurus(tree fs.FS) (source.Source, error) {
	for _, name := range []string{"docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs", "docusaurus.config.mts"} {
		if info, err := fs.Stat(tree, name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		files, missing := readScripts(tree, []string{name})
		values := scriptValues(files[0].Root)
		d := &docusaurus{route: docsFolder}
		if route, ok := values["routeBasePath"]; ok {
			d.route = strings.Trim(route, "/")
		}
		d.Tree, d.Label, d.Roots, d.Author = tree, "Docusaurus", []string{docsFolder, blogFolder, pagesFolder, "static"}, "library"
		if values["title"] != "" {
			d.Author = values["title"]
		}
		d.Site = source.Sites(strings.TrimSuffix(values["url"], "/")+"/"+strings.TrimPrefix(values["baseUrl"], "/"), slashed(values["baseUrl"]))
		d.Extra = missing
		d.readOptions(files)
		return d, nil
	}
	return nil, nil //nolint:nilnil // it is no site of Docusaurus
}

// Skip implements source.Source. A name with an underscore at its start is a part of other pages.
func (d *docusaurus) Skip(name string, isFolder bool) string {
	if reason := source.Unwanted(name, isFolder); reason != "" {
		return reason
	}
	first, _, _ := strings.Cut(name, "/")
	switch first {
	case "static":
		return source.Assets
	case "versioned_docs":
		return "it holds older versions of documents"
	case "i18n":
		return "it holds translations: import the folder of one language as a plain folder"
	}
	for _, content := range []string{docsFolder, blogFolder, pagesFolder} {
		switch {
		case isFolder && isAbove(name, content):
			return ""
		case isBelow(name, content) && strings.HasPrefix(path.Base(name), "_"):
			if isFolder {
				return source.Assets
			}
			if path.Ext(name) == ".md" || path.Ext(name) == ".mdx" {
				return "it is a part of other pages"
			}
			return ""
		case isBelow(name, content):
			return cmp.Or(plain(name, isFolder), d.skipDocument(name, isFolder))
		}
	}
	return source.Outside
}

// Text implements source.Source.
func (d *docusaurus) Text(_, text string) string { return comment.Remove(text, comment.MDX) }

// Hidden implements source.Source.
func (d *docusaurus) Hidden(p source.Page) string { return d.private.reason(p) }

// Home implements source.Source: the category is the folder below docs, or blog.
func (d *docusaurus) Home(name string) (author, category string) {
	folders := strings.Split(path.Dir(name), "/")
	if folders[0] == docsFolder && len(folders) > 1 {
		return d.Author, unnumbered(folders[1])
	}
	if folders[0] == blogFolder {
		return d.Author, blogFolder
	}
	return d.Author, ""
}

// number matches the number that orders pages: 01-intro.
var number = regexp.MustCompile(`^\d+\s*[-_.]+\s*(\S.*)$`)

// unnumbered returns the name of a file or folder without the number before it. A date is no number.
func unnumbered(name string) string {
	if m := number.FindStringSubmatch(name); m != nil && !datedStem.MatchString(name) {
		return m[1]
	}
	return name
}

// Names implements source.Source.
func (d *docusaurus) Names(p source.Page) (names []string) {
	first, within, _ := strings.Cut(p.Path, "/")
	route := map[string]string{docsFolder: d.route, blogFolder: blogFolder}[first]
	if first == "src" {
		_, within, _ = strings.Cut(within, "/")
	}
	if first == "static" || within == "" {
		return nil
	}
	parts := strings.Split(within, "/")
	for i := range parts {
		parts[i] = unnumbered(parts[i])
	}
	place := without(path.Join(parts...))
	if dir := path.Dir(place); len(parts) > 1 && path.Base(place) == path.Base(dir) { // guide/guide.md is the page of guide
		place = dir
	}
	names = append(names, path.Join("/", route, place), path.Join("/", route, without(within)))
	if first == blogFolder {
		if m := datedStem.FindStringSubmatch(place); m != nil {
			names = append(names, path.Join("/", route, strings.ReplaceAll(m[1], "-", "/"), m[2]))
		}
	}
	base := path.Join(route, path.Dir(place))
	if slug := p.Matter.Get("slug").Text; strings.HasPrefix(slug, "/") {
		names = append(names, path.Join("/", route, slug))
	} else if slug != "" {
		names = append(names, path.Join("/", base, slug), path.Join("/", route, slug))
	}
	if id := p.Matter.Get("id").Text; id != "" {
		names = append(names, path.Join("/", base, id))
	}
	return names
}

// Resolve implements source.Source. @site is the root of the site.
func (d *docusaurus) Resolve(from source.Page, address string) source.Reference {
	address = strings.TrimPrefix(address, "pathname://")
	if within, ok := strings.CutPrefix(address, "@site/"); ok {
		a, ok := source.Split(within)
		if !ok {
			return source.Reference{}
		}
		return source.Reference{Candidates: []string{path.Clean(a.Path)}, Fragment: a.Fragment}
	}
	return d.ResolveNames(from, d.Names(from), address)
}
