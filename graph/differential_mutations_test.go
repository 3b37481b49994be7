package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit/querygen"
	"docsquare/internal/testkit/servicetest"
)

// mutationsOfSeed is how many generated mutations change the same two databases.
const mutationsOfSeed = 60

// TestDifferentialMutations runs the same generated mutations on two databases, one for each runtime, and compares their
// answers without what is new in each database.
func TestDifferentialMutations(t *testing.T) {
	template := newTemplate(t)
	for run := range max(1, *differentialOperations/250) {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			r := newRuntimes(template.open(t, servicetest.Tiers{}).Sources, template.open(t, servicetest.Tiers{}).Sources)
			g, counts := newGenerators(template.words), &tallies{}
			for i := range mutationsOfSeed {
				number := run*mutationsOfSeed + i
				o := g.operation(ast.Mutation, number)
				want, got := execute(t.Context(), r.gqlgen, o).normalised(), execute(t.Context(), r.breadth, o).normalised()
				counts.add(o.viewer, want)
				if diff := want.diff(got); diff != "" {
					t.Fatalf("-differential.seed=%d, mutation %d of run %d: %s\n%s", *differentialSeed, i, run, o, diff)
				}
			}
			t.Log(counts)
		})
	}
}

// severalWrites is a mutation with several root fields whose payloads have objects that a broken database may not have.
const severalWrites = `mutation ($own: ID!, $comment: ID!, $document: ID!, $other: ID!, $session: ID!) {
	uncommented: deleteComment(input: {commentId: $comment}) { commentId document { ...D } }
	likeDocument(input: {documentId: $document}) { document { ...D } }
	commented: addComment(input: {documentId: $other, body: "New"}) { comment { body author { username } document { title } parent { id } } document { ...D } }
	favoriteDocument(input: {documentId: $other}) { document { ...D } }
	updateDocument(input: {documentId: $own, expectedRevision: 1, title: "New", body: "New text"}) { document { ...D revisions { totalCount nodes { number title } } } }
	revokeSession(input: {sessionId: $session}) { sessionId user { username } }
	updateProfile(input: {bio: "New"}) { user { bio createdAt stats { documents comments likes } } }
}
fragment D on Document { id title createdAt body stats { likes comments } viewerHasLiked viewerHasFavorited author { username createdAt } comments(last: 2) { totalCount nodes { body } } }`

// TestDifferentialWrites runs mutations over databases that are broken.
func TestDifferentialWrites(t *testing.T) {
	template := newTemplate(t)
	broken := faults()
	for _, name := range []string{
		"private documents", "no documents", "no authors", "no document stats", "no user stats", "no comments", "times of documents", "times of users",
		"no table revisions", "no table comments", "no table documents",
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			r := newRuntimes(template.open(t, servicetest.Tiers{Far: true}, broken[name]...).Sources, template.open(t, servicetest.Tiers{Far: true}, broken[name]...).Sources)
			for _, name := range template.words.names {
				for i := 1; i <= 3; i += 2 {
					v := template.words.viewers[name]
					variables := map[string]any{
						"own": global(nodeid.Document, fmt.Sprintf("doc%02d", i)), "document": global(nodeid.Document, fmt.Sprintf("doc%02d", i+10)),
						"comment": global(nodeid.Comment, fmt.Sprintf("doc%02d/c%d", i, i/2+2)), "other": global(nodeid.Document, fmt.Sprintf("doc%02d", i+1)),
						"session": nodeid.ID{Type: nodeid.Session, UUID: v.SessionID}.String(),
					}
					o := operation{v, name, querygen.Operation{Query: severalWrites, Variables: variables}}
					want, got := execute(t.Context(), r.gqlgen, o).normalised(), execute(t.Context(), r.breadth, o).normalised()
					if diff := want.diff(got); diff != "" {
						t.Errorf("%s\n%s", o, diff)
					}
				}
			}
		})
	}
}
