package markdown

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTitle(t *testing.T) {
	for source, want := range map[string]string{
		"# 学习 C#\n\nx":                                          "学习 C#",
		"# Learn C# #\n\nx":                                     "Learn C#",
		"Setext Title\n======\n\nx":                             "Setext Title",
		"多行的\n标题\n===":                                          "多行的标题",
		"<h1 align=\"center\">Project</h1>\n\nx":                "Project",
		"<div>\n<h1>\n  <img src=a> 项目 &amp; co\n</h1>\n</div>": "项目 & co",
		"<!--\n# hidden\n-->\n\n# Visible":                      "Visible",
		"Run\n\n    # apt install x\n\n# Real":                  "Real",
		"```sh\n# comment\n```\n\n# 真的":                         "真的",
		"# `__init__` explained":                                "__init__ explained",
		"# See [it](http://e.org/a_(b)) now":                    "See it now",
		"# **Bold** _and_ ~~gone~~ &copy; \\*":                  "Bold and gone © *",
		"# 标题 {#anchor}":                                        "标题",
		"# 标题 { #anchor }":                                      "标题",
		"# 标题 {: #anchor .x }":                                  "标题",
		"# Title\n{: .no_toc}":                                  "Title",
		"# Title {.x} ":                                         "Title",
		"# Use `{#id}`":                                         "Use {#id}",
		"# ![logo](a.png) Name":                                 "Name",
		"# ![只有图](a.png)":                                       "只有图",
		"# A[^1]\n\n[^1]: b":                                    "A",
		"# 公式 $a_b$":                                            "公式 $a_b$",
		"text\n\n## Later\n\n# First level":                     "First level",
		"## 第二级标题\n\n文":                                         "第二级标题",
		"![logo](a.png)\n\n## After a logo":                     "After a logo",
		"import A from 'a';\n\n## After an import":              "After an import",
		"---\ntitle: no\n---\n# Yes":                            "Yes",
		"text first\n\n## Not the title":                        "name",
		"![logo](a.png)\n\nText":                                "name",
		"**Bold start** of text":                                "name",
		"```go\nfunc main(){}\n```":                             "name",
		"":                                                      "name",
	} {
		if got := Describe("MD", source).Title(200, " ", "name"); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

// TestTitleAtTheTop lists texts with headings in quotes, lists and tables, which are titles only if there is no other.
func TestTitleAtTheTop(t *testing.T) {
	for source, want := range map[string]string{
		"> # Quoted\n\n# Real":                                     "Real",
		"> # 引文\n> 文\n\n# 真的\n\n文":                                 "真的",
		"- # Item\n\n# Real":                                       "Real",
		"1. # 一\n2. # 二\n\n正文\n\n# 真的":                             "真的",
		"> [!NOTE]\n> # Note\n\n# Real":                            "Real",
		"::: tip\n# 提示\n:::\n\n# 真的":                               "真的",
		"- > # Deep\n\n# Real":                                     "Real",
		"<table><tr><td><h1>Cell</h1></td></tr></table>\n\n# Real": "Real",
		"<details><h1>Folded</h1></details>\n\n# Real":             "Real",
		"> # Quoted\n\n## Second level":                            "Second level",
		"> 题记。\n\n## 第二级标题\n\n文":                                   "第二级标题",
		"> ## Quoted\n\n## Real\n\ntext":                           "Real",
		"- # Item\n\ntext\n\n## Later":                             "Item",
		"> # Only quoted":                                          "Only quoted",
		"> ## 只有引文":                                                "只有引文",
		"- a\n- b\n\n## After a list":                              "name",
		"text\n\n> # Quoted":                                       "Quoted",
		"<div align=center><h1>Project</h1></div>\n\n# Later":      "Project",
	} {
		if got := Describe("MD", source).Title(200, "name"); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func TestTitleOfItsFirstWords(t *testing.T) {
	for source, want := range map[string]string{
		"![logo](a.png)\n\nText":           "Text",
		"![logo](a.png)":                   "logo",
		"**Bold start** of text":           "Bold start of text",
		"```go\nfunc main(){}\nx\n```":     "func main(){}",
		"今天去爬山。天气很好。":                      "今天去爬山。",
		"1. 第一项\n2. 第二项":                   "第一项",
		"> [!NOTE]\n> 正文":                  "正文",
		"It is a first sentence. And more": "It is a first sentence.",
		"|a|b|\n|-|-|\n|1|2|":              "a",
		"<style>p{}</style>\n\n字":          "字",
		"":                                 "",
		"---\n\n***":                       "",
		strings.Repeat("长", 300):           strings.Repeat("长", 49) + "…",
	} {
		if got := Describe("MD", source).Title(50); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
	if got := Describe("TXT", "  # 不是标题\nsecond").Title(50); got != "# 不是标题" {
		t.Errorf("got %q", got)
	}
}

func TestSummary(t *testing.T) {
	for source, want := range map[string]string{
		"C# 与 F# 入门，用 snake_case 命名。\n\n- [ ] 一\n\n| a | b |\n|---|---|\n| 1 | 2 |":     "C# 与 F# 入门，用 snake_case 命名。",
		"# T\n\nFirst *paragraph* with [a link](b) and `code`.\n\nSecond &amp; last.":   "First paragraph with a link and code. Second & last.",
		"---\ntitle: t\ntags:\n  - a\n---\n\n正文在这里。":                                    "正文在这里。",
		"+++\ntitle = \"t\"\n+++\n\n正文":                                                 "正文",
		"import Tabs from '@theme/Tabs';\n\nexport const a = 1\n\nText":                 "Text",
		"<style>\n.a { color: red }\n</style>\n\n<script setup>\nlet a\n</script>\n\n文": "文",
		"[[toc]]\n\n[TOC]\n\n{{< note >}}\n\n{% include a.html %}\n\n文":                 "文",
		"![badge](a.svg) [![b](c.svg)](d)\n\nText":                                      "Text",
		"```go\ncode\n```\n\n文":                                                         "文",
		"<!-- comment -->\n\n文[^1]\n\n[^1]: 脚注":                                         "文",
		"> [!TIP]\n> 引用里的话":                                                             "引用里的话",
		":::tip 注意\n盒子里的话\n:::":                                                         "盒子里的话",
		"# T\n\n- one\n- two":                                                           "one two",
		"|a|b|\n|-|-|\n|1|2|":                                                           "a b 1 2",
		"# Only a heading":                                                              "Only a heading",
		"":                                                                              "",
		"先读缓存，\n再读数据库。":                                                                 "先读缓存，再读数据库。",
		"a<br>b\n**c**\nd":                                                              "a b c d",
	} {
		if got := Describe("MD", source).Summary; got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
	long := Describe("MD", strings.Repeat("一二三四五。", 100)).Summary
	if utf8.RuneCountInString(long) != 160 || !strings.HasSuffix(long, "…") {
		t.Errorf("got %q", long)
	}
}

// Only the start of a long text is parsed for its title and summary.
func TestDescribeLongText(t *testing.T) {
	o := Describe("MD", "文字\n\n"+strings.Repeat("x\n\n", 20<<10)+"# Too late")
	if got := o.Title(50, "name"); got != "name" {
		t.Errorf("got %q", got)
	}
	if o := Describe("MD", strings.Repeat("字", 20<<10)); utf8.RuneCountInString(o.Summary) != 160 || !utf8.ValidString(o.Summary) {
		t.Errorf("got %q", o.Summary)
	}
}
