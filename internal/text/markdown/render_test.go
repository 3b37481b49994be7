package markdown

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func page(t *testing.T, source string) *Document {
	t.Helper()
	doc, limit, err := Render(t.Context(), source, Files{})
	if err != nil || limit != "" {
		t.Fatalf("%q: %v %s", source, err, limit)
	}
	return doc
}

// The HTML of each text, without the line breaks between blocks.
var rendered = map[string]map[string]string{
	"headings": {
		"## 安装步骤":                                `<h2 id="user-content-安装步骤">安装步骤</h2>`,
		"Überblick\n---":                         `<h2 id="user-content-überblick">Überblick</h2>`,
		"# C++ & C#: what's new?":                `<h1 id="user-content-c--c-whats-new">C++ &amp; C#: what's new?</h1>`,
		"# 第 1 章：缓存":                             `<h1 id="user-content-第-1-章缓存">第 1 章：缓存</h1>`,
		"# `snake_case` *and* more":              `<h1 id="user-content-snake_case-and-more"><code>snake_case</code> <em>and</em> more</h1>`,
		"# 한국어 제목":                               `<h1 id="user-content-한국어-제목">한국어 제목</h1>`,
		"# a\n# a\n# a-1\n# a":                   `<h1 id="user-content-a">a</h1><h1 id="user-content-a-1">a</h1><h1 id="user-content-a-1-1">a-1</h1><h1 id="user-content-a-2">a</h1>`,
		"# !!!":                                  `<h1 id="user-content-section">!!!</h1>`,
		"## 简介 {#intro}":                         `<h2 id="user-content-intro">简介</h2>`,
		"## Setup {#set-up .big}":                `<h2 id="user-content-set-up">Setup</h2>`,
		"## `v-model` {#v-model} ##":             `<h2 id="user-content-v-model"><code>v-model</code></h2>`,
		"Setext {#here}\n===":                    `<h1 id="user-content-here">Setext</h1>`,
		"## {#alone}":                            `<h2 id="user-content-alone"></h2>`,
		"# a {b}":                                `<h1 id="user-content-a-b">a {b}</h1>`,
		"<h2 align=\"center\">Raw &amp; 原文</h2>": `<h2 id="user-content-raw--原文" align="center">Raw &amp; 原文</h2>`,
		"<h1 id=\"top-level\">x</h1>":            `<h1 id="user-content-top-level">x</h1>`,
	},
	"markers of a table of contents": {
		"前文\n\n[[toc]]\n\n# 用法":       `<p>前文</p><h1 id="user-content-用法">用法</h1>`,
		"[TOC]\n\n后文":                 `<p>后文</p>`,
		"[[_TOC_]]\n\n- a":            `<ul><li>a</li></ul>`,
		"- a\n\n  [toc]":              `<ul><li><p>a</p></li></ul>`,
		"> [[TOC]]  \n\nx":            `<blockquote></blockquote><p>x</p>`,
		"\\[toc]":                     `<p>[toc]</p>`,
		"`[[toc]]`":                   `<p><code>[[toc]]</code></p>`,
		"[[toc]] 在这里":                 `<p>[[toc]] 在这里</p>`,
		"[toc]\n\n[toc]: https://a.b": `<p><a href="https://a.b" rel="nofollow">toc</a></p>`,
		"[[目录]]":                      `<p>[[目录]]</p>`,
	},
	"attribute lists": attributeLists,
	"links within the text": {
		"[a](#用法)\n\n# 用法":                                 `<p><a href="#user-content-用法">a</a></p><h1 id="user-content-用法">用法</h1>`,
		"[a](#Get-Started)\n\n# Get started":               `<p><a href="#user-content-get-started">a</a></p><h1 id="user-content-get-started">Get started</h1>`,
		"[a](#_1-2-简介)\n\n# 1.2 简介":                        `<p><a href="#user-content-12-简介">a</a></p><h1 id="user-content-12-简介">1.2 简介</h1>`,
		"[a](#安装)\n\n# 安装 {#install}":                      `<p><a href="#user-content-install">a</a></p><h1 id="user-content-install">安装</h1>`,
		"[a](#nowhere) [b](#) [c](#top)":                   `<p><a href="#user-content-nowhere">a</a> b <a href="#top">c</a></p>`,
		"<a id=\"x\"></a><a name=\"y\"></a>[a](#x)[b](#y)": `<p><a id="user-content-x"></a><a name="user-content-y"></a><a href="#user-content-x">a</a><a href="#user-content-y">b</a></p>`,
		"<a href=\"#x%20y\">a</a>":                         `<p><a href="#user-content-x%20y">a</a></p>`,
		"<p id=\"location\">a</p><p id=\"location\">b</p>": `<p id="user-content-location">a</p><p>b</p>`,
	},
	"emphasis": {
		"**提示：**先备份。":                  `<p><strong>提示：</strong>先备份。</p>`,
		"他说**“好的。”**就走了。":              `<p>他说<strong>“好的。”</strong>就走了。</p>`,
		"这是**（重点）**内容":                 `<p>这是<strong>（重点）</strong>内容</p>`,
		"これは**「重要」**です":                `<p>これは<strong>「重要」</strong>です</p>`,
		"이것은 **강조(强調)**입니다":            `<p>이것은 <strong>강조(强調)</strong>입니다</p>`,
		"使用**`code`**吗":                `<p>使用<strong><code>code</code></strong>吗</p>`,
		"~~旧价：~~新价":                    `<p><del>旧价：</del>新价</p>`,
		"*强调。*后面":                      `<p><em>强调。</em>后面</p>`,
		"用 snake_case_name 和 __init__": `<p>用 snake_case_name 和 <strong>init</strong></p>`,
		"a**\"b\"**c and 2 * 3 * 4":    `<p>a**"b"**c and 2 * 3 * 4</p>`,
		"**\"quoted\"** and *it.*":     `<p><strong>"quoted"</strong> and <em>it.</em></p>`,
	},
	"marks": {
		"注意==没交卷==也算":                `<p>注意<mark>没交卷</mark>也算</p>`,
		"==a *b*== c, ==（重点）==的":     `<p><mark>a <em>b</em></mark> c, <mark>（重点）</mark>的</p>`,
		"**==a==** [==b==](/c)":      `<p><strong><mark>a</mark></strong> <a href="/c"><mark>b</mark></a></p>`,
		"if a==b or c==d, x == y ==": `<p>if a==b or c==d, x == y ==</p>`,
		"a !== b, `==c==` ===d===":   `<p>a !== b, <code>==c==</code> ===d===</p>`,
		"不能用==判断，应该用 ===。":           `<p>不能用==判断，应该用 ===。</p>`,
		"QmFzZTY0== x b==\n== a ==":  `<p>QmFzZTY0== x b== == a ==</p>`,
	},
	"line breaks": {
		"先读缓存，\n再读数据库。":          `<p>先读缓存，再读数据库。</p>`,
		"中文\n**加粗**后\n`code`\n文": `<p>中文<strong>加粗</strong>后 <code>code</code> 文</p>`,
		"中文\nEnglish\n中文":        `<p>中文 English 中文</p>`,
		"一行  \n两行\\\n三行":         `<p>一行<br> 两行<br> 三行</p>`,
		"foo\n*bar*\n[baz](/b)":  `<p>foo <em>bar</em> <a href="/b">baz</a></p>`,
		"他说“好”\n然后走了":            `<p>他说“好”然后走了</p>`,
		"한국어\n문장":                `<p>한국어 문장</p>`,
		"カタカナ\nひらがな":             `<p>カタカナひらがな</p>`,
	},
	"addresses": {
		"见https://example.org/a，谢谢。":        `<p>见<a href="https://example.org/a" rel="nofollow">https://example.org/a</a>，谢谢。</p>`,
		"（https://example.org/a）和":          `<p>（<a href="https://example.org/a" rel="nofollow">https://example.org/a</a>）和</p>`,
		"https://example.org谢谢":             `<p><a href="https://example.org" rel="nofollow">https://example.org</a>谢谢</p>`,
		"**https://example.org**谢谢":         `<p><strong><a href="https://example.org" rel="nofollow">https://example.org</a></strong>谢谢</p>`,
		"https://例子.中国/路径。":                 `<p><a href="https://%E4%BE%8B%E5%AD%90.%E4%B8%AD%E5%9B%BD/%E8%B7%AF%E5%BE%84" rel="nofollow">https://例子.中国/路径</a>。</p>`,
		"(see www.example.com/a_b_(c)).":    `<p>(see <a href="http://www.example.com/a_b_(c)" rel="nofollow">www.example.com/a_b_(c)</a>).</p>`,
		"http://localhost:8080/?q=a&b=1&c;": `<p><a href="http://localhost:8080/?q=a&amp;b=1" rel="nofollow">http://localhost:8080/?q=a&amp;b=1</a>&amp;c;</p>`,
		"xhttp://a.b http:// www. a.www.b":  `<p>xhttp://a.b http:// www. a.www.b</p>`,
		"写信给first_last@example.org。":        `<p>写信给<a href="mailto:first_last@example.org">first_last@example.org</a>。</p>`,
		"a_b_c@x.org, d@e, @f.g, h@i.j_":    `<p><a href="mailto:a_b_c@x.org">a_b_c@x.org</a>, d@e, @f.g, h@i.j_</p>`,
		"[https://a.b](https://c.d)":        `<p><a href="https://c.d" rel="nofollow">https://a.b</a></p>`,
		"`https://a.b` \\https://a.b":       `<p><code>https://a.b</code> \<a href="https://a.b" rel="nofollow">https://a.b</a></p>`,
	},
	"code": {
		"```c++\nint x;\n```":          `<pre class="chroma"><code class="language-c++"><span class="kt">int</span> <span class="n">x</span><span class="p">;</span></code></pre>`,
		"```c#\nvar x;\n```":           `<pre class="chroma"><code class="language-c#"><span class="kt">var</span> <span class="n">x</span><span class="p">;</span></code></pre>`,
		"```unheard-of\n<b>\n```":      `<pre class="chroma"><code class="language-unheard-of">&lt;b&gt;</code></pre>`,
		"```js{1,3-5}\nx\n```":         `<pre class="chroma"><code class="language-js"><span class="nx">x</span></code></pre>`,
		"```go title=\"a.go\"\nx\n```": `<pre class="chroma"><code class="language-go"><span class="nx">x</span></code></pre>`,
		"```中文\n文\n```":                `<pre class="chroma"><code class="language-中文">文</code></pre>`,
		"    a < b":                    `<pre class="chroma"><code>a &lt; b</code></pre>`,
		"```\" onclick=\"x\nx\n```":    `<pre class="chroma"><code>x</code></pre>`,
	},
	"tables": {
		"|左|右|\n|:-|-:|\n|一<br>二|3|": `<table><thead><tr><th align="left">左</th><th align="right">右</th></tr></thead><tbody><tr><td align="left">一<br>二</td><td align="right">3</td></tr></tbody></table>`,
		"|a|b|\n|:-:|-|\n|`x\\|y`|":  `<table><thead><tr><th align="center">a</th><th>b</th></tr></thead><tbody><tr><td align="center"><code>x|y</code></td><td></td></tr></tbody></table>`,
	},
	"JSX":      jsx,
	"raw HTML": rawHTML,
	"lists": {
		"3. c\n4. d":       `<ol start="3"><li>c</li><li>d</li></ol>`,
		"- [ ] 一\n- [x] b": `<ul><li><input type="checkbox" disabled=""> 一</li><li><input checked="" type="checkbox" disabled=""> b</li></ul>`,
	},
	"callouts": callouts,
	"emoji": {
		":tada: :+1: :no_such: 10:30:45": `<p>🎉 👍 :no_such: 10:30:45</p>`,
		"# :rocket: 起飞":                  `<h1 id="user-content--起飞">🚀 起飞</h1>`,
	},
	"formulas": {
		"公式$a_b * c_d$。":             `<p>公式<span class="math math-inline">$a_b * c_d$</span>。</p>`,
		"$$x_1 < x_2$$":              `<p><span class="math math-display">$$x_1 &lt; x_2$$</span></p>`,
		"$`a_b`$":                    `<p><span class="math math-inline">$` + "`a_b`" + `$</span></p>`,
		"$$\na_1\n- b_2\n\nc\n$$":    `<div class="math math-display">$$ a_1 - b_2  c $$</div>`,
		"```math\n\\frac{a}{b}\n```": `<div class="math math-display">$$ \frac{a}{b} $$</div>`,
		"从 $5 到 $10，US$3 和 \\$4":     `<p>从 $5 到 $10，US$3 和 $4</p>`,
		"$HOME and $PATH":            `<p>$HOME and $PATH</p>`,
		"$$\nno end":                 `<p>$$ no end</p>`,
		"$$\\begin{aligned}\na_1 &= b_2 \\\\\n- c &= *d*\n\\end{aligned}$$\n后": `<div class="math math-display">$$\begin{aligned} a_1 &amp;= b_2 \\ - c &amp;= *d* \end{aligned}$$</div><p>后</p>`,
		"设 $$\nx*y*z\n$$ 为": `<p>设 <span class="math math-display">$$ x*y*z $$</span> 为</p>`,
		"a $$x*y*z\n\n$$ b": `<p>a $$x<em>y</em>z</p><p>$$ b</p>`,
		"$$ a\n\nb $$":      `<p>$$ a</p><p>b $$</p>`,
		"$$ $$ a $$\n$$":    `<p>$$ <span class="math math-display">$$ a $$</span> $$</p>`,
	},
	"front matter": {
		"---\ntitle: 标题\ntags: [a]\n---\n正文":  `<p>正文</p>`,
		"\uFEFF+++\ntitle = \"a\"\n+++\ntext": `<p>text</p>`,
		"---\n\ntext\n\n---\n":                `<hr><p>text</p><hr>`,
		"---\ntitle: a\n":                     `<hr><p>title: a</p>`,
	},
}

