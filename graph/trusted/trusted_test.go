package trusted_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/trusted"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query { hello: String user(id: ID!): User }
type User { id: ID! name: String friends: [User!]! }
type Mutation { rename(name: String!): User }
type Subscription { ticks: Int }
`})

// The documents of the tests.
const (
	hello  = "query Hello { hello }"
	rename = "mutation Rename { rename(name: \"x\") { id } }"
	ticks  = "subscription Ticks { ticks }"
	two    = "query First { hello } query Second { user(id: 1) { ...U } } fragment U on User { name }"
	other  = "query Other { hello }" // in no manifest
)

// relay is a manifest of id to text.
const relay = `{"h1": "query Hello { hello }", "r1": "mutation Rename { rename(name: \"x\") { id } }", "t1": "subscription Ticks { ticks }",
"two": "query First { hello } query Second { user(id: 1) { ...U } } fragment U on User { name }"}`

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// files writes files into a directory of their own.
func files(t testing.TB, contents map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range contents {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t testing.TB, manifest string) *trusted.Documents {
	t.Helper()
	documents, err := trusted.Load(schema, []string{files(t, map[string]string{"m.json": manifest})}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func TestADocumentIsFoundByEachOfItsIDs(t *testing.T) {
	documents := load(t, `{"h1": "query Hello { hello }", "h2": "query Hello { hello }"}`)
	for _, id := range []string{"h1", "h2", sha(hello), "sha256:" + sha(hello)} {
		if text, ok := documents.Text(id); !ok || text != hello {
			t.Errorf("%s: %q, %v", id, text, ok)
		}
	}
	for _, id := range []string{"", "h3", "sha256:h1", sha(other), hello} {
		if text, ok := documents.Text(id); ok {
			t.Errorf("%s is %q", id, text)
		}
	}
	if n := documents.Len(); n != 1 {
		t.Errorf("there are %d documents", n)
	}
}

func TestCacheServesTrustedTextsAndLeavesTheRest(t *testing.T) {
	ctx, inner := t.Context(), graphql.MapCache[*ast.QueryDocument]{}
	c := load(t, relay).Cache(inner)
	first, ok := c.Get(ctx, hello)
	if !ok || first.Operations[0].Name != "Hello" || first.Operations[0].SelectionSet[0].(*ast.Field).Definition == nil {
		t.Fatalf("the trusted document is not there, or not validated: %v", first)
	}
	c.Add(ctx, hello, &ast.QueryDocument{})
	if again, _ := c.Get(ctx, hello); again != first || len(inner) != 0 {
		t.Errorf("a trusted document was replaced")
	}
	if _, ok := c.Get(ctx, other); ok {
		t.Errorf("an unknown text is there")
	}
	added := &ast.QueryDocument{}
	c.Add(ctx, other, added)
	if got, ok := c.Get(ctx, other); !ok || got != added || inner[other] != added {
		t.Errorf("the inner cache was not used")
	}
}

func TestUsageIsOfEveryDocument(t *testing.T) {
	documents := load(t, relay)
	g := newExecutor(trusted.Prefer, documents, nil)
	for range 3 {
		ask(t, g, sent{extensions: named("t1")})
	}
	ask(t, g, sent{query: hello})
	ask(t, g, sent{query: other})
	ask(t, g, sent{extensions: named("none")})
	want := []trusted.Use{{"h1", "Hello", 1}, {"r1", "Rename", 0}, {"t1", "Ticks", 3}, {"two", "First,Second", 0}}
	if diff := cmp.Diff(want, documents.Usage()); diff != "" {
		t.Error(diff)
	}
}

func TestNoDocuments(t *testing.T) {
	documents, err := trusted.Load(schema, nil, 0)
	if err != nil || documents.Len() != 0 || len(documents.Usage()) != 0 {
		t.Fatalf("%v, %v", documents, err)
	}
	if _, ok := documents.Cache(graphql.NoCache[*ast.QueryDocument]{}).Get(t.Context(), hello); ok {
		t.Error("something is there")
	}
}

// TestFieldsOfDocuments counts the requests for all documents that select a field, wherever in them it is.
func TestFieldsOfDocuments(t *testing.T) {
	documents := load(t, `{"f": "{ user(id: 1) { ...U friends { name ... on User { id } __typename } } again: hello } fragment U on User { name }", "h": "query Hello { hello }",
		"r": "mutation { rename(name: \"x\") { id } }", "s": "{ __schema { types { name } } }"}`)
	g := newExecutor(trusted.Prefer, documents, nil)
	for id, times := range map[string]int{"f": 2, "h": 3, "s": 1} {
		for range times {
			ask(t, g, sent{extensions: named(id)})
		}
	}
	type count struct {
		name  string
		count uint64
	}
	var got []count
	documents.Fields(func(owner, field string, n uint64) {
		if schema.Types[owner].Fields.ForName(field) == nil {
			t.Errorf("%s.%s is not in the schema", owner, field)
		}
		got = append(got, count{owner + "." + field, n})
	})
	want := []count{{"Mutation.rename", 0}, {"Query.hello", 5}, {"Query.user", 2}, {"User.friends", 2}, {"User.id", 2}, {"User.name", 2}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(count{})); diff != "" {
		t.Error(diff)
	}
}
