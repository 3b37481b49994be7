package markdown

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"
)

// Whatever a text is, parsing it takes a bounded number of steps and elements, and what it becomes has a bounded size.
func TestPathological(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(pathological)) {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{4 << 10, 32 << 10, 512 << 10} {
				source := pathological[name](n)
				m := &meter{ctx: t.Context()}
				o, limit, err := parse(m, source, style{highlight: true}, Files{})
				if err != nil || strings.Contains(limit, "failed") {
					t.Fatalf("%d bytes: %v %s", n, err, limit)
				}
				html := Paragraphs(source).HTML
				if limit == "" {
					html = o.html
				}
				// A step may be as large as the text: the last one passes the limit.
				if most := maxWork + 2*len(source)*len(source); limit == "" && m.work > maxWork || m.work > most {
					t.Errorf("%d bytes take %d steps", n, m.work)
				}
				if limit == "" && m.nodes > maxNodes || len(html) > outputLimit(len(source)) {
					t.Errorf("%d bytes become %d elements, %d bytes", n, m.nodes, len(html))
				}
				check(t, html)
			}
		})
	}
}

// These have a limit of their own: what is allowed grows with the text alone.
func TestLimits(t *testing.T) {
	for name, source := range map[string]string{
		"steps":      pathological["openers and closers"](512 << 10),
		"elements":   strings.Repeat("- a\n", maxNodes/2),
		"output":     strings.Repeat("# "+strings.Repeat("&", 10)+"\n", 90_000),
		"references": "[a]: /" + strings.Repeat("x", 1000) + "\n\n" + strings.Repeat("[a] ", 200),
		"wide table": pathological["wide table, short rows"](15 << 10),
	} {
		doc, limit, err := Render(t.Context(), source, Files{})
		if err != nil || limit == "" {
			t.Errorf("%s: got %v, limit %q", name, err, limit)
			continue
		}
		if want := Paragraphs(source).HTML; doc.HTML != want {
			t.Errorf("%s: got %.80q", name, doc.HTML)
		}
	}
}

// TestTablesBeyondTheOutputAreNotBuilt fails after few elements where the tags of the cells alone would not fit.
func TestTablesBeyondTheOutputAreNotBuilt(t *testing.T) {
	square := func(n int) string {
		return strings.Repeat("|a", n) + "|\n" + strings.Repeat("|-", n) + "|\n" + strings.Repeat("|b|\n", n)
	}
	for name, source := range map[string]string{"one": square(300), "many": strings.Repeat(square(40)+"\n", 20)} {
		m := &meter{ctx: t.Context()}
		if _, limit, err := parse(m, source, style{highlight: true}, Files{}); err != nil || !strings.Contains(limit, "cells") {
			t.Errorf("%s: got limit %q, %v", name, limit, err)
		}
	}
	m := &meter{ctx: t.Context()}
	if o, limit, err := parse(m, square(60), style{highlight: true}, Files{}); err != nil || limit != "" || strings.Count(o.html, "<td") != 60*60 {
		t.Errorf("a table of 60 x 60: %d cells, limit %q, %v", strings.Count(o.html, "<td"), limit, err)
	}
}

// What people write is far from the limits.
func TestLargeDocumentIsWithinTheLimits(t *testing.T) {
	section := "## 第 # 节 Section\n\n先读缓存，再读数据库。*Emphasis*, [a link](https://example.org/a) and `code`.\n\n" +
		"- one\n- two\n  - three\n\n|a|b|\n|-|-|\n|1|2|\n\n```go\nfunc main() { println(\"x\") }\n```\n\n> A quote[^1]\n\n"
	source := strings.Repeat(section, (500<<10)/len(section)) + "[^1]: note\n"
	m := &meter{ctx: t.Context()}
	_, limit, err := parse(m, source, style{highlight: true}, Files{})
	if err != nil || limit != "" {
		t.Fatalf("got %v, limit %q", err, limit)
	}
	if m.work > maxWork/4 || m.nodes > maxNodes {
		t.Errorf("it takes %d steps and %d elements", m.work, m.nodes)
	}
}

func TestHighlightingIsBounded(t *testing.T) {
	block := strings.Repeat("x := 1\n", 1000)
	h := &highlighter{m: &meter{ctx: t.Context()}, left: maxHighlighted, until: time.Now().Add(time.Hour)}
	highlighted := 0
	for range 40 {
		if html, ok := h.code("go", block); ok && strings.Contains(html, `<span class="nx">x</span>`) {
			highlighted += len(block)
		}
	}
	if highlighted == 0 || highlighted > maxHighlighted {
		t.Errorf("%d bytes are highlighted", highlighted)
	}
	h = &highlighter{m: &meter{ctx: t.Context()}, left: maxHighlighted, until: time.Now()}
	if _, ok := h.code("go", "x"); ok || h.left != 0 {
		t.Error("code is highlighted after the time is over")
	}
	if html := page(t, strings.Repeat("```go\n"+block+"```\n\n", 40)).HTML; !strings.Contains(html, "x := 1\n") {
		t.Error("nothing is shown plain")
	}
}

func BenchmarkRender(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(pathological)) {
		for _, n := range []int{32 << 10, 512 << 10} {
			source := pathological[name](n)
			b.Run(name+"/"+number(n), func(b *testing.B) {
				b.SetBytes(int64(n))
				for b.Loop() {
					_, _, _ = Render(b.Context(), source, Files{})
				}
			})
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, cases := range rendered {
		for source := range cases {
			f.Add(source)
		}
	}
	for _, text := range pathological {
		f.Add(text(200))
	}
	f.Fuzz(func(t *testing.T, source string) {
		doc, limit, err := Render(t.Context(), source, Files{})
		if err != nil || strings.Contains(limit, "failed") {
			t.Fatalf("%v %s", err, limit)
		}
		if len(doc.HTML) > outputLimit(len(source)) {
			t.Fatalf("%d bytes become %d", len(source), len(doc.HTML))
		}
		check(t, doc.HTML)
		Describe("MD", source)
	})
}

// check reports what no page may show: elements that are not closed, ids that are repeated or the page's own, and scripts.
func check(t *testing.T, html string) {
	t.Helper()
	z := nethtml.NewTokenizer(strings.NewReader(html))
	var open []string
	ids := map[string]bool{}
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			if len(open) > 0 {
				t.Errorf("not closed: %v", open)
			}
			return
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "script" || token.Data == "style" || token.Data == "form" || token.Data == "iframe" {
				t.Errorf("there is a %s", token.Data)
			}
			for _, a := range token.Attr {
				if a.Key == "id" && (ids[a.Val] || !strings.HasPrefix(a.Val, idPrefix)) {
					t.Errorf("the id %q is repeated or has no prefix", a.Val)
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "src") && strings.HasPrefix(strings.ToLower(a.Val), "javascript") {
					t.Errorf("there is %s=%q", a.Key, a.Val)
				}
			}
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("%s ends within %v", name, open)
				return
			}
			open = open[:len(open)-1]
		case nethtml.TextToken, nethtml.CommentToken, nethtml.DoctypeToken:
		}
	}
}
