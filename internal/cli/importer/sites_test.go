package importer_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/ent"
	"docsquare/ent/document"
	entfile "docsquare/ent/file"
	"docsquare/ent/revision"
	"docsquare/internal/cli/importer"
	idocument "docsquare/internal/document"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/viewer"
)

var update = flag.Bool("update", false, "write what the sites of testdata become")

// TestSites imports the sites of testdata as they are, again, and after their documents were edited, unpublished and deleted.
func TestSites(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		for _, site := range []string{"hugo", "jekyll", "vuepress", "docusaurus", "obsidian", "notion", "wordpress"} {
			t.Run(dialect+"/"+site, func(t *testing.T) { aSite(t, open(t, dialect), site) })
		}
	}
}

// copied copies a site of testdata to a folder in which it can be changed, and returns what to import.
func copied(t *testing.T, site string) (dir string, source func() string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), site)
	testkit.Must(t, os.CopyFS(dir, os.DirFS(filepath.Join("testdata", site))))
	switch site {
	case "wordpress":
		return dir, func() string { return filepath.Join(dir, "desk.WordPress.xml") }
	case "notion":
		name := filepath.Join(t.TempDir(), "export.zip")
		return dir, func() string {
			testkit.Must(t, os.WriteFile(name, zipped(t, map[string][]byte{"ExportBlock-1-Part-1.zip": zippedFolder(t, dir)}), 0o600))
			return name
		}
	}
	return dir, func() string { return dir }
}

func zippedFolder(t *testing.T, dir string) []byte {
	t.Helper()
	files := map[string][]byte{}
	testkit.Must(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[name], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		}
		return err
	}))
	return zipped(t, files)
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, data := range files {
		f, err := w.Create(name)
		testkit.Must(t, err)
		_, err = f.Write(data)
		testkit.Must(t, err)
	}
	testkit.Must(t, w.Close())
	return out.Bytes()
}

// bringFrom imports a folder or file by its name.
func bringFrom(t *testing.T, app *apptest.App, name string) importer.Report {
	t.Helper()
	src, err := importer.Open(name)
	testkit.Must(t, err)
	report, err := importer.Run(t.Context(), services(app), src, importer.Options{})
	testkit.Must(t, err)
	testkit.Must(t, src.Close())
	return report
}

func aSite(t *testing.T, app *apptest.App, site string) {
	t.Helper()
	dir, source := copied(t, site)
	report := bringFrom(t, app, source())
	compareWith(t, site, outcome(t, app, report))
	checkLinks(t, app)
	files := app.Store.DB.File.Query().CountX(t.Context())

	again := bringFrom(t, app, source())
	if n := app.Store.DB.File.Query().CountX(t.Context()); again.Created+again.Updated+again.Files > 0 || again.Unchanged != report.Created || n != files {
		t.Errorf("the second import: %s, %d files instead of %d", again, n, files)
	}
	before := byHand(t, app)
	bringFrom(t, app, source())
	if diff := cmp.Diff(before, states(t, app)); diff != "" {
		t.Errorf("an import of the unchanged site has changed what was done by hand:\n%s", diff)
	}
	change(t, dir, site)
	bringFrom(t, app, source())
	if diff := cmp.Diff(before, states(t, app)); diff != "" {
		t.Errorf("an import of the changed site has changed what was done by hand:\n%s", diff)
	}
}

// byHand edits, unpublishes and deletes documents, and returns the state of all of them.
func byHand(t *testing.T, app *apptest.App) map[string]string {
	t.Helper()
	all := app.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).Order(document.ByTitle()).AllX(t.Context())
	body := "Edited by hand."
	for i, d := range all {
		v := viewer.Viewer{UserID: d.AuthorID}
		var err error
		switch i {
		case 0:
			err = app.Documents.Delete(t.Context(), v, d.ID)
		case 1:
			_, err = app.Documents.Unpublish(t.Context(), v, d.ID)
		default:
			_, err = app.Documents.Update(t.Context(), v, d.ID, idocument.Change{ExpectedRevision: d.Revision, Body: &body})
		}
		testkit.Must(t, err)
	}
	return states(t, app)
}

// states returns the visibility and the text of each document that is not private from the start.
func states(t *testing.T, app *apptest.App) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, d := range app.Store.DB.Document.Query().AllX(t.Context()) {
		if text := textOf(t, app, d); d.Visibility == document.VisibilityPublic || text == "Edited by hand." {
			out[d.Title] = string(d.Visibility) + " " + text
		}
	}
	return out
}

// change adds a line to every document of a site.
func change(t *testing.T, dir, site string) {
	t.Helper()
	if site == "wordpress" {
		name := filepath.Join(dir, "desk.WordPress.xml")
		text, err := os.ReadFile(name)
		testkit.Must(t, err)
		testkit.Must(t, os.WriteFile(name, bytes.ReplaceAll(text, []byte("]]></content:encoded>"), []byte("\n\n<p>More.</p>]]></content:encoded>")), 0o600))
		return
	}
	testkit.Must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".md", ".mdx", ".markdown"}, filepath.Ext(name)) || strings.HasPrefix(d.Name(), "_") {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, append(text, "\n\nMore.\n"...), 0o600)
		}
		return err
	}))
}