var aroundBlocks = regexp.MustCompile(`\s*(</?(?:p|h\d|ul|ol|li|table|thead|tbody|tr|th|td|div|blockquote|pre|details|summary|hr)\b[^>]*>|</code></pre>)\s*`)

func TestRender(t *testing.T) {
	for kind, cases := range rendered {
		t.Run(kind, func(t *testing.T) {
			for source, want := range cases {
				got := strings.TrimSpace(aroundBlocks.ReplaceAllString(page(t, source).HTML, "$1"))
				if got = strings.ReplaceAll(got, "\n", " "); got != want {
					t.Errorf("%q\n got %s\nwant %s", source, got, want)
				}
			}
		})
	}
}

func TestFootnotes(t *testing.T) {
	one, other := page(t, "a[^1] b[^x] c[^1]\n\n[^1]: 一\n[^x]: *two*").HTML, page(t, "d[^1]\n\n[^1]: 三").HTML
	ids := map[string]bool{}
	for _, html := range []string{one, other} {
		for _, part := range strings.Split(html, ` id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if ids[id] || !strings.HasPrefix(id, idPrefix+"fn") {
				t.Errorf("the id %s is not unique or has no prefix", id)
			}
			ids[id] = true
		}
	}
	for _, html := range []string{one, other} {
		for _, part := range strings.Split(html, ` href="#`)[1:] {
			if id, _, _ := strings.Cut(part, `"`); !ids[id] {
				t.Errorf("no element has the id %s", id)
			}
		}
	}
	if len(ids) != 7 {
		t.Errorf("got %d ids: %v", len(ids), ids)
	}
}

