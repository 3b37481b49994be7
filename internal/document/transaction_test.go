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
	"docsquare/internal/search"
	"docsquare/internal/services"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

var (
	both = []string{"sqlite", "postgres"}
	ann  = viewer.Viewer{UserID: servicetest.ID("ann")}
)

// prose returns a text of as many bytes as a text may have, with the words of a page again and again.
func prose() string {
	const page = "Caches keep what readers ask for. 缓存保存读者所需的内容。 Each write replaces a stamp, and an entry with an older one is invalid.\n"
	return strings.Repeat(page, plaintext.MaxText/len(page))
}

// analyses counts the analyses of texts, and those of them that run while a transaction is open.
type analyses struct{ all, within atomic.Int64 }

func watch(site *services.Site) *analyses {
	a := &analyses{}
	site.Documents.OnAnalysis(func() {
		a.all.Add(1)
		if site.Store.Writing() > 0 {
			a.within.Add(1)
		}
	})
	return a
}

func opened(t *testing.T, dialect string) *services.Site {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	return site
}

// TestNoTransactionAnalysesTexts creates, changes, unpublishes and publishes a document of the largest text, and commits an editor session with one: each
// analysis is over before the transaction begins.
func TestNoTransactionAnalysesTexts(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site := opened(t, dialect)
			watched, ctx, text := watch(site), t.Context(), prose()
			d, err := site.Documents.Create(ctx, ann, document.Draft{Title: "Long", Body: text, Format: entdocument.FormatMD, Visibility: entdocument.VisibilityPublic})
			testkit.Must(t, err)
			longer := "first words. " + text[:len(text)-20]
			_, err = site.Documents.Update(ctx, ann, d.ID, document.Change{ExpectedRevision: 1, Body: &longer})
			testkit.Must(t, err)
			_, err = site.Documents.Unpublish(ctx, ann, d.ID)
			testkit.Must(t, err)
			_, err = site.Documents.Publish(ctx, ann, d.ID)
			testkit.Must(t, err)
			x, _, err := site.Editor.Open(ctx, ann, editor.Beginning{Document: &d.ID})
			testkit.Must(t, err)
			saved, err := site.Editor.Autosave(ctx, ann, x.ID, x.Revision, "last words. "+longer[:len(longer)-20], nil)
			testkit.Must(t, err)
			_, d, err = site.Editor.Commit(ctx, ann, x.ID, saved.Revision, site.Documents.Committing(ctx, ann, document.Commit{}))
			testkit.Must(t, err)
			if all, within := watched.all.Load(), watched.within.Load(); all != 4 || within != 0 {
				t.Errorf("%d analyses, %d of them in a transaction", all, within)
			}
			if d.Revision != 3 || d.Visibility != entdocument.VisibilityPublic {
				t.Errorf("the document is %+v", d)
			}
			entry := site.Store.DB.SearchEntry.Query().Where(searchentry.DocumentID(d.ID)).OnlyX(ctx)
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
			site := opened(t, dialect)
			ctx, id := t.Context(), servicetest.ID("doc01")
			other := document.New(site.Store, site.Cache, 0, site.Log)
			analysed := 0
			site.Documents.OnAnalysis(func() {
				if analysed++; analysed == 1 {
					_, err := other.Update(ctx, ann, id, document.Change{ExpectedRevision: 1, Tags: []string{"meanwhile"}})
					testkit.Must(t, err)
				}
			})
			body := "a new text"
			d, err := site.Documents.Update(ctx, ann, id, document.Change{ExpectedRevision: 1, Body: &body})
			if err != nil || analysed != 2 || len(d.Tags) != 1 || d.Tags[0] != "meanwhile" || d.Revision != 2 {
				t.Fatalf("after %d analyses: %+v, %v", analysed, d, err)
			}
			entry := site.Store.DB.SearchEntry.Query().Where(searchentry.DocumentID(id)).OnlyX(ctx)
			if !strings.Contains(string(entry.Terms), "meanwhil") {
				t.Error("the index does not have the tag")
			}
			title := "again"
			site.Documents.OnAnalysis(func() {
				_, err := other.Update(ctx, ann, id, document.Change{ExpectedRevision: 2, Tags: []string{uuid.NewString()[:8]}})
				testkit.Must(t, err)
			})
			if _, err := site.Documents.Update(ctx, ann, id, document.Change{ExpectedRevision: 2, Title: &title}); !errs.Is(err, errs.Conflict) {
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
			site := opened(t, dialect)
			s := document.New(site.Store, site.Cache, quota, site.Log)
			ctx, cy := t.Context(), viewer.Viewer{UserID: servicetest.ID("cy")}
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
			if used := usage(t, site, cy.UserID); used != quota {
				t.Errorf("%d bytes are used", used)
			}
			testkit.Must(t, s.Delete(ctx, cy, part.ID))
			if used := usage(t, site, cy.UserID); used != 0 {
				t.Errorf("%d bytes are used by nothing", used)
			}
		})
	}
}

func usage(t *testing.T, site *services.Site, id uuid.UUID) (bytes int64) {
	t.Helper()
	for _, u := range site.Store.DB.TextUsage.Query().AllX(t.Context()) {
		if u.UserID == id {
			bytes = u.Bytes
		}
	}
	return bytes
}

// BenchmarkWriterHeld measures how long the transaction of an update of the largest text keeps others from writing, with the analysis within the
// transaction, as it was once, and before it.
func BenchmarkWriterHeld(b *testing.B) {
	site := servicetest.Open(b, servicetest.Community(b, "sqlite"), servicetest.Tiers{})
	ctx, text, index := context.WithoutCancel(b.Context()), prose(), search.New(site.Store)
	d, err := site.Documents.Create(ctx, ann, document.Draft{Title: "Long", Body: text, Format: entdocument.FormatMD, Visibility: entdocument.VisibilityPublic})
	testkit.Must(b, err)
	for _, when := range []string{"within", "before"} {
		b.Run(when, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				var e *search.Entry
				if when == "before" {
					e = index.Analyse(d, text)
				}
				testkit.Must(b, site.Store.Write(ctx, func(tx *store.Tx) error {
					b.StartTimer()
					if e == nil {
						e = index.Analyse(d, text)
					}
					return search.Put(ctx, tx, d, e)
				}))
			}
		})
	}
}
