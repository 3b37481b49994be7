package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/loader"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit/querygen"
	"docsquare/internal/testkit/servicetest"
)

// wholeGraph selects every loader of the graph, most of them on several levels.
const wholeGraph = `query Whole($ids: [ID!]!) {
	nodes(ids: $ids) { __typename id
		... on Document { ...D author { username stats { documents comments } } comments(first: 2) { totalCount nodes { ...C } edges { cursor node { ...C } } } revisions { totalCount nodes { id number body } } }
		... on User { ...U sessions { id current userAgent } favorites { ...L } likes { ...L } drafts { ...L } files { nodes { id name } } editorSessions { nodes { id title document { title } } } }
		... on Comment { ...C } ... on Revision { number title body } ... on File { name size status } ... on EditorSession { revision document { ...D } } ... on Session { userAgent current } ... on AuditEntry { action actorId actor { ...U } } }
	viewer { ...U documents(first: 3) { ...L } }
	user(username: "bob") { ...U documents(last: 2) { ...L } }
	trendingDocuments(first: 4) { ...D author { displayName } }
	documents(first: 3) { ...L edges { node { comments(last: 2) { nodes { ...C } } } } }
	popular: documents(first: 3, orderBy: {field: POPULARITY}) { ...L }
	search(query: "graph", first: 3) { totalCount nodes { title } edges { score node { ...D } snippets { field html } } }
	searchSuggestions(prefix: "doc") { kind text document { ...D } }
	categories { name documents } formats { format documents } siteStats { documents users }
}
fragment L on DocumentConnection { totalCount nodes { ...D } edges { node { title createdAt author { username } } } pageInfo { hasNextPage endCursor } }
fragment D on Document { id title createdAt publishedAt text: body bodyHtml visibility stats { views likes comments } viewerHasLiked viewerHasFavorited viewerCanEdit file { name } author { id createdAt } }
fragment U on User { id username createdAt email work: stats { documents likes } }
fragment C on Comment { id body createdAt author { username createdAt } document { title } parent { id body } viewerCanDelete replies(first: 2) { totalCount nodes { body author { username } } } }`

// wholeOf returns the whole graph as an account sees it, with objects of all types.
func wholeOf(words *vocabulary, name string) operation {
	return operation{words.viewers[name], name, querygen.Operation{Query: wholeGraph, Variables: map[string]any{"ids": words.all}}}
}

// TestDifferentialNodes reads all objects of all types, one by one and together, as everybody.
func TestDifferentialNodes(t *testing.T) {
	template := newTemplate(t)
	app := template.shared(t, servicetest.Tiers{})
	both := newRuntimes(app.Sources, app.Sources)
	var every []string
	for typ := nodeid.User; typ <= nodeid.AuditEntry; typ++ {
		every = append(every, template.words.ids[typ]...)
	}
	for _, name := range template.words.names {
		for from := 0; from < len(every); from += 50 {
			o := wholeOf(template.words, name)
			o.Variables = map[string]any{"ids": every[from:min(from+50, len(every))]}
			both.compare(t, "all objects", o)
		}
		for _, id := range append(template.words.all, global(nodeid.Document, "gone"), "x") {
			query := `query ($id: ID!) { node(id: $id) { __typename id ... on Document { title } ... on Comment { document { title } } ... on AuditEntry { action actor { username } } } }`
			both.compare(t, "one object", operation{template.words.viewers[name], name, querygen.Operation{Query: query, Variables: map[string]any{"id": id}}})
		}
	}
}

// faults are changes of the database that no service makes: each leaves objects without something that belongs to them, or
// values that the schema does not permit, or makes loaders fail.
func faults() map[string][]string {
	all := map[string][]string{
		"no authors":         {"DELETE FROM users WHERE username <> 'ann'"},
		"no document stats":  {"DELETE FROM document_stats"},
		"no user stats":      {"DELETE FROM user_stats"},
		"no comments":        {"DELETE FROM comments WHERE parent_id IS NULL"},
		"no documents":       {"DELETE FROM documents WHERE title LIKE '%1'"},
		"private documents":  {"UPDATE documents SET visibility = 'PRIVATE' WHERE title LIKE 'Document 1%'"},
		"no revisions":       {"DELETE FROM revisions"},
		"no files":           {"DELETE FROM files", "UPDATE documents SET file_id = x'00000000000070008000000000000001'"},
		"times of documents": {"UPDATE documents SET created_at = '0001-01-01 00:00:00+00:00' WHERE title LIKE '%2%'"},
		"times of users":     {"UPDATE users SET created_at = '0001-01-01 00:00:00+00:00' WHERE username = 'bob'"},
		"times of comments":  {"UPDATE comments SET created_at = '0001-01-01 00:00:00+00:00' WHERE parent_id IS NULL"},
		"all times":          {"UPDATE users SET created_at = '0001-01-01 00:00:00+00:00'", "UPDATE comments SET created_at = '0001-01-01 00:00:00+00:00'"},
	}
	for _, table := range []string{
		"users", "user_stats", "revisions", "comments", "sessions", "files", "editor_sessions", "audit_entries", "search_entries", "search_words",
		"categories", "counters",
	} {
		all["no table "+table] = []string{"DROP TABLE " + table}
	}
	return all
}