func textOf(t *testing.T, app *apptest.App, d *ent.Document) string {
	t.Helper()
	return app.Store.DB.Revision.Query().Where(revision.DocumentID(d.ID), revision.Number(d.Revision)).OnlyX(t.Context()).Body
}

var (
	anAddress  = regexp.MustCompile(`/(documents|files)/([\w-]{23})`)
	aReference = regexp.MustCompile(`(?:href|src)="(/(?:documents|files)/[\w-]{23})(?:#([^"]*))?"`)
)

// outcome describes what an import has made, with titles and names in the place of identifiers.
func outcome(t *testing.T, app *apptest.App, report importer.Report) string {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", report.Source, report)
	for _, part := range []struct {
		what  string
		notes []importer.Note
	}{{"failed", report.Failed}, {"not public", report.Hidden}, {"remark", report.Remarks}, {"skipped", report.Skipped}} {
		for _, n := range part.notes {
			fmt.Fprintf(&out, "%s: %s: %s\n", part.what, n.Path, n.Reason)
		}
	}
	for _, d := range app.Store.DB.Document.Query().Order(document.ByTitle(), document.ByID()).WithAuthor().AllX(t.Context()) {
		category := ""
		if d.Category != nil {
			category = *d.Category
		}
		fmt.Fprintf(&out, "\n==== %s | %s | by %s | in %q | tags %q | %s\n%s\n", d.Title, d.Visibility, d.Edges.Author.DisplayName, category, d.Tags,
			d.CreatedAt.UTC().Format("2006"), named(t, app, textOf(t, app, d)))
	}
	return regexp.MustCompile(`\| 202[6-9]\n`).ReplaceAllString(out.String(), "| undated\n")
}

// named returns a text with titles and names in the place of identifiers.
func named(t *testing.T, app *apptest.App, text string) string {
	t.Helper()
	return anAddress.ReplaceAllStringFunc(text, func(address string) string {
		m := anAddress.FindStringSubmatch(address)
		id, err := nodeid.Parse(m[2])
		testkit.Must(t, err)
		if id.Type == nodeid.File {
			return "/files/<" + app.Store.DB.File.Query().Where(entfile.ID(id.UUID)).OnlyX(t.Context()).Name + ">"
		}
		return "/documents/<" + app.Store.DB.Document.Query().Where(document.ID(id.UUID)).OnlyX(t.Context()).Title + ">"
	})
}

// checkLinks checks that links in the HTML of documents lead to documents, headings in them, and files of their authors.
func checkLinks(t *testing.T, app *apptest.App) {
	t.Helper()
	all := app.Store.DB.Document.Query().AllX(t.Context())
	pages := map[string]string{}
	for _, d := range all {
		pages["/documents/"+d.NodeID().String()] = rendered(t, app, d)
	}
	for _, d := range all {
		for _, m := range aReference.FindAllStringSubmatch(pages["/documents/"+d.NodeID().String()], -1) {
			id, err := nodeid.Parse(m[1][strings.LastIndex(m[1], "/")+1:])
			testkit.Must(t, err)
			if id.Type == nodeid.File {
				if f := app.Store.DB.File.Query().Where(entfile.ID(id.UUID)).OnlyX(t.Context()); f.Status != entfile.StatusStored || f.UserID != d.AuthorID {
					t.Errorf("%s links to %+v", d.Title, f)
				}
				continue
			}
			fragment, err := url.PathUnescape(m[2])
			testkit.Must(t, err)
			if html, ok := pages[m[1]]; !ok || fragment != "" && !strings.Contains(html, `id="`+fragment+`"`) {
				t.Errorf("%s links to %s#%s, which is not there", d.Title, m[1], m[2])
			}
		}
	}
}

func rendered(t *testing.T, app *apptest.App, d *ent.Document) string {
	t.Helper()
	key := kinds.RenderingKey{Text: kinds.RevisionKey{Document: d.ID, Number: d.Revision}, Format: d.Format}
	html, err := app.Documents.Renderings(t.Context(), []kinds.RenderingKey{key})
	testkit.Must(t, err)
	return html[key].HTML
}

// compareWith compares an outcome with the file of testdata.
func compareWith(t *testing.T, site, got string) {
	t.Helper()
	name := filepath.Join("testdata", site+".txt")
	if *update {
		testkit.Must(t, os.WriteFile(name, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(name)
	testkit.Must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNothingIsPublished checks by title what the sites hold back.
func TestNothingIsPublished(t *testing.T) {
	for site, private := range map[string][]string{
		"hugo": {"Later", "Secret Plan", "Unfinished"}, "jekyll": {"Corner", "Costs", "Future", "Saw", "Unpublished"}, "vuepress": {"草稿"}, "docusaurus": {"Soon"},
		"obsidian": {"2024-05-06"}, "notion": {"Review"}, "wordpress": {"Draft Post", "Future Post", "Locked Post", "Pending Post", "Private Post"},
	} {
		app := open(t, "sqlite")
		_, source := copied(t, site)
		bringFrom(t, app, source())
		var got []string
		for _, d := range app.Store.DB.Document.Query().Where(document.VisibilityNEQ(document.VisibilityPublic)).AllX(t.Context()) {
			got = append(got, d.Title)
		}
		slices.Sort(got)
		if !slices.Equal(got, private) {
			t.Errorf("%s: %q are not public, want %q", site, got, private)
		}
	}
}
