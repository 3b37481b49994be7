package textfile_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"docsquare/ent/document"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/text/textfile"
)

var now = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// told is what a case expects, in short.
type told struct {
	Title, Summary, Category, Authors, Tags, Body, At, Visibility, Notes string
}

func tell(d textfile.Document) (t told) {
	t = told{Title: d.Title, Category: d.Category, Authors: strings.Join(d.Authors, "|"), Tags: strings.Join(d.Tags, "|"), Body: d.Body, Notes: strings.Join(d.Notes, "|")}
	if d.Summary != nil {
		t.Summary = *d.Summary
	}
	if !d.At.IsZero() {
		t.At = d.At.Format(time.RFC3339)
	}
	if d.Visibility != document.VisibilityPublic {
		t.Visibility = string(d.Visibility)
	}
	return t
}

func TestRead(t *testing.T) {
	long := strings.Repeat("长", 300)
	for name, c := range map[string]struct {
		path, file string
		want       told
	}{
		"no front matter":    {"ent/migrate.md", "# Automatic `Migration` {#auto}\n\ntext\n", told{Title: "Automatic Migration", Body: "# Automatic `Migration` {#auto}\n\ntext\n"}},
		"all keys":           {"a/b.md", "---\ntitle: 缓存：旁路\ndescription: |\n  two\n  lines\ncategory: [数据库, x]\ntag:\n  - Redis\n  - 缓存\n  - Redis\nauthor: 张三\ndate: 2024-05-06\n---\n\n正文\n", told{Title: "缓存：旁路", Summary: "two lines", Category: "数据库", Authors: "张三", Tags: "Redis|缓存", Body: "正文\n", At: "2024-05-06T00:00:00Z"}},
		"other types":        {"x.md", "---\ntitle: {a: b}\ncategory:\ntags: {a: b}\nextra: [[1]]\n---\n# T\n", told{Title: "T", Body: "# T\n", Notes: "line 2: title is no text: the title is that of the text|line 4: tags is no list: write the tags as [a, b]"}},
		"a template":         {"x.md", "---\ntitle: {{title}}\ndate: {{ date }}\n---\n# T\n", told{Title: "T", Body: "# T\n", Notes: "line 2: title is no text: the title is that of the text|line 3: date is no text: it is not taken"}},
		"authors as objects": {"x.md", "---\nauthors:\n  - name: Ann\n    url: x\n  - Bob\n---\ntext", told{Title: "x", Authors: "Ann|Bob", Body: "text"}},
		"too long": {"x.md", "---\ntitle: " + long + "\ncategory: " + long + "\ntags: [" + long + "]\n---\ntext", told{
			Title: strings.Repeat("长", 199) + "…", Category: strings.Repeat("长", 63) + "…", Tags: strings.Repeat("长", 31) + "…", Body: "text",
		}},
		"page of a folder":           {"guide/2024-05-06-缓存/index.md", "text", told{Title: "缓存", Body: "text", At: "2024-05-06T00:00:00Z"}},
		"page of the root":           {"README.md", "text", told{Title: "README", Body: "text"}},
		"status private":             {"x.md", "---\nstatus: Private\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"status published":           {"x.md", "---\nstatus: publish\n---\ntext", told{Title: "x", Body: "text"}},
		"published later":            {"x.md", "---\ndate: 2020-01-01\npublishDate: 2099-01-01\n---\ntext", told{Title: "x", Body: "text", At: "2020-01-01T00:00:00Z", Visibility: "PRIVATE"}},
		"expired":                    {"x.md", "---\nexpiryDate: 2020-01-01\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"name":                       {"笔记.md", "正文\n\n## Later", told{Title: "笔记", Body: "正文\n\n## Later"}},
		"name with a date":           {"_posts/2018-02-03-hello.md", "text", told{Title: "hello", Body: "text", At: "2018-02-03T00:00:00Z"}},
		"name that is a date":        {"daily/2018-02-03.md", "text", told{Title: "2018-02-03", Body: "text", At: "2018-02-03T00:00:00Z"}},
		"front matter over name":     {"_posts/2018-02-03-hello.md", "---\ndate: 2018-02-04\n---\ntext", told{Title: "hello", Body: "text", At: "2018-02-04T00:00:00Z"}},
		"decomposed name":            {"Re\u0301sume\u0301.md", "text", told{Title: "Résumé", Body: "text"}},
		"no name":                    {"", "text\nmore", told{Title: "text more", Body: "text\nmore"}},
		"plain text":                 {"notes.txt", "# no heading", told{Title: "notes", Body: "# no heading"}},
		"a mark and other line ends": {"x.md", "\ufeff---\r\ntitle: a\r\n---\r\nb\rc", told{Title: "a", Body: "b\nc"}},

		"tags with commas":         {"x.md", "---\ntags: a, b，c、d\n---\ntext", told{Title: "x", Tags: "a|b|c|d", Body: "text"}},
		"tags with blanks, Jekyll": {"_posts/2018-02-03-x.md", "---\ntags: a b\n---\ntext", told{Title: "x", Tags: "a|b", Body: "text", At: "2018-02-03T00:00:00Z"}},
		"a tag of two words":       {"x.md", "---\ntags: machine learning\n---\ntext", told{Title: "x", Tags: "machine learning", Body: "text"}},
		"tags of Obsidian":         {"x.md", "---\ntags: \"#a #b/c\"\n---\ntext", told{Title: "x", Tags: "a|b/c", Body: "text"}},
		"tags, one for each":       {"x.md", "---\ntags: [Redis, redis, ＲＥＤＩＳ, '#REDIS', Caf\u00e9, Cafe\u0301]\n---\ntext", told{Title: "x", Tags: "Redis|Café", Body: "text"}},
		"tags as objects":          {"x.md", "---\ntags:\n  - label: a\n    permalink: /a\n  - {name: b}\n---\ntext", told{Title: "x", Tags: "a|b", Body: "text"}},
		"tags of Zola":             {"x.md", "+++\n[taxonomies]\ntags = [\"a\", \"缓存\"]\ncategories = [\"数据库\"]\n+++\ntext", told{Title: "x", Tags: "a|缓存", Category: "数据库", Body: "text"}},
		"tags, nested":             {"x.md", "---\ntags: [[misc, research]]\n---\ntext", told{Title: "x", Tags: "misc|research", Body: "text"}},
		"too many tags":            {"x.md", "---\ntags: a,b,c,d,e,f,g,h,i,j,k,l\n---\ntext", told{Title: "x", Tags: "a|b|c|d|e|f|g|h|i|j", Body: "text", Notes: "it has 12 tags: the first 10 are taken"}},

		"a draft":                 {"x.md", "---\ndraft: true\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"no draft":                {"x.md", "---\ndraft: false\npublished: true\n---\ntext", told{Title: "x", Body: "text"}},
		"a draft, in TOML":        {"x.md", "+++\ndraft = true\n+++\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"a draft, in words":       {"x.md", "---\ndraft: 'yes'\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"a draft, not understood": {"x.md", "---\ndraft: 是\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"not published":           {"x.md", "---\npublished: false\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"published at a date":     {"x.md", "---\npublished: 2024-05-06\n---\ntext", told{Title: "x", Body: "text", At: "2024-05-06T00:00:00Z"}},
		"not to be published":     {"x.md", "---\npublish: false\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"a status":                {"x.md", "---\nstatus: Draft\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"in _drafts":              {"blog/_drafts/x.md", "text", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"in the future":           {"x.md", "---\ndate: 2027-01-01\n---\ntext", told{Title: "x", Body: "text", At: "2027-01-01T00:00:00Z", Visibility: "PRIVATE"}},
		"in the future, by name":  {"2027-01-01-x.md", "text", told{Title: "x", Body: "text", At: "2027-01-01T00:00:00Z", Visibility: "PRIVATE"}},
		"not listed":              {"x.md", "---\nunlisted: true\n---\ntext", told{Title: "x", Body: "text", Visibility: "UNLISTED"}},
		"visibility private":      {"x.md", "---\nvisibility: Private\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"visibility of members":   {"x.md", "---\nvisibility: members\n---\ntext", told{Title: "x", Body: "text", Visibility: "PRIVATE"}},
		"visibility unlisted":     {"x.md", "---\nvisibility: unlisted\n---\ntext", told{Title: "x", Body: "text", Visibility: "UNLISTED"}},
		"visibility public":       {"x.md", "---\nvisibility: PUBLIC\n---\ntext", told{Title: "x", Body: "text"}},
		"hidden":                  {"x.md", "---\nhidden: true\n---\ntext", told{Title: "x", Body: "text", Visibility: "UNLISTED"}},
		"a date that is none":     {"x.md", "---\ndate: soon\ncreated: 2024-05-06\n---\ntext", told{Title: "x", Body: "text", At: "2024-05-06T00:00:00Z", Notes: `line 2: date: "soon" is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00`}},
	} {
		t.Run(name, func(t *testing.T) {
			format, ok := textfile.FormatOf(c.path)
			if !ok {
				format = document.FormatMD
			}
			got, err := textfile.Read(c.path, format, []byte(c.file), now)
			if err != nil {
				t.Fatal(err)
			}
			if (got.Visibility == document.VisibilityPublic) != (got.Reason == "") {
				t.Errorf("%s, because %q", got.Visibility, got.Reason)
			}
			if diff := cmp.Diff(c.want, tell(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNames lists names of files: the title and the date that they give, and whether the date is reported.
func TestNames(t *testing.T) {
	for name, want := range map[string]told{
		"2018-02-03-hello.md": {Title: "hello", At: "2018-02-03"}, "2018-02-03 hello world.md": {Title: "hello world", At: "2018-02-03"}, "2018-02-03_hello.md": {Title: "hello", At: "2018-02-03"},
		"2018-2-3 - hello.md": {Title: "hello", At: "2018-02-03"}, "a/2018_02_03_hello.markdown": {Title: "hello", At: "2018-02-03"}, "2018.02.03 hello.txt": {Title: "hello", At: "2018-02-03"},
		"20180203-hello.md": {Title: "hello", At: "2018-02-03"}, "20180203.md": {Title: "20180203", At: "2018-02-03"}, "2018-02-03.md": {Title: "2018-02-03", At: "2018-02-03"}, "2018-02-03-.md": {Title: "2018-02-03-", At: "2018-02-03"},
		"2018-02-03T10-11-12-hello.md": {Title: "hello", At: "2018-02-03"}, "2018-02-03T10-11.md": {Title: "2018-02-03T10-11", At: "2018-02-03"}, "2018-02-03 周会/index.md": {Title: "周会", At: "2018-02-03"},
		"2018-02-03周会.md": {Title: "周会", At: "2018-02-03"}, "2018年2月3日 周会.md": {Title: "周会", At: "2018-02-03"}, "2018年2月3日.md": {Title: "2018年2月3日", At: "2018-02-03"}, "20180203周会.md": {Title: "周会", At: "2018-02-03"},
		"2018-02-03\u3000周会.md": {Title: "周会", At: "2018-02-03"},

		"2018-13-45-x.md": {Title: "2018-13-45-x", Notes: `its name: "2018-13-45" is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00`}, "2018-02-30 周会.md": {Title: "2018-02-30 周会", Notes: `its name: "2018-02-30" is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00`},
		"2018-02-31.md": {Title: "2018-02-31", Notes: `its name: "2018-02-31" is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00`},

		"18-02-03-x.md": {Title: "18-02-03-x"}, "2018-02-x.md": {Title: "2018-02-x"}, "2018-02-03x.md": {Title: "2018-02-03x"}, "12345678-x.md": {Title: "12345678-x"}, "20189999-x.md": {Title: "20189999-x"}, "2018-02.03 x.md": {Title: "2018-02.03 x"}, "20180203123456.md": {Title: "20180203123456"},
	} {
		d, err := textfile.Read(name, document.FormatMD, []byte("text"), now)
		if err != nil {
			t.Fatal(err)
		}
		got := tell(d)
		got.At, _, _ = strings.Cut(got.At, "T")
		if want.Body = "text"; got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	d, err := textfile.Read("2018-13-45-x.md", document.FormatMD, []byte("---\ndate: 2018-02-03\n---\ntext"), now)
	if err != nil || len(d.Notes) > 0 || d.At.IsZero() {
		t.Errorf("the front matter has the date: %+v, %v", d, err)
	}
}

func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"broken front matter": {"---\ntitle: a: b\n---\ntext", "line 2"},
		"no end":              {"---\ntitle: a\n\ntext", "no end"},
		"unknown encoding":    {"caf\xe9", "save it as UTF-8"},
	} {
		if d, err := textfile.Read("x.md", document.FormatMD, []byte(c.file), now); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a/b.md", []byte("---\ntitle: a\ntags: [b, c]\ndate: 2024-01-01\n---\n# T\n"))
	f.Add("_posts/2024-01-01-x.md", []byte("+++\ntags = ['#a b']\n+++\nx"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d, err := textfile.Read(name, document.FormatMD, data, now)
		if err != nil || !utf8.ValidString(name) {
			return
		}
		if utf8.RuneCountInString(d.Title) > plaintext.MaxTitle || len(d.Tags) > 10 || utf8.RuneCountInString(d.Category) > plaintext.MaxCategory {
			t.Errorf("%+v", d)
		}
		for _, tag := range d.Tags {
			if utf8.RuneCountInString(tag) > plaintext.MaxTag || strings.TrimSpace(tag) != tag {
				t.Errorf("the tag %q", tag)
			}
		}
	})
}
