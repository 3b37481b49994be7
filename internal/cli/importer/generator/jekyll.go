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
	"docsquare/internal/text/plaintext"
)

// jekyll is a site of Jekyll, or of Hexo, whose posts are in the same folders. See https://jekyllrb.com/docs/structure/.
type jekyll struct {
	source.Folder
	restrictions
	permalink   string
	collections map[string]collection // by name, which is that of the folder without the underscore
	included    []*regexp.Regexp      // names that are read whatever they begin with
	defaults    []frontmatter.Value
	locked      []string // tags of posts that hexo-blog-encrypt protects by a password, as keys
}

// hexo is the label of a site of Hexo.
const hexo = "Hexo"

func (j *jekyll) isHexo() bool { return j.Label == hexo }

type collection struct {
	shown     bool // it has pages
	permalink string
}

func detectJekyll(tree fs.FS) (source.Source, error) {
	config := settings(tree, "_config.yml", "_config.yaml", "_config.toml")
	if config.file == "" {
		return nil, nil //nolint:nilnil // it is no site of Jekyll
	}
	j := &jekyll{collections: map[string]collection{}}
	j.Tree, j.Label = tree, "Jekyll"
	if j.Content = folder(config.Get("source", "source_dir").Text, ""); j.Content == "" && isFolder(tree, "source/_posts") {
		j.Label, j.Content = hexo, "source"
	}
	j.Site = source.Sites(strings.TrimSuffix(config.Get("url").Text, "/")+config.Get("baseurl").Text, slashed(config.Get("baseurl").Text), config.Get("url").Text)
	j.Author = authorOf(config.Value)
	j.permalink = pattern(config.Get("permalink").Text)
	j.readFilters(config)
	for name, c := range config.Get("collections").Map {
		shown, _ := c.Get("output").Bool()
		j.collections[name] = collection{shown, c.Get("permalink").Text}
	}
	for _, name := range config.Get("collections").List {
		j.collections[name.Text] = collection{}
	}
	j.defaults = slices.Clone(config.Get("defaults").List)
	slices.Reverse(j.defaults)
	slices.SortStableFunc(j.defaults, precedence)
	for _, tag := range config.Get("encrypt").Get("tags").List {
		j.locked = append(j.locked, plaintext.TagKey(tag.Get("name").Text))
	}
	return j, nil
}

func slashed(base string) string {
	if base = strings.Trim(base, "/"); base != "" {
		return "/" + base + "/"
	}
	return ""
}

// pattern returns the pattern of a name that Jekyll has for it.
func pattern(permalink string) string {
	switch permalink {
	case "", "date":
		return "/:categories/:year/:month/:day/:title.html"
	case "pretty":
		return "/:categories/:year/:month/:day/:title/"
	case "ordinal":
		return "/:categories/:year/:y_day/:title.html"
	case "none":
		return "/:categories/:title.html"
	}
	return permalink
}

// left are pages that Jekyll never makes of files without front matter, by their names in lower case.
var left = []string{"readme", "license", "licence", "copying", "code_of_conduct", "contributing", "issue_template", "pull_request_template", "changelog"}

