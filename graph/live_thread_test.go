package graph_test

import (
	"context"
	"fmt"
	"testing"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

const (
	updatedLive = `subscription ($id: ID!) { commentUpdated(documentId: $id) { id body likes author { username } } }`
	deletedLive = `subscription ($id: ID!) { commentDeleted(documentId: $id) { commentId document { title stats { comments } } } }`

	addReply    = `mutation ($id: ID!, $to: ID, $body: String!) { addComment(input: {documentId: $id, parentId: $to, body: $body}) { comment { id } } }`
	editComment = `mutation ($id: ID!, $body: String!) { updateComment(input: {commentId: $id, body: $body}) { comment { id } } }`
)

type (
	editedEvent struct {
		CommentUpdated struct {
			ID, Body string
			Likes    int
			Author   struct{ Username string }
		}
	}
	goneEvent struct {
		CommentDeleted struct {
			CommentID string
			Document  struct {
				Title string
				Stats struct{ Comments int }
			}
		}
	}
	writtenComment struct {
		AddComment struct{ Comment struct{ ID string } }
	}
)

// reply writes a comment on a document, or a reply, and returns its identifier.
func (c client) reply(t *testing.T, document, to, body string) string {
	t.Helper()
	var out writtenComment
	vars := variables{"id": document, "body": body}
	if to != "" {
		vars["to"] = to
	}
	c.must(t, addReply, vars, &out)
	return out.AddComment.Comment.ID
}

// gone waits for the deletion of a comment on the subscription "x".
func (s *socket) gone(want string) (e goneEvent) {
	s.t.Helper()
	if s.next("x", &e); e.CommentDeleted.CommentID != want {
		s.t.Fatalf("the deletion of %s is sent as %+v", want, e)
	}
	return e
}

// thread returns instances that share a thread, the one that clients write to first: two with Redis, one without.
func thread(t *testing.T, dialect string, redis bool) (here, there *apptest.App) {
	t.Helper()
	if redis {
		return two(t, dialect)
	}
	app := apptest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	return app, app
}

// TestCommentEvents: of a thread, edits and deletions are sent in order. A new comment and a like are no edit, and replies go with their
// comment.
func TestCommentEvents(t *testing.T) {
	for _, dialect := range both {
		for _, redis := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/redis %v", dialect, redis), func(t *testing.T) {
				here, there := thread(t, dialect, redis)
				id, ann, bob := global(nodeid.Document, "doc02"), as(t, here, "ann"), as(t, here, "bob")
				url, ctx := listening(t, there), context.WithoutCancel(t.Context())
				s := greeted(t, url, there.Token(t, servicetest.ID("cy")))
				own := global(nodeid.Comment, "doc02/c1")
				s.subscribe("u", updatedLive, variables{"id": id})
				s.underWay("u", func() error { return ann.into(ctx, editComment, variables{"id": own, "body": probe}, new(any)) })
				editedInOrder(t, ann, bob, s, id, own)
				s = greeted(t, url, "")
				s.subscribe("x", deletedLive, variables{"id": id})
				s.underWay("x", func() error {
					var out writtenComment
					if err := bob.into(ctx, addReply, variables{"id": id, "body": probe}, &out); err != nil {
						return err
					}
					return bob.into(ctx, deleteComment, variables{"id": out.AddComment.Comment.ID}, new(any))
				})
				deletedInOrder(t, bob, s, id)
				s.subscribe("u", updatedLive, variables{"id": id})
				bob.must(t, `mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": id}, new(any))
				bob.reply(t, id, "", "unseen")
				for range 2 {
					if f := s.hear(); f.Type != "error" || f.ID != "x" && f.ID != "u" {
						t.Errorf("a document that was taken back ends its subscriptions with %+v: %s", f.Type, f.Payload)
					}
				}
			})
		}
	}
}

func editedInOrder(t *testing.T, ann, bob client, s *socket, document, own string) {
	t.Helper()
	const changes = 10
	var e editedEvent
	for i := range changes {
		body := fmt.Sprint("改 ", i)
		ann.must(t, editComment, variables{"id": own, "body": body}, new(any))
		for s.next("u", &e); e.CommentUpdated.Body == probe; s.next("u", &e) {
			e = editedEvent{}
		}
		if c := e.CommentUpdated; c.Body != body || c.ID != own || c.Author.Username != "ann" {
			t.Fatalf("change %d is sent as %+v", i, e)
		}
	}
	fresh := bob.reply(t, document, own, "a reply")
	bob.must(t, `mutation ($id: ID!) { likeComment(input: {commentId: $id}) { comment { likes } } }`, variables{"id": own}, new(any))
	bob.must(t, editComment, variables{"id": fresh, "body": "改后的回复"}, new(any))
	if s.next("u", &e); e.CommentUpdated.ID != fresh || e.CommentUpdated.Body != "改后的回复" || e.CommentUpdated.Likes != 0 {
		t.Errorf("after a new comment and a like comes %+v", e)
	}
	ann.must(t, editComment, variables{"id": own, "body": "last"}, new(any))
	if s.next("u", &e); e.CommentUpdated.ID != own || e.CommentUpdated.Likes != 1 {
		t.Errorf("the last change is sent as %+v", e)
	}
}

func deletedInOrder(t *testing.T, bob client, s *socket, document string) {
	t.Helper()
	top := bob.reply(t, document, "", "评论")
	replies := []string{bob.reply(t, document, top, "one"), bob.reply(t, document, top, "two"), bob.reply(t, document, top, "three")}
	last := bob.reply(t, document, "", "last")
	for _, gone := range []string{replies[1], top, last} {
		bob.must(t, deleteComment, variables{"id": gone}, new(any))
	}
	var e goneEvent
	for s.next("x", &e); e.CommentDeleted.CommentID != replies[1]; s.next("x", &e) {
		if id := e.CommentDeleted.CommentID; id == top || id == last || id == replies[0] {
			t.Fatalf("before the first deletion comes that of %s", id) // those of probes have other identifiers
		}
	}
	s.gone(top)
	if e := s.gone(last).CommentDeleted.Document; e.Title != "第 2 篇文档" {
		t.Errorf("the document of a deleted comment is %+v", e)
	}
}

// TestBurstOfDeletions: of comments that are deleted on two instances at a time, each is sent once.
func TestBurstOfDeletions(t *testing.T) {
	const writers, each = 4, 15
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			here, there := two(t, dialect)
			id, s := global(nodeid.Document, "doc02"), greeted(t, listening(t, there), "")
			ctx, bob := context.WithoutCancel(t.Context()), as(t, there, "bob")
			s.subscribe("x", deletedLive, variables{"id": id})
			s.underWay("x", func() error {
				var out writtenComment
				if err := bob.into(ctx, addReply, variables{"id": id, "body": probe}, &out); err != nil {
					return err
				}
				return bob.into(ctx, deleteComment, variables{"id": out.AddComment.Comment.ID}, new(any))
			})
			left := map[string]bool{}
			comments := make([][]string, writers)
			for w := range writers {
				for i := range each {
					comments[w] = append(comments[w], bob.reply(t, id, "", fmt.Sprint(w, i)))
					left[comments[w][i]] = true
				}
			}
			startWriters(t, writers, each, func(w int) func(int) error {
				c := as(t, []*apptest.App{here, there}[w%2], "bob")
				return func(i int) error { return c.into(ctx, deleteComment, variables{"id": comments[w][i]}, new(any)) }
			})
			seen := map[string]bool{}
			for len(left) > 0 {
				var e goneEvent
				s.next("x", &e)
				if seen[e.CommentDeleted.CommentID] {
					t.Fatalf("%+v is sent again", e)
				}
				seen[e.CommentDeleted.CommentID] = true
				delete(left, e.CommentDeleted.CommentID)
			}
		})
	}
}
