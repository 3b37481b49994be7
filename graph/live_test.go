package graph_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// two are two instances of one server: over one database and one Redis.
func two(t *testing.T, dialect string) (a, b *apptest.App) {
	t.Helper()
	url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "test:" + uuid.NewString() + ":"}
	a, b = apptest.Open(t, url, tiers), apptest.Open(t, url, tiers)
	relayed(t, a)
	relayed(t, b)
	return a, b
}

// watched subscribes, and waits until it is so: with current the present state comes first.
func (s *socket) watched(id, query string, vars variables, data any) {
	s.t.Helper()
	s.subscribe(id, query, vars)
	s.next(id, data)
}

// probe is what a comment says that only finds out whether a subscription is under way.
const probe = "probe"

// underWay calls say again and again until the subscription delivers it, for one to comments has no state to begin with.
func (s *socket) underWay(id string, say func() error) {
	s.t.Helper()
	heard, said := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			err := say()
			select {
			case <-heard:
				said <- err
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	s.next(id, new(any))
	close(heard)
	testkit.Must(s.t, <-said)
}

const (
	changedLive = `subscription ($id: ID!) { documentChanged(documentId: $id, current: true) { title revision author { username } } }`
	statsLive   = `subscription ($id: ID!) { documentStatsChanged(documentId: $id, current: true) { likes comments } }`
	addedLive   = `subscription ($id: ID!) { commentAdded(documentId: $id) { body author { username } parent { body } } }`
)

type (
	changedEvent struct {
		DocumentChanged struct {
			Title    string
			Revision int
			Author   struct{ Username string }
		}
	}
	statsEvent struct{ DocumentStatsChanged struct{ Likes, Comments int } }
	addedEvent struct {
		CommentAdded struct {
			Body   string
			Author struct{ Username string }
			Parent *struct{ Body string }
		}
	}
)

// TestEventsOverInstances: what is written on one instance is told of on the other, each change once and in order.
func TestEventsOverInstances(t *testing.T) {
	const changes = 25
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			here, there := two(t, dialect)
			id, bob := global(nodeid.Document, "doc02"), as(t, here, "bob")
			url := listening(t, there)
			guest, signed := greeted(t, url, ""), greeted(t, url, there.Token(t, servicetest.ID("cy")))
			var document changedEvent
			guest.watched("d", changedLive, variables{"id": id}, &document)
			var stats statsEvent
			signed.watched("s", statsLive, variables{"id": id}, &stats)
			comments := greeted(t, url, "")
			comments.subscribe("c", addedLive, variables{"id": id})
			comments.watched("d", changedLive, variables{"id": id}, &document) // and by the first comment the one before is long under way
			before := stats.DocumentStatsChanged.Comments
			for i := range changes {
				bob.must(t, `mutation ($id: ID!, $at: Int!, $title: String!) { updateDocument(input: {documentId: $id, expectedRevision: $at, title: $title}) { document { id } } }`,
					variables{"id": id, "at": i + 1, "title": fmt.Sprint("title ", i)}, new(any))
				if guest.next("d", &document); document.DocumentChanged.Title != fmt.Sprint("title ", i) || document.DocumentChanged.Revision != i+2 || document.DocumentChanged.Author.Username != "bob" {
					t.Fatalf("change %d is sent as %+v", i, document)
				}
				comments.next("d", &document)
			}
			for i := range changes {
				bob.must(t, addComment, variables{"id": id, "body": fmt.Sprint("said ", i)}, new(any))
				if signed.next("s", &stats); stats.DocumentStatsChanged.Comments != before+i+1 {
					t.Fatalf("comment %d makes %+v", i, stats)
				}
			}
			for i := range changes {
				var added addedEvent
				if comments.next("c", &added); added.CommentAdded.Body != fmt.Sprint("said ", i) || added.CommentAdded.Author.Username != "bob" {
					t.Fatalf("comment %d is sent as %+v", i, added)
				}
			}
		})
	}
}

// startWriters runs writers concurrently with the test. Each calls its function with 0 to count-1, and stops with a test error at the first
// failure. The cleanup of the test waits for all of them.
func startWriters(t *testing.T, writers, count int, writer func(w int) (write func(i int) error)) {
	t.Helper()
	var all sync.WaitGroup
	t.Cleanup(all.Wait)
	for w := range writers {
		write := writer(w)
		all.Go(func() {
			for i := range count {
				if err := write(i); err != nil {
					t.Errorf("write %d of writer %d fails: %v", i, w, err)
					return
				}
			}
		})
	}
}