// sharedFaults are faults of single keys of a loader, which fail the other keys of their batch as well. Which those are differs
// between the runtimes, and in gqlgen from call to call.
func sharedFaults() map[string][]string {
	all := map[string][]string{"broken tags": {"UPDATE documents SET tags = 'no JSON' WHERE title LIKE '%3%'"}}
	for _, table := range []string{"documents", "likes", "favorites", "tags", "document_tags", "document_stats"} {
		all["no table "+table] = []string{"DROP TABLE " + table}
	}
	return all
}

// TestDifferentialFaults compares the runtimes over databases that are broken.
func TestDifferentialFaults(t *testing.T) {
	template := newTemplate(t)
	for name, statements := range faults() {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			bare := template.open(t, servicetest.Tiers{Far: true}, statements...)
			compareFailing(t, template.words, newRuntimes(bare.Sources, bare.Sources), reply.diff)
		})
	}
	for name, statements := range sharedFaults() {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			bare := template.open(t, servicetest.Tiers{Far: true}, statements...)
			compareFailing(t, template.words, newRuntimes(bare.Sources, bare.Sources), reply.contradicts)
		})
	}
}

// TestDifferentialPanics compares the runtimes over services that panic: those that are nil.
func TestDifferentialPanics(t *testing.T) {
	template := newTemplate(t)
	for name, remove := range map[string]func(*loader.Sources){
		"accounts":     func(s *loader.Sources) { s.Accounts = nil },
		"documents":    func(s *loader.Sources) { s.Documents = nil },
		"square":       func(s *loader.Sources) { s.Square = nil },
		"interactions": func(s *loader.Sources) { s.Interactions = nil },
		"uploads":      func(s *loader.Sources) { s.Uploads = nil },
		"editor":       func(s *loader.Sources) { s.Editor = nil },
		"audit":        func(s *loader.Sources) { s.Audit = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := template.open(t, servicetest.Tiers{Far: true}).Sources
			remove(&s)
			compareFailing(t, template.words, newRuntimes(s, s), reply.diff)
		})
	}
}

// TestDifferentialContexts compares the runtimes when the context of an operation has ended before a field is resolved. The
// breadth-first executor then fails every edge, gqlgen only those that load something and whose arguments are in order.
func TestDifferentialContexts(t *testing.T) {
	template := newTemplate(t)
	s := template.shared(t, servicetest.Tiers{Far: true}).Sources
	cancelled := func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return next(ctx)
	}
	late := func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		ctx, cancel := context.WithTimeout(ctx, -1)
		defer cancel()
		return next(ctx)
	}
	for name, both := range map[string]runtimes{"cancelled": runtimesWith(s, time.Minute, cancelled), "deadline": runtimesWith(s, time.Minute, late)} {
		t.Run(name, func(t *testing.T) {
			compareFailing(t, template.words, both, reply.exceeds)
		})
	}
}

// compareFailing runs operations on both runtimes and reports how their answers differ.
func compareFailing(t *testing.T, words *vocabulary, both runtimes, differ func(want, got reply) string) {
	t.Helper()
	counts := &tallies{}
	for _, o := range failing(t, words) {
		want, got := execute(t.Context(), both.gqlgen, o), execute(t.Context(), both.breadth, o)
		if diff := differ(want, got); diff != "" {
			t.Errorf("%s\n%s", o, diff)
		}
		if counts.add(o.viewer, want); want.data == "" {
			t.Errorf("refused: %s\n%s", o, want.errors)
		}
	}
	t.Log(counts)
}

// failing returns the whole graph and each of its root fields for everybody, and generated queries.
func failing(t *testing.T, words *vocabulary) (operations []operation) {
	t.Helper()
	for _, name := range words.names {
		o := wholeOf(words, name)
		operations = append(operations, o)
		for _, field := range wholeFields(t) {
			o.Query = field
			operations = append(operations, o)
		}
	}
	g := newGenerators(words)
	for i := range *differentialOperations / 20 {
		operations = append(operations, g.operation(ast.Query, 2*i)) // a calm one
	}
	return operations
}
