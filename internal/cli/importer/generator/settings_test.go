package generator

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"docsquare/ent/document"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/textfile"
)

// outcome returns what becomes of a document: its visibility, or that it is left out.
func outcome(t *testing.T, s source.Source, name, matter string) (visibility, reason string) {
	t.Helper()
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if reason := s.Skip(dir, true); reason != "" {
			return "skipped", reason
		}
	}
	if reason := s.Skip(name, false); reason != "" {
		return "skipped", reason
	}
	d := parsed(t, s, name, matter)
	return strings.ToLower(d.Visibility.String()), d.Reason
}

// parsed returns a document of a source.
func parsed(t *testing.T, s source.Source, name, matter string) textfile.Document {
	t.Helper()
	d, err := textfile.Parse(name, document.FormatMD, "---\n"+matter+"\n---\ntext", s.Defaults(name), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if reason := s.Hidden(source.Page{Path: name, Matter: d.Matter}); reason != "" {
		d.Hide(reason)
	}
	return d
}

// site is a tree with what becomes of its documents. A document is a path, or a path and front matter in one line.
type site struct {
	files                    fstest.MapFS
	public, private, skipped []string
}

func checkSites(t *testing.T, sites map[string]site) {
	t.Helper()
	for name, c := range sites {
		s := detected(t, c.files)
		for want, documents := range map[string][]string{"public": c.public, "private": c.private, "skipped": c.skipped} {
			for _, text := range documents {
				file, matter, _ := strings.Cut(text, " ")
				if got, reason := outcome(t, s, file, matter); got != want || reason == "" && want != "public" {
					t.Errorf("%s, %s: %s (%s), want %s", name, text, got, reason, want)
				}
			}
		}
	}
}

// vue returns a site of VuePress with files of settings.
func vue(entries ...string) fstest.MapFS {
	for i := 0; i < len(entries); i += 2 {
		if !strings.Contains(entries[i], "/") {
			entries[i] = "docs/.vuepress/" + entries[i]
		}
	}
	return tree(append([]string{"docs/.vuepress/styles/index.scss", ""}, entries...)...)
}

// TestLockedPaths has passwords of paths.
func TestLockedPaths(t *testing.T) {
	checkSites(t, map[string]site{
		"hope": {
			vue("theme.ts", "import { hopeTheme } from 'vuepress-theme-hope';\nexport default hopeTheme({\n  // encrypt: { global: true },\n  encrypt: { admin: 'a', config: { '/guide/': ['1234'], '/config/page.html': '1', '/日记/': { password: process.env.P, hint: 'x' } } },\n});"),
			[]string{"docs/a.md", "docs/guides.md", "docs/config/other.md", "docs/日记本.md"},
			[]string{"docs/guide/a.md", "docs/guide/README.md", "docs/guide/deep/b.md", "docs/config/page.md", "docs/日记/一.md", "docs/a.md permalink: /guide/x/"},
			nil,
		},
		"hope 1": {
			vue("config.js", "module.exports = { themeConfig: { encrypt: { status: 'local', config: { \"/x/\": \"1\" } }, locales: { '/': { encrypt: { title: 'x' } } } } }"),
			[]string{"docs/a.md"},
			[]string{"docs/x/a.md"},
			nil,
		},
		"encoded": {
			vue("config.ts", "export default { encrypt: { config: { '/%E7%A7%81%E5%AF%86/': '1', '/A%2Bb': '2' } } }"),
			[]string{"docs/公开.md"},
			[]string{"docs/私密/a.md", "docs/a+b.md"},
			nil,
		},
		"plume": {
			vue("config.ts", "export default defineUserConfig({ theme: plumeTheme({ markdown: { encrypt: true }, encrypt: { rules: { '前端/基础.md': '1', '/article/f8/': ['2'], '^/(a|b)/': '3', 'notes/**': '4' } } }) })"),
			[]string{"docs/前端/进阶.md", "docs/c/a.md"},
			[]string{"docs/前端/基础.md", "docs/x.md permalink: /article/f8/", "docs/a/x.md", "docs/b/y/z.md", "docs/notes/a/b.md"},
			nil,
		},
		"JSON":       {vue("config.json", `{"themeConfig": {"encrypt": {"config": {"/密/": "1"}}}}`), []string{"docs/a.md"}, []string{"docs/密/a.md"}, nil},
		"YAML":       {vue("config.yml", "themeConfig:\n  encrypt:\n    config:\n      /x/: '1'\n"), []string{"docs/a.md"}, []string{"docs/x/a.md"}, nil},
		"TOML":       {vue("config.toml", "[themeConfig.encrypt.config]\n'/x/' = '1'\n"), []string{"docs/a.md"}, []string{"docs/x/a.md"}, nil},
		"a constant": {vue("config.mjs", "const locks = { '/x/': '1' } as const\nexport default { encrypt: { config: locks } }"), []string{"docs/a.md"}, []string{"docs/x/a.md"}, nil},
		"another folder": {
			vue("config.js", "import theme from '../../settings/theme.js'", "settings/theme.ts", "import b from './locks'", "settings/locks/index.ts", "export default { encrypt: { config: { '/x/': '1' } } }"),
			[]string{"docs/a.md"},
			[]string{"docs/x/a.md"},
			nil,
		},
		"no password": {vue("config.js", "module.exports = { encrypt: false, themeConfig: { encrypt: { admin: 'a', global: false }, keyPage: { keys: [] }, password: '' } }\n// encrypt: { global: true }"), []string{"docs/a.md"}, nil, nil},
	})
}

// TestLockedSites has passwords of whole sites, and of pages that are not certain.
func TestLockedSites(t *testing.T) {
	for name, text := range map[string]string{
		"global":               "export default { encrypt: { global: true, admin: ['1'] } }",
		"global of hope 1":     "module.exports = { themeConfig: { encrypt: { status: 'global', global: ['1'] } } }",
		"global is computed":   "export default { encrypt: { global: process.env.LOCK === '1', config: { '/x/': '1' } } }",
		"true":                 "export default { encrypt: true }",
		"all paths":            "export default { encrypt: { config: { '/': '密码' } } }",
		"reco":                 "module.exports = { theme: 'reco', themeConfig: { keyPage: { keys: ['e9714033'], absoluteEncryption: true } } }",
		"reco, partly":         "module.exports = { themeConfig: { \"keyPage\": { \"keys\": [md5('密码')] } } }",
		"reco, computed":       "module.exports = { themeConfig: { keyPage: require('./keys.json') } }",
		"reco 2":               "export default defineUserConfig({ theme: recoTheme({ password: 'e9714033' }) })",
		"posts-encrypt":        "module.exports = { plugins: [['posts-encrypt', { passwd: 1, checkAll: true }]] }",
		"computed":             "import { encrypt } from 'shared'\nexport default hopeTheme({ encrypt })",
		"a function":           "export default hopeTheme({ encrypt: locks(['/x/']) })",
		"spread":               "export default { encrypt: { ...shared, config: { '/x/': '1' } } }",
		"spread paths":         "export default { encrypt: { config: { '/x/': '1', ...more } } }",
		"a computed path":      "export default { encrypt: { config: { [`/${dir}/`]: '1' } } }",
		"computed paths":       "export default { encrypt: { config: Object.fromEntries(dirs.map((d) => [d, '1'])) } }",
		"conditional":          "export default { encrypt: production ? { config: { '/x/': '1' } } : {} }",
		"an assignment":        "const config = {}\nconfig.encrypt = { config: { '/x/': '1' } }\nmodule.exports = config",
		"a getter":             "module.exports = { get encrypt() { return {} } }",
		"a regular expression": "export default { encrypt: { rules: { '^/(?!a)': '1' } } }",
		"a pattern":            "export default { encrypt: { rules: { '/!(a)/*': '1' } } }",
		"permalinks":           "module.exports = { permalink: '/:year/:slug', themeConfig: { encrypt: { config: { '/2024/': '1' } } } }",
		"broken":               "module.exports = { themeConfig: { encrypt: { config: { '/x/: '1' } } }",
		"not a text":           "encrypt \x00\xff\xfe\xff",
	} {
		for _, file := range []string{"config.js", "theme.ts", "config/themeConfig.cjs"} {
			checkSites(t, map[string]site{name + " in " + file: {vue("docs/.vuepress/"+file, text), nil, []string{"docs/a.md", "docs/中/README.md"}, nil}})
		}
	}
}

// TestPasswordOfTheme has a password that counts only in the settings of a theme.
func TestPasswordOfTheme(t *testing.T) {
	const settings = "export default recoTheme({ password: 'e9714033' })"
	checkSites(t, map[string]site{
		"theme.ts":   {vue("theme.ts", settings), nil, []string{"docs/一.md"}, nil},
		"another":    {vue("deploy.ts", settings), []string{"docs/一.md"}, nil, nil},
		"of another": {vue("theme.js", "export default recoTheme({ ftp: { password: 'x' } })"), []string{"docs/一.md"}, nil, nil},
		"empty":      {vue("theme.js", "export default recoTheme({ password: '' })"), []string{"docs/一.md"}, nil, nil},
		"computed":   {vue("theme.js", "export default recoTheme({ password: process.env.P })"), nil, []string{"docs/一.md"}, nil},
	})
}

// TestKeys has passwords in front matter, as themes of VuePress have them.
func TestKeys(t *testing.T) {
	checkSites(t, map[string]site{"front matter": {
		vue(),
		[]string{"docs/a.md keys:", "docs/a.md keys: []", "docs/a.md password: ''"},
		[]string{"docs/a.md keys: [e9714033]", "docs/a.md keys: 密码", "docs/a.md keys: 123", "docs/a.md password: 1", "docs/a.md passwords: [1, 2]", "docs/a.md pwd: 密", "docs/a.md encrypt: true", "docs/a.md secret: true"},
		nil,
	}})
}

// TestMissingSettings reports settings that are not in the folder.
func TestMissingSettings(t *testing.T) {
	s := detected(t, vue("config.ts", "import a from '../../gone'\nimport b from './theme.js'\nimport c from './package.json'\nimport d from 'vuepress'", "theme.ts", "", "package.json", "{}"))
	if notes := s.Notes(); len(notes) != 1 || notes[0].Path != "docs/.vuepress/config.ts" || !strings.HasSuffix(notes[0].Reason, "../../gone") {
		t.Errorf("%+v", notes)
	}
}
