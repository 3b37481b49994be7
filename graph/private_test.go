package graph_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/graph"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// walkDepth is how many object fields a question follows from the root: far enough to come from a document to its
// author's documents and what belongs to those.
const walkDepth = 5

// depthOf is how deep a walk goes whose deepest is so deep: one step less on PostgreSQL, where the paths are the same and
// only the statements differ.
func depthOf(dialect string, deepest int) int {
	if dialect == "postgres" {
		return deepest - 1
	}
	return deepest
}

// unpriced is the application with no bound of cost: a walk asks for more at once than clients may.
func unpriced(t *testing.T, dialect string) *apptest.App {
	t.Helper()
	app := served(t, dialect)
	app.Handler = app.Serve(t, func(o *graph.Options) { o.Limits.Cost = 0 })
	return app
}

// strangers are the clients of everybody but the author, who is ann: a guest, bob, and cy, who is an administrator.
func strangers(t *testing.T, app *apptest.App) map[string]client {
	t.Helper()
	return map[string]client{"": as(t, app, ""), "bob": as(t, app, "bob"), "cy": as(t, app, "cy")}
}

// hidden is a document of ann's that others must not find, with texts that occur nowhere else.
type hidden struct {
	id, comment, revision, newRevision string
	file, editor                       string // that only their account sees, whatever may be seen of the document
	shown                              string // a file that the document shows
	category, tag                      string
}

var marksOfHidden = []string{"qzxtitle", "qzxsummary", "qzxbody", "qzxcomment", "qzxcategory", "qzxtag", "qzxfile", "qzxeditor", "qzxshown"}

// hide gives a document of ann's distinctive texts and has her use it in every way, so that every cache has it.
func hide(t *testing.T, app *apptest.App, ann client, name string) hidden {
	t.Helper()
	h := hidden{id: global(nodeid.Document, name), revision: global(nodeid.Revision, "revision "+name), category: "qzxcategory", tag: "qzxtag"}
	h.shown = h.show(t, app)
	ann.must(t, `mutation ($id: ID!, $body: String!, $files: [ID!]) {
		updateDocument(input: {documentId: $id, expectedRevision: 1, title: "qzxtitle", summary: "qzxsummary", body: $body, category: "qzxcategory", tags: ["qzxtag"], attachmentIds: $files}) { document { id } }
		likeDocument(input: {documentId: $id}) { document { id } }
		favoriteDocument(input: {documentId: $id}) { document { id } }
		recordView(input: {documentId: $id}) { document { id } } }`, variables{"id": h.id, "body": "qzxbody [a](/files/" + h.shown + ")", "files": []string{h.shown}}, new(any))
	var said written
	ann.must(t, addComment, variables{"id": h.id, "body": "qzxcomment"}, &said)
	h.comment = said.AddComment.Comment.ID
	ann.must(t, addComment, variables{"id": h.id, "parent": h.comment, "body": "qzxcomment"}, new(any))
	var begun struct {
		OpenEditorSession struct{ Session struct{ ID string } }
		StartUpload       struct{ File struct{ ID string } }
	}
	ann.must(t, `mutation ($id: ID!) { openEditorSession(input: {documentId: $id, title: "qzxeditor"}) { session { id } }
		startUpload(input: {name: "qzxfile", size: "7"}) { file { id } } }`, variables{"id": h.id}, &begun)
	h.editor, h.file = begun.OpenEditorSession.Session.ID, begun.StartUpload.File.ID
	ann.must(t, `mutation ($id: ID!) { autosaveEditorSession(input: {sessionId: $id, expectedRevision: 1, content: "qzxeditor"}) { session { id } } }`, variables{"id": h.editor}, new(any))
	var kept struct {
		Document struct {
			Revisions struct{ Nodes []struct{ ID string } }
		}
	}
	ann.must(t, `query ($id: ID!) { document(id: $id) { revisions(first: 1) { nodes { id } } } }`, variables{"id": h.id}, &kept)
	h.newRevision = kept.Document.Revisions.Nodes[0].ID
	return h
}

// session is a session of ann's.
func session(t *testing.T, ann client) string {
	t.Helper()
	var out struct {
		Viewer struct{ Sessions []struct{ ID string } }
	}
	ann.must(t, `{ viewer { sessions { id } } }`, nil, &out)
	return out.Viewer.Sessions[0].ID
}

