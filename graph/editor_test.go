package graph_test

import (
	"encoding/json"
	"testing"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
)

// editing is what is read of a session and of what was made of it.
type editing struct {
	Session struct {
		ID, Content, Status string
		Revision            int
		DocumentRevision    *int
	}
	Document struct {
		ID, Title, Body, Visibility string
		Revision                    int
	}
	Resumed bool
}

const (
	openSession   = `mutation ($id: ID) { out: openEditorSession(input: {documentId: $id}) { resumed session { id content revision documentRevision status } } }`
	saveSession   = `mutation ($id: ID!, $at: Int!, $text: String!) { out: autosaveEditorSession(input: {sessionId: $id, expectedRevision: $at, content: $text}) { session { id revision } } }`
	commitSession = `mutation ($id: ID!, $at: Int!, $on: Int) { out: commitEditorSession(input: {sessionId: $id, expectedRevision: $at, documentRevision: $on}) {
		session { id status content } document { id title body visibility revision } } }`
)

func (c client) edits(t *testing.T, query string, vars variables) editing {
	t.Helper()
	var out struct{ Out editing }
	c.must(t, query, vars, &out)
	return out.Out
}

// conflict sends an operation that must be refused with CONFLICT, and decodes the extensions of its error.
func (c client) conflict(t *testing.T, query string, vars variables, extensions any) {
	t.Helper()
	a, err := c.send(t.Context(), query, vars)
	testkit.Must(t, err)
	var out struct {
		Errors []struct{ Extensions json.RawMessage }
	}
	if a.code() != "CONFLICT" {
		t.Fatalf("a conflict was wanted, but the answer is %s", a.raw)
	}
	testkit.Must(t, json.Unmarshal([]byte(a.raw), &out))
	testkit.Must(t, json.Unmarshal(out.Errors[0].Extensions, extensions))
}

// TestMergeAfterConflict: a text for a document that has moved on is not committed; the refusal has what a merge needs, and
// the merged text is.
func TestMergeAfterConflict(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			bob := as(t, served(t, dialect), "bob")
			id := global(nodeid.Document, "doc02")
			x := bob.edits(t, openSession, variables{"id": id}).Session
			bob.edits(t, saveSession, variables{"id": x.ID, "at": x.Revision, "text": "mine"})
			bob.must(t, `mutation ($id: ID!) { updateDocument(input: {documentId: $id, expectedRevision: 1, body: "theirs"}) { document { id } } }`, variables{"id": id}, new(any))

			var why struct {
				Revision       int
				Document, Base struct {
					Body     string
					Revision int
				}
			}
			bob.conflict(t, commitSession, variables{"id": x.ID, "at": 2}, &why)
			if why.Revision != 2 || why.Document.Body != "theirs" || why.Document.Revision != 2 || why.Base.Revision != 1 || why.Base.Body != x.Content {
				t.Fatalf("a merge cannot be made of %+v", why)
			}
			if now := bob.edits(t, openSession, variables{"id": id}); !now.Resumed || now.Session.Content != "mine" || now.Session.Status != "OPEN" {
				t.Fatalf("after the conflict the session is %+v", now)
			}
			bob.edits(t, saveSession, variables{"id": x.ID, "at": 2, "text": "theirs and mine"})
			done := bob.edits(t, commitSession, variables{"id": x.ID, "at": 3, "on": 2})
			if done.Document.Body != "theirs and mine" || done.Document.Revision != 3 || done.Session.Status != "COMMITTED" || done.Session.Content != "" {
				t.Fatalf("the merged text became %+v", done)
			}
		})
	}
}

// TestTwoEditorsOfOneSession: an editor who does not know the current text changes nothing, and is told of both; and nothing is
// saved into what is over.
func TestTwoEditorsOfOneSession(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			one, other := as(t, app, "ann"), as(t, app, "ann")
			x := one.edits(t, openSession, variables{"id": nil}).Session
			if again := other.edits(t, openSession, variables{"id": nil}); again.Resumed || again.Session.ID == x.ID {
				t.Fatalf("another new document is written in the same session: %+v", again)
			}
			one.edits(t, saveSession, variables{"id": x.ID, "at": 1, "text": "# 题目 `x`\n\none"})
			var why struct {
				Current struct {
					Revision         int
					Content, SavedAt string
				}
				Expected struct{ Revision int }
			}
			other.conflict(t, saveSession, variables{"id": x.ID, "at": 1, "text": "other"}, &why)
			if why.Current.Revision != 2 || why.Current.Content != "# 题目 `x`\n\none" || why.Current.SavedAt == "" || why.Expected.Revision != 1 {
				t.Fatalf("the other is told %+v", why)
			}
			other.conflict(t, commitSession, variables{"id": x.ID, "at": 1}, &why)
			done := one.edits(t, commitSession, variables{"id": x.ID, "at": 2})
			if done.Document.Title != "题目 x" || done.Document.Visibility != "PRIVATE" || done.Document.Revision != 1 {
				t.Fatalf("the text became %+v", done)
			}
			for _, query := range []string{saveSession, commitSession} {
				other.conflict(t, query, variables{"id": x.ID, "at": 2, "text": "late"}, &why)
			}
			other.conflict(t, `mutation ($id: ID!) { discardEditorSession(input: {sessionId: $id}) { session { id } } }`, variables{"id": x.ID}, &why)
		})
	}
}

// TestDiscardedSession forgets its text, and its document can be edited again.
func TestDiscardedSession(t *testing.T) {
	bob := as(t, served(t, "sqlite"), "bob")
	id := global(nodeid.Document, "doc04")
	x := bob.edits(t, openSession, variables{"id": id}).Session
	bob.edits(t, saveSession, variables{"id": x.ID, "at": 1, "text": "nonsense"})
	out := bob.edits(t, `mutation ($id: ID!) { out: discardEditorSession(input: {sessionId: $id}) { session { status content } } }`, variables{"id": x.ID})
	if out.Session.Status != "DISCARDED" || out.Session.Content != "" {
		t.Fatalf("the session is %+v", out)
	}
	if next := bob.edits(t, openSession, variables{"id": id}); next.Resumed || next.Session.ID == x.ID || next.Session.Content != x.Content {
		t.Fatalf("the document is opened as %+v", next)
	}
}
