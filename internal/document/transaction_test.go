package document_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/ent/searchentry"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/errs"
	"docsquare/internal/plaintext"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/viewer"
)

var (
	both = []string{"sqlite", "postgres"}
	ann  = viewer.Viewer{UserID: apptest.ID("ann")}
)

// prose returns a text of as many bytes as a text may have, with the words of a page again and again.
func prose() string {
	const page = "Caches keep what readers ask for. 缓存保存读者所需的内容。 Each write replaces a stamp, and an entry with an older one is invalid.\n"
	return strings.Repeat(page, plaintext.MaxText/len(page))
}

// analyses counts the analyses of texts, and those of them that run while a transaction is open.
type analyses struct{ all, within atomic.Int64 }

func watch(app *apptest.App) *analyses {
	a := &analyses{}
	app.Documents.OnAnalysis(func() {
		a.all.Add(1)
		if app.Store.Writing() > 0 {
			a.within.Add(1)
		}
	})
	return a
}

func opened(t *testing.T, dialect string) *apptest.App {
	t.Helper()
	app := apptest.Open(t, testkit.Database(t, dialect), apptest.Tiers{})
	apptest.NewCommunity(t, app.Store)
	return app
}

// TestNoTransactionAnalysesTexts creates, changes, unpublishes and publishes a document of the largest text, and commits an editor session with one: each
// analysis is over before the transaction begins.
func TestNoTransactionAnalysesTexts(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := opened(t, dialect)
			watched, ctx, text := watch(app), t.Context(), prose()
			d, err := app.Documents.Create(ctx, ann, document.Draft{Title: "Long", Body: text, Format: entdocument.FormatMD, Visibility: entdocument.VisibilityPublic})
			testkit.Must(t, err)
			longer := "first words. " + text[:len(text)-20]
			_, err = app.Documents.Update(ctx, ann, d.ID, document.Change{ExpectedRevision: 1, Body: &longer})
			testkit.Must(t, err)
			_, err = app.Documents.Unpublish(ctx, ann, d.ID)
			testkit.Must(t, err)
			_, err = app.Documents.Publish(ctx, ann, d.ID)
			testkit.Must(t, err)
			x, _, err := app.Editor.Open(ctx, ann, editor.Beginning{Document: &d.ID})
			testkit.Must(t, err)
			saved, err := app.Editor.Autosave(ctx, ann, x.ID, x.Revision, "last words. "+longer[:len(longer)-20], nil)
			testkit.Must(t, err)
			_, d, err = app.Editor.Commit(ctx, ann, x.ID, saved.Revision, app.Documents.Committing(ctx, ann, document.Commit{}))
			testkit.Must(t, err)
			if all, within := watched.all.Load(), watched.within.Load(); all != 4 || within != 0 {
				t.Errorf("%d analyses, %d of them in a transaction", all, within)
			}
			if d.Revision != 3 || d.Visibility != entdocument.VisibilityPublic {
				t.Errorf("the document is %+v", d)
			}
			entry := app.Store.DB.SearchEntry.Query().Where(searchentry.DocumentID(d.ID)).OnlyX(ctx)
			if !strings.Contains(string(entry.Terms), "last") {
				t.Error("the entry of the index is not that of the last text")
			}
		})
	}
}

