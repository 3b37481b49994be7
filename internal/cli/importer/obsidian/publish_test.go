package obsidian

import (
	"testing"
	"testing/fstest"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

// TestHidden lists settings of vaults with the notes that stay public, and those that do not.
func TestHidden(t *testing.T) {
	for name, c := range map[string]struct {
		files           map[string]string // by their names in the folder of the settings
		public, private []string
	}{
		"none":          {nil, []string{"a.md"}, nil},
		"excluded":      {map[string]string{"app.json": `{"userIgnoreFilters": ["Archive/", "私密/", "README.md", "/^Daily\\/\\d{4}/", "/草稿/"]}`}, []string{"a.md", "Archives/a.md", "x/README.md", "Daily/a.md"}, []string{"Archive/a.md", "archive/deep/a.md", "私密/一.md", "README.md", "Daily/2024-01-02.md", "x/草稿 1.md"}},
		"Publish":       {map[string]string{"publish.json": `{"siteId": "1", "included": [], "excluded": ["Private", "日记/"]}`}, []string{"a.md", "Privates/a.md"}, []string{"Private/a.md", "private/x/a.md", "日记/一.md"}},
		"included":      {map[string]string{"publish.json": `{"included": ["Public", "公开"], "excluded": ["Public/Old"]}`}, []string{"Public/a.md", "公开/一.md"}, []string{"a.md", "Public/Old/a.md", "Publication/a.md"}},
		"other names":   {map[string]string{"publish.json": `{"includedFolders": ["Public"], "excludedFolders": ["Public/Old", "Public/a.md"]}`}, []string{"Public/b.md"}, []string{"a.md", "Public/Old/a.md", "Public/a.md"}},
		"empty":         {map[string]string{"publish.json": `{}`, "app.json": "", "community-plugins.json": `["dataview"]`}, []string{"a.md"}, nil},
		"garden":        {map[string]string{"community-plugins.json": `["dataview", "digitalgarden"]`}, nil, []string{"a.md", "中/一.md"}},
		"broken":        {map[string]string{"app.json": `{"userIgnoreFilters": [`}, nil, []string{"a.md", "一.md"}},
		"other types":   {map[string]string{"publish.json": `{"excluded": "Private"}`}, nil, []string{"a.md"}},
		"no expression": {map[string]string{"app.json": `{"userIgnoreFilters": ["/(?<!a)b/"]}`}, nil, []string{"a.md"}},
	} {
		files := fstest.MapFS{".obsidian/workspace.json": {Data: []byte("{}")}}
		for name, text := range c.files {
			files[".obsidian/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		v := Detect(files, "Vault")
		for want, notes := range map[bool][]string{false: c.public, true: c.private} {
			for _, note := range notes {
				if reason := v.Hidden(source.Page{Path: note}); (reason != "") != want {
					t.Errorf("%s, %s: %q", name, note, reason)
				}
			}
		}
	}
}

// TestChosen lists front matter that publishes notes which the settings of a vault hold back.
func TestChosen(t *testing.T) {
	for matter, public := range map[string]bool{"publish: true": true, "dg-publish: true": true, "publish: false": false, "dg-publish: soon": false, "title: 公开": false} {
		values, err := frontmatter.Decode(".yaml", matter)
		if err != nil {
			t.Fatal(err)
		}
		for _, settings := range []fstest.MapFS{
			{".obsidian/publish.json": {Data: []byte(`{"included": ["Public"]}`)}},
			{".obsidian/community-plugins.json": {Data: []byte(`["digitalgarden"]`)}},
		} {
			if reason := Detect(settings, "x").Hidden(source.Page{Path: "a.md", Matter: values}); (reason == "") != public {
				t.Errorf("%s: %q", matter, reason)
			}
		}
	}
}