func TestContents(t *testing.T) {
	doc := page(t, "# 指南 *一*\n\n[b](#b) `# no`\n\n## B & C {#b}\n\n## ![logo](x.png)\n\n<h3>Raw</h3>\n\n##\n")
	got, _ := json.Marshal(doc.Contents)
	want := `[{"Level":1,"Text":"指南 一","ID":"user-content-指南-一"},{"Level":2,"Text":"B \u0026 C","ID":"user-content-b"},` +
		`{"Level":2,"Text":"logo","ID":"user-content-section"},{"Level":3,"Text":"Raw","ID":"user-content-raw"}]`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	for _, h := range doc.Contents {
		if !strings.Contains(doc.HTML, `id="`+h.ID+`"`) {
			t.Errorf("no heading has the id %s", h.ID)
		}
	}
}

func TestText(t *testing.T) {
	for source, want := range map[string]string{
		"# 标题 #\n\n正文 *a* `b` &amp; [c](d)\n第二行": "标题\n\n正文 a b & c 第二行",
		"- a\n- [x] b\n  - c\n\n1. d":            "a\nb\nc\nd",
		"|a|b|\n|-|-|\n|1||\n\nc":                "a\tb\n1\n\nc",
		"```go\nfunc  x() {}\n\n// y\n```":       "func  x() {}\n\n// y",
		"![图](a.png) 文字<br>下一行":                  "文字\n下一行 图",
		"a[^1]\n\n[^1]: note":                    "a\n\nnote",
		"<style>p{}</style><!-- c -->\n\n$a_b$":  "$a_b$",
		"> [!TIP]\n> a":                          "Tip\n\na",
	} {
		if got := page(t, source).Text; got != want {
			t.Errorf("%q\n got %q\nwant %q", source, got, want)
		}
	}
}

