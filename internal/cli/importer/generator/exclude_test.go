package generator

import "testing"

// TestPagePatterns has patterns of the files that VuePress and VitePress make pages of.
func TestPagePatterns(t *testing.T) {
	vitepress := func(config string) []string { return []string{"docs/.vitepress/config.ts", config} }
	checkSites(t, map[string]site{
		"srcExclude": {
			tree(vitepress("export default defineConfig({ srcExclude: ['**/README.md', 'tasks.md', 'drafts/**', '草稿', '**/*.{wip,tmp}.md'] })")...),
			[]string{"docs/a.md", "docs/x/tasks.md"},
			nil,
			[]string{"docs/README.md", "docs/x/README.md", "docs/tasks.md", "docs/drafts/a/b.md", "docs/草稿/一.md", "docs/a.wip.md"},
		},
		"a constant":         {tree(vitepress("const drafts = ['drafts/**']\nexport default { srcExclude: [...drafts, 'x.md'] }")...), []string{"docs/a.md"}, nil, []string{"docs/drafts/a.md", "docs/x.md"}},
		"srcDir":             {tree(vitepress("export default { srcDir: './src', srcExclude: ['x.md'] }")...), []string{"docs/src/a.md", "docs/src/y/x.md"}, nil, []string{"docs/a.md", "docs/src/x.md"}},
		"empty":              {tree(vitepress("export default { srcExclude: [] }")...), []string{"docs/a.md"}, nil, nil},
		"computed":           {tree(vitepress("export default { srcExclude: drafts() }")...), nil, []string{"docs/a.md"}, nil},
		"spread":             {tree(vitepress("export default { srcExclude: ['x.md', ...drafts] }")...), nil, []string{"docs/a.md"}, nil},
		"an assignment":      {tree(vitepress("config.srcExclude = ['x.md']")...), nil, []string{"docs/a.md"}, nil},
		"an uncertain glob":  {tree(vitepress("export default { srcExclude: ['!(a).md'] }")...), nil, []string{"docs/a.md"}, nil},
		"a negated glob":     {tree(vitepress("export default { srcExclude: ['!a.md'] }")...), nil, []string{"docs/a.md"}, nil},
		"a computed srcDir":  {tree(vitepress("export default { srcDir: process.env.SRC }")...), nil, []string{"docs/a.md"}, nil},
		"pagePatterns":       {vue("config.ts", "export default { pagePatterns: ['**/*.md', '!**/*.snippet.md', '!zh/demo/**/*.md', '!模板', '!.vuepress', '!node_modules'] }"), []string{"docs/a.md", "docs/zh/a.md"}, nil, []string{"docs/x/a.snippet.md", "docs/zh/demo/a.md", "docs/模板/一.md"}},
		"included only":      {vue("config.js", "export default { pagePatterns: ['blog/**/*.md', '文章'] }"), []string{"docs/blog/a.md", "docs/blog/x/a.md", "docs/文章/一.md"}, nil, []string{"docs/a.md", "docs/notes/a.md"}},
		"patterns":           {vue("config.js", "module.exports = { patterns: ['**/*.md', '**/*.vue', '!x/**'], plugins: [['y', { patterns: ['a'] }], ['z', { patterns: [/b/] }]] }"), []string{"docs/a.md"}, nil, []string{"docs/x/a.md"}},
		"computed patterns":  {vue("config.js", "export default { pagePatterns: ['**/*.md', `!${dir}/**`] }"), nil, []string{"docs/a.md"}, nil},
		"uncertain patterns": {vue("config.js", "export default { pagePatterns: ['**/*.md', '!part{1..3}.md'] }"), nil, []string{"docs/a.md"}, nil},
	})
}

