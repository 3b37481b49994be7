package markdown

import (
	"strings"
	"testing"
)

// TestIndexedText has what a reader sees of texts.
func TestIndexedText(t *testing.T) {
	for source, want := range map[string]string{
		"# Title {#id}\n\ntext": "Title text", "Include `#include <stdio.h>`": "Include #include <stdio.h>", "```c\n#include <pthread.h>\n```\n": "#include <pthread.h>",
		"a < b && c > d": "a < b && c > d", "a &lt; b &amp; c": "a < b & c", `\*not\* emphasis \<b>`: "*not* emphasis <b>", "`a &lt; b`": "a &lt; b", "    indented <code>": "indented <code>",
		"[link](https://example.org/x \"title\") ![alt](a.png)": "link alt", "see https://example.org/路径 now": "see https://example.org/路径 now", "<https://a.example>": "https://a.example",
		"**bold** _em_ ~~gone~~": "bold em gone", "| a | b |\n|---|---|\n| 1 | 2 |": "a b 1 2", "- [x] done\n- [ ] open": "done open", "H<sub>2</sub>O": "H2O",
		"<div class=\"x\">shown</div>\n\n<!-- hidden -->\n\n<script>alert(1)</script>\n": "shown", "---\ntitle: T\n---\n\nbody": "body", "note[^1]\n\n[^1]: the note": "note the note",
		"先读缓存，\n再读数据库。": "先读缓存，再读数据库。", "> [!NOTE]\n> words": "Note words", "$a_b$ and $$c$$": "$a_b$ and $$c$$", ":tada: :nosuch:": "🎉 :nosuch:", "": "", "[a]: https://example.org\n\n[a]": "a",
		"Use List<String> here": "Use List here", "Use Map<String, Object> here": "Use Map<String, Object> here", "a\xffb": "a\uFFFDb",
	} {
		if got := strings.Join(strings.Fields(Text(source)), " "); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
	if got := TextOfPart("---\nnot: front matter\n---\n"); !strings.Contains(got, "front matter") {
		t.Errorf("a part that begins with a rule: %q", got)
	}
}

// TestIndexedTextIsBounded reads texts that are slow to parse. The steps are bounded; a text beyond the bound is returned unchanged.
func TestIndexedTextIsBounded(t *testing.T) {
	for name, generate := range pathological {
		source := generate(512 << 10)
		m := &meter{ctx: t.Context(), max: maxTextSteps}
		got := textWithin(m, source)
		// A step may be as large as the text: the last one passes the limit.
		if most := maxTextSteps + 2*len(source)*len(source); m.work > most {
			t.Errorf("%s takes %d steps", name, m.work)
		}
		if m.work > maxTextSteps && got != source {
			t.Errorf("%s takes %d steps, and is not returned unchanged", name, m.work)
		}
		if len(got) > 2*len(source)+1024 {
			t.Errorf("%s: %d bytes of %d", name, len(got), len(source))
		}
	}
}
