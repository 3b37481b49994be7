package trusted

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// FuzzManifest: whatever a file holds, there are either documents or faults that name the file.
func FuzzManifest(f *testing.F) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query { hello(a: [In!]): String node(id: ID!): Node } interface Node { id: ID! } type User implements Node { id: ID! friends: [User!] }
		input In { a: Int = 1, in: In } type Mutation { set(in: In!): User } type Subscription { ticks: Int }`})
	for _, seed := range []string{
		`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "name": "A", "type": "query", "body": "query A($i: [In!]) { hello(a: $i) }"}]}`,
		`{"h": "query H { node(id: 1) { ...U ... on User { friends { id } } } } fragment U on User { friends { ...U } }", "i": "{ hello(a: {in: {a: 2}}) @skip(if: true) }"}`,
		`{"h": "{ hello }", "h": "{ hello }", "sha256:x": "subscription { ticks }"}`,
		`{"format": null, "operations": [null, {}, {"id": 5}]}`, "\uFEFF{}", `[`, `null`, `{"": ""}`, "{\"a\": \"\\ud800\"}",
		`{"a": "mutation M { set(in: {a: 1, a: 2}) { ...on Node { id } } }"} {}`, `{"a": "query ($a: Int = $a) { __schema { types { name } } }"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := newLoading(schema, 500)
		l.manifest("m.json", raw)
		documents, err := l.end()
		if err != nil {
			if documents != nil || !strings.HasPrefix(err.Error(), "manifest m.json: ") {
				t.Fatalf("%v with %v", documents, err)
			}
			return
		}
		if documents.Len() == 0 {
			t.Fatal("neither documents nor faults")
		}
		for _, d := range documents.all {
			if text, ok := documents.Text(d.id); !ok || text != d.text || documents.find(hashOf(d.text), "") != d || documents.byText[d.text] != d {
				t.Fatalf("%q is not found", d.id)
			}
		}
	})
}