// TestDocusaurusOptions has options of presets and plugins.
func TestDocusaurusOptions(t *testing.T) {
	preset := func(options string) []string {
		return []string{"docusaurus.config.ts", "const config: Config = {\n  presets: [['classic', {" + options + "} satisfies Preset.Options]],\n};\nexport default config;"}
	}
	checkSites(t, map[string]site{
		"none":    {tree(preset("docs: { sidebarPath: require.resolve('./sidebars.js'), exclude: [] }, theme: { customCss: x('./a.css') }")...), []string{"docs/a.md", "blog/a.md"}, nil, []string{"docs/_a.md"}},
		"exclude": {tree(preset("docs: { exclude: ['**/*.wip.md', 'internal/**', '草稿/**'] }, blog: { exclude: ['old'] }, pages: { exclude: ['test.md'] }")...), []string{"docs/a.md", "docs/old/a.md", "blog/internal/a.md"}, nil, []string{"docs/x/a.wip.md", "docs/internal/a.md", "docs/草稿/一.md", "blog/old/a.md", "src/pages/test.md"}},
		"include": {tree(preset("docs: { include: ['guide/**/*.md'] }")...), []string{"docs/guide/a.md", "blog/a.md"}, nil, []string{"docs/a.md"}},
		"off":     {tree(preset("docs: false, blog: {}")...), []string{"blog/a.md"}, nil, []string{"docs/a.md"}},
		"off, but on in a plugin": {
			tree("docusaurus.config.js", "module.exports = { presets: [['@docusaurus/preset-classic', { docs: false }]], plugins: [['@docusaurus/plugin-content-docs', { path: 'docs', exclude: ['x.md'] }]] }"),
			[]string{"docs/a.md"},
			nil,
			[]string{"docs/x.md"},
		},
		"the next version":      {tree(preset("docs: { includeCurrentVersion: false }")...), []string{"blog/a.md"}, nil, []string{"docs/a.md"}},
		"some versions":         {tree(preset("docs: { onlyIncludeVersions: ['1.0'] }")...), nil, nil, []string{"docs/a.md"}},
		"this version":          {tree(preset("docs: { onlyIncludeVersions: ['current'] }")...), []string{"docs/a.md"}, nil, nil},
		"computed":              {tree(preset("docs: { exclude: ['x', ...drafts] }")...), []string{"blog/a.md"}, []string{"docs/a.md"}, nil},
		"an uncertain glob":     {tree(preset("docs: { exclude: ['**/+(a|b).md'] }")...), []string{"blog/a.md"}, []string{"docs/c.md"}, nil},
		"computed options":      {tree(preset("docs: docsOptions, blog: { ...shared }")...), []string{"src/pages/a.md"}, []string{"docs/a.md", "blog/中.md"}, nil},
		"a computed preset":     {tree("docusaurus.config.js", "module.exports = { presets: [['classic', require('./preset')]] }"), nil, []string{"docs/a.md", "blog/a.md"}, nil},
		"another preset":        {tree("docusaurus.config.js", "module.exports = { presets: [[require.resolve('my-preset'), { docs: { exclude: ['x/**'] } }]] }"), []string{"docs/a.md"}, nil, []string{"docs/x/a.md"}},
		"computed presets":      {tree("docusaurus.config.js", "module.exports = { presets: [...base.presets] }"), nil, []string{"docs/a.md"}, nil},
		"a computed folder":     {tree("docusaurus.config.js", "module.exports = { plugins: [['@docusaurus/plugin-content-docs', { path: dir }]] }"), nil, []string{"docs/a.md"}, nil},
		"broken":                {tree("docusaurus.config.js", "module.exports = { presets: [['classic', { docs: { exclude: ['a } }]] }"), nil, []string{"docs/a.md"}, nil},
		"a rule of webpack":     {tree("docusaurus.config.js", "module.exports = { plugins: [() => ({ configureWebpack: () => ({ module: { rules: [{ test: /\\.js$/, exclude: /node_modules/ }] } }) })] }"), []string{"docs/a.md"}, nil, nil},
		"front matter of pages": {tree(preset("")...), []string{"docs/a.md draft: false"}, []string{"docs/a.md draft: true", "blog/一.md draft: true"}, nil},
	})
}

// TestJekyllExclude has what Jekyll and Hexo leave out.
func TestJekyllExclude(t *testing.T) {
	checkSites(t, map[string]site{
		"exclude": {
			tree("_config.yml", "exclude: [tmp, a/b.md, '*.wip.md', /草稿/, 'x?.md', 'y/[a-c]*.md', READ]\ninclude: [_pages, draft.wip.md]\ncollections: {notes: {output: true}}\n"),
			[]string{"a.md", "a/c.md", "draft.wip.md", "_pages/a.md", "_notes/a.md", "x12.md", "y/d.md"},
			nil,
			[]string{"tmp/a.md", "tmp.md", "a/b.md", "deep/a.wip.md", "草稿/一.md", "x1.md", "y/bc.md", "README.md", "_notes/b.wip.md", "gemfiles/a.md", "vendor/a.md", "node_modules/a.md", "_a.md", "_other/a.md", "#a.md", "~a.md", "_notes/_a.md"},
		},
		"a text":    {tree("_config.yml", "exclude: tmp, 草稿\n"), []string{"a.md"}, nil, []string{"tmp/a.md", "草稿/a.md"}},
		"TOML":      {tree("_config.toml", "exclude = ['私密']\n"), []string{"a.md"}, nil, []string{"私密/a.md"}},
		"a source":  {tree("_config.yml", "source: src\nexclude: [x]\n"), []string{"src/a.md"}, nil, []string{"src/x/a.md", "x/a.md", "a.md"}},
		"posts":     {tree("_config.yml", ""), []string{"_posts/2024-01-02-a.md", "x/_posts/2024-1-2-一.md"}, []string{"_posts/idea.md", "_posts/sub/想法.md", "_drafts/a.md"}, []string{"_posts/_a.md"}},
		"broken":    {tree("_config.yml", "exclude: [a\n"), nil, []string{"a.md", "_posts/2024-01-02-一.md"}, nil},
		"no text":   {tree("_config.yml", "exclude: \x00\xff\xfe"), nil, []string{"a.md"}, nil},
		"defaults":  {tree("_config.yml", "defaults:\n- {scope: {path: x}, values: {published: false}}\n"), []string{"a.md"}, []string{"x/a.md"}, nil},
		"Hexo":      {tree("_config.yml", "exclude: ['js/**', '草稿/*']\nignore: '**/*.tmp.md'\nskip_render: ['_posts/test-*.md', 'raw/**']\n", "source/_posts/a.md", ""), []string{"source/_posts/a.md", "source/raw/a.md"}, nil, []string{"source/js/a.md", "source/草稿/一.md", "source/x/a.tmp.md", "source/_posts/test-1.md", "source/_posts/_a.md"}},
		"Hexo, not": {tree("_config.yml", "skip_render: '_posts/!(a).md'\n", "source/_posts/a.md", ""), []string{"source/b.md"}, []string{"source/_posts/b.md"}, nil},
	})
}

