package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/text/markdown"
)

// foreign matches wiki links and template tags.
var foreign = regexp.MustCompile(`!?\[\[[^\[\]\n]+\]\]|\{\{.*?\}\}|\{%.*?%\}`)

// located lists the places of a text: addresses, those of images with ! and of HTML with <, and tokens in brackets.
func located(t *testing.T, source string) (all []string) {
	t.Helper()
	p, limit, err := markdown.Locate(t.Context(), source, foreign)
	if err != nil || limit != "" {
		t.Fatal(limit, err)
	}
	for _, a := range p.Addresses {
		mark := ""
		switch {
		case a.HTML:
			mark = "<"
		case a.Image >= 0:
			mark = "!"
			if source[a.Image] != '!' {
				t.Errorf("an image of %q starts at %d", source, a.Image)
			}
		}
		all = append(all, mark+a.Text+"="+source[a.Start:a.Stop])
	}
	for _, token := range p.Tokens {
		all = append(all, "("+source[token.Start:token.Stop]+")")
	}
	return all
}

func TestLocate(t *testing.T) {
	for source, want := range map[string][]string{
		"[a](b.md) and ![c](d.png \"title\")":                                                        {"b.md=b.md", "!d.png=d.png"},
		"[a](<b c.md>) [x](a\\(b.md) [y](a&amp;b.md)":                                                {"b c.md=b c.md", "a(b.md=a\\(b.md", "a&b.md=a&amp;b.md"},
		"中文[链接](<笔记 一.md#节>)，![图](图.png)。":                                                           {"笔记 一.md#节=笔记 一.md#节", "!图.png=图.png"},
		"[![i](i.png)](b.md)":                                                                        {"b.md=b.md", "!i.png=i.png"},
		"[a][r] [r]\n\n[r]: b.md 'x'\n[other]: <c d.md>":                                             {"b.md=b.md", "c d.md=c d.md"},
		"> - [a](b.md)\n>   [c](\n>   d.md)":                                                         {"b.md=b.md", "d.md=d.md"},
		"`[a](b.md)`\n\n    [a](b.md)\n\n```\n[a](b.md)\n<img src=x>\n[[w]]\n```\n\n$[a](b)$":        nil,
		"`[[` to open and `]]` to close":                                                             nil,
		"<https://a.example/b.md> https://a.example/c":                                               nil,
		"| a | b |\n|---|---|\n| [[x|y]] | [a](b.md) |":                                              {"b.md=b.md", "([[x|y]])"},
		"# [[x#y]] ![[z.png|300]]\n":                                                                 {"([[x#y]])", "(![[z.png|300]])"},
		"[a]({{< ref \"b c.md#d\" >}}) {{< figure src=\"x.png\" >}}":                                 {"{{< ref \"b c.md#d\" >}}={{< ref \"b c.md#d\" >}}", "({{< figure src=\"x.png\" >}})"},
		"[a]: {% post_url 2020-01-02-x %}":                                                           {"{% post_url 2020-01-02-x %}={% post_url 2020-01-02-x %}"},
		"text <img alt='>' src='a b.png'> <a href=b.md>b</a>":                                        {"<a b.png=a b.png", "<b.md=b.md"},
		"> <p>\n> <img\n>   SRC = \"a&amp;b.png\"/><a name=x href=\"{{< ref \"b.md\" >}}\">\n> </p>": {"<a&b.png=a&amp;b.png", "<{{< ref \"b.md\" >}}={{< ref \"b.md\" >}}"},
		"<!-- <img src=a.png> -->\n\n<script>\n'<img src=a.png>'\n</script>\n\n<div data-src=a.png hidden>\n[a](b.md)\n</div>": nil,
		"<div>\n\n![a](b.png)\n\n</div>":    {"!b.png=b.png"},
		"[a]() [b](#c) []( )":               {"#c=#c"},
		"a[^1]\n\n[^1]: see [b](c.md)":      {"c.md=c.md"},
		":::tip\n[a](b.md)\n:::":            {"b.md=b.md"},
		"- \ta\n\n\t[a](b.md) ![c](d.png)":  {"b.md=b.md", "!d.png=d.png"},
		"<details><summary>x</summary>\n\n": nil,
	} {
		if diff := cmp.Diff(want, located(t, source)); diff != "" {
			t.Errorf("%q:\n%s", source, diff)
		}
	}
}

// TestLocateTexts leaves code, markup and addresses out.
func TestLocateTexts(t *testing.T) {
	source := "# A #tag `#code`\n\n一段 #标签 [#x](#y) <b>#z</b> https://a.example/#u\n"
	p, _, err := markdown.Locate(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range p.Texts {
		out = append(out, source[s.Start:s.Stop])
	}
	if got, want := strings.Join(out, "|"), "A #tag |一段 #标签 |#x| |#z| "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLocateIsBounded(t *testing.T) {
	p, limit, err := markdown.Locate(t.Context(), strings.Repeat("[a](", 1<<17), nil)
	if err != nil || limit == "" || len(p.Addresses) > 0 {
		t.Errorf("%d addresses, %q, %v", len(p.Addresses), limit, err)
	}
}

func TestAnchors(t *testing.T) {
	a, err := markdown.FindAnchors(t.Context(), "# Getting Started\n\n## 安装 步骤\n\n## 安装 步骤\n\n## C# {#c-sharp}\n\n<a id=\"Top1\"></a>")
	if err != nil {
		t.Fatal(err)
	}
	for fragment, want := range map[string]string{
		"getting-started": "user-content-getting-started", "Getting Started": "user-content-getting-started", "getting_started": "user-content-getting-started",
		"%E5%AE%89%E8%A3%85-%E6%AD%A5%E9%AA%A4-1": "user-content-安装-步骤-1", "安装 步骤": "user-content-安装-步骤", "c-sharp": "user-content-c-sharp", "C#": "user-content-c-sharp",
		"Top1": "user-content-Top1", "user-content-c-sharp": "user-content-c-sharp",
	} {
		if got, ok := a.Fragment(fragment); !ok || got != want {
			t.Errorf("%q: %q, %v", fragment, got, ok)
		}
	}
	if got, ok := a.Fragment("no such"); ok || got != "user-content-no%20such" {
		t.Errorf("%q, %v", got, ok)
	}
}

func FuzzLocate(f *testing.F) {
	f.Add("[a](b.md) <img src=x> [[y]] `z`")
	f.Add("> - <a href='x\n> y'>\n\t[z]: <q>")
	f.Fuzz(func(t *testing.T, source string) {
		p, _, err := markdown.Locate(t.Context(), source, foreign)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.Addresses {
			if a.Start < 0 || a.Stop > len(source) || a.Start >= a.Stop {
				t.Errorf("%+v of %q", a, source)
			}
		}
	})
}
