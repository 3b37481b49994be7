package graph_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/ent/auditentry"
	"docsquare/graph"
	"docsquare/internal/audit"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/querygen"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// vocabulary is what generated operations may name of a community.
type vocabulary struct {
	viewers map[string]viewer.Viewer // "" is a guest
	names   []string                 // of viewers
	ids     map[nodeid.Type][]string
	all     []string
	cursors map[string][]string // by field
	calm    map[string][]string // those of lists with one order
}

// newVocabulary adds two sessions for each account and an audit trail to a community, and returns what can be asked for.
func newVocabulary(t *testing.T, a *apptest.App) *vocabulary {
	t.Helper()
	v := &vocabulary{viewers: map[string]viewer.Viewer{"": {}}, names: []string{"", "ann", "bob", "cy"}, ids: map[nodeid.Type][]string{}}
	for _, id := range servicetest.Names() {
		v.ids[id.Type] = append(v.ids[id.Type], id.String())
	}
	v.signIn(t, a)
	v.audit(t, a)
	for typ := nodeid.User; typ <= nodeid.AuditEntry; typ++ {
		slices.Sort(v.ids[typ])
		v.all = append(v.all, v.ids[typ][:min(len(v.ids[typ]), 8)]...)
	}
	v.all = append(v.all, global(nodeid.Document, "secret"), global(nodeid.Comment, "secret/c1"), global(nodeid.Revision, "revision secret"))
	v.cursors = harvested(t, graph.NewRuntime(a.Sources, graph.Schema(a.Sources), time.Minute), v)
	v.calm = maps.Clone(v.cursors)
	for _, field := range []string{"Query.documents", "Query.search"} { // a cursor of one order is refused in another
		delete(v.calm, field)
	}
	return v
}

func (v *vocabulary) signIn(t *testing.T, a *apptest.App) {
	t.Helper()
	for _, name := range v.names[1:] {
		for _, client := range []string{"one", "another"} {
			in, err := a.Accounts.SignIn(t.Context(), servicetest.ID(name), viewer.Viewer{UserAgent: client, Address: "192.0.2.1"})
			testkit.Must(t, err)
			v.viewers[name] = viewer.Viewer{UserID: servicetest.ID(name), SessionID: in.SessionID, UserAgent: client}
			v.ids[nodeid.Session] = append(v.ids[nodeid.Session], nodeid.ID{Type: nodeid.Session, UUID: in.SessionID}.String())
		}
	}
}

func (v *vocabulary) audit(t *testing.T, a *apptest.App) {
	t.Helper()
	for i, name := range v.names {
		testkit.Must(t, a.Audit.Record(t.Context(), v.viewers[name], audit.Event{Action: auditentry.ActionDocumentDeleted, Subject: fmt.Sprint(i)}))
	}
	entries, err := a.Store.DB.AuditEntry.Query().IDs(t.Context())
	testkit.Must(t, err)
	for _, id := range entries {
		v.ids[nodeid.AuditEntry] = append(v.ids[nodeid.AuditEntry], nodeid.ID{Type: nodeid.AuditEntry, UUID: id}.String())
	}
}

// pagesOf selects the cursors of every list of the schema by its field.
var pagesOf = map[string]string{
	"Query.documents":     `{ documents(first: 8) { edges { cursor } } asc: documents(orderBy: {direction: ASC}) { edges { cursor } } popular: documents(orderBy: {field: POPULARITY}, first: 5) { edges { cursor } } }`,
	"Query.search":        `{ a: search(query: "graph") { edges { cursor } } b: search(query: "文档", first: 3) { edges { cursor } } }`,
	"Query.auditTrail":    `{ auditTrail { edges { cursor } } }`,
	"User.documents":      `{ viewer { documents { edges { cursor } } } user(username: "ann") { documents(first: 5) { edges { cursor } } } }`,
	"User.favorites":      `{ viewer { favorites { edges { cursor } } } }`,
	"User.likes":          `{ viewer { likes { edges { cursor } } } }`,
	"User.drafts":         `{ viewer { drafts { edges { cursor } } } }`,
	"User.files":          `{ viewer { files { edges { cursor } } } }`,
	"User.editorSessions": `{ viewer { editorSessions { edges { cursor } } } }`,
	"Document.comments":   `{ documents(last: 3) { nodes { comments { edges { cursor } } } } }`,
	"Document.revisions":  `{ viewer { documents { nodes { revisions { edges { cursor } } } } } }`,
	"Comment.replies":     `{ documents(last: 3) { nodes { comments { nodes { replies { edges { cursor } } } } } } }`,
}

