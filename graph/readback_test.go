package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/internal/counters"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

const readBack = `query ($document: ID!, $comments: [ID!]!) {
	document(id: $document) { viewerHasLiked viewerHasFavorited stats { likes favorites comments } }
	viewer {
		stats { likes favorites comments }
		likes(first: 100) { totalCount nodes { id } }
		favorites(first: 100) { totalCount nodes { id } }
	}
	nodes(ids: $comments) { ... on Comment { id body } }
}`

// seen is what a client reads back.
type seen struct {
	Document struct {
		ViewerHasLiked, ViewerHasFavorited bool
		Stats                              marks
	}
	Viewer struct {
		Stats            marks
		Likes, Favorites struct {
			TotalCount int
			Nodes      []struct{ ID string }
		}
	}
	Nodes []*struct{ ID, Body string }
}

type marks struct{ Likes, Favorites, Comments int }

// readBack reads what the client has done, and compares it with what it knows: nothing may be older than its last write.
func (r *reader) readBack(ctx context.Context, document int) error {
	ids := []string{}
	for id := range r.comments[document] {
		ids = append(ids, id)
	}
	var got seen
	if err := r.into(ctx, readBack, variables{"document": r.board.documents[document], "comments": ids}, &got); err != nil {
		return err
	}
	if d := got.Document; d.ViewerHasLiked != r.liked[document] || d.ViewerHasFavorited != r.kept[document] {
		return fmt.Errorf("read %+v after liked %t, kept %t", d, r.liked[document], r.kept[document])
	}
	if err := r.ownStats(got); err != nil {
		return err
	}
	for i, n := range got.Nodes {
		if n == nil || n.Body != r.comments[document][ids[i]] {
			return fmt.Errorf("read the comment %+v, wrote %q", n, r.comments[document][ids[i]])
		}
	}
	if s := got.Document.Stats; s.Comments < len(ids) || r.liked[document] && s.Likes < 1 || r.kept[document] && s.Favorites < 1 {
		return fmt.Errorf("the document shows %+v, which leaves this client's part out", s)
	}
	return nil
}

// ownStats compares the statistics and the lists of the client. Replies that are at risk may count or not.
func (r *reader) ownStats(got seen) error {
	want := r.done()
	own := got.Viewer.Stats
	if own.Likes != want.Likes || own.Favorites != want.Favorites {
		return fmt.Errorf("the client's own statistics are %+v, it did %+v", own, want)
	}
	if own.Comments < want.Comments || own.Comments > want.Comments+r.risked() {
		return fmt.Errorf("the client's own statistics are %+v, it wrote %d comments and %d replies", own, want.Comments, r.risked())
	}
	for list, of := range map[*[sharedDocuments]bool][]struct{ ID string }{&r.liked: got.Viewer.Likes.Nodes, &r.kept: got.Viewer.Favorites.Nodes} {
		if diff := cmp.Diff(r.marked(list), listed(of)); diff != "" {
			return fmt.Errorf("a list of the client's own documents (-did +read): %s", diff)
		}
	}
	if got.Viewer.Likes.TotalCount != want.Likes || got.Viewer.Favorites.TotalCount != want.Favorites {
		return fmt.Errorf("the totals are %d and %d, it did %+v", got.Viewer.Likes.TotalCount, got.Viewer.Favorites.TotalCount, want)
	}
	return nil
}

func (r *reader) done() marks {
	var m marks
	for i := range sharedDocuments {
		m.Comments += len(r.comments[i])
		if r.liked[i] {
			m.Likes++
		}
		if r.kept[i] {
			m.Favorites++
		}
	}
	return m
}

func (r *reader) risked() (n int) {
	for _, of := range r.atRisk {
		n += len(of)
	}
	return n
}

func (r *reader) marked(list *[sharedDocuments]bool) map[string]bool {
	out := map[string]bool{}
	for i, on := range list {
		if on {
			out[r.board.documents[i]] = true
		}
	}
	return out
}

func listed(nodes []struct{ ID string }) map[string]bool {
	out := map[string]bool{}
	for _, n := range nodes {
		out[n.ID] = true
	}
	return out
}

