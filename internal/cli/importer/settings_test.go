package importer_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"docsquare/ent/document"
	"docsquare/internal/cli/importer"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/testkit"
)

// TestSettingsOfSites imports sites whose settings keep pages from readers: only the others are public, and the report has the reasons.
func TestSettingsOfSites(t *testing.T) {
	const locked, excluded, unsure = "the settings of the site protect it by a password", "the settings of the site exclude it", "it is not certain which pages need a password"
	for name, c := range map[string]struct {
		config          string
		hidden, skipped map[string]string
		public          int
	}{
		"paths":    {"export default { encrypt: { config: { '/日记/': '1' } }, pagePatterns: ['**/*.md', '!x'] }", map[string]string{"日记/一.md": locked}, map[string]string{"x/a.md": excluded}, 1},
		"global":   {"export default { encrypt: { global: true } }", map[string]string{"a.md": locked, "x/a.md": locked, "日记/一.md": locked}, map[string]string{}, 0},
		"computed": {"import { encrypt } from './locks'\nexport default { encrypt }", map[string]string{"a.md": unsure, "x/a.md": unsure, "日记/一.md": unsure}, map[string]string{".vuepress/config.ts": "it loads settings that are not there"}, 0},
	} {
		app := open(t, "sqlite")
		src, err := importer.Detect(fstest.MapFS{".vuepress/config.ts": file(c.config), "a.md": file("# A\n\n[x](x/a.md)"), "x/a.md": file("# X\n"), "日记/一.md": file("# 一\n")}, "site")
		testkit.Must(t, err)
		report, err := importer.Run(t.Context(), services(app), src, importer.Options{})
		testkit.Must(t, err)
		skipped := reasons(slices.DeleteFunc(report.Skipped, func(n importer.Note) bool { return n.Reason == source.Hidden }))
		if diff := cmp.Diff(c.hidden, reasons(report.Hidden)) + cmp.Diff(c.skipped, skipped); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if n := app.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).CountX(t.Context()); n != c.public {
			t.Errorf("%s: %d public documents", name, n)
		}
	}
}
