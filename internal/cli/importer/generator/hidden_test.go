package generator

import (
	"testing"

	"docsquare/ent/document"
	"docsquare/internal/cli/importer/source"
)

// settingsOfJekyll have defaults in an order that is not the one of their precedence.
const settingsOfJekyll = `collections: {a: {output: true}, b: {output: false}, c: }
defaults:
- scope: {path: secret/plans}
  values: {published: false}
- scope: {path: '', type: draft}
  values: {published: false}
- scope: {path: '', type: post}
  values: {author: Ann, category: News}
- scope: {path: notes, type: page}
  values: {published: false}
- scope: {path: x}
  values: {published: false}
- scope: {path: x/open}
  values: {published: true}
- {scope: {path: 'y/*.md'}, values: {published: false}}
- {scope: {path: '*/日记'}, values: {published: false}}
- {scope: {path: /with/slashes/}, values: {published: 'false'}}
- {scope: {path: locked}, values: {password: abc}}
- {scope: {path: 草稿}, values: {draft: true}}
- {scope: {path: later}, values: {date: 2999-01-01}}
- {scope: {path: shy}, values: {hidden: true}}
- scope: {path: ''}
  values: {published: true}
- values: {lang: zh}
`

const settingsOfHugo = `
[[cascade]]
draft = true
target.path = "/early/**"
[[cascade]]
draft = true
[cascade._target]
path = "{/计划,/计划/**}"
[[cascade]]
draft = true
target = {kind = "section"}
[[cascade]]
draft = true
target = {environment = "development"}
`

// TestHidden lists documents by their paths and front matter with what they become.
func TestHidden(t *testing.T) {
	const public, unlisted, private = document.VisibilityPublic, document.VisibilityUnlisted, document.VisibilityPrivate
	jekyll := detected(t, tree("_config.yml", settingsOfJekyll))
	hexo := detected(t, tree("_config.yml", "encrypt:\n  tags:\n  - {name: diary, password: a}\n  - {name: 日记, password: b}\n", "source/_posts/1.md", ""))
	hugo := detected(t, tree("hugo.toml", settingsOfHugo,
		"content/s/_index.md", "---\ncascade:\n- _build: {render: never}\n---",
		"content/t/_index.md", "+++\n[[cascade]]\ndraft = true\n+++\n",
		"content/t/open/_index.md", "---\ncascade: {draft: false}\n---\n",
		"content/zh/_index.zh-cn.md", "---\ncascade: {draft: true}\n---\n",
		"content/locked/_index.md", "---\ncascade: {params: {password: x}}\n---\n",
		"content/over/_index.md", "---\ncascade: {ExpiryDate: 2020-01-01}\n---\n",
		"content/later/_index.md", "---\ncascade: {publishDate: 2999-01-01}\n---\n",
		"content/some/_index.md", "---\ncascade:\n- {_target: {path: '/some/a*'}, draft: true}\n- {_target: {path: '/some/**'}, unlisted: true}\n---\n",
		"content/page/index.zh.md", "---\ndraft: true\n---\n",
	))
	file := detected(t, tree("config/_default/hugo.toml", "", "config/_default/cascade.toml", "draft = true\n", "content/1.md", ""))
	for _, c := range []struct {
		source       source.Source
		path, matter string
		want         document.Visibility
	}{
		{jekyll, "_a/1.md", "", public},
		{jekyll, "_b/1.md", "", private},
		{jekyll, "_c/1.md", "", private},
		{jekyll, "_b/1.md", "published: true", private},
		{jekyll, "_posts/2024-01-02-a.md", "", public},
		{jekyll, "notes/1.md", "", private},
		{jekyll, "notes/_posts/2024-01-02-a.md", "", public},
		{jekyll, "secret/plans/1.md", "", private},
		{jekyll, "secret/1.md", "", public},
		{jekyll, "x/1.md", "published: true", public},
		{jekyll, "x/1.md", "", private},
		{jekyll, "x/open/1.md", "", public},
		{jekyll, "xy/1.md", "", public},
		{jekyll, "y/1.md", "", private},
		{jekyll, "z/日记/deep/1.md", "", private},
		{jekyll, "with/slashes/1.md", "", private},
		{jekyll, "locked/1.md", "", private},
		{jekyll, "草稿/1.md", "", private},
		{jekyll, "草稿/1.md", "draft: false", public},
		{jekyll, "later/1.md", "", private},
		{jekyll, "later/1.md", "date: 2024-01-02", public},
		{jekyll, "shy/1.md", "", unlisted},
		{hexo, "source/_posts/1.md", "tags: [life, ＤＩＡＲＹ]", private},
		{hexo, "source/_posts/1.md", "tag: 日记", private},
		{hexo, "source/_posts/1.md", "tags: [life]", public},
		{hugo, "content/s/deep/1.md", "", private},
		{hugo, "content/st/1.md", "", public},
		{hugo, "content/t/1.md", "", private},
		{hugo, "content/t/1.md", "draft: false", public},
		{hugo, "content/t/open/1.md", "", public},
		{hugo, "content/zh/1.zh-cn.md", "", private},
		{hugo, "content/zh/1.en.md", "", public},
		{hugo, "content/locked/1.md", "", private},
		{hugo, "content/over/1.md", "", private},
		{hugo, "content/later/deep/1.md", "", private},
		{hugo, "content/some/a1.md", "", private},
		{hugo, "content/some/b1.md", "", unlisted},
		{hugo, "content/early/deep/1.md", "", private},
		{hugo, "content/earlier/1.md", "", public},
		{hugo, "content/计划/1.md", "", private},
		{hugo, "content/any/_index.md", "", private},
		{hugo, "content/page/part.md", "", private},
		{hugo, "content/page/deep/index.md", "", private},
		{hugo, "content/page/index.zh.md", "", public},
		{hugo, "content/1.md", "headless: true", private},
		{hugo, "content/1.md", "build: {list: never}", private},
		{hugo, "content/1.md", "build: {list: local}", public},
		{file, "content/1.md", "", private},
	} {
		d := parsed(t, c.source, c.path, c.matter)
		if d.Visibility != c.want {
			t.Errorf("%s, %s {%s}: %s, want %s (%s)", c.source.Name(), c.path, c.matter, d.Visibility, c.want, d.Reason)
		}
	}
}