func harvested(t *testing.T, e *executor.Executor, v *vocabulary) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for field, query := range pagesOf {
		for _, name := range v.names[1:] {
			answer := execute(t.Context(), e, operation{v.viewers[name], name, querygen.Operation{Query: query}})
			for _, m := range regexp.MustCompile(`"cursor":"([^"]*)"`).FindAllStringSubmatch(answer.data, -1) {
				found[field] = append(found[field], m[1])
			}
		}
		if len(found[field]) == 0 {
			t.Fatalf("%s has no cursors", field)
		}
		slices.Sort(found[field])
		found[field] = slices.Compact(found[field])
	}
	return found
}

// typeOf returns the type that an argument identifies, 0 if it takes all types.
func typeOf(a querygen.Argument) nodeid.Type {
	switch name := a.Name[strings.LastIndex(a.Name, ".")+1:]; {
	case a.Object+"."+a.Field == "Query.document", name == "documentId":
		return nodeid.Document
	case name == "authorId", name == "actorId", name == "userId":
		return nodeid.User
	case name == "commentId", name == "parentId":
		return nodeid.Comment
	case name == "fileId":
		return nodeid.File
	case a.Field == "revokeSession":
		return nodeid.Session
	case name == "sessionId":
		return nodeid.EditorSession
	}
	return 0
}

// id returns an identifier: mostly one that the argument wants, else one of another type, of nothing, or none at all.
func (v *vocabulary) id(r *rand.Rand, a querygen.Argument) (any, bool) {
	want := typeOf(a)
	switch n := r.IntN(100); {
	case n < 76 && want == 0, n >= 76 && n < 84:
		return v.all[r.IntN(len(v.all))], true
	case n < 76 && want == nodeid.Document && n%4 == 0:
		return global(nodeid.Document, []string{"secret", "linked", "doc01"}[r.IntN(3)]), true
	case n < 76:
		return v.ids[want][r.IntN(len(v.ids[want]))], true
	case n < 90:
		return nodeid.ID{Type: max(want, nodeid.User), UUID: uuid.UUID{6: 0x70, 8: 0x80, 15: byte(r.IntN(3))}}.String(), true
	case n < 95:
		return []string{"", "x", "AwEAAAAAAAAAAAAAAAAAAA=", "_wEAAAAAAAAAAAAAAAAAAAI"}[r.IntN(4)], true
	}
	return nil, false
}

func (v *vocabulary) cursor(r *rand.Rand, a querygen.Argument) (any, bool) {
	switch n := r.IntN(100); {
	case n < 80:
		if list := v.cursors[a.Object+"."+a.Field]; len(list) > 0 {
			return list[r.IntN(len(list))], true
		}
	case n < 90:
		list := v.cursors[[]string{"Query.documents", "Document.comments"}[r.IntN(2)]]
		return list[r.IntN(len(list))], true
	}
	return nil, false
}

