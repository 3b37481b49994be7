package source

import (
	"cmp"
	"context"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"docsquare/internal/cli/importer/comment"
	"docsquare/internal/text/frontmatter"
)

// Folder is a plain tree of files. Other sources embed it for what they have in common.
type Folder struct {
	Tree fs.FS

	// Label is the name of the source; empty: folder.
	Label string

	// Content is the folder of the documents within the tree; empty: the whole tree. Addresses from the root of the site are looked for
	// there first, and then in the other roots.
	Content string
	Roots   []string

	// Site are the addresses that the site has on the web, such as https://example.org/blog/ and /blog/.
	Site []string

	// Extra are the notes of the source.
	Extra []Note

	// Author is who has written documents that do not say so; empty: the folder at the top.
	Author string
}

// Name implements Source.
func (f *Folder) Name() string { return cmp.Or(f.Label, "folder") }

// Files implements Source.
func (f *Folder) Files() fs.FS { return f.Tree }

// ID implements Source.
func (f *Folder) ID(name string) string { return norm.NFC.String(name) }

// Skip implements Source.
func (f *Folder) Skip(name string, isFolder bool) string { return Unwanted(name, isFolder) }

// Text implements Source.
func (f *Folder) Text(name, text string) string {
	if strings.EqualFold(path.Ext(name), ".mdx") {
		return comment.Remove(text, comment.MDX)
	}
	return text
}

// Defaults implements Source.
func (f *Folder) Defaults(string) frontmatter.Value { return frontmatter.Value{} }

// Home implements Source. In a site, the first folder of its content is the category; in a plain tree, the folder at the top is the author,
// and the one below it the category.
func (f *Folder) Home(name string) (author, category string) {
	folders := strings.Split(path.Dir(f.Within(name)), "/")
	if folders[0] == "." {
		return f.Author, ""
	}
	if f.Author != "" {
		return f.Author, folders[0]
	}
	if len(folders) > 1 {
		category = folders[1]
	}
	return folders[0], strings.TrimLeft(category, "_")
}

// Within returns a path as seen from the folder of the content.
func (f *Folder) Within(name string) string {
	if within, ok := strings.CutPrefix(name, f.Content+"/"); ok && f.Content != "" {
		return within
	}
	return name
}

// Hidden implements Source.
func (f *Folder) Hidden(Page) string { return "" }

// Names implements Source.
func (f *Folder) Names(Page) []string { return nil }

// Foreign implements Source.
func (f *Folder) Foreign() *regexp.Regexp { return nil }

// Token implements Source.
func (f *Folder) Token(string) (Token, bool) { return Token{}, false }

// Tags implements Source.
func (f *Folder) Tags(context.Context, string) ([]string, error) { return nil, nil }

// Notes implements Source.
func (f *Folder) Notes() []Note { return f.Extra }

// Resolve implements Source.
func (f *Folder) Resolve(from Page, address string) Reference {
	return f.ResolveNames(from, nil, address)
}

// ResolveNames resolves an address in a document that has names: a relative address may start at each of them.
func (f *Folder) ResolveNames(from Page, names []string, address string) Reference {
	a, ok := Split(f.local(address))
	if !ok {
		return Reference{}
	}
	var candidates []string
	if rest, ok := strings.CutPrefix(a.Path, "/"); ok || a.Path == "" {
		candidates = f.fromRoot(rest, a.Query)
	} else {
		candidates = append(candidates, path.Join(from.Dir(), a.Path))
		for _, name := range names {
			if strings.HasPrefix(name, "/") {
				candidates = append(candidates, path.Join(name, a.Path))
			}
		}
		candidates = append(candidates, f.fromRoot(a.Path, "")...)
	}
	return Reference{Candidates: candidates, Fragment: a.Fragment}
}

// local returns an address without the site that it begins with.
func (f *Folder) local(address string) string {
	for _, site := range f.Site {
		if !strings.Contains(site, "://") {
			continue
		}
		for _, start := range []string{site, "http" + strings.TrimPrefix(site, "https"), "https" + strings.TrimPrefix(site, "http"), site[strings.Index(site, "://")+1:]} {
			start = strings.TrimSuffix(start, "/")
			if rest, ok := strings.CutPrefix(address, start); ok && (rest == "" || strings.ContainsAny(rest[:1], "/?#")) {
				return "/" + strings.TrimPrefix(rest, "/")
			}
		}
	}
	return address
}

// fromRoot returns where a path from the root of the site may be.
func (f *Folder) fromRoot(rest, query string) (candidates []string) {
	rests := []string{rest}
	for _, site := range f.Site {
		if within, ok := strings.CutPrefix("/"+rest, strings.TrimSuffix(site, "/")+"/"); ok && site != "/" {
			rests = append(rests, within)
		}
	}
	for _, rest := range rests {
		name := "/" + rest
		if query != "" {
			candidates = append(candidates, name+"?"+query)
		}
		candidates = append(candidates, name)
		if rest == "" {
			continue
		}
		for _, root := range append([]string{f.Content}, f.Roots...) {
			candidates = append(candidates, path.Join(root, rest))
		}
	}
	return candidates
}
