package importer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"docsquare/ent/document"
	"docsquare/internal/cli/importer"
	idocument "docsquare/internal/document"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// picture is a PNG of one pixel.
const picture = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55"

// TestLinks lists links of plain folders. Each text is that of the document a/from.md.
func TestLinks(t *testing.T) {
	app := open(t, "sqlite")
	others := fstest.MapFS{
		"a/other.md": file("# Other\n\n## Part One\n\n## 第二节\n"), "a/笔记 一.md": file("# Note\n"), "b/README.md": file("# Readme\n"), "c/Caf\u00e9.md": file("# Cafe\n"), "b/deep/x(1).md": file("# Paren\n"),
		"a/pic.png": file(picture), "img/图 1.png": file(picture + "x"), "a/notes.txt": file("notes"), "a/broken.md": file("---\ntitle: a: b\n---\ntext"),
	}
	for body, want := range map[string]string{
		"[a](other.md)":                              "[a](/documents/<Other>)",
		"[a](./other.md#part-one \"title\")":         "[a](/documents/<Other>#user-content-part-one \"title\")",
		"[a](other.md#第二节)":                          "[a](/documents/<Other>#user-content-第二节)",
		"[a](other.md#%E7%AC%AC%E4%BA%8C%E8%8A%82)":  "[a](/documents/<Other>#user-content-第二节)",
		"[a](other)":                                 "[a](/documents/<Other>)",
		"[a](OTHER.MD) [b](other.html?x=1#Part One)": "[a](/documents/<Other>) [b](other.html?x=1#Part One)",
		"[a](<other.md#Part One>)":                   "[a](</documents/<Other>#user-content-part-one>)",
		"[a](%E7%AC%94%E8%AE%B0%20%E4%B8%80.md)":     "[a](/documents/<Note>)",
		"[a](<笔记 一.md>)":                             "[a](</documents/<Note>>)",
		"[a](../c/Cafe\u0301.md) [b](../c/Caf%C3%A9.md) [c](/c/Caf\u00e9.md)": "[a](/documents/<Cafe>) [b](/documents/<Cafe>) [c](/documents/<Cafe>)",
		"[a](../b/) [b](../b) [c](../b/README.md)":                            "[a](/documents/<Readme>) [b](/documents/<Readme>) [c](/documents/<Readme>)",
		`[a](..\b\README.md)`:                                                 "[a](/documents/<Readme>)",
		"[a](../b/deep/x(1).md)":                                              "[a](/documents/<Paren>)",
		"[r] and [x][r]\n\n[r]: other.md 'y'":                                 "[r] and [x][r]\n\n[r]: /documents/<Other> 'y'",
		"![p](pic.png) ![q](<../img/图 1.png>)":                                "![p](/files/<pic.png>) ![q](</files/<图 1.png>>)",
		"<img src='pic.png'> <a href=\"other.md\">o</a> <img src=pic.png>":    "<img src='/files/<pic.png>'> <a href=\"/documents/<Other>\">o</a> <img src=/files/<pic.png>>",
		"[text](notes.txt) [![p](pic.png)](other.md)":                         "[text](/documents/<notes>) [![p](/files/<pic.png>)](/documents/<Other>)",
		"![embedded](other.md)":                                               "[embedded](/documents/<Other>)",
		"`[a](other.md)`\n\n```\n[a](other.md)\n```\n\n    <img src=pic.png>": "`[a](other.md)`\n\n```\n[a](other.md)\n```\n\n    <img src=pic.png>",
		"[a](missing.md) [b](broken.md) ![c](none.png)":                       "[a](missing.md) [b](broken.md) ![c](none.png)",
		"[a](../../../etc/passwd) [b](/etc/passwd) [c](file:///etc/passwd)":   "[a](../../../etc/passwd) [b](/etc/passwd) [c](file:///etc/passwd)",
		"[a](https://x.example/other.md) [b](#part) [c](mailto:a@x.example)":  "[a](https://x.example/other.md) [b](#part) [c](mailto:a@x.example)",
		"[a](from.md) [b](from.md#here)\n\n## Here":                           "[a](/documents/<From>) [b](#user-content-here)\n\n## Here",
	} {
		others["a/from.md"] = file("---\ntitle: From\n---\n" + body + "\n")
		testkit.Must(t, clean(t, app))
		bring(t, app, others, importer.Options{})
		got := strings.TrimSuffix(named(t, app, textOf(t, app, byTitle(t, app, "From"))), "\n")
		if got != want {
			t.Errorf("%q becomes\n%q, want\n%q", body, got, want)
		}
	}
	checkLinks(t, app)
}

// clean forgets the import of a/from.md.
func clean(t *testing.T, app *apptest.App) error {
	t.Helper()
	for _, d := range app.Store.DB.Document.Query().Where(document.Title("From")).AllX(t.Context()) {
		if err := app.Documents.Delete(t.Context(), viewer.Viewer{UserID: d.AuthorID}, d.ID); err != nil {
			return err
		}
	}
	app.Store.DB.ImportedFile.Delete().ExecX(t.Context())
	for _, d := range app.Store.DB.Document.Query().AllX(t.Context()) {
		if err := app.Documents.Delete(t.Context(), viewer.Viewer{UserID: d.AuthorID}, d.ID); err != nil {
			return err
		}
	}
	return nil
}

