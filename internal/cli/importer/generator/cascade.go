package generator

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"

	"docsquare/internal/text/frontmatter"
)

// cascade is front matter that Hugo passes down to the pages of a folder. See https://gohugo.io/content-management/front-matter/#cascade.
type cascade struct {
	dir            string // empty: the site
	language       string // of the page that has it; empty: of no certain one
	values, target frontmatter.Value
}

// sectionPage matches the names of pages of sections, such as _index.zh.md; isPage those of other pages that have a folder.
var (
	sectionPage = regexp.MustCompile(`^_index(?:\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?))?\.\w+$`)
	isPage      = regexp.MustCompile(`^index(\.[a-z]{2,3}(-[A-Za-z]{2,4})?)?\.(md|markdown|mdx|html|adoc|org|rst)$`)
)

// readFolders finds what the settings of the site and the pages of sections pass down, and the pages that have a folder.
func (h *hugo) readFolders(config siteSettings) error {
	for _, content := range h.contents {
		err := fs.WalkDir(h.Tree, content, func(name string, d fs.DirEntry, err error) error {
			if isPage.MatchString(path.Base(name)) && !slices.Contains(h.contents, path.Dir(name)) {
				h.pages[path.Dir(name)] = name
			}
			m := sectionPage.FindStringSubmatch(path.Base(name))
			if err != nil || d.IsDir() || m == nil {
				return nil //nolint:nilerr // the import reports what cannot be read
			}
			text, _ := readText(h.Tree, name)
			block, _, _ := frontmatter.Split(text) // the import reports what is wrong with it
			values, _ := block.Values()
			h.addCascades(path.Dir(name), m[1], values.Get("cascade"))
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(h.cascades, func(a, b cascade) int { return cmp.Compare(len(b.dir), len(a.dir)) })
	for _, values := range h.valuesOf(config, "cascade") {
		h.addCascades("", "", values)
	}
	return nil
}

// addCascades adds a cascade, or a list of them.
func (h *hugo) addCascades(dir, language string, v frontmatter.Value) {
	for _, one := range append(v.List, v) {
		if one = one.Lower(); len(one.Map) > 0 {
			h.cascades = append(h.cascades, cascade{dir, language, one, one.Get("target", "_target").Lower()})
		}
	}
}

// Defaults implements source.Source: the nearest cascade goes before those above it, and the first of a list before the others.
func (h *hugo) Defaults(name string) (v frontmatter.Value) {
	place, language := h.place(name)
	for _, c := range h.cascades {
		if isBelow(name, c.dir) && (c.language == "" || language == "" || c.language == language) && isTarget(c.target, name, "/"+place, language) {
			v = v.Or(c.values)
		}
	}
	return v
}

// isTarget reports whether a cascade is for a page. A language and an environment that are not certain are taken for those of the target.
func isTarget(target frontmatter.Value, name, place, language string) bool {
	kind := "page"
	if sectionPage.MatchString(path.Base(name)) {
		kind = "section"
		if place == "/" {
			kind = "home"
		}
	}
	for key, text := range map[string]string{"path": place, "kind": kind, "lang": language, "environment": "production"} {
		if pattern := target.Get(key).Text; pattern != "" && text != "" && !glob(pattern).MatchString(text) {
			return false
		}
	}
	return true
}
