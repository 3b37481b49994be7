package generator

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/comment"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

// hugo is a site of Hugo. See https://gohugo.io/content-management/.
type hugo struct {
	source.Folder
	restrictions
	contents   []string            // folders of documents, one for each language
	languages  map[string][]string // folders of documents by the language that they are in
	permalinks map[string]string
	cascades   []cascade         // those of the deepest folders first
	pages      map[string]string // files of pages that have a folder, by the folder
}

// detectHugo finds the settings of Hugo. A file config.toml alone is none: other programs have one too.
func detectHugo(tree fs.FS) (source.Source, error) {
	config := settings(tree, "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml", "config/_default/config.yaml")
	if config.file == "" {
		config = settings(tree, "config.toml", "config.yaml", "config.yml", "config.json")
		if config.file == "" || !isFolder(tree, folder(config.Get("contentdir").Text, "content")) {
			return nil, nil //nolint:nilnil // it is no site of Hugo
		}
	}
	h := &hugo{languages: map[string][]string{}, permalinks: map[string]string{}, pages: map[string]string{}}
	h.Tree, h.Label = tree, "Hugo"
	h.Content = folder(config.Get("contentdir").Text, "content")
	h.contents = []string{h.Content}
	h.readMounts(config)
	h.readLanguages(config)
	h.Roots = append([]string{"assets"}, h.contents[1:]...)
	for _, static := range append(config.Get("staticdir").Texts(), "static") {
		h.Roots = append(h.Roots, folder(static, "static"))
	}
	h.Site = source.Sites(config.Get("baseurl").Text)
	h.Author = authorOf(config.Value)
	h.readPermalinks(config.Get("permalinks"))
	h.readIgnored(config)
	return h, h.readFolders(config)
}

// authorOf returns who writes a site by its settings: the author, else the title of the site.
func authorOf(config frontmatter.Value) string {
	params := config.Get("params").Lower()
	for _, v := range []frontmatter.Value{config.Get("author"), params.Get("author"), config.Get("title")} {
		if names := v.Texts("name"); len(names) > 0 {
			return names[0]
		}
	}
	return "library"
}

func (h *hugo) readPermalinks(v frontmatter.Value) {
	if pages := v.Get("page"); pages.Map != nil {
		v = pages
	}
	for section, pattern := range v.Map {
		h.permalinks[section] = pattern.Text
	}
}

// unbuilt returns why Hugo makes no page of a document.
func unbuilt(v frontmatter.Value) string {
	build := v.Get("build", "_build").Lower()
	if render := strings.ToLower(build.Get("render").Text); render == "never" || render == "false" || render == "link" {
		return "its front matter makes no page of it"
	}
	if list := strings.ToLower(build.Get("list").Text); list == "never" || list == "false" {
		return "its front matter does not list it"
	}
	if headless, ok := v.Get("headless").Bool(); ok && headless {
		return "its front matter makes no page of it"
	}
	return ""
}

// Skip implements source.Source: only the content has documents.
func (h *hugo) Skip(name string, isFolder bool) string {
	if reason := source.Unwanted(name, isFolder); reason != "" {
		return reason
	}
	for _, content := range h.contents {
		if isBelow(name, content) || isFolder && isAbove(name, content) {
			return cmp.Or(h.skip(name, isFolder), plain(name, isFolder))
		}
	}
	for _, root := range h.Roots {
		if isBelow(name, root) || isFolder && isAbove(name, root) {
			return source.Assets
		}
	}
	return source.Outside
}

// Hidden implements source.Source. What is in the folder of a page, or below it, is a part of the page.
func (h *hugo) Hidden(p source.Page) string {
	for dir := p.Dir(); dir != "."; dir = path.Dir(dir) {
		if page := h.pages[dir]; page != "" && (dir != p.Dir() || !isPage.MatchString(path.Base(p.Path))) {
			return "it is a part of the page " + page
		}
	}
	return cmp.Or(unbuilt(p.Matter), h.private.reason(p))
}

// Home implements source.Source: the category is the section.
func (h *hugo) Home(name string) (author, category string) {
	section, _, ok := strings.Cut(h.within(name), "/")
	if !ok {
		section = ""
	}
	return h.Author, section
}

func (h *hugo) within(name string) string {
	for _, content := range slices.Backward(h.contents) {
		if within, ok := strings.CutPrefix(name, content+"/"); ok {
			return within
		}
	}
	return name
}