func remarks(report importer.Report) (all []string) {
	for _, r := range report.Remarks {
		all = append(all, r.Path+": "+r.Reason)
	}
	return all
}

// TestLinksFollow adds, changes and removes what a document links to.
func TestLinksFollow(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		app := open(t, dialect)
		files := fstest.MapFS{"a/from.md": file("# From\n\n[b](b.md#part) ![p](p.png)\n"), "a/edited.md": file("# Edited\n\n[b](b.md)\n")}
		report := bring(t, app, files, importer.Options{})
		if diff := cmp.Diff([]string{
			"a/edited.md: the link to b.md leads nowhere and stays as it is", "a/from.md: the link to b.md#part leads nowhere and stays as it is", "a/from.md: the link to p.png leads nowhere and stays as it is",
		}, remarks(report)); diff != "" {
			t.Error(diff)
		}
		edited, body := byTitle(t, app, "Edited"), "By hand: [b](b.md)"
		_, err := app.Documents.Update(t.Context(), viewer.Viewer{UserID: edited.AuthorID}, edited.ID, idocument.Change{ExpectedRevision: 1, Body: &body})
		testkit.Must(t, err)

		files["a/b.md"], files["a/p.png"] = file("# B\n\n## Part\n"), file(picture)
		wantReport(t, bring(t, app, files, importer.Options{}), "1 created (0 of them not public), 1 updated, 1 unchanged, 0 skipped, 0 failed, 1 files stored")
		if got := named(t, app, textOf(t, app, byTitle(t, app, "From"))); got != "# From\n\n[b](/documents/<B>#user-content-part) ![p](/files/<p.png>)\n" {
			t.Errorf("%q", got)
		}
		if got := textOf(t, app, byTitle(t, app, "Edited")); got != body {
			t.Errorf("what was edited by hand is %q", got)
		}
		unchanged := "0 created (0 of them not public), 0 updated, 3 unchanged, 0 skipped, 0 failed"
		wantReport(t, bring(t, app, files, importer.Options{}), unchanged)
		wantReport(t, bring(t, app, files, importer.Options{Overwrite: true}), unchanged)

		files["a/p.png"] = file(picture + "other")
		wantReport(t, bring(t, app, files, importer.Options{}), "0 created (0 of them not public), 1 updated, 2 unchanged, 0 skipped, 0 failed, 1 files stored")

		b := byTitle(t, app, "B")
		testkit.Must(t, app.Documents.Delete(t.Context(), viewer.Viewer{UserID: b.AuthorID}, b.ID))
		report = bring(t, app, files, importer.Options{})
		wantReport(t, report, "0 created (0 of them not public), 1 updated, 2 unchanged, 0 skipped, 0 failed")
		if got := textOf(t, app, byTitle(t, app, "From")); !strings.HasPrefix(got, "# From\n\n[b](b.md#part) ![p](/files/") {
			t.Errorf("%q", got)
		}
		wantReport(t, bring(t, app, files, importer.Options{}), unchanged)
	}
}

// TestFilesOfAuthors stores a file once for each author, and leaves behind what is not taken.
func TestFilesOfAuthors(t *testing.T) {
	app := open(t, "sqlite")
	files := fstest.MapFS{
		"ann/1.md": file("![p](../p.png)"), "ann/2.md": file("![p](../p.png)"), "bob/3.md": file("![p](../p.png) ![s](s.svg) [e](empty.bin) ![z](z.png)"),
		"p.png": file(picture), "bob/s.svg": file("<svg></svg>"), "bob/empty.bin": file(""), "bob/z.png": file(picture), "bob/unused.png": file(picture + "y"),
	}
	report := bring(t, app, files, importer.Options{})
	wantReport(t, report, "3 created (0 of them not public), 0 updated, 0 unchanged, 1 skipped, 0 failed, 3 files stored")
	if all := remarks(report); len(all) != 2 || !strings.Contains(all[0], "bob/empty.bin: the file is empty") || !strings.Contains(all[1], "bob/s.svg: the content is SVG") {
		t.Errorf("%q", all)
	}
	if n := app.Store.DB.File.Query().CountX(t.Context()); n != 3 {
		t.Errorf("%d files", n)
	}
	report = bring(t, app, files, importer.Options{})
	if n := app.Store.DB.File.Query().CountX(t.Context()); n != 3 || report.Updated+report.Files > 0 || report.Unchanged != 3 {
		t.Errorf("%d files, %s", n, report)
	}
	checkLinks(t, app)
}