// names is what a walk passes to reach the hidden document.
func (h hidden) names(session string) values {
	return named([]string{h.id, h.comment, h.revision, h.newRevision, h.file, h.shown, h.editor, session}, h.category, h.tag)
}

// unknown is the same for a document that does not exist, in values of the same lengths.
func unknown() values {
	var ids []string
	for _, t := range []nodeid.Type{nodeid.Document, nodeid.Comment, nodeid.Revision, nodeid.Revision, nodeid.File, nodeid.File, nodeid.EditorSession, nodeid.Session} {
		ids = append(ids, nodeid.ID{Type: t, UUID: uuid.New()}.String())
	}
	return named(ids, "nocategory1", "notag1")
}

func named(ids []string, category, tag string) values {
	v := values{document: quoted(global(nodeid.Document, "doc01")), authors: []string{quoted(global(nodeid.User, "ann"))}}
	for _, id := range append(slices.Clone(ids), global(nodeid.User, "ann")) {
		v.ids = append(v.ids, quoted(id))
	}
	v.texts = map[string][]string{
		"publishedFrom": {`"0001-01-01"`}, "publishedTo": {`"9999-12-31"`},
		"username": {`"ann"`}, "category": {quoted(category)}, "tag": {quoted(tag)}, "query": {quoted(tag)}, "prefix": {quoted(tag)},
		"number": {"1"}, "from": {"1"}, "to": {"1", "2"},
	}
	return v
}

func quoted(text string) string { return `"` + text + `"` }

// TestPrivateDocument asks every path of the schema for a private document as those who must not see it, while every cache
// is warm with what its author sees. No answer may show anything of it, and each must be exactly that for a document that
// does not exist: the answer about identifiers that do not exist, and the answer after the document was deleted.
func TestPrivateDocument(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			app := unpriced(t, dialect)
			ann := as(t, app, "ann")
			h := hide(t, app, ann, "secret")
			names := h.names(session(t, ann))
			depth := depthOf(dialect, walkDepth)
			questions, twins := queries(t, names, depth), queries(t, unknown(), depth)
			t.Logf("%d questions", len(questions))
			found := 0
			for _, q := range questions { // warms the caches, and shows that the walk reaches the document where it may
				found += len(leaks(twice(t, ann, q).raw, h))
			}
			if found < len(questions)/20 {
				t.Errorf("the author met the document only %d times: the walk does not reach it", found)
			}
			own := snapshot(t, ann, h)
			strangers, before := strangers(t, app), map[string][]string{}
			for name, c := range strangers {
				before[name] = ask(t, c, questions, twins, h)
				attack(t, c, names, h)
			}
			if diff := cmp.Diff(own, snapshot(t, ann, h)); diff != "" {
				t.Errorf("others have changed the document: %s", diff)
			}
			ann.must(t, `mutation ($id: ID!) { deleteDocument(input: {documentId: $id}) { documentId } }`, variables{"id": h.id}, new(any))
			for name, c := range strangers {
				same(t, name, questions, before[name], ask(t, c, questions, questions, h))
			}
		})
	}
}

