package search

import (
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"

	"docsquare/ent/document"
)

func TestHighlight(t *testing.T) {
	for _, tc := range []struct{ query, text, want string }{
		{"缓存", "Redis 缓存策略", "Redis <mark>缓存</mark>策略"},
		{"知识图谱", "构建知识图谱。", "构建<mark>知识图谱</mark>。"},
		{"国", "中国人", "中<mark>国人</mark>"},
		{"caching", "Cached & <b>caches</b>", "<mark>Cached</mark> &amp; &lt;b&gt;<mark>caches</mark>&lt;/b&gt;"},
		{"ent*", "entities enter", "<mark>entities</mark> <mark>enter</mark>"},
		{"-x y", "x y", "x <mark>y</mark>"},
		{"script", "<script>alert(1)</script>", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"},
	} {
		if got, ok := Parse(tc.query).Highlight(tc.text); got != tc.want || !ok {
			t.Errorf("%s in %q: %q, %v", tc.query, tc.text, got, ok)
		}
	}
	if got, ok := Parse("x").Highlight("a < b"); ok || got != "a &lt; b" {
		t.Errorf("no match: %q, %v", got, ok)
	}
}

func TestSnippetIsTheBestPart(t *testing.T) {
	filler := strings.Repeat("nothing to see here ", 40)
	got, ok := Parse("outbox relay").Snippet("relay " + filler + "the outbox has a relay next to it " + filler)
	if !ok || !strings.Contains(got, "<mark>outbox</mark> has a <mark>relay</mark>") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("%q", got)
	}
	if n := len([]rune(got)); n > snippetSize+2*maxToken+4*len("<mark></mark>") {
		t.Errorf("a snippet of %d characters", n)
	}
	if got, ok := Parse("y").Snippet("x"); ok || got != "" {
		t.Errorf("no match: %q", got)
	}
}

// FuzzSnippet: whatever is searched in whatever text, the HTML holds nothing but text and marks.
func FuzzSnippet(f *testing.F) {
	f.Add("缓存 a*", "Redis 缓存 <img src=x onerror=alert(1)> \u202e a & b")
	f.Add("script", "<script>script</script>")
	f.Add("\xff", "\xff'\"<mark>")
	only := bluemonday.NewPolicy()
	only.AllowElements("mark")
	f.Fuzz(func(t *testing.T, query, text string) {
		for _, find := range []func(string) (string, bool){Parse(query).Highlight, Parse(query).Snippet} {
			html, _ := find(text)
			clean := only.Sanitize(html)
			if strings.Count(html, "<") != strings.Count(clean, "<") || strings.Count(html, "<mark>") != strings.Count(html, "</mark>") {
				t.Fatalf("%q in %q: %q", query, text, html)
			}
		}
	})
}

func TestPlain(t *testing.T) {
	text := "# Title\n\nSee [the **guide**](https://x.example/a_b) and ![a picture](p.png) <br/> at https://y.example/z.\n\n```go\ncode()\n```\n| a | b |\n|---|---|\n"
	got := strings.Join(strings.Fields(Plain(document.FormatMD, text)), " ")
	if got != "Title See the guide and a picture at https://y.example/z. code() a b" {
		t.Errorf("%q", got)
	}
	if Plain(document.FormatTXT, text) != text {
		t.Error("plain text has no markup")
	}
}

// TestSnippetCutsNoCharacter cuts texts of characters that are several code points: no part of one is at either end.
func TestSnippetCutsNoCharacter(t *testing.T) {
	for _, character := range []string{
		"👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "e\u0301\u0323", "か\u3099", "ｶﾞ", "\u1112\u1161\u11ab", "葛\U000e0100", "षि",
	} {
		for shift := 1; shift < 8; shift++ {
			text := strings.Repeat("x ", 100) + strings.Repeat(character, 90) + ".needle" + strings.Repeat(".", shift) + strings.Repeat(character, 300)
			got, ok := Parse("needle").Snippet(text)
			before, after, _ := strings.Cut(strings.NewReplacer("… ", "", " …", "", "<mark>", "", "</mark>", "").Replace(got), "needle")
			before, after = strings.Trim(before, "x ."), strings.TrimLeft(after, ".")
			if !ok || strings.ReplaceAll(before, character, "") != "" || strings.ReplaceAll(after, character, "") != "" {
				t.Errorf("%q, shifted by %d: %q", character, shift, got)
			}
		}
	}
}

// TestSnippetOfEntities has words whose beginnings are written as entities, or are broken for lines.
func TestSnippetOfEntities(t *testing.T) {
	for _, tc := range []struct{ query, text, want string }{
		{"école", "the &eacute;cole here", "the <mark>école</mark> here"},
		{"über", "&Uuml;ber alles", "<mark>Über</mark> alles"},
		{"database", "a da&shy;ta&shy;base", "a <mark>da\u00adta\u00adbase</mark>"},
		{"database", "a d<wbr>ata&#8203;base", "a <mark>data\u200bbase</mark>"},
		{"中文", "用&#x4e2d;文写", "用<mark>中文</mark>写"},
		{"eacute", "write `&eacute;` in HTML", "write &amp;<mark>eacute</mark>; in HTML"},
		{"amp", "`&amp;`", "&amp;<mark>amp</mark>;"},
	} {
		if got, ok, err := Parse(tc.query).Excerpt(t.Context(), document.FormatMD, tc.text); got != tc.want || !ok || err != nil {
			t.Errorf("%s in %q: %q, %v, %v", tc.query, tc.text, got, ok, err)
		}
	}
}
