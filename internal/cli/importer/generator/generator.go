// Package generator reads the folders of sites as their generators do: Hugo, Jekyll, VuePress and VitePress, Docusaurus.
package generator

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/script"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/charset"
	"docsquare/internal/text/frontmatter"
)

// Detect returns the source of a tree that one of the generators has made, and nil for any other tree.
func Detect(tree fs.FS) (source.Source, error) {
	for _, detect := range []func(fs.FS) (source.Source, error){detectHugo, detectDocusaurus, detectVuePress, detectJekyll} {
		if s, err := detect(tree); s != nil || err != nil {
			return s, err
		}
	}
	return nil, nil //nolint:nilnil // no source is no error
}

// maxSettings is the largest file of settings that is read, in bytes.
const maxSettings = 1 << 20

// readText returns the text of a regular file, and whether there is one.
func readText(tree fs.FS, name string) (string, bool) {
	info, err := fs.Stat(tree, name)
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	f, err := tree.Open(name)
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, maxSettings))
	if err != nil {
		return "", false
	}
	text, err := charset.Text(data)
	return text, err == nil
}

// siteSettings are the values of a file of settings.
type siteSettings struct {
	frontmatter.Value
	file   string // empty: there is none
	broken bool   // the file cannot be read, and has no values
}

// settings reads the first of some files that there is.
func settings(tree fs.FS, names ...string) siteSettings {
	for _, name := range names {
		info, err := fs.Stat(tree, name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, ok := readText(tree, name)
		values, err := frontmatter.Decode(path.Ext(name), text)
		return siteSettings{values, name, !ok || err != nil || len(text) >= maxSettings}
	}
	return siteSettings{}
}

// isFolder reports whether a tree has a folder.
func isFolder(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.IsDir()
}

// folder returns the name of a folder in settings as a path in the tree; the default if there is none.
func folder(text, standard string) string {
	if text == "" {
		return standard
	}
	return strings.TrimPrefix(path.Clean("/"+text), "/")
}

// isBelow reports whether a path is a folder or in it. Everything is below the empty path.
func isBelow(name, folder string) bool {
	return folder == "" || name == folder || strings.HasPrefix(name, folder+"/")
}

// isAbove reports whether a folder leads to another one.
func isAbove(name, folder string) bool { return isBelow(folder, name) }

// without returns a path without its extension, and without the name of the page of its folder.
func without(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	if base := strings.ToLower(path.Base(name)); slices.Contains([]string{"index", "_index", "readme"}, base) {
		return strings.TrimPrefix(path.Dir("/"+name), "/")
	}
	return name
}

// addresses returns a value of front matter as addresses of the site: a text or a list of them.
func addresses(v frontmatter.Value, base string) (all []string) {
	for _, text := range v.Texts() {
		if strings.HasPrefix(text, "/") {
			all = append(all, text)
		} else if !strings.Contains(text, "://") {
			all = append(all, path.Join("/", base, text))
		}
	}
	return all
}

// scriptValues returns the first text of each key of the settings in a script. Keys of objects within them are left out, but where the
// addresses of docs begin.
func scriptValues(settings script.Value) map[string]string {
	values := map[string]string{}
	settings.Walk(func(at script.Place, value script.Value) {
		_, known := values[at.Name]
		isRoute := at.Name == "routeBasePath" && at.Owner != blogFolder && at.Owner != "pages"
		if !known && value.Quoted && (at.Owner == "" || isRoute) {
			values[at.Name] = value.Text
		}
	})
	return values
}

// plain returns that a text file is no document: generators serve it as it is.
func plain(name string, isFolder bool) string {
	if !isFolder && strings.EqualFold(path.Ext(name), ".txt") {
		return source.Assets
	}
	return ""
}
