package importer_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent/category"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/ent/userstats"
	"docsquare/internal/cli/importer"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func open(t *testing.T, dialect string) *store.Store {
	t.Helper()
	inv := store.Invalidation{Tags: kinds.Touched, Replace: func(context.Context, []string) error { return nil }}
	s, err := store.Open(t.Context(), testkit.Database(t, dialect), inv, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// authors opens an account for each username, once.
func authors(s *store.Store) importer.Open {
	ids := map[string]uuid.UUID{}
	return func(ctx context.Context, username, name string) (uuid.UUID, error) {
		if id, ok := ids[username]; ok {
			return id, nil
		}
		err := s.Write(ctx, func(tx *store.Tx) error {
			u, err := tx.User.Create().SetUsername(username).SetEmail(username + "@example.org").SetDisplayName(name).Save(ctx)
			if err != nil {
				return err
			}
			ids[username] = u.ID
			return tx.UserStats.Create().SetUserID(u.ID).Exec(ctx)
		})
		return ids[username], err
	}
}

func run(t *testing.T, s *store.Store, open importer.Open, files fs.FS) importer.Report {
	t.Helper()
	report, err := importer.Run(t.Context(), s, open, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func tree() fstest.MapFS {
	at := time.Date(2025, 1, 2, 3, 4, 5, 6789, time.UTC)
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), ModTime: at} }
	return fstest.MapFS{
		"手册/缓存/旁路.md":       file("---\ntitle: 旁路缓存\ntag:\n  - 缓存\n  - Redis\ndate: 2024-06-01\n---\n\n先读缓存，再读数据库。\n"),
		"guide/start.md":    file("\ufeff# Start\r\n\r\nFirst steps.\r\n"),
		"guide/api/v1.txt":  file("Plain text."),
		"guide/api/big.md":  file(strings.Repeat("x", 512<<10+1)),
		"guide/blank.md":    file("---\ntitle: a\n---\n \n"),
		"guide/binary.md":   file("\xff\xfe"),
		"guide/nul.md":      file("a\x00b"),
		"guide/yaml.md":     file("---\ntitle: a: b\n---\ntext"),
		"guide/picture.png": file("png"),
		".git/config.md":    file("hidden"),
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
	s, files := open(t, dialect), tree()
	open := authors(s)
	report := run(t, s, open, files)
	if want := "3 created, 0 updated, 0 unchanged, 7 skipped"; report.String() != want {
		t.Fatalf("%s, not %s: %v", report, want, report.Skipped)
	}
	reasons := map[string]string{}
	for _, skipped := range report.Skipped {
		reasons[skipped.Path] = strings.SplitAfterN(skipped.Reason, ":", 2)[0]
	}
	if diff := cmp.Diff(map[string]string{
		".git": "it is hidden", "guide/api/big.md": "it is larger than 512 KiB", "guide/binary.md": "it is not UTF-8",
		"guide/blank.md": "it is empty", "guide/nul.md": "the text must be UTF-8 without NUL characters",
		"guide/picture.png": "it is neither .md, .markdown nor .txt", "guide/yaml.md": "its front matter is not YAML:",
	}, reasons); diff != "" {
		t.Error(diff)
	}

	ctx := t.Context()
	d := s.DB.Document.Query().Where(document.Source("import:手册/缓存/旁路.md")).WithAuthor().OnlyX(ctx)
	if d.Title != "旁路缓存" || d.Summary != "先读缓存，再读数据库。" || *d.Category != "缓存" || len(d.Tags) != 2 ||
		d.Visibility != document.VisibilityPublic || d.Edges.Author.DisplayName != "手册" ||
		!d.CreatedAt.Equal(time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v of %+v", d, d.Edges.Author)
	}
	start := s.DB.Document.Query().Where(document.Source("import:guide/start.md")).OnlyX(ctx)
	if start.Title != "Start" || start.Category != nil || !start.CreatedAt.Equal(time.Date(2025, 1, 2, 3, 4, 5, 6000, time.UTC)) {
		t.Errorf("%+v", start)
	}
	if n := s.DB.UserStats.Query().Where(userstats.UserID(start.AuthorID)).OnlyX(ctx).Documents; n != 2 {
		t.Errorf("guide has %d documents", n)
	}

	if report = run(t, s, open, files); report.Unchanged != 3 || report.Created+report.Updated != 0 {
		t.Errorf("the second run: %s", report)
	}

	files["guide/start.md"] = &fstest.MapFile{Data: []byte("# Start\n\nOther steps.\n")}
	files["guide/api/v1.txt"] = &fstest.MapFile{Data: []byte("---\ncategory: plain\n---\nPlain text.")}
	if report = run(t, s, open, files); report.Updated != 2 || report.Unchanged != 1 {
		t.Errorf("the third run: %s", report)
	}
	kept := s.DB.Revision.Query().Where(revision.DocumentID(start.ID)).Order(revision.ByNumber()).AllX(ctx)
	if len(kept) != 2 || kept[0].Body != "# Start\n\nFirst steps.\n" || kept[1].Body != "# Start\n\nOther steps.\n" {
		t.Errorf("revisions: %+v", kept)
	}
	api, plain := s.DB.Category.Query().Where(category.Name("api")).OnlyX(ctx), s.DB.Category.Query().Where(category.Name("plain")).OnlyX(ctx)
	if api.Documents != 0 || plain.Documents != 1 {
		t.Errorf("api has %d documents, plain has %d", api.Documents, plain.Documents)
	}
}

func TestImportFollowsNoLink(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.md")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.md")); err != nil {
		t.Fatal(err)
	}
	report := run(t, open(t, "sqlite"), nil, os.DirFS(dir))
	if report.Created != 0 || len(report.Skipped) != 1 || report.Skipped[0].Reason != "it is a symbolic link" {
		t.Errorf("%+v", report)
	}
}

func TestImportOfNothing(t *testing.T) {
	if _, err := importer.Run(t.Context(), open(t, "sqlite"), nil, os.DirFS(filepath.Join(t.TempDir(), "none")), nil); err == nil {
		t.Error("a missing folder is no error")
	}
}

// TestProgress crosses the border of a transaction.
func TestProgress(t *testing.T) {
	s, files := open(t, "sqlite"), fstest.MapFS{}
	for i := range 120 {
		files["a/"+uuid.NewString()+".md"] = &fstest.MapFile{Data: []byte{byte('a' + i%26)}}
	}
	var seen [][2]int
	if _, err := importer.Run(t.Context(), s, authors(s), files, func(done, total int) { seen = append(seen, [2]int{done, total}) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][2]int{{50, 120}, {100, 120}, {120, 120}}, seen); diff != "" {
		t.Error(diff)
	}
}
