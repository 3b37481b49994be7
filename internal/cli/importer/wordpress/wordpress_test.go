package wordpress

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"docsquare/internal/cli/importer/source"
)

// exported returns an export with items.
func exported(items string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Blog</title><link>https://b.example</link><wp:base_blog_url>https://b.example</wp:base_blog_url>
<wp:author><wp:author_login>ann</wp:author_login><wp:author_display_name>Ann</wp:author_display_name></wp:author>` + items + `</channel></rss>`
}

func post(id, fields, content string) string {
	return "<item><title>T" + id + "</title><wp:post_id>" + id + "</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>" + fields + "<content:encoded><![CDATA[" + content + "]]></content:encoded></item>"
}

func opened(t *testing.T, files fstest.MapFS, export string) source.Source {
	t.Helper()
	files["x.xml"] = &fstest.MapFile{Data: []byte(export)}
	s, err := Open(files, "x.xml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMarkdown lists texts as WordPress has them.
func TestMarkdown(t *testing.T) {
	for content, want := range map[string]string{
		"one\ntwo\n\nthree": "one  \ntwo\n\nthree",
		"<!-- wp:heading --><h2>标题</h2><!-- /wp:heading -->\n<!-- wp:list --><ul><li>a</li><li>b <strong>c</strong></li></ul><!-- /wp:list -->": "## 标题\n\n- a\n- b **c**",
		"a <del>b</del> <em>c</em> 5 * 3 [x]":                                              "a ~~b~~ *c* 5 * 3 \\[x]",
		"[caption id=\"a\"]<a href=\"/b\"><img src=\"c.png\" alt=\"d\" /></a> e[/caption]": "[![d](c.png)](/b) e",
		"[code language=\"go\"]if a &lt; b {}\n\n  x[/code]":                               "```go\nif a < b {}\n\n  x\n```",
		"[embed]https://v.example/1[/embed]":                                               "[https://v.example/1](https://v.example/1)",
		"<script>alert(1)</script>text<!--more-->":                                         "text",
		"[gallery ids=\"7\"]":                                                              "![T7](https://b.example/p.png)",
		"<table><tr><th>a</th></tr><tr><td>b|c</td></tr></table>":                          "| a    |\n|------|\n| b\\|c |",
		"[contact-form]":                 "\\[contact-form]",
		"<pre>a\n\nb</pre>\n\nafter\x0b": "```\na\n\nb\n```\n\nafter",
	} {
		s := opened(t, fstest.MapFS{}, exported(post("1", "", content)+"<item><title>T7</title><wp:post_id>7</wp:post_id><wp:post_type>attachment</wp:post_type><wp:attachment_url>https://b.example/p.png</wp:attachment_url></item>"))
		data, err := fs.ReadFile(s.Files(), "posts/1.md")
		if err != nil {
			t.Fatal(err)
		}
		_, got, _ := strings.Cut(string(data), "\n")
		if strings.TrimSpace(got) != want {
			t.Errorf("%q: %q, want %q", content, strings.TrimSpace(got), want)
		}
	}
}

// TestMatter lists what becomes front matter.
func TestMatter(t *testing.T) {
	for fields, want := range map[string][]string{
		"<dc:creator>ann</dc:creator><wp:post_date_gmt>2024-05-06 07:08:09</wp:post_date_gmt>":                                                          {`"author":"Ann"`, `"date":"2024-05-06T07:08:09Z"`},
		"<dc:creator>bob</dc:creator><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:post_date>2024-05-06 15:08:09</wp:post_date>":          {`"author":"bob"`, `"date":"2024-05-06T15:08:09Z"`},
		"<category domain=\"category\">A &amp;amp; B</category><category domain=\"post_tag\">标签</category><category domain=\"category\">未分类</category>": {`"categories":["A \u0026 B"]`, `"tags":["标签"]`},
		"<wp:post_password>x</wp:post_password>":                                  {`"protected":"true"`},
		"<excerpt:encoded><![CDATA[<p>Short &amp; plain</p>]]></excerpt:encoded>": {`"description":"Short \u0026 plain"`},
		"<link>https://b.example/2024/a/</link>":                                  {`"addresses":["/?p=1","/?page_id=1","/2024/a/"]`},
	} {
		s := opened(t, fstest.MapFS{}, exported(post("1", fields, "text")))
		data, err := fs.ReadFile(s.Files(), "posts/1.md")
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(data), w) {
				t.Errorf("%s: %s has no %s", fields, data, w)
			}
		}
	}
}

// TestTree has only the documents and the attachments.
func TestTree(t *testing.T) {
	s := opened(t, fstest.MapFS{"wp-content/uploads/2024/a.png": {}, "wp-content/themes/x.md": {}, "uploads/b.png": {}, "secret.md": {}, "wp-config.php": {}}, exported(post("1", "", "x")+post("../2", "", "y")))
	var names []string
	err := fs.WalkDir(s.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && s.Skip(name, false) != source.Hidden {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if want := []string{"posts/..-2.md", "posts/1.md", "uploads/b.png", "wp-content/uploads/2024/a.png"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	for _, name := range []string{"secret.md", "wp-config.php", "../x"} {
		if _, err := s.Files().Open(name); err == nil {
			t.Errorf("%s can be opened", name)
		}
	}
	for address, want := range map[string]string{
		"https://b.example/wp-content/uploads/2024/a-300x200.png": "wp-content/uploads/2024/a.png", "/wp-content/uploads/b-scaled.png": "uploads/b.png", "https://b.example/?p=1": "/?p=1", "http://b.example/x/": "/x/",
	} {
		if got := s.Resolve(source.Page{Path: "posts/1.md"}, address); !slices.Contains(got.Candidates, want) {
			t.Errorf("%s: %q", address, got.Candidates)
		}
	}
}

func TestDamaged(t *testing.T) {
	for name, export := range map[string]string{
		"cut": exported(post("1", "", "x"))[:600], "no posts": "<rss><channel></channel></rss>", "empty": "", "entities": `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title>`,
	} {
		if _, err := Open(fstest.MapFS{"x.xml": {Data: []byte(export)}}, "x.xml"); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
	name := filepath.Join(t.TempDir(), "x.xml")
	for text, want := range map[string]bool{exported(""): true, "<rss></rss>": false, "": false} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if IsExport(name) != want {
			t.Errorf("%.20q: %v", text, !want)
		}
	}
}
