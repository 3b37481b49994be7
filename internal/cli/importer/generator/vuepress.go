package generator

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
)

// vuepress is a site of VuePress or VitePress: the folder around .vuepress or .vitepress. See https://vuepress.vuejs.org/guide/page.html.
type vuepress struct {
	source.Folder
	restrictions
	config     string // the folder of the settings
	public     string // the folder of files that are served as they are
	locked     rules  // pages that need a password by their paths
	permalinks string // the file of settings that computes addresses; empty: none does
}

func detectVuePress(tree fs.FS) (source.Source, error) {
	for _, depth := range []string{"", "*/", "*/*/"} {
		for _, name := range []string{".vuepress", ".vitepress"} {
			found, err := fs.Glob(tree, depth+name)
			if err != nil {
				return nil, err
			}
			for _, name := range found {
				if isFolder(tree, name) && !strings.Contains(name, "node_modules/") {
					return newVuePress(tree, name)
				}
			}
		}
	}
	return nil, nil //nolint:nilnil // it is no site of VuePress
}

func newVuePress(tree fs.FS, config string) (source.Source, error) {
	v := &vuepress{config: config}
	v.Tree, v.Label, v.Author = tree, "VuePress", "library"
	if v.Content = path.Dir(config); v.Content == "." {
		v.Content = ""
	}
	v.public = path.Join(config, "public")
	names, err := scriptsIn(tree, config)
	if err != nil {
		return nil, err
	}
	files, missing := readScripts(tree, names)
	v.Extra = missing
	values := map[string]string{}
	if i := slices.IndexFunc(files, func(f scriptFile) bool {
		return strings.TrimSuffix(f.name, path.Ext(f.name)) == path.Join(config, "config")
	}); i >= 0 {
		values = scriptValues(files[i].Root)
	}
	if path.Base(config) == ".vitepress" {
		v.Content = srcDir(v.Content, values["srcDir"])
		v.Label, v.public = "VitePress", path.Join(v.Content, "public")
	}
	v.Roots = []string{v.public}
	if values["title"] != "" {
		v.Author = values["title"]
	}
	v.Site = source.Sites(slashed(values["base"]))
	v.readSettings(files)
	return v, nil
}

// Skip implements source.Source. Of the folder of settings, only the public files are read.
func (v *vuepress) Skip(name string, isFolder bool) string {
	switch {
	case isFolder && isAbove(name, v.public) && isBelow(name, v.config), isFolder && isBelow(name, v.public):
		return source.Assets
	case isBelow(name, v.config) && !isBelow(name, v.public):
		return source.Hidden
	}
	if reason := source.Unwanted(name, isFolder); reason != "" {
		return reason
	}
	if !isBelow(name, v.Content) && (!isFolder || !isAbove(name, v.Content)) {
		return source.Outside
	}
	return cmp.Or(plain(name, isFolder), v.skipDocument(name, isFolder))
}

// Names implements source.Source.
func (v *vuepress) Names(p source.Page) []string {
	return append(append([]string{"/" + without(v.Within(p.Path))}, addresses(p.Matter.Get("permalink"), "")...), addresses(p.Matter.Get("redirectfrom"), "")...)
}

// withBase matches what Vue puts around an address.
var withBase = regexp.MustCompile(`^\s*\$withBase\(\s*['"](.*)['"]\s*\)\s*$`)

// Foreign implements source.Source: outputs of Vue in addresses.
func (v *vuepress) Foreign() *regexp.Regexp { return liquid }

// Resolve implements source.Source. An alias such as @images is a folder of that name.
func (v *vuepress) Resolve(from source.Page, address string) source.Reference {
	if m := withBase.FindStringSubmatch(address); m != nil {
		address = m[1]
	}
	ref := v.ResolveNames(from, v.Names(from), aliased(address))
	if rest, ok := strings.CutPrefix(aliased(address), "/"); ok && rest != strings.TrimPrefix(address, "/") {
		ref.Candidates = append(ref.Candidates, path.Join(v.config, source.Clean(rest)), path.Join(v.public, source.Clean(rest)))
	}
	return ref
}

// aliased returns an address with an alias at its start, such as @/img/a.png, ~@img/a.png or @site/docs/a.md, as one from the root.
func aliased(address string) string {
	rest := strings.TrimPrefix(address, "~")
	if !strings.HasPrefix(rest, "@") {
		return address
	}
	rest = strings.TrimPrefix(rest, "@")
	for _, root := range []string{"site/", "source/", "public/", "/"} {
		if within, ok := strings.CutPrefix(rest, root); ok {
			return "/" + within
		}
	}
	return "/" + rest
}
