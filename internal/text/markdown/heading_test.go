package markdown

import (
	"strings"
	"testing"
)

// TestHeadingAttributesInHTML lists headings with attributes, and with what only looks like them.
func TestHeadingAttributesInHTML(t *testing.T) {
	for source, want := range map[string]string{
		"## 安装 { #install }":                        `<h2 id="user-content-install">安装</h2>`,
		"## 安装 {: #install .big }":                  `<h2 id="user-content-install">安装</h2>`,
		"## Setup {: .big #set-up k=\"a b\"} ##":    `<h2 id="user-content-set-up">Setup</h2>`,
		"## Setup ## { #set-up }":                   `<h2 id="user-content-set-up">Setup</h2>`,
		"## `a` [b](c){:#x}":                        `<h2 id="user-content-x"><code>a</code> <a href="c">b</a></h2>`,
		"标题 { #t }\n---":                            `<h2 id="user-content-t">标题</h2>`,
		"## 目录 {: .no_toc }":                        `<h2 id="user-content-目录">目录</h2>`,
		"## Preface {-}":                            `<h2 id="user-content-preface">Preface</h2>`,
		"## C {.x}\n\n## D {.unnumbered .unlisted}": `<h2 id="user-content-c">C</h2><h2 id="user-content-d">D</h2>`,
		"## 安装\n{: #install}":                       `<h2 id="user-content-install">安装</h2>`,
		"Setup\n===\n{: .no_toc #set-up }\ntext":    `<h1 id="user-content-set-up">Setup</h1><p>text</p>`,
		"## a\n{:toc}\n- b":                         `<h2 id="user-content-a">a</h2><ul><li>b</li></ul>`,
		"> # 引\n> {: #q}":                           `<blockquote><h1 id="user-content-q">引</h1></blockquote>`,
		"## a\n\n{: #b}":                            `<h2 id="user-content-a">a</h2>`,
		"## Use `{ #id }`":                          `<h2 id="user-content-use--id-">Use <code>{ #id }</code></h2>`,
		"## a **b { #c** d}":                        `<h2 id="user-content-a-b--c-d">a <strong>b { #c</strong> d}</h2>`,
		"## {x} {a, b} { }":                         `<h2 id="user-content-x-a-b--">{x} {a, b} { }</h2>`,
		"## 集合 {x=1}":                               `<h2 id="user-content-集合-x1">集合 {x=1}</h2>`,
		"## Go {{.Name}}":                           `<h2 id="user-content-go-name">Go {{.Name}}</h2>`,
		"## a{.Name}":                               `<h2 id="user-content-aname">a{.Name}</h2>`,
	} {
		if got := strings.ReplaceAll(page(t, source).HTML, "\n", ""); got != want {
			t.Errorf("%q\n got %s\nwant %s", source, got, want)
		}
	}
}

// TestHeadingAttributes compares the words of a heading in all that is made of a text.
func TestHeadingAttributes(t *testing.T) {
	for _, source := range []string{"# 安装 指南 {#a}", "# 安装 指南 { #a .b }", "# 安装 指南 {: #a }", "# 安装 指南 # {#a}", "安装 指南 { #a }\n===", "# 安装 指南\n{: #a .b}", "# 安装 *指南* {:#a}"} {
		source += "\n\n正文 { #b }"
		doc := page(t, source)
		if len(doc.Contents) != 1 || doc.Contents[0].Text != "安装 指南" || doc.Contents[0].ID != "user-content-a" {
			t.Errorf("%q: the contents are %+v", source, doc.Contents)
		}
		o := Describe("MD", source)
		if words := strings.Join(strings.Fields(Text(source)), " "); words != "安装 指南 正文 { #b }" || doc.Text != "安装 指南\n\n正文 { #b }" || o.Title(100) != "安装 指南" || o.Summary != "正文 { #b }" {
			t.Errorf("%q: %q, %q, %q, %q", source, words, doc.Text, o.Title(100), o.Summary)
		}
	}
}