var languageSuffix = regexp.MustCompile(`\.([a-z]{2,3}(-[A-Za-z]{2,4})?)$`)

// place returns the address of a page without the slash before it, and the language that its name ends with.
func (h *hugo) place(name string) (place, language string) {
	place = without(h.within(name))
	if m := languageSuffix.FindStringSubmatchIndex(place); m != nil {
		return without(place[:m[0]] + ".md"), place[m[2]:m[3]]
	}
	return place, ""
}

// Names implements source.Source: the addresses of the page, and the name of its file.
func (h *hugo) Names(p source.Page) (names []string) {
	if !h.isContent(p.Path) {
		return nil
	}
	within := h.within(p.Path)
	place, language := h.place(p.Path)
	dir := path.Dir(place)
	names = append(names, "/"+place, within, path.Base(place))
	if slug := p.Matter.Get("slug").Text; slug != "" {
		names = append(names, path.Join("/", dir, slug))
	}
	names = append(names, addresses(p.Matter.Get("url"), "")...)
	names = append(names, addresses(p.Matter.Get("aliases"), dir)...)
	section, _, _ := strings.Cut(within, "/")
	if pattern := h.permalinks[section]; pattern != "" {
		page := p
		page.Path = place
		title := path.Base(place)
		if slug := p.Matter.Get("slug").Text; slug != "" {
			title = slug
		} else if strings.Contains(pattern, ":title") {
			title = Slug(p.Title)
		}
		names = append(names, permalink(pattern, page, strings.Split(dir, "/"), title))
	}
	if language != "" {
		for _, name := range slices.Clone(names) {
			if strings.HasPrefix(name, "/") {
				names = append(names, "/"+language+name)
			}
		}
	}
	return names
}

func (h *hugo) isContent(name string) bool {
	return slices.ContainsFunc(h.contents, func(content string) bool { return isBelow(name, content) })
}

// Slug returns a title as generators write it in addresses: letters and digits of any script in lower case, with hyphens between words.
func Slug(title string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !isLetter(r)
	}), "-"), "-")
}

// shortcode matches the shortcodes that name other pages, and images.
var shortcode = regexp.MustCompile(`\{\{[<%]\s*(?:ref|relref|figure|link)\s.*?[%>]\}\}|\{\{[<%].*?[%>]\}\}`)

// Text implements source.Source.
func (h *hugo) Text(_, text string) string {
	return fenced(comment.RemoveShortcodes(text), hugoHighlight, hugoHighlightEnd)
}

var (
	hugoHighlight    = regexp.MustCompile(`^\{\{[<%]\s*highlight\s+["']?([\w+#-]*)["']?.*[%>]\}\}$`)
	hugoHighlightEnd = regexp.MustCompile(`^\{\{[<%]\s*/\s*highlight\s*[%>]\}\}$`)
)

// Foreign implements source.Source.
func (h *hugo) Foreign() *regexp.Regexp { return shortcode }

// Resolve implements source.Source.
func (h *hugo) Resolve(from source.Page, address string) source.Reference {
	name, arguments := shortcodeOf(address)
	switch name {
	case "":
		return h.ResolveNames(from, h.Names(from), address)
	case "ref", "relref":
		return h.ref(from, arguments.first("path"))
	}
	return source.Reference{}
}

// ref resolves the argument of ref: a path from the root of the content or from the page, or the name of a file anywhere.
func (h *hugo) ref(from source.Page, text string) source.Reference {
	name, fragment, _ := strings.Cut(text, "#")
	if name == "" {
		return source.Reference{Candidates: []string{from.Path}, Fragment: fragment}
	}
	name = source.Clean(name)
	ref := h.ResolveNames(from, h.Names(from), name)
	ref.Fragment = fragment
	ref.Candidates = append(ref.Candidates, strings.TrimPrefix(name, "/"), strings.TrimSuffix(path.Base(name), path.Ext(name)))
	return ref
}

// Token implements source.Source: figures are images.
func (h *hugo) Token(text string) (source.Token, bool) {
	name, arguments := shortcodeOf(text)
	if src := arguments.named["src"]; name == "figure" && src != "" {
		caption := arguments.named["caption"]
		alt := arguments.named["alt"]
		if alt == "" {
			alt = caption
		}
		return source.Token{Address: src, Text: alt, Title: arguments.named["title"], Embed: true}, true
	}
	return source.Token{}, false
}
