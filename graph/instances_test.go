package graph_test

import (
	"context"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// soon is how long one instance may take to show what another has written. Tests end long before.
const soon = 10 * time.Second

// TestInstancesFollowEachOther writes through one instance of a server and reads through another, whose caches are warm:
// every write shows there before long, and what has shown stays.
func TestInstancesFollowEachOther(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "instances:" + uuid.NewString() + ":"}
			a, b := apptest.Open(t, url, tiers), apptest.Open(t, url, tiers)
			relayed(t, a)
			relayed(t, b)
			for _, name := range []string{"ann", "bob"} {
				follow(t, client{handler: a.Handler, token: a.Token(t, servicetest.ID(name))}, b)
			}
		})
	}
}

const look = `query ($document: ID!, $comment: ID!) {
	document(id: $document) { title visibility viewerHasLiked stats { likes comments } comments(last: 1) { nodes { body } } }
	documents(first: 1) { totalCount }
	viewer { displayName drafts { totalCount } likes { totalCount } }
	node(id: $comment) { id }
}`

// view is what look shows.
type view struct {
	Document *struct {
		Title, Visibility string
		ViewerHasLiked    bool
		Stats             struct{ Likes, Comments int }
		Comments          struct{ Nodes []struct{ Body string } }
	}
	Documents struct{ TotalCount int }
	Viewer    *struct {
		DisplayName   string
		Drafts, Likes struct{ TotalCount int }
	}
	Node *struct{ ID string }
}

// follow has an author write through one instance and reads through the other, as the author and as a guest.
func follow(t *testing.T, writer client, other *apptest.App) {
	t.Helper()
	reader, guest := client{handler: other.Handler, token: writer.token}, client{handler: other.Handler}
	var made struct {
		CreateDocument struct{ Document struct{ ID string } }
	}
	writer.must(t, `mutation { createDocument(input: {title: "First", body: "B", visibility: PUBLIC}) { document { id } } }`, nil, &made)
	doc := made.CreateDocument.Document.ID
	var said written
	writer.must(t, addComment, variables{"id": doc, "body": "one"}, &said)
	vars := variables{"document": doc, "comment": said.AddComment.Comment.ID}
	var before view
	for range 2 { // what the second finds is warm
		reader.must(t, look, vars, &before)
		guest.must(t, look, vars, new(view))
	}
	steps := []struct {
		write string
		shows func(v, asGuest view) bool
	}{
		{
			`mutation ($document: ID!) { likeDocument(input: {documentId: $document}) { document { id } } }`,
			func(v, g view) bool {
				return v.Document.ViewerHasLiked && v.Document.Stats.Likes == 1 && v.Viewer.Likes.TotalCount == 1 && g.Document.Stats.Likes == 1
			},
		},
		{
			`mutation ($document: ID!) { updateDocument(input: {documentId: $document, expectedRevision: 1, title: "Second"}) { document { id } } }`,
			func(v, g view) bool { return v.Document.Title == "Second" && g.Document.Title == "Second" },
		},
		{
			`mutation ($comment: ID!) { updateComment(input: {commentId: $comment, body: "two"}) { comment { id } } }`,
			func(v, g view) bool {
				return v.Document.Comments.Nodes[0].Body == "two" && g.Document.Comments.Nodes[0].Body == "two"
			},
		},
		{
			`mutation { updateProfile(input: {displayName: "Another"}) { user { id } } }`,
			func(v, _ view) bool { return v.Viewer.DisplayName == "Another" },
		},
		{
			`mutation ($document: ID!) { unpublishDocument(input: {documentId: $document}) { document { id } } }`,
			func(v, g view) bool {
				return v.Viewer.Drafts.TotalCount == before.Viewer.Drafts.TotalCount+1 && g.Document == nil && g.Node == nil &&
					g.Documents.TotalCount == before.Documents.TotalCount-1
			},
		},
		{
			`mutation ($comment: ID!) { deleteComment(input: {commentId: $comment}) { commentId } }`,
			func(v, _ view) bool {
				return v.Node == nil && v.Document.Stats.Comments == 0 && len(v.Document.Comments.Nodes) == 0
			},
		},
		{
			`mutation ($document: ID!) { deleteDocument(input: {documentId: $document}) { documentId } }`,
			func(v, _ view) bool { return v.Document == nil && v.Viewer.Likes.TotalCount == 0 },
		},
	}
	for _, s := range steps {
		sent := maps.Clone(vars)
		writer.must(t, s.write, sent, new(any))
		shows := func() bool {
			var v, g view
			reader.must(t, look, vars, &v)
			guest.must(t, look, vars, &g)
			return s.shows(v, g)
		}
		await(t, s.write, shows)
		for range 5 {
			if !shows() {
				t.Fatalf("%s: the other instance showed it, and then something older", s.write)
			}
		}
	}
	writer.must(t, `mutation { logout { loggedOut } }`, nil, new(any))
	await(t, "logout", func() bool {
		a, err := reader.send(t.Context(), `{ viewer { id } }`, nil)
		testkit.Must(t, err)
		return a.status == http.StatusUnauthorized
	})
}

// await asks until the condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: it did not show within %v", what, soon)
		}
	}
}
