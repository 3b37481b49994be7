package importer

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	entdocument "docsquare/ent/document"
	"docsquare/internal/plaintext"
)

func TestFrontMatter(t *testing.T) {
	long := strings.Repeat("长", 300)
	type document struct {
		Title, Summary, Category, Author string
		Tags                             []string
		Body                             string
	}
	cases := []struct {
		name, path, file string
		want             document
	}{
		{"none", "ent/migrate.md", "# Automatic `Migration` {#auto}\n\ntext\n", document{
			Title: "Automatic Migration", Author: "ent", Body: "# Automatic `Migration` {#auto}\n\ntext\n",
		}},
		{
			"all keys", "a-b/c/d/e.md", "---\ntitle: 缓存：旁路\ndescription: |\n  two\n  lines\ncategory: [数据库, x]\ntag:\n  - Redis\n  - 缓存\n  - Redis\nauthor: 张三\n---\n\n正文\n",
			document{Title: "缓存：旁路", Summary: "two lines", Category: "数据库", Author: "author-390187fb", Tags: []string{"Redis", "缓存"}, Body: "正文\n"},
		},
		{
			"comma list, number, folder", "Guides/Go Tips/x.markdown", "---\ntitle: 2024\ntags: a, b，c\nsummary: s\n---\ntext",
			document{Title: "2024", Summary: "s", Category: "Go Tips", Author: "guides", Tags: []string{"a", "b", "c"}, Body: "text"},
		},
		{"file name", "x.txt", "just text", document{Title: "x", Author: "library", Body: "just text"}},
		{
			"a heading in code is none", "x.md", "```sh\n# comment\n```\n# [Real](http://x) **one**\n",
			document{Title: "Real one", Author: "library", Body: "```sh\n# comment\n```\n# [Real](http://x) **one**\n"},
		},
		{"other types", "x.md", "---\ntitle: {a: b}\ncategory:\ntags: {a: b}\nextra: [[1]]\n---\n# T\n", document{Title: "T", Author: "library", Body: "# T\n"}},
		{"a rule is no front matter", "x.md", "---\nsome text\n---\nmore", document{Title: "some text", Author: "library", Body: "---\nsome text\n---\nmore"}},
		{"underlined heading", "x.md", "学习 C#\n===\n\ntext", document{Title: "学习 C#", Author: "library", Body: "学习 C#\n===\n\ntext"}},
		{"heading in HTML", "x.md", "<h1 align=\"center\">A &amp; B</h1>\n", document{Title: "A & B", Author: "library", Body: "<h1 align=\"center\">A &amp; B</h1>\n"}},
		{"no heading", "笔记.md", "正文\n\n## Later", document{Title: "笔记", Author: "library", Body: "正文\n\n## Later"}},
		{"plain text", "notes.txt", "# no heading", document{Title: "notes", Author: "library", Body: "# no heading"}},
		{"no end", "x.md", "---\ntitle: a\n", document{Title: "x", Author: "library", Body: "---\ntitle: a\n"}},
		{"empty front matter", "x.md", "---\n---\ntext", document{Title: "x", Author: "library", Body: "text"}},
		{"too long", "x.md", "---\ntitle: " + long + "\ncategory: " + long + "\ntags: [" + long + "]\n---\ntext", document{
			Title: strings.Repeat("长", 199) + "…", Category: strings.Repeat("长", 63) + "…", Author: "library",
			Tags: []string{strings.Repeat("长", 31) + "…"}, Body: "text",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			front, body, err := split(c.file)
			if err != nil {
				t.Fatal(err)
			}
			got := document{Title: title(front, formats[extension(c.path)], body, c.path), Author: authorOf(front, c.path).username, Tags: tags(front), Body: body}
			if s := summary(front); s != nil {
				got.Summary = *s
			}
			if s := category(front, c.path); s != nil {
				got.Category = *s
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBrokenFrontMatter(t *testing.T) {
	if _, _, err := split("---\ntitle: a: b\n---\ntext"); err == nil {
		t.Error("broken YAML is no error")
	}
}

func TestMoment(t *testing.T) {
	want := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	for _, date := range []text{"2024-05-06", "2024/05/06", "2024-05-06 00:00:00", "2024-05-06T08:00:00+08:00", "2024-5-6"} {
		if at, ok := (header{Date: date}).moment(); !ok || !at.Equal(want) {
			t.Errorf("%s is %v, %v", date, at, ok)
		}
	}
	if _, ok := (header{Date: "yesterday"}).moment(); ok {
		t.Error("yesterday is a date")
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"javaguide": "javaguide", "Vue ZH": "vue-zh", "go": "go-author", "--x--": "x-author", "中文 go": "go-58f39865",
		"": "author-811c9dc5", strings.Repeat("a", 40): strings.Repeat("a", 32),
	} {
		if got := slug(name); got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("---\ntitle: a\ntags: [b, c]\ndate: 2024-01-01\n---\n# T\n")
	f.Add("---\n- a\n---\n")
	f.Add("---\n&a [*a]\n---\nx")
	f.Fuzz(func(t *testing.T, file string) {
		if !utf8.ValidString(file) {
			return
		}
		front, body, err := split(file)
		if err != nil {
			return
		}
		if !strings.HasSuffix(file, body) {
			t.Errorf("the text %q is no end of the file", body)
		}
		if got := title(front, entdocument.FormatMD, body, "a/b.md"); got == "" || utf8.RuneCountInString(got) > plaintext.MaxTitle {
			t.Errorf("title %q", got)
		}
		if len(tags(front)) > maxTags {
			t.Error("too many tags")
		}
		if u := authorOf(front, "a/b.md").username; len(u) < minUsername || len(u) > maxUsername {
			t.Errorf("username %q", u)
		}
	})
}
