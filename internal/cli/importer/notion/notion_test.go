package notion

import (
	"slices"
	"testing"
	"testing/fstest"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

const (
	one = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	two = "0123456789abcdef0123456789abcdef"
)

func opened(t *testing.T) source.Source {
	t.Helper()
	s, err := Detect(fstest.MapFS{"Home " + one + ".md": {}, "Home " + one + "/子页 " + two + ".md": {}})
	if err != nil || s == nil {
		t.Fatal("it is no export", err)
	}
	return s
}

func TestDetect(t *testing.T) {
	for _, files := range []fstest.MapFS{{"a.md": {}}, {"Home " + one + ".csv": {}}, {one[:31] + ".md": {}}, {".hidden/Home " + one + ".md": {}}, {"Home " + one + "x.md": {}}} {
		if s, err := Detect(files); s != nil || err != nil {
			t.Errorf("%v is an export, %v", files, err)
		}
	}
}

func TestNames(t *testing.T) {
	e := opened(t)
	for name, want := range map[string]string{"Home " + one + ".md": "notion/" + one, one + ".md": "notion/" + one, "x/Re\u0301 " + two + ".md": "notion/" + two, "plain.md": "plain.md", "Home-" + one + ".md": "notion/" + one} {
		if got := e.ID(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, want := range map[string]string{"Tasks " + one + ".csv": "its rows", "Tasks " + one + "_all.csv": "its rows", "data.csv": "", "index.html": "it is HTML", "a.png": "", "x.html": ""} {
		if got := e.Skip(name, false); (got == "") != (want == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, want := range map[string]string{"Home " + one + "/a.md": "Home", "a.md": "", "团队 " + two + "/x/b.md": "团队"} {
		if _, category := e.Home(name); category != want {
			t.Errorf("%s: %q", name, category)
		}
	}
}

func TestResolve(t *testing.T) {
	e, from := opened(t), source.Page{Path: "Home " + one + ".md"}
	for address, want := range map[string]string{
		"Home%20" + one + "/%E5%AD%90%E9%A1%B5%20" + two + ".md": "Home " + one + "/子页 " + two + ".md", "Moved%20" + two + ".md": "notion:" + two,
		"https://www.notion.so/team/Page-" + two + "?pvs=4#" + one: "notion:" + two, "https://notion.so/" + two: "notion:" + two, "https://team.notion.site/X-" + one: "notion:" + one,
	} {
		if got := e.Resolve(from, address); !slices.Contains(got.Candidates, want) {
			t.Errorf("%s: %+v", address, got)
		}
	}
	for _, address := range []string{"https://www.notion.so/Other-" + "ffffffffffffffffffffffffffffffff", "https://evil.example/X-" + one, "https://notion.so.evil.example/" + one} {
		if got := e.Resolve(from, address); got.Candidates != nil {
			t.Errorf("%s: %+v", address, got)
		}
	}
}

func TestProperties(t *testing.T) {
	e := opened(t)
	for text, want := range map[string]struct {
		body string
		keys map[string]string
	}{
		"# A\n\nTags: x, y\nCreated: January 5, 2024 3:04 PM\n\nText: a.\n": {"# A\n\nText: a.\n", map[string]string{"tags": "x, y", "created": "January 5, 2024 3:04 PM"}},
		"# 甲\n\n标签: 一, 二\n创建时间: 2024年1月5日 15:04\n状态: 草稿\n\n正文\n":            {"# 甲\n\n正文\n", map[string]string{"tags": "一, 二", "created": "2024年1月5日 15:04", "status": "草稿"}},
		"# A\n\nOwner: Ann\nStatus: In progress\n\nText\n":                  {"# A\n\nOwner: Ann\n\nText\n", map[string]string{"status": "In progress"}},
		"# A\n\nDate: @May 6, 2024 → May 7, 2024\nStatus: Done\n":           {"# A\n\n", map[string]string{"date": "May 6, 2024", "status": "Done"}},
		"# A\n\nNote: this is\nno property\n":                               {"# A\n\nNote: this is\nno property\n", nil},
		"# A\n\nJust text.\n":                                               {"# A\n\nJust text.\n", nil},
		"Text without a heading":                                            {"Text without a heading", map[string]string{"title": "Home"}},
	} {
		got := e.Text("Home "+one+".md", text)
		block, body, err := frontmatter.Split(got)
		if err != nil {
			t.Fatal(err)
		}
		values, err := block.Values()
		if err != nil || body != want.body || len(values.Map) != len(want.keys) {
			t.Errorf("%q: %q with %v, %v", text, body, values.Map, err)
		}
		for key, value := range want.keys {
			if values.Get(key).Text != value {
				t.Errorf("%q: %s is %q", text, key, values.Get(key).Text)
			}
		}
	}
	for name, text := range map[string]string{"plain.md": "# A\n\nTags: x\n", "Home " + one + ".md": "---\ntitle: x\n---\n# A\n\nTags: x\n"} {
		if got := e.Text(name, text); got != text {
			t.Errorf("%q", got)
		}
	}
}
