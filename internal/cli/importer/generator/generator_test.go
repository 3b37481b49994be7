package generator

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"docsquare/internal/cli/importer/script"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

func tree(entries ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i < len(entries); i += 2 {
		files[entries[i]] = &fstest.MapFile{Data: []byte(entries[i+1])}
	}
	return files
}

func detected(t *testing.T, files fs.FS) source.Source {
	t.Helper()
	s, err := Detect(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDetect(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"hugo.toml":               {tree("hugo.toml", "title = 'x'"), "Hugo"},
		"hugo in a folder":        {tree("config/_default/hugo.yaml", "title: x"), "Hugo"},
		"config.toml of Hugo":     {tree("config.toml", "", "content/a.md", "x"), "Hugo"},
		"config.toml of others":   {tree("config.toml", "", "docs/a.md", "x"), ""},
		"Jekyll":                  {tree("_config.yml", "title: x"), "Jekyll"},
		"Hexo":                    {tree("_config.yml", "title: x", "source/_posts/a.md", "x"), "Hexo"},
		"VuePress in docs":        {tree("docs/.vuepress/config.js", ""), "VuePress"},
		"VuePress without config": {tree(".vuepress/styles/a.css", ""), "VuePress"},
		"VitePress":               {tree("packages/docs/.vitepress/config.mts", ""), "VitePress"},
		"Docusaurus":              {tree("docusaurus.config.ts", ""), "Docusaurus"},
		"in node_modules":         {tree("node_modules/x/.vuepress/a", ""), ""},
		"a plain folder":          {tree("a.md", "x", "content/b.md", "x"), ""},
		"a file as .vuepress":     {tree("docs/.vuepress", "x"), ""},
		"broken settings":         {tree("hugo.toml", "title = = x", "content/a.md", ""), "Hugo"},
	} {
		got := ""
		if s := detected(t, c.files); s != nil {
			got = s.Name()
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", name, got, c.want)
		}
	}
}

// TestSkip lists what has documents (empty), other files (assets), or is left out.
func TestSkip(t *testing.T) {
	for _, c := range []struct {
		files fstest.MapFS
		want  map[string]string // by path; a folder ends with a slash
	}{
		{tree("hugo.toml", "contentDir = 'src/content'\nstaticDir = ['public']\n[languages.zh]\ncontentDir = 'src/zh'"), map[string]string{
			"src/": "", "src/content/a.md": "", "src/zh/a.md": "", "src/other/": source.Outside, "public/": source.Assets, "content/": source.Outside, "src/content/a.txt": source.Assets, ".git/": source.Hidden,
		}},
		{tree("_config.yml", "source: src\nexclude: [tmp, a/b.md]\ncollections: [notes]"), map[string]string{
			"src/": "", "src/_posts/": "", "src/_notes/": "", "src/_layouts/": source.Outside, "docs/": source.Outside, "src/tmp/": "the settings of the site exclude it", "src/a/b.md": "the settings of the site exclude it",
			"src/robots.txt": source.Assets, "src/a.png": "", "src/node_modules/": source.Foreign,
		}},
		{tree("docs/.vuepress/config.js", ""), map[string]string{
			"docs/": "", "docs/a.md": "", "docs/.vuepress/": source.Assets, "docs/.vuepress/public/": source.Assets, "docs/.vuepress/public/a.png": "", "docs/.vuepress/theme/": source.Hidden, "docs/.vuepress/a.md": source.Hidden, "src/": source.Outside,
		}},
		{tree("docusaurus.config.js", ""), map[string]string{
			"docs/": "", "docs/_a.mdx": "it is a part of other pages", "docs/_img/": source.Assets, "blog/": "", "src/": "", "src/pages/": "", "src/components/": source.Outside, "static/": source.Assets, "i18n/": "it holds translations: import the folder of one language as a plain folder",
		}},
	} {
		s := detected(t, c.files)
		for name, want := range c.want {
			if got := s.Skip(strings.TrimSuffix(name, "/"), strings.HasSuffix(name, "/")); got != want {
				t.Errorf("%s, %s: %q, want %q", s.Name(), name, got, want)
			}
		}
	}
}

// page returns a page with front matter.
func page(t *testing.T, name, title, matter string) source.Page {
	t.Helper()
	values, err := frontmatter.Decode(".yaml", matter)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := frontmatter.Time(values.Get("date").Text)
	return source.Page{Path: name, Title: title, Date: at, Matter: values}
}

// TestNames lists addresses by which pages must be found.
func TestNames(t *testing.T) {
	hugo := detected(t, tree("hugo.yaml", "permalinks:\n  page:\n    posts: /:year/:slug/\n    news: /:section/:title/", "content/a.md", ""))
	jekyll := detected(t, tree("_config.yml", "permalink: pretty\ncollections:\n  notes: {output: true, permalink: '/n/:path/'}"))
	old := detected(t, tree("_config.yml", ""))
	kite := detected(t, tree("docusaurus.config.js", "  routeBasePath: '/',\n"))
	for _, c := range []struct {
		source source.Source
		page   source.Page
		names  []string
	}{
		{hugo, page(t, "content/posts/My Post.md", "x", "{date: 2024-05-06, slug: mine, aliases: [/old/, other]}"), []string{"/posts/My Post/", "/2024/mine/", "/posts/mine", "/old/", "/posts/other"}},
		{hugo, page(t, "content/news/a/index.zh-cn.md", "缓存 一", ""), []string{"/news/a/", "/zh-cn/news/a/", "/news/缓存-一/"}},
		{hugo, page(t, "content/_index.md", "x", ""), []string{"/"}},
		{hugo, page(t, "content/about.md", "x", "url: /who.html"), []string{"/about/", "/who/"}},
		{jekyll, page(t, "_posts/2024-05-06-a-b.md", "x", "{date: 2024-05-06, categories: [X Y]}"), []string{"/x/y/2024/05/06/a-b/", "post:2024-05-06-a-b"}},
		{jekyll, page(t, "travel/_posts/sub/2024-05-06-a.md", "x", "{date: 2024-05-06}"), []string{"/travel/2024/05/06/a/", "post:sub/2024-05-06-a", "post:2024-05-06-a"}},
		{jekyll, page(t, "_notes/deep/a.md", "x", ""), []string{"/notes/deep/a/"}},
		{jekyll, page(t, "about/index.md", "x", "permalink: /who/"), []string{"/about/", "/who/"}},
		{old, page(t, "_posts/2024-05-06-a.md", "x", "date: 2024-05-06"), []string{"/2024/05/06/a.html"}},
		{kite, page(t, "docs/02-guide/01-start.md", "x", ""), []string{"/guide/start"}},
		{kite, page(t, "docs/guide/guide.md", "x", ""), []string{"/guide"}},
		{kite, page(t, "docs/a/b.md", "x", "{id: c, slug: d}"), []string{"/a/c", "/a/d"}},
		{kite, page(t, "blog/2024-05-06-x/index.md", "x", ""), []string{"/blog/2024/05/06/x"}},
	} {
		var got []string
		for _, name := range c.source.Names(c.page) {
			got = append(got, source.Key(name))
		}
		for _, name := range c.names {
			if !slices.Contains(got, source.Key(name)) {
				t.Errorf("%s: %q is not among %q", c.page.Path, name, got)
			}
		}
	}
}

// TestResolve lists addresses with what must be among their candidates, and their fragments.
func TestResolve(t *testing.T) {
	hugo := detected(t, tree("hugo.toml", "baseURL = 'https://x.example/sub/'", "content/a.md", ""))
	jekyll := detected(t, tree("_config.yml", "baseurl: /blog\nurl: https://x.example"))
	vue := detected(t, tree("docs/.vuepress/config.js", "  base: '/b/',\n"))
	kite := detected(t, tree("docusaurus.config.js", ""))
	for _, c := range []struct {
		source              source.Source
		from, address       string
		candidate, fragment string
	}{
		{hugo, "content/posts/a.md", `{{< ref "b.md#c d" >}}`, "content/posts/b.md", "c d"},
		{hugo, "content/posts/a.md", `{{% relref "/about.md" %}}`, "content/about.md", ""},
		{hugo, "content/posts/a.md", `{{< relref path="b" lang="zh" >}}`, "b", ""},
		{hugo, "content/posts/a.md", `{{< ref "#here" >}}`, "content/posts/a.md", "here"},
		{hugo, "content/posts/a.md", `{{<ref b.md>}}`, "content/posts/b.md", ""},
		{hugo, "content/posts/a.md", "../b/#x", "/posts/b", "x"},
		{hugo, "content/posts/a.md", "https://x.example/sub/posts/b/", "/posts/b/", ""},
		{hugo, "content/posts/a.md", "/img/a.png", "static/img/a.png", ""},
		{jekyll, "_posts/2024-01-01-a.md", "{% post_url 2024-05-06-b %}#c", "post:2024-05-06-b", "c"},
		{jekyll, "_posts/2024-01-01-a.md", "{{ site.baseurl }}{% post_url sub/2024-05-06-b %}", "post:sub/2024-05-06-b", ""},
		{jekyll, "_posts/2024-01-01-a.md", "{{site.url}}{{site.baseurl}}{%- link _notes/a.md -%}", "_notes/a.md", ""},
		{jekyll, "_posts/2024-01-01-a.md", "{{ '/a.png' | relative_url }}", "a.png", ""},
		{jekyll, "_posts/2024-01-01-a.md", "{{ site.baseurl }}/a/", "/a/", ""},
		{jekyll, "_posts/2024-01-01-a.md", "/blog/a/", "/a/", ""},
		{vue, "docs/a/b.md", "@img/图.png", "docs/.vuepress/img/图.png", ""},
		{vue, "docs/a/b.md", "~@/img/a.png", "docs/img/a.png", ""},
		{vue, "docs/a/b.md", "$withBase('/a.png')", "docs/.vuepress/public/a.png", ""},
		{vue, "docs/a/b.md", "/b/c/d.html#%E4%B8%80", "docs/c/d.html", "%E4%B8%80"},
		{kite, "docs/a.md", "@site/docs/b.md#c", "docs/b.md", "c"},
		{kite, "docs/a.md", "pathname:///a.pdf", "static/a.pdf", ""},
	} {
		got := c.source.Resolve(source.Page{Path: c.from}, c.address)
		if !slices.Contains(got.Candidates, c.candidate) || got.Fragment != c.fragment {
			t.Errorf("%s: %+v, want %s#%s", c.address, got, c.candidate, c.fragment)
		}
	}
	for _, address := range []string{"https://y.example/a", "#a", `{{< youtube x >}}`, "mailto:a@b.example"} {
		if got := hugo.Resolve(source.Page{Path: "content/a.md"}, address); got.Candidates != nil {
			t.Errorf("%s: %+v", address, got)
		}
	}
}

func TestToken(t *testing.T) {
	hugo := detected(t, tree("hugo.toml", ""))
	for text, want := range map[string]source.Token{
		`{{< figure src="a.png" >}}`:                               {Address: "a.png", Embed: true},
		`{{< figure src="a b.png" title="T" caption="C \"x\"" >}}`: {Address: "a b.png", Text: `C "x"`, Title: "T", Embed: true},
		`{{% figure alt='A' src='/图.png' caption='C' /%}}`:         {Address: "/图.png", Text: "A", Embed: true},
	} {
		if got, ok := hugo.Token(text); !ok || got != want {
			t.Errorf("%s: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{`{{< youtube x >}}`, `{{< figure >}}`, `{{< ref "a" >}}`} {
		if got, ok := hugo.Token(text); ok {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// TestFenced turns highlighted code into code of Markdown, and nothing else.
func TestFenced(t *testing.T) {
	jekyll, hugo := detected(t, tree("_config.yml", "")), detected(t, tree("hugo.toml", ""))
	for _, c := range []struct {
		source     source.Source
		text, want string
	}{
		{jekyll, "a\n{% highlight go linenos %}\nx\n{% endhighlight %}\nb", "a\n````go\nx\n````\nb"},
		{jekyll, "{%- highlight c++ -%}\n```\nx\n```\n{%- endhighlight -%}\n", "````c++\n```\nx\n```\n````\n"},
		{jekyll, "```\n{% highlight go %}\n{% endhighlight %}\n```\n", "```\n{% highlight go %}\n{% endhighlight %}\n```\n"},
		{jekyll, "{% highlight go %}\nwithout an end", "{% highlight go %}\nwithout an end"},
		{hugo, "{{< highlight js \"linenos=table\" >}}\nx\n{{< /highlight >}}\n", "````js\nx\n````\n"},
		{hugo, "{{% highlight \"go\" %}}\nx\n{{% / highlight %}}\n", "````go\nx\n````\n"},
	} {
		if got := c.source.Text("a.md", c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestComments leaves out what each generator does not publish, and keeps what it publishes.
func TestComments(t *testing.T) {
	text := "{% comment %}1{% endcomment %}{::comment}2{:/}{/* 3 */}{# 4 #}%%5%%{{% comment %}}6{{% /comment %}}"
	for name, c := range map[string]struct {
		source source.Source
		want   string // the digits that are kept
	}{
		"Jekyll":     {detected(t, tree("_config.yml", "")), "345"}, // the last one is a tag of Liquid too
		"Hexo":       {detected(t, tree("_config.yml", "", "source/_posts/a.md", "x")), "12356"},
		"Hugo":       {detected(t, tree("hugo.toml", "")), "12345"},
		"Docusaurus": {detected(t, tree("docusaurus.config.js", "")), "12456"},
		"VuePress":   {detected(t, tree(".vuepress/config.js", "")), "123456"},
	} {
		got := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, c.source.Text("a.md", text))
		if got != c.want {
			t.Errorf("%s keeps %s, want %s", name, got, c.want)
		}
	}
}

func TestPermalink(t *testing.T) {
	p := source.Page{Path: "_posts/2024-05-06-x.md", Date: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)}
	for pattern, want := range map[string]string{
		"/:year/:month/:day/:title.html": "/2024/05/06/t.html", "/:categories/:title/": "/a/b/t", "/:i_month-:i_day/:short_year": "/5-6/24", "/:y_day/:title:output_ext": "/127/t.html",
		"/:section/:filename": "/a/2024-05-06-x", "/:unknown/": "/:unknown", "relative/:slug": "/relative/t",
	} {
		if got := permalink(pattern, p, []string{"a", "b"}, "t"); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
}

// TestScriptValues has settings on one line and on many. Keys of objects within are not those of the site on the line of another.
func TestScriptValues(t *testing.T) {
	for text, want := range map[string]string{
		"module.exports = { title: '缓存手册', base: '/b/' }":                             "缓存手册",
		"export default { title: \"Manual\" }":                                        "Manual",
		"export default defineConfig({ title: `手册` })":                                "手册",
		"exports={'title':'x'}":                                                       "x",
		"module.exports = {\n  lang: 'zh-CN',\n  title: '手册',\n}":                     "手册",
		"module.exports = {\n  nav: [{ text: 'a', title: 'inner' }],\n  title: 'x' }": "x",
		"module.exports = { nav: [{ title: 'inner' }] }":                              "",
	} {
		if got := scriptValues(script.Parse(text).Root)["title"]; got != want {
			t.Errorf("%s: title %q, want %q", text, got, want)
		}
	}
}