// Skip implements source.Source: folders whose names begin with an underscore have no pages, except posts, drafts and collections.
func (j *jekyll) Skip(name string, isFolder bool) string {
	if reason := source.Unwanted(name, isFolder); reason != "" {
		return reason
	}
	if j.Content != "" && !isBelow(name, j.Content) {
		if isFolder && isAbove(name, j.Content) {
			return ""
		}
		return source.Outside
	}
	within, base := j.Within(name), path.Base(name)
	if reason := j.filtered(name, isFolder); reason != "" {
		return reason
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	if !isFolder && !strings.Contains(within, "/") && slices.Contains(left, strings.ToLower(stem)) && j.withoutMatter(name) {
		return "it is about the files of the site"
	}
	return plain(name, isFolder)
}

// withoutMatter reports whether a file has no front matter.
func (j *jekyll) withoutMatter(name string) bool {
	text, ok := readText(j.Tree, name)
	return ok && !strings.HasPrefix(text, "---")
}

// folderOf returns the folder with an underscore that a document is in, and the folders above it.
func (j *jekyll) folderOf(p string) (name string, above []string, below string) {
	folders := strings.Split(path.Dir(j.Within(p)), "/")
	for i, f := range folders {
		if strings.HasPrefix(f, "_") {
			return f, folders[:i], path.Join(folders[i+1:]...)
		}
	}
	return "", nil, ""
}

// Home implements source.Source: folders above posts are categories.
func (j *jekyll) Home(name string) (author, category string) {
	under, above, _ := j.folderOf(name)
	switch {
	case len(above) > 0:
		category = above[0]
	case under != "" && under != "_posts" && under != "_drafts":
		category = strings.TrimPrefix(under, "_")
	}
	return j.Author, category
}

// Hidden implements source.Source.
func (j *jekyll) Hidden(p source.Page) string {
	under, _, _ := j.folderOf(p.Path)
	if c, ok := j.collections[strings.TrimPrefix(under, "_")]; ok && under != "" && under != "_posts" && under != "_drafts" && !c.shown {
		return "the settings of the site make no pages of its collection"
	}
	if slices.ContainsFunc(p.Matter.Get("tags", "tag").Texts("name"), func(tag string) bool { return slices.Contains(j.locked, plaintext.TagKey(tag)) }) {
		return lockedBySettings
	}
	if !j.isHexo() && under == "_posts" && !datedStem.MatchString(p.Stem()) {
		return "Jekyll makes no page of a post without a date in its name"
	}
	return j.private.reason(p)
}

// Defaults implements source.Source. Of two scopes the one with the longer path goes first, else the one with a type, else the later one.
func (j *jekyll) Defaults(name string) (v frontmatter.Value) {
	for _, d := range j.defaults {
		if j.isIn(name, d.Get("scope")) {
			v = v.Or(d.Get("values"))
		}
	}
	return v
}

// precedence orders defaults for Defaults.
func precedence(a, b frontmatter.Value) int {
	a, b = a.Get("scope"), b.Get("scope")
	return cmp.Or(cmp.Compare(len(b.Get("path").Text), len(a.Get("path").Text)), cmp.Compare(min(len(b.Get("type").Text), 1), min(len(a.Get("type").Text), 1)))
}

// isIn reports whether a document is in the scope of defaults. A pattern may match the document, or a folder that it is in.
func (j *jekyll) isIn(name string, scope frontmatter.Value) bool {
	under, _, _ := j.folderOf(name)
	kind := cmp.Or(strings.TrimPrefix(under, "_"), "pages")
	if wanted := scope.Get("type").Text; wanted != "" && wanted != kind && (wanted+"s" != kind || !slices.Contains([]string{"page", "post", "draft"}, wanted)) {
		return false
	}
	within, where := j.Within(name), strings.Trim(path.Clean("/"+scope.Get("path").Text), "/")
	if !strings.Contains(where, "*") {
		return isBelow(within, where)
	}
	pattern := glob(where)
	for ; within != "."; within = path.Dir(within) {
		if pattern.MatchString(within) {
			return true
		}
	}
	return false
}

var datedStem = regexp.MustCompile(`^(\d{2,4}-\d{1,2}-\d{1,2})-(.+)$`)

// Names implements source.Source: the addresses of the page, and the name of a post as post_url has it.
func (j *jekyll) Names(p source.Page) (names []string) {
	under, above, below := j.folderOf(p.Path)
	within := without(j.Within(p.Path))
	title, stem := p.Stem(), p.Stem()
	if m := datedStem.FindStringSubmatch(stem); m != nil {
		title = m[2]
	}
	if slug := p.Matter.Get("slug").Text; slug != "" {
		title = slug
	}
	own := p.Matter.Get("permalink").Text
	use := pattern(own)
	if own == "" {
		use = j.permalink
	}
	switch c := j.collections[strings.TrimPrefix(under, "_")]; {
	case under == "_posts" || under == "_drafts":
		names = append(names, permalink(use, p, append(above, categories(p)...), title), permalink(use, p, above, title), "post:"+path.Join(below, stem), "post:"+stem)
	case under != "":
		names = append(names, path.Join("/", strings.TrimPrefix(under, "_"), without(path.Join(below, path.Base(p.Path)))))
		if c.permalink != "" {
			names = append(names, permalink(c.permalink, p, []string{strings.TrimPrefix(under, "_")}, title))
		}
	default:
		names = append(names, "/"+within)
	}
	if own != "" {
		names = append(names, permalink(own, p, above, title))
	}
	return append(names, addresses(p.Matter.Get("redirect_from"), "")...)
}

// categories returns the categories of a post as its address has them.
func categories(p source.Page) (all []string) {
	for _, text := range append(p.Matter.Get("category").Texts(), p.Matter.Get("categories").Texts()...) {
		for name := range strings.FieldsSeq(text) {
			all = append(all, strings.ToLower(name))
		}
	}
	return all
}

// liquid matches tags and outputs of Liquid.
var liquid = regexp.MustCompile(`\{%-?.*?-?%\}|\{\{-?.*?-?\}\}`)

// Text implements source.Source.
func (j *jekyll) Text(_, text string) string {
	if j.isHexo() {
		text = comment.Remove(text, comment.Nunjucks)
	} else {
		text = comment.Remove(comment.RemoveLiquid(text), comment.Kramdown)
	}
	return fenced(text, jekyllHighlight, jekyllHighlightEnd)
}

var (
	jekyllHighlight    = regexp.MustCompile(`^\{%-?\s*highlight\s+([\w+#-]*).*%\}$`)
	jekyllHighlightEnd = regexp.MustCompile(`^\{%-?\s*endhighlight\s*-?%\}$`)
)

// Foreign implements source.Source.
func (j *jekyll) Foreign() *regexp.Regexp { return liquid }

// Resolve implements source.Source.
func (j *jekyll) Resolve(from source.Page, address string) source.Reference {
	text, post, link := j.expand(address)
	base, fragment, _ := strings.Cut(text, "#")
	switch {
	case post != "":
		return source.Reference{Candidates: []string{"post:" + post}, Fragment: fragment}
	case link != "":
		return source.Reference{Candidates: []string{path.Join(j.Content, link)}, Fragment: fragment}
	case strings.Contains(base, "{{") || strings.Contains(base, "{%"):
		return source.Reference{Candidates: []string{base}}
	}
	return j.ResolveNames(from, j.Names(from), text)
}

var (
	liquidTag    = regexp.MustCompile(`^\{%-?\s*(post_url|link)\s+(.+?)\s*-?%\}$`)
	liquidOutput = regexp.MustCompile(`^\{\{-?\s*(?:site\.(?:baseurl|url)|["']([^"']*)["']\s*\|.*(?:relative_url|absolute_url|prepend|url_for).*)\s*-?\}\}$`)
)

// expand returns an address with its tags and outputs filled in, and the post or file that a tag in it names.
func (j *jekyll) expand(address string) (text, post, link string) {
	text = liquid.ReplaceAllStringFunc(address, func(part string) string {
		if m := liquidTag.FindStringSubmatch(part); m != nil {
			if name := strings.Trim(m[2], `"'`); m[1] == "link" {
				link = strings.TrimPrefix(name, "/")
			} else {
				post = strings.TrimPrefix(name, "/")
			}
			return ""
		}
		if m := liquidOutput.FindStringSubmatch(part); m != nil {
			return m[1]
		}
		return part
	})
	return text, post, link
}