// TestDefaults has front matter that is no matter of visibility.
func TestDefaults(t *testing.T) {
	jekyll := detected(t, tree("_config.yml", settingsOfJekyll))
	for path, want := range map[string]string{"_posts/1.md": "Ann", "x/1.md": "", "_drafts/1.md": ""} {
		if got := jekyll.Defaults(path).Get("author").Text; got != want {
			t.Errorf("%s: author %q, want %q", path, got, want)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		matching []string
		others   []string
	}{
		{"/posts/**", []string{"/posts/a", "/posts/a/b"}, []string{"/posts", "/post/a"}},
		{"/posts**", []string{"/posts", "/posts/a", "/postscript"}, []string{"/a/posts"}},
		{"{/a,/a/**}", []string{"/a", "/a/b", "/A/b"}, []string{"/ab"}},
		{"**/草稿/**", []string{"草稿/a.md", "x/草稿/y/a.md"}, []string{"草稿.md"}},
		{"*.md", []string{"a.md", "甲.md"}, []string{"x/a.md", "a.mdx"}},
		{"a?[!b-d].md", []string{"axe.md"}, []string{"axb.md", "ae.md"}},
		{"a.b+(c)", []string{"a.b+(c)"}, []string{"aXb+(c)"}},
		{"{a", nil, []string{"a", "{a"}},
		{"[z-a]", nil, []string{"z", "[z-a]"}},
	} {
		re := glob(c.pattern)
		for _, path := range c.matching {
			if !re.MatchString(path) {
				t.Errorf("%s does not match %s", c.pattern, path)
			}
		}
		for _, path := range c.others {
			if re.MatchString(path) {
				t.Errorf("%s matches %s", c.pattern, path)
			}
		}
	}
}