// TestHugoIgnore has what Hugo leaves out.
func TestHugoIgnore(t *testing.T) {
	const content = "content/a.md"
	checkSites(t, map[string]site{
		"ignoreFiles": {tree("hugo.toml", "ignoreFiles = ['\\.wip\\.md$', '/private/', '^content/drafts', '草稿']", content, ""), []string{content, "content/private.md"}, nil, []string{"content/x.wip.md", "content/x/private/a.md", "content/drafts/a.md", "content/x/草稿.md", "content/#a.md"}},
		"YAML":        {tree("hugo.yaml", "ignorefiles: '\\.wip'", content, ""), []string{content}, nil, []string{"content/a.wip.md"}},
		"JSON":        {tree("config.json", `{"ignoreFiles": ["\\.wip", "私密"]}`, content, ""), []string{content}, nil, []string{"content/a.wip.md", "content/私密/a.md"}},
		"production":  {tree("hugo.toml", "", "config/production/config.toml", "ignoreFiles = ['x']", content, ""), []string{content}, nil, []string{"content/x.md"}},
		"a cascade":   {tree("hugo.toml", "", "config/production/cascade.toml", "[[cascade]]\ndraft = true\ntarget = {path = '/草稿/**'}", content, ""), []string{content}, []string{"content/草稿/a.md"}, nil},
		"no pattern":  {tree("hugo.toml", "ignoreFiles = ['(?!a)']", content, ""), nil, []string{content}, nil},
		"broken":      {tree("hugo.toml", "ignoreFiles = [", content, ""), nil, []string{content, "content/中.md"}, nil},
		"mounts":      {tree("hugo.toml", "[[module.mounts]]\nsource='content'\ntarget='content'\nexcludeFiles=['docs/*', '**/草稿.md']\n[[module.mounts]]\nsource='notes'\ntarget='content/notes'\nincludeFiles='open/**'\n[[module.mounts]]\nsource='data'\ntarget='assets'", content, ""), []string{content, "notes/open/a.md"}, nil, []string{"content/docs/a.md", "content/x/草稿.md", "notes/a.md", "data/a.md"}},
		"files":       {tree("hugo.toml", "", "config/_default/module.toml", "[[mounts]]\nsource='content'\ntarget='content'\nfiles=['! docs/*', '!/私/**']", content, ""), []string{content}, nil, []string{"content/docs/a.md", "content/私/a.md"}},
		"no content":  {tree("hugo.toml", "[[module.mounts]]\nsource='posts'\ntarget='content'", content, ""), []string{"posts/a.md"}, nil, []string{content}},
		"languages":   {tree("hugo.toml", "disableLanguages = ['fr']\n[languages.de]\ndisabled = true\n[languages.zh]\ncontentDir = 'zh'\ndisabled = true\n[languages.en]\n", content, ""), []string{content, "content/a.en.md"}, nil, []string{"content/a.fr.md", "content/a.de.md", "zh/a.md", "content/b/index.fr.md"}},
		"build":       {tree("hugo.toml", "", content, ""), []string{"content/a.md build: {render: always}"}, []string{"content/a.md build: {render: never}", "content/a.md _build: {render: false}", "content/a.md build: {render: link}", "content/a.md build: {list: never}", "content/一.md headless: true"}, nil},
	})
}