// TestQuotaOfFiles leaves a file behind for which there is no room, and stores it once there is.
func TestQuotaOfFiles(t *testing.T) {
	app := open(t, "sqlite")
	files := fstest.MapFS{"ann/1.md": file("text")}
	bring(t, app, files, importer.Options{})
	full := app.Store.DB.File.Create().SetUserID(byTitle(t, app, "1").AuthorID).SetName("full").SetSize(servicetest.UploadLimits.Quota - 10).SetContentType("text/plain").SaveX(t.Context())
	files["ann/2.md"], files["ann/p.png"] = file("![p](p.png)"), file(picture)
	for range 2 {
		report := bring(t, app, files, importer.Options{})
		if all := remarks(report); len(all) != 1 || !strings.Contains(all[0], "ann/2.md: the linked file ann/p.png: of your") || report.Files != 0 || report.Updated != 0 {
			t.Fatalf("%q, %s", all, report)
		}
	}
	app.Store.DB.File.DeleteOne(full).ExecX(t.Context())
	wantReport(t, bring(t, app, files, importer.Options{}), "0 created (0 of them not public), 1 updated, 1 unchanged, 0 skipped, 0 failed, 1 files stored")
	if text := textOf(t, app, byTitle(t, app, "2")); !anAddress.MatchString(text) {
		t.Errorf("the text is %q", text)
	}
}

// TestNothingOutsideIsRead has symbolic links out of the folder, to files, folders and settings.
func TestNothingOutsideIsRead(t *testing.T) {
	outside := t.TempDir()
	for name, text := range map[string]string{"secret.md": "secret", "secret.png": picture, "sub/secret.png": picture} {
		testkit.Must(t, os.MkdirAll(filepath.Dir(filepath.Join(outside, name)), 0o750))
		testkit.Must(t, os.WriteFile(filepath.Join(outside, name), []byte(text), 0o600))
	}
	dir := filepath.Join(t.TempDir(), "vault")
	testkit.Must(t, os.MkdirAll(filepath.Join(dir, "static"), 0o750))
	for name, target := range map[string]string{"link.png": "secret.png", "folder": "sub", "link.md": "secret.md", "static/folder": "sub", "hugo.toml": "secret.md", ".obsidian": "sub"} {
		testkit.Must(t, os.Symlink(filepath.Join(outside, target), filepath.Join(dir, name)))
	}
	testkit.Must(t, os.Symlink(dir, filepath.Join(dir, "loop")))
	body := "![a](link.png) ![b](folder/secret.png) [c](link.md) ![d](loop/link.png) ![e](../" + filepath.Base(outside) + "/secret.png) ![f](" + outside + "/secret.png)\n"
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "from.md"), []byte("# From\n\n"+body), 0o600))
	app := open(t, "sqlite")
	report := bringFrom(t, app, dir)
	if report.Created != 1 || report.Files != 0 || report.Source != "folder" || textOf(t, app, byTitle(t, app, "From")) != "# From\n\n"+body {
		t.Errorf("%+v", report)
	}
}

// TestOpen refuses what is no source.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.zip": "no zip", "b.xml": "<rss></rss>", "c.md": "# C", "d.xml": `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel></channel></rss>`} {
		testkit.Must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for name, want := range map[string]string{"a.zip": "not a valid zip", "b.xml": "none of what can be imported", "c.md": "none of what can be imported", "d.xml": "no posts", "none": "no folder or file"} {
		if _, err := importer.Open(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchives imports a site and a hostile archive.
func TestArchives(t *testing.T) {
	app, name := open(t, "sqlite"), filepath.Join(t.TempDir(), "x.zip")
	testkit.Must(t, os.WriteFile(name, zipped(t, map[string][]byte{
		"site/hugo.toml": []byte("title = 'Zipped'"), "site/content/posts/a.md": []byte("# A\n\n[b]({{< ref b.md >}}) ![p](/p.png)"), "site/content/posts/b.md": []byte("# B\n\ntext"),
		"site/static/p.png": []byte(picture), "__MACOSX/site/._a.md": []byte("x"), "../evil.md": []byte("evil"), `site\content\posts\c.md`: []byte("# C\n\n[a](a.md)"),
	}), 0o600))
	report := bringFrom(t, app, name)
	wantReport(t, report, "3 created (0 of them not public), 0 updated, 0 unchanged, 1 skipped, 1 failed, 1 files stored")
	if report.Source != "Hugo" || report.Failed[0].Reason != "its name leads out of the archive" {
		t.Errorf("%+v", report)
	}
	checkLinks(t, app)
}

// TestPrivate makes nothing public.
func TestPrivate(t *testing.T) {
	app := open(t, "sqlite")
	wantReport(t, bring(t, app, fstest.MapFS{"a/1.md": file("1"), "a/2.md": file("---\nunlisted: true\n---\n2")}, importer.Options{Private: true}),
		"2 created (2 of them not public), 0 updated, 0 unchanged, 0 skipped, 0 failed")
	if n := app.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPrivate)).CountX(t.Context()); n != 2 {
		t.Errorf("%d documents are private", n)
	}
}