// compareCounters compares every counter with its rows, and the rows with what clients are shown.
func compareCounters(t *testing.T, app *apptest.App, documents []string, readers []*reader) {
	t.Helper()
	for _, stats := range app.Store.DB.DocumentStats.Query().AllX(t.Context()) {
		want := documentRows(t, app, stats.DocumentID)
		got := documentCounters{stats.Likes, stats.Favorites, stats.Comments, stats.TopComments, stats.Popularity}
		if got != want {
			t.Errorf("the statistics of the document %s are %+v, its rows say %+v", stats.DocumentID, got, want)
		}
	}
	for _, stats := range app.Store.DB.UserStats.Query().AllX(t.Context()) {
		got := []int{stats.Documents, stats.Comments, stats.Likes, stats.Favorites}
		if diff := cmp.Diff(userRows(t, app, stats.UserID), got); diff != "" {
			t.Errorf("the statistics of the account %s (-rows +counters): %s", stats.UserID, diff)
		}
	}
	compareDerived(t, app)
	for _, id := range documents {
		var got seen
		readers[0].must(t, readBack, variables{"document": id, "comments": []string{}}, &got)
		parsed, err := nodeid.Parse(id)
		testkit.Must(t, err)
		want := documentRows(t, app, parsed.UUID)
		if diff := cmp.Diff(marks{want.likes, want.favorites, want.comments}, got.Document.Stats); diff != "" {
			t.Errorf("a document shows (-rows +shown): %s", diff)
		}
	}
	for _, r := range readers {
		testkit.Must(t, r.settle(t.Context()))
		var got seen
		r.must(t, readBack, variables{"document": documents[0], "comments": []string{}}, &got)
		want := r.done()
		want.Comments += r.risked()
		if got.Viewer.Stats != want {
			t.Errorf("client %d is shown %+v, it did %+v", r.number, got.Viewer.Stats, want)
		}
	}
}

// derived is everything that is kept in addition to the rows.
type derived struct {
	Site      map[string]int64
	Names     map[string]int
	Documents map[uuid.UUID]ent.DocumentStats // without what identifies the row
	Found     map[uuid.UUID][]byte            // the entries of the search index
	Carried   int                             // tags
}

func derivedOf(t *testing.T, app *apptest.App) derived {
	t.Helper()
	db, ctx := app.Store.DB, t.Context()
	site, err := counters.Site(ctx, app.Store)
	testkit.Must(t, err)
	d := derived{Site: site, Names: map[string]int{}, Documents: map[uuid.UUID]ent.DocumentStats{}, Found: map[uuid.UUID][]byte{}, Carried: db.DocumentTag.Query().CountX(ctx)}
	for _, c := range db.Category.Query().AllX(ctx) {
		d.Names["category "+c.Name] = c.Documents
	}
	for _, c := range db.Tag.Query().AllX(ctx) {
		d.Names["tag "+c.Name] = c.Documents
	}
	for _, st := range db.DocumentStats.Query().AllX(ctx) {
		got := *st
		got.ID = 0
		if !got.Listed {
			got.Format, got.Category = "", nil // of listed documents alone
		}
		if got.Views > 0 {
			got.HotDay, got.HotWeek, got.HotMonth = 0, 0, 0 // a rebuild knows the day of a view, no more
		}
		d.Documents[st.DocumentID] = got
	}
	for _, e := range db.SearchEntry.Query().AllX(ctx) {
		d.Found[e.DocumentID] = e.Terms
	}
	return d
}

// compareDerived rebuilds everything that is kept in addition to the rows: nothing may change by it.
func compareDerived(t *testing.T, app *apptest.App) {
	t.Helper()
	testkit.Must(t, app.Interactions.Flush(t.Context()))
	before := derivedOf(t, app)
	testkit.Must(t, app.Derive(t.Context(), true, func(string, int, int) {}))
	if diff := cmp.Diff(before, derivedOf(t, app), cmpopts.IgnoreUnexported(ent.DocumentStats{}), cmpopts.IgnoreFields(ent.DocumentStats{}, "Edges"), cmpopts.EquateApprox(0, 1e-3)); diff != "" {
		t.Errorf("what is kept in addition to the rows (-kept +rebuilt): %s", diff)
	}
}

// documentCounters are the counters of a document.
type documentCounters struct{ likes, favorites, comments, top, popularity int }

func documentRows(t *testing.T, app *apptest.App, id uuid.UUID) documentCounters {
	t.Helper()
	db, ctx := app.Store.DB, t.Context()
	c := documentCounters{
		likes:     db.Like.Query().Where(like.DocumentID(id)).CountX(ctx),
		favorites: db.Favorite.Query().Where(favorite.DocumentID(id)).CountX(ctx),
		comments:  db.Comment.Query().Where(comment.DocumentID(id)).CountX(ctx),
		top:       db.Comment.Query().Where(comment.DocumentID(id), comment.ParentIDIsNil()).CountX(ctx),
	}
	c.popularity = c.likes + c.favorites + c.comments
	return c
}

// userRows is the account's public documents, comments, likes and favorites.
func userRows(t *testing.T, app *apptest.App, id uuid.UUID) []int {
	t.Helper()
	db, ctx := app.Store.DB, t.Context()
	return []int{
		db.Document.Query().Where(document.AuthorID(id), document.VisibilityEQ(document.VisibilityPublic)).CountX(ctx),
		db.Comment.Query().Where(comment.AuthorID(id)).CountX(ctx),
		db.Like.Query().Where(like.UserID(id)).CountX(ctx),
		db.Favorite.Query().Where(favorite.UserID(id)).CountX(ctx),
	}
}