func TestMinutes(t *testing.T) {
	for source, want := range map[string]int{
		"": 0, "---": 0, "one": 1, "一": 1,
		strings.Repeat("word ", 265): 1, strings.Repeat("word ", 266): 2, strings.Repeat("word ", 2650): 10,
		strings.Repeat("字，", 500): 1, strings.Repeat("字", 5000): 10,
	} {
		if got := page(t, source).Minutes; got != want {
			t.Errorf("%.20q: got %d, want %d", source, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	doc := Paragraphs("<b>一</b>\r\ntwo\r\n\r\n\r\n# three")
	if want := "<p>&lt;b&gt;一&lt;/b&gt;<br>two</p>\n<p># three</p>\n"; doc.HTML != want {
		t.Errorf("got %q", doc.HTML)
	}
	if want := "<b>一</b>\ntwo\n\n# three"; doc.Text != want || doc.Minutes != 1 || doc.Contents != nil {
		t.Errorf("got %q, %d, %v", doc.Text, doc.Minutes, doc.Contents)
	}
}

func TestRenderStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if doc, _, err := Render(ctx, "# a", Files{}); err == nil {
		t.Errorf("got %v", doc)
	}
}

func TestStyleSheet(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/markdown.css", http.NoBody)
	w := httptest.NewRecorder()
	ServeStyleSheet(w, r)
	for _, want := range []string{".chroma .k ", "prefers-color-scheme: dark", ".markdown-alert-tip"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the style sheet has no %q", want)
		}
	}
	if both, _, _ := strings.Cut(w.Body.String(), "@media"); strings.Contains(both, ".chroma") {
		t.Error("the classes of light pages are those of dark pages too")
	}
	if got := w.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("got %q", got)
	}
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if ServeStyleSheet(w, r); w.Code != http.StatusNotModified {
		t.Errorf("got %d for the same version", w.Code)
	}
}
