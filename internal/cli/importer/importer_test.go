package importer_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/account"
	"docsquare/internal/cli/importer"
	"docsquare/internal/cli/importer/source"
	idocument "docsquare/internal/document"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func open(t *testing.T, dialect string) *apptest.App {
	t.Helper()
	return apptest.Open(t, testkit.Database(t, dialect), servicetest.Tiers{})
}

func services(app *apptest.App) importer.Services {
	return importer.Services{Store: app.Store, Accounts: app.Accounts, Uploads: app.Uploads}
}

// bring imports a tree.
func bring(t *testing.T, app *apptest.App, files fs.FS, o importer.Options) importer.Report {
	t.Helper()
	report, err := importer.Run(t.Context(), services(app), &source.Folder{Tree: files}, o)
	testkit.Must(t, err)
	return report
}

func wantReport(t *testing.T, report importer.Report, want string) {
	t.Helper()
	if got := report.String(); got != want {
		t.Fatalf("%s, want %s: not public %q, failed %q", got, want, report.Hidden, report.Failed)
	}
}

func byTitle(t *testing.T, app *apptest.App, title string) *ent.Document {
	t.Helper()
	d, err := app.Store.DB.Document.Query().Where(document.Title(title)).WithAuthor().Only(t.Context())
	if err != nil {
		t.Fatalf("%q: %v", title, err)
	}
	return d
}

func reasons(notes []importer.Note) map[string]string {
	out := map[string]string{}
	for _, n := range notes {
		out[n.Path], _, _ = strings.Cut(n.Reason, ":")
	}
	return out
}

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(text), ModTime: time.Date(2025, 1, 2, 3, 4, 5, 6789, time.UTC)}
}

// gbk is a text in GBK.
var gbk, _ = simplifiedchinese.GBK.NewEncoder().String("# 缓存\n\n先读缓存，再读数据库。更新数据库以后，让缓存失效。\n")

func tree() fstest.MapFS {
	return fstest.MapFS{
		"手册/缓存/旁路.md":                 file("---\ntitle: 旁路缓存\ntag:\n  - 缓存\n  - Redis\ndate: 2024-06-01\n---\n\n先读缓存，再读数据库。\n"),
		"guide/start.md":              file("\ufeff# Start\r\n\r\nFirst steps.\r\n"),
		"guide/api/v1.txt":            file("Plain text."),
		"guide/api/gbk.md":            file(gbk),
		"guide/_drafts/wip.md":        file("# Work in progress\n"),
		"guide/later.md":              file("+++\ntitle = 'Later'\ndate = 2999-01-01\n+++\ntext"),
		"guide/undated.md":            file("---\ntitle: Undated\ndate: soon\n---\ntext"),
		"guide/api/big.md":            file(strings.Repeat("x", 1<<20+1)),
		"guide/api/large.md":          file(strings.Repeat("x", 512<<10+1)),
		"guide/blank.md":              file("---\ntitle: a\n---\n \n"),
		"guide/binary.md":             file("\xff\xfe\x00"),
		"guide/nul.md":                file("a\x00b"),
		"guide/yaml.md":               file("---\ntitle: a: b\n---\ntext"),
		"guide/open.md":               file("---\ntitle: a\n\ntext"),
		"guide/picture.png":           file("png"),
		"node_modules/x/a.md":         file("foreign"),
		".git/config.md":              file("hidden"),
		"guide/Re\u0301sume\u0301.md": file("# Résumé\n"),
		"guide/R\u00e9sum\u00e9.md":   file("# Résumé\n"),
	}
}

func TestImport(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) { thrice(t, dialect) })
	}
}

