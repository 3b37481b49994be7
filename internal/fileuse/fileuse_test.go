package fileuse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/documentfile"
	documents "docsquare/internal/document"
	"docsquare/internal/fileuse"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var bob = viewer.Viewer{UserID: servicetest.ID("bob")}

// TestOf lists the files of documents, each once, whatever they are of.
func TestOf(t *testing.T) {
	a, b, c, d := uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}, uuid.UUID{4}
	text := "![](" + fileurl.Of(d).String() + ") [](" + fileurl.Of(a).String() + ") ![](" + fileurl.Of(d).String() + "/w320)"
	doc := &ent.Document{Visibility: document.VisibilityPublic, Format: document.FormatMD, AttachmentIds: []uuid.UUID{c, a}, CoverID: &b, FileID: &a}
	if got := fileuse.Of(doc, text); !slices.Equal(got, []uuid.UUID{a, b, c, d}) {
		t.Errorf("%v", got)
	}
	doc.Format = document.FormatTXT
	if got := fileuse.Of(doc, text); !slices.Equal(got, []uuid.UUID{a, b, c}) {
		t.Errorf("of plain text: %v", got)
	}
	doc.Visibility = document.VisibilityPrivate
	if got := fileuse.Of(doc, text); len(got) != 0 {
		t.Errorf("of a private document: %v", got)
	}
	var many strings.Builder
	for i := range fileuse.MaxFiles + 50 {
		fmt.Fprintf(&many, "![](%s)\n", fileurl.Of(uuid.UUID{9, byte(i >> 8), byte(i)}))
	}
	if got := fileuse.Of(&ent.Document{Visibility: document.VisibilityUnlisted, Format: document.FormatMD}, many.String()); len(got) != fileuse.MaxFiles {
		t.Errorf("%d files of a text with too many", len(got))
	}
}

// TestRebuild finds the files of documents that were written before they were noted, in portions, and drops what is no more.
func TestRebuild(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			ctx, db := t.Context(), app.Store.DB
			f, err := app.Uploads.Send(ctx, bob, upload.Announcement{Name: "a.txt", Size: 1}, strings.NewReader("x"))
			testkit.Must(t, err)
			var want []uuid.UUID
			for i := range 45 {
				v := []document.Visibility{document.VisibilityPublic, document.VisibilityUnlisted, document.VisibilityPrivate}[i%3]
				d, err := app.Documents.Create(ctx, bob, documents.Draft{Title: "t", Body: "[字](" + fileurl.Of(f.ID).String() + ")", Format: document.FormatMD, Visibility: v})
				testkit.Must(t, err)
				if v != document.VisibilityPrivate {
					want = append(want, d.ID)
				}
			}
			foreign := servicetest.ID("doc01") // by ann
			testkit.Must(t, app.Store.Write(servicetest.PastServices(ctx), func(tx *store.Tx) error {
				if _, err := tx.DocumentFile.Delete().Exec(ctx); err != nil {
					return err
				}
				return tx.DocumentFile.Create().SetDocumentID(foreign).SetFileID(f.ID).Exec(ctx)
			}))
			portions := 0
			testkit.Must(t, fileuse.Rebuild(ctx, app.Store, func(int, int) { portions++ }))
			var got []uuid.UUID
			for _, row := range db.DocumentFile.Query().Where(documentfile.FileID(f.ID)).AllX(ctx) {
				got = append(got, row.DocumentID)
			}
			slices.SortFunc(got, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
			slices.SortFunc(want, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
			if !slices.Equal(got, want) || portions < 3 {
				t.Errorf("%d documents in %d portions, %d were wanted", len(got), portions, len(want))
			}
			more := true
			for n := 0; more; n++ {
				testkit.Must(t, app.Store.Write(ctx, func(tx *store.Tx) (err error) {
					more, err = fileuse.Detach(ctx, tx, f.ID, 10)
					return err
				}))
				if n > 3 {
					t.Fatal("it does not end")
				}
			}
			if n := db.DocumentFile.Query().Where(documentfile.FileID(f.ID)).CountX(ctx); n != 0 {
				t.Errorf("%d documents still show the file", n)
			}
		})
	}
}
