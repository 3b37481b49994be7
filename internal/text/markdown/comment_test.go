package markdown

import (
	"strings"
	"testing"
)

// TestRenderComment lists comments whose HTML is not that of a document with the text.
func TestRenderComment(t *testing.T) {
	for source, want := range map[string]string{
		"第一行\n第二行":                     `<p>第一行<br>\n第二行</p>`,
		"one\n*two*\n\n- a\n  b":       `<p>one<br>\n<em>two</em></p>\n<ul>\n<li>a<br>\nb</li>\n</ul>`,
		"```\na\nb\n```":               `<pre class="chroma"><code>a\nb\n</code></pre>`,
		"---\ntitle: x\n---\n文":        `<hr>\n<h2 id="user-content-c1-title-x">title: x</h2>\n<p>文</p>`,
		"# 标题\n[a](#标题) <b id=\"x\">c": `<h1 id="user-content-c1-标题">标题</h1>\n<p><a href="#user-content-c1-标题">a</a> <b id="user-content-c1-x">c</b></p>`,
		"a <script>x</script> b@c.org": `<p>a  <a href="mailto:b@c.org">b@c.org</a></p>`,
	} {
		doc, limit, err := RenderComment(t.Context(), source, "c1")
		if err != nil || limit != "" {
			t.Fatalf("%q: %v %s", source, err, limit)
		}
		if got := strings.TrimSpace(doc.HTML); got != strings.ReplaceAll(want, `\n`, "\n") {
			t.Errorf("%q\n got %q\nwant %q", source, got, want)
		}
	}
}

// TestCommentsShareAPage renders one text as a document and as two comments: no id is there twice.
func TestCommentsShareAPage(t *testing.T) {
	source := "# a\n\nb[^1] <i id=\"c\">\n\n[^1]: d"
	seen := map[string]bool{}
	one, _, err := RenderComment(t.Context(), source, "c1")
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := RenderComment(t.Context(), source, "c2")
	if err != nil {
		t.Fatal(err)
	}
	for _, html := range []string{page(t, source).HTML, one.HTML, two.HTML} {
		for _, part := range strings.Split(html, ` id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if seen[id] {
				t.Errorf("%s is there twice", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("got %d ids: %v", len(seen), seen)
	}
}