// thrice imports a tree, the same tree, and a changed one.
func thrice(t *testing.T, dialect string) {
	t.Helper()
	app, files := open(t, dialect), tree()
	report := bring(t, app, files, importer.Options{})
	wantReport(t, report, "8 created (2 of them not public), 0 updated, 0 unchanged, 3 skipped, 8 failed")
	for _, c := range []struct {
		notes []importer.Note
		want  map[string]string
	}{
		{report.Skipped, map[string]string{
			".git": "it is hidden", "node_modules": "it holds no documents of the site's own", "guide/picture.png": "it is neither Markdown (.md, .markdown, .mdx) nor text (.txt)",
		}},
		{report.Hidden, map[string]string{"guide/_drafts/wip.md": "it is in the folder _drafts", "guide/later.md": "its date is in the future"}},
		{report.Remarks, map[string]string{"guide/undated.md": "line 3"}},
		{report.Failed, map[string]string{
			"guide/api/big.md": "it is larger than 512 KiB", "guide/api/large.md": "the text may have up to 524288 bytes, but has 524289", "guide/blank.md": "it is empty",
			"guide/binary.md": "the encoding of the text is not certain", "guide/nul.md": "the text must be UTF-8 without NUL characters", "guide/yaml.md": "line 2",
			"guide/open.md": "line 1", "guide/R\u00e9sum\u00e9.md": "another file has the same name in another normal form of Unicode",
		}},
	} {
		if diff := cmp.Diff(c.want, reasons(c.notes)); diff != "" {
			t.Error(diff)
		}
	}

	d, day := byTitle(t, app, "旁路缓存"), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	if d.Summary != "先读缓存，再读数据库。" || *d.Category != "缓存" || len(d.Tags) != 2 || d.Visibility != document.VisibilityPublic ||
		d.Edges.Author.DisplayName != "手册" || !d.CreatedAt.Equal(day) || !d.PublishedAt.Equal(day) {
		t.Errorf("%+v of %+v", d, d.Edges.Author)
	}
	start := byTitle(t, app, "Start")
	if start.Category != nil || !start.CreatedAt.Equal(time.Date(2025, 1, 2, 3, 4, 5, 6000, time.UTC)) {
		t.Errorf("%+v", start)
	}
	if d := byTitle(t, app, "缓存"); d.Edges.Author.Username != "guide" {
		t.Errorf("%+v", d)
	}
	for _, title := range []string{"Work in progress", "Later"} {
		if d := byTitle(t, app, title); d.Visibility != document.VisibilityPrivate || d.PublishedAt != nil {
			t.Errorf("%+v", d)
		}
	}

	wantReport(t, bring(t, app, files, importer.Options{}), "0 created (0 of them not public), 0 updated, 8 unchanged, 3 skipped, 8 failed")

	files["guide/start.md"] = file("# Start\n\nOther steps.\n")
	files["guide/api/v1.txt"] = file("---\ncategory: plain\n---\nPlain text.")
	files["guide/later.md"] = file("+++\ntitle = 'Later'\ndate = 2020-01-01\n+++\ntext")
	wantReport(t, bring(t, app, files, importer.Options{}), "0 created (0 of them not public), 3 updated, 5 unchanged, 3 skipped, 8 failed")
	kept := app.Store.DB.Revision.Query().Where(revision.DocumentID(start.ID)).Order(revision.ByNumber()).AllX(t.Context())
	if len(kept) != 2 || kept[0].Body != "# Start\n\nFirst steps.\n" || kept[1].Body != "# Start\n\nOther steps.\n" {
		t.Errorf("revisions: %+v", kept)
	}
	plain := app.Store.DB.Category.Query().Where(category.Name("plain")).OnlyX(t.Context())
	if later := byTitle(t, app, "Later"); plain.Documents != 1 || later.Visibility != document.VisibilityPublic {
		t.Errorf("plain has %d documents; %+v", plain.Documents, later)
	}
}

// TestImportKeepsWhatWasDoneByHand imports a tree again after its documents were edited, unpublished and deleted: first as it was, then
// changed, then changed again with Overwrite.
func TestImportKeepsWhatWasDoneByHand(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app := open(t, dialect)
			files := fstest.MapFS{"team/edited.md": file("# Edited\n\nStep one."), "team/hidden.md": file("# Hidden\n\ntext"), "team/deleted.md": file("# Deleted\n\ntext")}
			wantReport(t, bring(t, app, files, importer.Options{}), "3 created (0 of them not public), 0 updated, 0 unchanged, 0 skipped, 0 failed")
			edited, body := byTitle(t, app, "Edited"), "Step one, corrected."
			ctx, v := t.Context(), viewer.Viewer{UserID: edited.AuthorID}
			_, err := app.Documents.Update(ctx, v, edited.ID, idocument.Change{ExpectedRevision: 1, Body: &body})
			testkit.Must(t, err)
			hidden := byTitle(t, app, "Hidden")
			_, err = app.Documents.Unpublish(ctx, v, hidden.ID)
			testkit.Must(t, err)
			testkit.Must(t, app.Documents.Delete(ctx, v, byTitle(t, app, "Deleted").ID))

			wantReport(t, bring(t, app, files, importer.Options{}), "0 created (0 of them not public), 0 updated, 3 unchanged, 0 skipped, 0 failed")
			wantReport(t, bring(t, app, files, importer.Options{Overwrite: true}), "0 created (0 of them not public), 0 updated, 3 unchanged, 0 skipped, 0 failed")
			for path := range files {
				files[path] = file(string(files[path].Data) + " More.")
			}
			report := bring(t, app, files, importer.Options{})
			wantReport(t, report, "0 created (0 of them not public), 0 updated, 0 unchanged, 0 skipped, 3 failed")
			if d := byTitle(t, app, "Edited"); d.Revision != 2 {
				t.Errorf("the edited document is at revision %d", d.Revision)
			}
			wantReport(t, bring(t, app, files, importer.Options{Overwrite: true}), "0 created (0 of them not public), 2 updated, 0 unchanged, 0 skipped, 1 failed")
			now := byTitle(t, app, "Hidden")
			texts := app.Store.DB.Revision.Query().Where(revision.DocumentID(edited.ID)).Order(revision.ByNumber()).AllX(ctx)
			if now.Visibility != document.VisibilityPrivate || len(texts) != 3 || texts[1].Body != body {
				t.Errorf("%+v, %+v", now, texts)
			}
		})
	}
}