// TestChangedWhilePrepared changes a document between the analysis of another change and its transaction: the change is prepared again, and
// the index has what both have made of the document.
func TestChangedWhilePrepared(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := opened(t, dialect)
			ctx, id := t.Context(), apptest.ID("doc01")
			other := document.New(app.Store, app.Cache, 0, app.Log)
			analysed := 0
			app.Documents.OnAnalysis(func() {
				if analysed++; analysed == 1 {
					_, err := other.Update(ctx, ann, id, document.Change{ExpectedRevision: 1, Tags: []string{"meanwhile"}})
					testkit.Must(t, err)
				}
			})
			body := "a new text"
			d, err := app.Documents.Update(ctx, ann, id, document.Change{ExpectedRevision: 1, Body: &body})
			if err != nil || analysed != 2 || len(d.Tags) != 1 || d.Tags[0] != "meanwhile" || d.Revision != 2 {
				t.Fatalf("after %d analyses: %+v, %v", analysed, d, err)
			}
			entry := app.Store.DB.SearchEntry.Query().Where(searchentry.DocumentID(id)).OnlyX(ctx)
			if !strings.Contains(string(entry.Terms), "meanwhil") {
				t.Error("the index does not have the tag")
			}
			title := "again"
			app.Documents.OnAnalysis(func() {
				_, err := other.Update(ctx, ann, id, document.Change{ExpectedRevision: 2, Tags: []string{uuid.NewString()[:8]}})
				testkit.Must(t, err)
			})
			if _, err := app.Documents.Update(ctx, ann, id, document.Change{ExpectedRevision: 2, Title: &title}); !errs.Is(err, errs.Conflict) {
				t.Errorf("always changed by others: %v", err)
			}
		})
	}
}

// TestTextQuota lets an account write as many bytes as its quota, over documents, revisions and editor sessions, and no more.
func TestTextQuota(t *testing.T) {
	const quota = 10_000
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := opened(t, dialect)
			s := document.New(app.Store, app.Cache, quota, app.Log)
			ctx, cy := t.Context(), viewer.Viewer{UserID: apptest.ID("cy")}
			create := func(n int) (*ent.Document, error) {
				return s.Create(ctx, cy, document.Draft{Title: "T", Body: strings.Repeat("x", n), Format: entdocument.FormatTXT, Visibility: entdocument.VisibilityPublic})
			}
			full, err := create(quota)
			testkit.Must(t, err)
			if _, err := create(1); !errs.Is(err, errs.BadUserInput) || !strings.Contains(err.Error(), "0 of them are left") {
				t.Errorf("one byte more: %v", err)
			}
			next := "y"
			if _, err := s.Update(ctx, cy, full.ID, document.Change{ExpectedRevision: 1, Body: &next}); !errs.Is(err, errs.BadUserInput) {
				t.Errorf("a revision of one byte: %v", err)
			}
			testkit.Must(t, s.Delete(ctx, cy, full.ID))
			part, err := create(quota - 1)
			testkit.Must(t, err)
			_, err = s.Update(ctx, cy, part.ID, document.Change{ExpectedRevision: 1, Body: &next})
			testkit.Must(t, err)
			if used := usage(t, app, cy.UserID); used != quota {
				t.Errorf("%d bytes are used", used)
			}
			testkit.Must(t, s.Delete(ctx, cy, part.ID))
			if used := usage(t, app, cy.UserID); used != 0 {
				t.Errorf("%d bytes are used by nothing", used)
			}
		})
	}
}

func usage(t *testing.T, app *apptest.App, id uuid.UUID) (bytes int64) {
	t.Helper()
	for _, u := range app.Store.DB.TextUsage.Query().AllX(t.Context()) {
		if u.UserID == id {
			bytes = u.Bytes
		}
	}
	return bytes
}

// BenchmarkWriterHeld measures how long the transaction of an update of the largest text keeps others from writing, with the analysis within the
// transaction, as it was once, and before it.
func BenchmarkWriterHeld(b *testing.B) {
	app := apptest.Open(b, testkit.Database(b, "sqlite"), apptest.Tiers{})
	apptest.NewCommunity(b, app.Store)
	ctx, text, index := context.WithoutCancel(b.Context()), prose(), search.New(app.Store)
	d, err := app.Documents.Create(ctx, ann, document.Draft{Title: "Long", Body: text, Format: entdocument.FormatMD, Visibility: entdocument.VisibilityPublic})
	testkit.Must(b, err)
	for _, when := range []string{"within", "before"} {
		b.Run(when, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				var e *search.Entry
				if when == "before" {
					e = index.Analyse(d, text)
				}
				testkit.Must(b, app.Store.Write(ctx, func(tx *store.Tx) error {
					b.StartTimer()
					if e == nil {
						e = index.Analyse(d, text)
					}
					return search.Put(ctx, tx, d.ID, e)
				}))
			}
		})
	}
}