// TestUnpublishedDocument takes a document back that is warm in everybody's caches: it is gone from every path at once.
func TestUnpublishedDocument(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			app := unpriced(t, dialect)
			ann := as(t, app, "ann")
			h := hide(t, app, ann, "doc03")
			depth := depthOf(dialect, walkDepth-1)
			questions, twins := queries(t, h.names(session(t, ann)), depth), queries(t, unknown(), depth)
			strangers := strangers(t, app)
			for name, c := range strangers {
				found := 0
				for _, q := range questions {
					found += len(leaks(twice(t, c, q).raw, h))
				}
				if found < len(questions)/20 {
					t.Errorf("%q met the public document only %d times", name, found)
				}
			}
			ann.must(t, `mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": h.id}, new(any))
			for _, c := range strangers {
				ask(t, c, questions, twins, h)
				attack(t, c, h.names(session(t, ann)), h)
			}
		})
	}
}

// TestUnlistedDocument shows an unlisted document to requests that name it, and does not list, count or rank it for others.
func TestUnlistedDocument(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			app := unpriced(t, dialect)
			ann := as(t, app, "ann")
			h := hide(t, app, ann, "linked")
			strangers, before := strangers(t, app), map[string][]string{}
			for name, c := range strangers {
				a, err := c.send(t.Context(), `query ($id: ID!) { document(id: $id) { title body comments { nodes { body } } } }`, variables{"id": h.id})
				testkit.Must(t, err)
				if found := leaks(a.raw, h); len(found) != 3 || len(a.Errors) > 0 {
					t.Errorf("%q names the unlisted document and is shown %s", name, a.raw)
				}
			}
			questions := queries(t, unknown(), depthOf(dialect, walkDepth-1)) // which do not name it
			for name, c := range strangers {
				before[name] = ask(t, c, questions, questions, h)
			}
			ann.must(t, `mutation ($id: ID!) { deleteDocument(input: {documentId: $id}) { documentId } }`, variables{"id": h.id}, new(any))
			for name, c := range strangers {
				same(t, name, questions, before[name], ask(t, c, questions, questions, h))
			}
		})
	}
}

// ask asks every question and its twin, which names what does not exist, and returns the answers. A question may be its own.
func ask(t *testing.T, c client, questions, twins []string, h hidden) []string {
	t.Helper()
	if len(questions) != len(twins) || len(questions) < 100 {
		t.Fatalf("%d questions and %d twins", len(questions), len(twins))
	}
	answers := make([]string, len(questions))
	for i, q := range questions {
		a := twice(t, c, q)
		answers[i] = a.raw
		if found := leaks(a.raw, h); len(found) > 0 {
			t.Fatalf("%s\nshows %v: %s", q, found, a.raw)
		}
		if code := a.code(); code != "" && code != "BAD_USER_INPUT" && code != "GRAPHQL_VALIDATION_FAILED" {
			t.Fatalf("%s\nfails: %s", q, a.raw)
		}
		if q == twins[i] {
			continue
		}
		twin, err := c.send(t.Context(), twins[i], nil)
		testkit.Must(t, err)
		if twin.raw != a.raw {
			t.Fatalf("%s\nis answered by %s\nand for what does not exist by %s", q, a.raw, twin.raw)
		}
	}
	return answers
}

// attack tries every mutation on what belongs to the document: each is refused as if there were no such thing.
func attack(t *testing.T, c client, names values, h hidden) {
	t.Helper()
	refused := map[string]bool{}
	twins := mutations(t, unknown())
	for i, m := range mutations(t, names) {
		a, err := c.send(t.Context(), m.text, nil)
		testkit.Must(t, err)
		twin, err := c.send(t.Context(), twins[i].text, nil)
		testkit.Must(t, err)
		if a.raw != twin.raw {
			t.Errorf("%s\nis answered by %s\nand for what does not exist by %s", m.text, a.raw, twin.raw)
		}
		if found := leaks(a.raw, h); len(found) > 0 {
			t.Errorf("%s\nshows %v: %s", m.text, found, a.raw)
		}
		switch a.code() {
		case "NOT_FOUND":
			refused[m.field] = true
		case "UNAUTHENTICATED":
			refused[m.field] = c.token == ""
		case "BAD_USER_INPUT": // the identifier of another type
		case "FORBIDDEN": // the public document that the mutation names as well: the answer for what does not exist is the same
		default:
			t.Errorf("%s\nis answered by %s", m.text, a.raw)
		}
	}
	for _, m := range twins {
		if !refused[m.field] {
			t.Errorf("%s was never NOT_FOUND, and so was not tried", m.field)
		}
	}
}

func same(t *testing.T, who string, questions, before, after []string) {
	t.Helper()
	for i, q := range questions {
		if before[i] != after[i] {
			t.Fatalf("%q asks %s\nand the answer was %s\nand is %s once the document is deleted", who, q, before[i], after[i])
		}
	}
}

// snapshot is what the author sees of the document.
func snapshot(t *testing.T, ann client, h hidden) (out any) {
	t.Helper()
	ann.must(t, `query ($id: ID!) { document(id: $id) { title summary body visibility category tags revision updatedAt
		stats { views likes favorites comments } comments { totalCount nodes { body updatedAt replies { totalCount } } } } }`, variables{"id": h.id}, &out)
	return out
}
