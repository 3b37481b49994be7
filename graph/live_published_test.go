package graph_test

import (
	"context"
	"fmt"
	"testing"

	"docsquare/graph"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

const (
	publishedLive = `subscription ($filter: DocumentFilter) { documentPublished(filter: $filter) { title author { username } } }`
	createWith    = `mutation ($title: String!, $tag: String!, $to: DocumentVisibility!) {
		createDocument(input: {title: $title, body: "正文", tags: [$tag], visibility: $to}) { document { id } } }`
)

type (
	publishedEvent struct {
		DocumentPublished struct {
			Title  string
			Author struct{ Username string }
		}
	}
	createdDocument struct {
		CreateDocument struct{ Document struct{ ID string } }
	}
)

// published waits for a publication on the subscription "p", and passes over probes.
func (s *socket) published() (e publishedEvent) {
	s.t.Helper()
	for s.next("p", &e); e.DocumentPublished.Title == probe; s.next("p", &e) {
		e = publishedEvent{}
	}
	return e
}

// TestDocumentPublished: of documents that are published on two instances at a time each is sent once, to those whose filter it passes. What is
// private, or was published before, is not sent.
func TestDocumentPublished(t *testing.T) {
	const writers, each = 4, 15
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			here, there := two(t, dialect)
			ctx, ann, url := context.WithoutCancel(t.Context()), as(t, here, "ann"), listening(t, there)
			all, some := greeted(t, url, ""), greeted(t, url, "")
			for tag, s := range map[string]*socket{"any": all, "标签 1": some} {
				s.subscribe("p", publishedLive, variables{"filter": map[string]variables{"any": nil, "标签 1": {"tag": tag}}[tag]})
				s.underWay("p", func() error {
					return ann.into(ctx, createWith, variables{"title": probe, "tag": tag, "to": "PUBLIC"}, new(any))
				})
			}
			startWriters(t, writers, each, func(w int) func(int) error {
				c := as(t, []*apptest.App{here, there}[w%2], []string{"ann", "bob"}[w%2])
				return func(i int) error {
					return c.into(ctx, createWith, variables{"title": fmt.Sprintf("%d 第 %d", w, i), "tag": fmt.Sprint("标签 ", w), "to": "PUBLIC"}, new(any))
				}
			})
			told := map[string]bool{}
			for range writers * each {
				e := all.published().DocumentPublished
				if told[e.Title] || e.Author.Username == "" {
					t.Fatalf("%+v is sent again", e)
				}
				told[e.Title] = true
			}
			for range each {
				if e := some.published().DocumentPublished; e.Title[:1] != "1" || e.Author.Username != "bob" {
					t.Fatalf("%+v does not pass the filter", e)
				}
			}
			publishedOnce(t, ann, all)
		})
	}
}

// publishedOnce publishes a private document, takes it back and publishes it again: it is sent once.
func publishedOnce(t *testing.T, ann client, s *socket) {
	t.Helper()
	const publish, unpublish = `mutation ($id: ID!) { publishDocument(input: {documentId: $id}) { document { id } } }`,
		`mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`
	var draft createdDocument
	ann.must(t, createWith, variables{"title": "草稿", "tag": "x", "to": "PRIVATE"}, &draft)
	id := variables{"id": draft.CreateDocument.Document.ID}
	for _, write := range []string{publish, unpublish, publish} {
		ann.must(t, write, id, new(any))
	}
	ann.must(t, createWith, variables{"title": "last", "tag": "x", "to": "PUBLIC"}, new(any))
	if e := s.published(); e.DocumentPublished.Title != "草稿" {
		t.Errorf("the publication of a draft is sent as %+v", e)
	}
	if e := s.published(); e.DocumentPublished.Title != "last" {
		t.Errorf("after it comes %+v", e)
	}
}

// TestTakenBackBeforeItIsSent takes a document back after a look has found it and before it is sent. It is sent when it is published again, and
// no more than once.
func TestTakenBackBeforeItIsSent(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ann := as(t, app, "ann")
			var published graph.Publications
			testkit.Must(t, published.Begin(t.Context(), app.Sources))
			var made createdDocument
			ann.must(t, createWith, variables{"title": "草稿", "tag": "x", "to": "PUBLIC"}, &made)
			id := variables{"id": made.CreateDocument.Document.ID}
			next := func(want string) {
				t.Helper()
				if got, err := published.Next(t.Context(), app.Sources); got != want || err != nil {
					t.Errorf("%q is sent, %v; want %q", got, err, want)
				}
			}
			testkit.Must(t, published.Look(t.Context(), app.Sources))
			ann.must(t, `mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`, id, new(any))
			next("")
			next("")
			for range 2 {
				ann.must(t, `mutation ($id: ID!) { publishDocument(input: {documentId: $id}) { document { id } } }`, id, new(any))
			}
			next("草稿")
			next("")
		})
	}
}

// TestSubscriptionToNothing subscribes with identifiers that name nothing of the type: the client is answered with an error.
func TestSubscriptionToNothing(t *testing.T) {
	s := greeted(t, listening(t, apptest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{})), "")
	user := global(nodeid.User, "ann")
	for query, vars := range map[string]variables{
		publishedLive: {"filter": variables{"authorId": global(nodeid.Document, "doc01")}}, changedLive: {"id": user}, statsLive: {"id": user}, addedLive: {"id": user}, updatedLive: {"id": user}, deletedLive: {"id": user},
	} {
		s.subscribe("p", query, vars)
		if code := s.failed("p"); code != "BAD_USER_INPUT" {
			t.Errorf("%s is %s", query, code)
		}
	}
}
