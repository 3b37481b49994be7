package source_test

import (
	"slices"
	"testing"

	"docsquare/internal/cli/importer/source"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string]source.Address{
		"a.md#b":                {Path: "a.md", Fragment: "b"},
		"../a%20b.md?x=1#c%20d": {Path: "../a b.md", Query: "x=1", Fragment: "c%20d"},
		"e\u0301.md":            {Path: "\u00e9.md"},
		"%E4%B8%AD.md":          {Path: "中.md"},
		`img\a.png`:             {Path: "img/a.png"},
		"100%.md":               {Path: "100%.md"},
		"/?p=12":                {Path: "/", Query: "p=12"},
	} {
		if got, ok := source.Split(text); !ok || got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"https://a.example/b.md", "mailto:a@b.example", "//a.example/b", "#part", "", "javascript:alert(1)", `C:\a.md`, `\\server\a.md`, "data:image/png;base64,x"} {
		if got, ok := source.Split(text); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestKey(t *testing.T) {
	for _, same := range [][]string{
		{"/Posts/A/", "/posts/a", "/posts/a.html", "/posts/a/index.html", "/posts/./a/"},
		{"/", "/index.html", "//"},
		{"Re\u0301sume\u0301.md", "R\u00e9sum\u00e9.md", "R\u00c9SUM\u00c9.MD"},
		{"/?p=1", "//?p=1"},
	} {
		for _, name := range same {
			if source.Key(name) != source.Key(same[0]) {
				t.Errorf("%q is %q, but %q is %q", name, source.Key(name), same[0], source.Key(same[0]))
			}
		}
	}
}

func TestFolder(t *testing.T) {
	f := &source.Folder{Content: "content", Roots: []string{"static"}, Site: []string{"https://blog.example/sub/", "/sub/"}}
	for address, want := range map[string][]string{
		"b.md":                           {"content/posts/b.md"},
		"../../../etc/passwd":            {"../etc/passwd"},
		"/a.png":                         {"/a.png", "content/a.png", "static/a.png"},
		"/sub/a.png":                     {"/a.png", "static/a.png"},
		"https://blog.example/sub/a.png": {"static/a.png"},
		"http://blog.example/sub":        {"/"},
		"//blog.example/sub/?p=3":        {"/?p=3"},
	} {
		got := f.Resolve(source.Page{Path: "content/posts/a.md"}, address).Candidates
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: %q has no %q", address, got, w)
			}
		}
	}
	for _, address := range []string{"https://blog.example.org/sub/a", "https://blog.example/subway", "https://other.example/"} {
		if got := f.Resolve(source.Page{Path: "content/posts/a.md"}, address).Candidates; got != nil {
			t.Errorf("%s: %q", address, got)
		}
	}
}