// literals are values of arguments that have no type of their own, by the last part of their names.
var literals = map[string][]any{
	"username":         {"ann", "BOB", " bob ", "absent", ""},
	"query":            {"graph", "文档", "graph 缓存", `"text of"`, "doc* -graph", "about", "", "正文"},
	"prefix":           {"g", "文", "缓", "Doc", "document 1", "", "zzz"},
	"category":         {"guides", "缓存", "none", ""},
	"tag":              {"graph", "缓存", "none"},
	"password":         {"wrong", servicetest.Password, "x"},
	"currentPassword":  {servicetest.Password, servicetest.Password, "wrong"},
	"newPassword":      {servicetest.Password, servicetest.Password, "short"},
	"expectedRevision": {1, 1, 2, 3, 3, 4, 5},
	"documentRevision": {1, 1, 2},
	"email":            {"new@example.org", "ann@example.org", "nonsense"},
	"tags":             {[]any{"graph", "新"}, []any{}, []any{"a", "a", "b"}},
	"body":             {"Some text", "# 标题\n\n正文 *text*", " ", "x"},
	"title":            {"A title", "标题", ""},
	"action":           {"SIGNED_IN", "DOCUMENT_DELETED", "ROLE_CHANGED"},
	"size":             {1, 100, 0, -1},
	"sha256":           {strings.Repeat("ab", 32), "x"},
}

// value is the Values of a generator.
func (v *vocabulary) value(r *rand.Rand, a querygen.Argument, t *ast.Type) (any, bool) {
	name := a.Name[strings.LastIndex(a.Name, ".")+1:]
	switch {
	case t.Name() == "ID" && name != "clientMutationId" && t.Elem != nil:
		return nil, false // its elements are asked for
	case t.Name() == "ID" && name != "clientMutationId":
		return v.id(r, a)
	case name == "after", name == "before":
		return v.cursor(r, a)
	}
	switch {
	case a.Field == "register" && name == "username":
		return fmt.Sprintf("user%d", r.IntN(20)), true
	case a.Field == "deleteAccount" && name == "password" && r.IntN(12) > 0: // or no account is left
		return "wrong", true
	}
	list := literals[name]
	if len(list) == 0 || t.Elem != nil != (name == "tags") || r.IntN(10) == 0 {
		return nil, false
	}
	return list[r.IntN(len(list))], true
}

// calmValue is value without what would be refused.
func (v *vocabulary) calmValue(r *rand.Rand, a querygen.Argument, t *ast.Type) (any, bool) {
	name := a.Name[strings.LastIndex(a.Name, ".")+1:]
	switch want := typeOf(a); {
	case t.Name() == "ID" && t.Elem != nil:
		ids := make([]any, 1+r.IntN(12))
		for i := range ids {
			ids[i] = v.all[r.IntN(len(v.all))]
		}
		return ids, true
	case t.Name() == "ID" && want == 0:
		return v.all[r.IntN(len(v.all))], true
	case t.Name() == "ID":
		return v.ids[want][r.IntN(len(v.ids[want]))], true
	case name == "first", name == "last":
		return 1 + r.IntN(6), true
	case name == "after", name == "before":
		list := v.calm[a.Object+"."+a.Field]
		if len(list) == 0 || r.IntN(2) == 0 {
			return nil, true
		}
		return list[r.IntN(len(list))], true
	case name == "orderBy" && r.IntN(2) == 0:
		return nil, true
	case name == "username":
		return []string{"ann", "bob", "absent"}[r.IntN(3)], true
	}
	return v.value(r, a, t)
}

// writtenValue returns the calm values of a viewer that writes: mostly the viewer's own documents.
func (v *vocabulary) writtenValue(name string) func(*rand.Rand, querygen.Argument, *ast.Type) (any, bool) {
	odd := name != "bob" // whose documents are those with even numbers
	return func(r *rand.Rand, a querygen.Argument, t *ast.Type) (any, bool) {
		if t.Name() == "ID" && typeOf(a) == nodeid.Document && r.IntN(4) > 0 {
			n := 2 * (1 + r.IntN(servicetest.PublicDocuments/2))
			if odd {
				n--
			}
			return global(nodeid.Document, fmt.Sprintf("doc%02d", n)), true
		}
		return v.calmValue(r, a, t)
	}
}
