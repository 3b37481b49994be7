package obsidian

import (
	"slices"
	"testing"
	"testing/fstest"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

func opened(t *testing.T) source.Source {
	t.Helper()
	v := Detect(fstest.MapFS{".obsidian/app.json": {}, ".obsidian/templates.json": {Data: []byte(`{"folder": "Meta/Templates/"}`)}}, "Vault")
	if v == nil {
		t.Fatal("it is no vault")
	}
	return v
}

func TestDetect(t *testing.T) {
	for _, files := range []fstest.MapFS{{"a.md": {}}, {"sub/.obsidian/app.json": {}}, {".obsidian": {}}} {
		if v := Detect(files, "x"); v != nil {
			t.Errorf("%v is a vault", files)
		}
	}
	v := opened(t)
	for name, want := range map[string]string{"Meta/Templates": "it holds templates", "Meta/Templates/a.md": "it holds templates", "Meta/a.md": "", ".trash": source.Hidden, "a.excalidraw.md": "it is a drawing", "Templates": ""} {
		if got := v.Skip(name, false); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if author, category := v.Home("Projects/a/b.md"); author != "Vault" || category != "Projects" {
		t.Errorf("%s, %s", author, category)
	}
}

func TestToken(t *testing.T) {
	v := opened(t)
	for text, want := range map[string]source.Token{
		"[[Page]]":                    {Address: "Page", Text: "Page"},
		"[[folder/Page.md|text]]":     {Address: "folder/Page.md", Text: "text"},
		`[[Page\|in a table]]`:        {Address: "Page", Text: "in a table"},
		"[[笔记 一#第 二 节]]":              {Address: "%E7%AC%94%E8%AE%B0%20%E4%B8%80#第 二 节", Text: "笔记 一 > 第 二 节"},
		"[[Page#A#B]]":                {Address: "Page#B", Text: "Page > B"},
		"[[#Heading]]":                {Address: "self:#Heading", Text: "Heading"},
		"[[Page#^block]]":             {Address: "Page#^block", Text: "Page > block"},
		"![[a.png|300]]":              {Address: "a.png", Text: "a.png", Embed: true, Width: "300"},
		"![[a.png|alt text|300x200]]": {Address: "a.png", Text: "alt text", Embed: true, Width: "300"},
		"![[a b.png]]":                {Address: "a%20b.png", Text: "a b.png", Embed: true},
		"[[Note: 100%?]]":             {Address: "Note%3A%20100%25%3F", Text: "Note: 100%?"},
		"[[2024|300]]":                {Address: "2024", Text: "300"},
	} {
		if got, ok := v.Token(text); !ok || got != want {
			t.Errorf("%s: %+v, %v", text, got, ok)
		}
	}
	if got, ok := v.Token("[[|x]]"); ok {
		t.Errorf("%+v", got)
	}
}

func TestResolve(t *testing.T) {
	v, from := opened(t), source.Page{Path: "a/b.md"}
	for address, want := range map[string]string{"Page": "note:Page", "../x/Page.md": "note:x/Page", "%E7%AC%94%E8%AE%B0": "note:笔记", "Note%3A%20a": "note:Note: a", "self:#x": "a/b.md", "a%20b.png": "a/a b.png", "Alias": "alias:Alias"} {
		if got := v.Resolve(from, address); !slices.Contains(got.Candidates, want) {
			t.Errorf("%s: %+v", address, got)
		}
	}
	if got := v.Resolve(from, "Page#^block"); got.Fragment != "" {
		t.Errorf("%+v", got)
	}
	values, err := frontmatter.Decode(".yaml", "aliases: [One, 二]\nalias: Three")
	if err != nil {
		t.Fatal(err)
	}
	names := v.Names(source.Page{Path: "a/b/c.md", Matter: values})
	if want := []string{"note:a/b/c", "note:b/c", "note:c", "alias:One", "alias:二", "alias:Three"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

func TestTags(t *testing.T) {
	v := opened(t)
	for text, want := range map[string][]string{
		"#one and #two-2 #three/four":           {"one", "two-2", "three/four"},
		"# Heading #tag":                        {"tag"},
		"中文 #标签，#另一个":                           {"标签"},
		"#1984 #y1984 no#tag (#paren) a #b_c":   {"y1984", "b_c"},
		"`#code` [#x](#y) https://a.example/#z": nil,
		"```\n#include\n```\n\n    #indented\n": nil,
		"- #item\n- [ ] #todo\n> #quote #📚":     {"item", "todo", "quote", "📚"},
		"[[Page#Heading]] #after #after":        {"after"},
		"#trailing/ ## #":                       {"trailing"},
		"**#bold** and *a #b*":                  {"b"},
	} {
		got, err := v.Tags(t.Context(), text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q, %v", text, got, want, err)
		}
	}
}
