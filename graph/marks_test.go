package graph_test

import (
	"fmt"
	"testing"
	"time"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// TestMarksBeyondTheSet has an account like and keep more documents than its sets hold: those outside are found one by one.
func TestMarksBeyondTheSet(t *testing.T) {
	const n = kinds.MaxMarks + 2
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			name := func(i int) string { return fmt.Sprintf("marked%04d", i) }
			testkit.Must(t, app.Store.Write(t.Context(), func(tx *store.Tx) error { return markAll(t, tx, n, name) }))
			bob := as(t, app, "bob")
			want := func(i int, liked, kept bool) {
				t.Helper()
				var got struct {
					Document struct{ ViewerHasLiked, ViewerHasFavorited bool }
				}
				bob.must(t, `query ($id: ID!) { document(id: $id) { viewerHasLiked viewerHasFavorited } }`, variables{"id": global(nodeid.Document, name(i))}, &got)
				if d := got.Document; d.ViewerHasLiked != liked || d.ViewerHasFavorited != kept {
					t.Errorf("document %d: liked %t, kept %t, want %t and %t", i, d.ViewerHasLiked, d.ViewerHasFavorited, liked, kept)
				}
			}
			set := func(mutation string, i int) {
				t.Helper()
				bob.must(t, fmt.Sprintf(`mutation ($id: ID!) { %s(input: {documentId: $id}) { document { id } } }`, mutation), variables{"id": global(nodeid.Document, name(i))}, new(any))
			}
			for _, i := range []int{0, 1, 2, n / 2, n - 1} { // the first two are outside the sets
				want(i, true, true)
			}
			want(n, false, false)
			set("unlikeDocument", 0)
			set("unfavoriteDocument", n-1)
			set("likeDocument", n)
			want(0, false, true)
			want(n-1, true, false)
			want(n, true, false)
			set("likeDocument", 0)
			want(0, true, true)
			want(1, true, true)
		})
	}
}

// TestPartialSetsKeepAnswers keeps an answer for an account of which a set does not tell the marks. Others get the shared one.
func TestPartialSetsKeepAnswers(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	name := func(i int) string { return fmt.Sprintf("marked%04d", i) }
	testkit.Must(t, app.Store.Write(t.Context(), func(tx *store.Tx) error { return markAll(t, tx, kinds.MaxMarks+2, name) }))
	query := fmt.Sprintf(`{ document(id: %q) { viewerHasLiked } }`, global(nodeid.Document, name(0)))
	clients := map[string]client{"": as(t, app.App, ""), "bob": as(t, app.App, "bob"), "cy": as(t, app.App, "cy")}
	for _, step := range []struct {
		name  string
		kept  int // of three answers
		liked bool
	}{{"bob", 1, true}, {"", 3, false}, {"bob", 3, true}, {"cy", 2, false}} {
		for range 3 {
			var got struct{ Document struct{ ViewerHasLiked bool } }
			clients[step.name].must(t, query, nil, &got)
			if got.Document.ViewerHasLiked != step.liked {
				t.Errorf("%q: %+v, want %v", step.name, got, step.liked)
			}
		}
		if _, kept := app.took(); kept != step.kept {
			t.Errorf("%q gets %d kept answers of 3, want %d", step.name, kept, step.kept)
		}
	}
}

// markAll writes documents, and has bob like and keep all of them but the last.
func markAll(t *testing.T, tx *store.Tx, n int, name func(int) string) error {
	t.Helper()
	documents := make([]int, n+1)
	err := tx.Document.MapCreateBulk(documents, func(create *ent.DocumentCreate, i int) {
		create.SetID(servicetest.ID(name(i))).SetAuthorID(servicetest.ID("ann")).SetTitle(name(i)).SetSummary("").SetVisibility(entdocument.VisibilityUnlisted)
	}).Exec(t.Context())
	if err != nil {
		return err
	}
	stats := tx.DocumentStats.MapCreateBulk(documents, func(create *ent.DocumentStatsCreate, i int) { create.SetDocumentID(servicetest.ID(name(i))) })
	if err := stats.Exec(t.Context()); err != nil {
		return err
	}
	at := func(i int) time.Time { return servicetest.Base.Add(time.Duration(i) * time.Second) }
	err = tx.Like.MapCreateBulk(documents[:n], func(create *ent.LikeCreate, i int) {
		create.SetUserID(servicetest.ID("bob")).SetDocumentID(servicetest.ID(name(i))).SetCreatedAt(at(i))
	}).Exec(t.Context())
	if err != nil {
		return err
	}
	err = tx.Favorite.MapCreateBulk(documents[:n], func(create *ent.FavoriteCreate, i int) {
		create.SetUserID(servicetest.ID("bob")).SetDocumentID(servicetest.ID(name(i))).SetCreatedAt(at(i))
	}).Exec(t.Context())
	tx.Invalidate(kinds.AllData{})
	return err
}