// TestBurstOfComments: of comments that come faster than they are told of none is lost, and none is told of twice.
func TestBurstOfComments(t *testing.T) {
	const writers, each = 8, 20
	here, there := two(t, "postgres")
	id, s := global(nodeid.Document, "doc02"), greeted(t, listening(t, there), "")
	ctx, cy := context.WithoutCancel(t.Context()), as(t, there, "cy")
	s.subscribe("c", addedLive, variables{"id": id})
	s.underWay("c", func() error { return cy.into(ctx, addComment, variables{"id": id, "body": probe}, new(any)) })
	startWriters(t, writers, each, func(w int) func(int) error {
		c := as(t, []*apptest.App{here, there}[w%2], "cy")
		return func(i int) error {
			return c.into(ctx, addComment, variables{"id": id, "body": fmt.Sprintf("%d/%d", w, i)}, new(any))
		}
	})
	told := map[string]bool{}
	last := map[int]int{}
	for range writers * each {
		added := addedEvent{}
		for added.CommentAdded.Body == "" || added.CommentAdded.Body == probe {
			s.next("c", &added)
		}
		var w, i int
		_, err := fmt.Sscanf(added.CommentAdded.Body, "%d/%d", &w, &i)
		testkit.Must(t, err)
		if told[added.CommentAdded.Body] || i != last[w] {
			t.Fatalf("%s comes after %d comments of its writer", added.CommentAdded.Body, last[w])
		}
		told[added.CommentAdded.Body], last[w] = true, i+1
	}
}

// TestSubscriptionEnds: a subscription ends if its object is taken back, if its viewer may not see the object, and if the
// session of its viewer ends on another instance.
func TestSubscriptionEnds(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			here, there := two(t, dialect)
			url, ann, bob := listening(t, there), as(t, here, "ann"), as(t, here, "bob")
			secret, doc := global(nodeid.Document, "secret"), global(nodeid.Document, "doc02")
			s := greeted(t, url, "")
			for i, query := range []string{changedLive, statsLive, addedLive, updatedLive, deletedLive} {
				s.subscribe(fmt.Sprint(i), query, variables{"id": secret})
				if code := s.failed(fmt.Sprint(i)); code != "NOT_FOUND" {
					t.Errorf("a guest subscribes to a private document: %s", code)
				}
			}
			s.watched("d", changedLive, variables{"id": doc}, new(changedEvent))
			bob.must(t, `mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": doc}, new(any))
			if code := s.failed("d"); code != "NOT_FOUND" {
				t.Errorf("a document that was taken back ends its subscription with %s", code)
			}

			own := greeted(t, url, ann.token)
			own.watched("d", changedLive, variables{"id": secret}, new(changedEvent))
			own.watched("s", statsLive, variables{"id": secret}, new(statsEvent))
			ann.must(t, `mutation { logout { loggedOut } }`, nil, new(any))
			for range 2 {
				if f := own.hear(); f.Type != "error" || !strings.Contains(string(f.Payload), "UNAUTHENTICATED") {
					t.Errorf("a session that has ended is told %+v: %s", f.Type, f.Payload)
				}
			}
			own.subscribe("q", `{ viewer { id } }`, nil)
			if code := own.failed("q"); code != "UNAUTHENTICATED" {
				t.Errorf("it can still ask: %s", code)
			}
		})
	}
}

// TestOwnSubscriptions: files and editor sessions are watched by their account alone, to their end.
func TestOwnSubscriptions(t *testing.T) {
	here, there := two(t, "sqlite")
	ann, url := as(t, here, "ann"), listening(t, there)
	editor, file := global(nodeid.EditorSession, "editing"), global(nodeid.File, "report")
	const editorLive = `subscription ($id: ID!) { editorSessionChanged(sessionId: $id, current: true) { revision content status document { title } } }`
	const fileLive = `subscription ($id: ID!) { uploadProgress(fileId: $id, current: true) { received status } }`
	other := greeted(t, url, there.Token(t, servicetest.ID("bob")))
	for i, query := range []string{editorLive, fileLive} {
		other.subscribe(fmt.Sprint(i), query, variables{"id": []string{editor, file}[i]})
		if code := other.failed(fmt.Sprint(i)); code != "NOT_FOUND" {
			t.Errorf("another subscribes to what is ann's: %s", code)
		}
	}
	s := greeted(t, url, there.Token(t, servicetest.ID("ann")))
	var out struct {
		EditorSessionChanged struct {
			Revision        int
			Content, Status string
		}
	}
	s.watched("e", editorLive, variables{"id": editor}, &out)
	ann.edits(t, saveSession, variables{"id": editor, "at": 3, "text": "more"})
	if s.next("e", &out); out.EditorSessionChanged.Revision != 4 || out.EditorSessionChanged.Content != "more" {
		t.Errorf("an autosave is sent as %+v", out)
	}
	ann.edits(t, commitSession, variables{"id": editor, "at": 4})
	if s.next("e", &out); out.EditorSessionChanged.Status != "COMMITTED" {
		t.Errorf("the end is sent as %+v", out)
	}
	if f := s.hear(); f.Type != "complete" || f.ID != "e" {
		t.Errorf("after the end comes %+v", f)
	}
	s.watched("f", fileLive, variables{"id": file}, new(any))
	if f := s.hear(); f.Type != "complete" || f.ID != "f" {
		t.Errorf("after the last of a file comes %+v", f)
	}
}