// TestAuthors has names that differ in letters alone that usernames lack, and names that others have taken.
func TestAuthors(t *testing.T) {
	app := open(t, "sqlite")
	for _, r := range []account.Registration{
		{Username: "taken", Email: "other@example.org", Password: "long enough"},
		{Username: "someone", Email: "newteam@example.org", Password: "long enough"},
	} {
		_, err := app.Accounts.Open(t.Context(), r)
		testkit.Must(t, err)
	}
	files := fstest.MapFS{
		"Ann B/1.md": file("1"), "ann-b/2.md": file("2"), "ANN B/3.md": file("3"), "张三/4.md": file("4"), "李四/5.md": file("5"),
		"taken/6.md": file("6"), "newteam/7.md": file("7"), "x/8.md": file("---\nauthor: Ann B\n---\n8"),
	}
	want := map[string]string{
		"1": "ann-b", "2": "ann-b-*", "3": "ann-b", "4": "author-*", "5": "author-*", "6": "taken-*", "7": "newteam", "8": "ann-b",
	}
	for range 2 {
		report := bring(t, app, files, importer.Options{})
		if len(report.Failed) > 0 {
			t.Fatalf("%+v", report)
		}
		accounts := map[uuid.UUID]string{}
		for title, username := range want {
			author := byTitle(t, app, title).Edges.Author
			if ok, err := filepath.Match(username, author.Username); !ok || err != nil {
				t.Errorf("%s is by %s, want %s", title, author.Username, username)
			}
			accounts[author.ID] = author.DisplayName
		}
		if len(accounts) != 6 {
			t.Errorf("%d accounts: %v", len(accounts), accounts)
		}
	}
	everything := bring(t, app, fstest.MapFS{"a/9.md": file("---\nauthor: Ann B\n---\n9")}, importer.Options{Author: "someone"})
	wantReport(t, everything, "1 created (0 of them not public), 0 updated, 0 unchanged, 0 skipped, 0 failed")
	if author := byTitle(t, app, "9").Edges.Author; author.Username != "someone" {
		t.Errorf("the author is %s", author.Username)
	}
	if _, err := importer.Run(t.Context(), services(app), &source.Folder{Tree: files}, importer.Options{Author: "unknown"}); err == nil {
		t.Error("an unknown author is no error")
	}
}

// TestNormalForms renames a file to another normal form of Unicode, as a copy to another file system does.
func TestNormalForms(t *testing.T) {
	app := open(t, "sqlite")
	text := file("text")
	wantReport(t, bring(t, app, fstest.MapFS{"Re\u0301sume\u0301.md": text}, importer.Options{}), "1 created (0 of them not public), 0 updated, 0 unchanged, 0 skipped, 0 failed")
	wantReport(t, bring(t, app, fstest.MapFS{"R\u00e9sum\u00e9.md": text}, importer.Options{}), "0 created (0 of them not public), 0 updated, 1 unchanged, 0 skipped, 0 failed")
	byTitle(t, app, "R\u00e9sum\u00e9")
}

func TestImportFollowsNoLink(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.md")
	testkit.Must(t, os.WriteFile(outside, []byte("secret"), 0o600))
	testkit.Must(t, os.Symlink(outside, filepath.Join(dir, "link.md")))
	testkit.Must(t, os.Symlink(dir, filepath.Join(dir, "loop")))
	report := bring(t, open(t, "sqlite"), os.DirFS(dir), importer.Options{})
	if report.Created != 0 || len(report.Skipped) != 2 || report.Skipped[0].Reason != "it is a symbolic link" {
		t.Errorf("%+v", report)
	}
}

func TestImportOfNothing(t *testing.T) {
	app := open(t, "sqlite")
	if _, err := importer.Run(t.Context(), services(app), &source.Folder{Tree: os.DirFS(filepath.Join(t.TempDir(), "none"))}, importer.Options{}); err == nil {
		t.Error("a missing folder is no error")
	}
}

// TestProgress crosses the border of a transaction.
func TestProgress(t *testing.T) {
	app, files := open(t, "sqlite"), fstest.MapFS{}
	for i := range 120 {
		files["a/"+uuid.NewString()+".md"] = &fstest.MapFile{Data: []byte{byte('a' + i%26)}}
	}
	var seen [][2]int
	bring(t, app, files, importer.Options{Progress: func(done, total int) { seen = append(seen, [2]int{done, total}) }})
	if diff := cmp.Diff([][2]int{{50, 120}, {100, 120}, {120, 120}}, seen); diff != "" {
		t.Error(diff)
	}
}
