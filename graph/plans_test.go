package graph_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"golang.org/x/tools/txtar"

	"docsquare/graph"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/queryplan"
	"docsquare/internal/testkit/servicetest"
)

// TestStatementsReadIndexes runs the operations of all cases, and the other work of services. Without a cache, every read is a
// statement. Both databases explain each statement: none reads a large table from end to end. The commands that rebuild all
// statistics or the search index are not tested, for they read everything.
func TestStatementsReadIndexes(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	testkit.Must(t, err)
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			shared := servicetest.Community(t, dialect)
			app := apptest.Open(t, shared, servicetest.Tiers{Redis: true, Far: true}) // with Redis, writes have an outbox
			plans := queryplan.Open(t, dialect)
			plans.Exempt(t, "SELECT COUNT(audit_entries.id) FROM audit_entries", "an administrator asks for the length of the audit trail, of which old entries are deleted")
			plans.Exempt(t, "SELECT users.id, users.created_at, users.updated_at, users.username, users.email, users.display_name, users.folded, users.bio, users.role, users.avatar_id FROM users WHERE users.role =",
				"a change of a role, which is rare, locks all administrators")
			for _, file := range files {
				t.Run(strings.TrimPrefix(strings.TrimSuffix(file, ".txtar"), "testdata/"), func(t *testing.T) {
					c := openCase(t, file, shared, dialect, servicetest.Tiers{Far: true})
					for _, name := range c.operations() {
						got := c.run(c.operation(name))
						c.compare(name, c.file(strings.TrimSuffix(name, ".graphql")+".json"), got.answer)
						plans.Check(t, name, got.report)
					}
				})
			}
			for _, w := range append(works(), authorizing(t, app)) {
				ctx, rec := record.With(t.Context())
				if err := w.do(ctx, app); err != nil {
					t.Errorf("%s: %v", w.name, err)
				}
				plans.Check(t, w.name, rec.Report())
			}
		})
	}
}

// TestEveryFieldHasPlans fails by name for a field of Query or Mutation that TestStatementsReadIndexes does not read.
func TestEveryFieldHasPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	testkit.Must(t, err)
	read := []string{"rateLimit"} // from Redis
	for _, w := range works() {
		read = append(read, w.name)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		testkit.Must(t, err)
		c := &testCase{t: t, archive: archive}
		for _, name := range c.operations() {
			read = append(read, rootFields(c.expand(c.file(name)))...)
		}
	}
	for _, root := range []*ast.Definition{graph.Published().Query, graph.Published().Mutation} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") && !slices.Contains(read, f.Name) {
				t.Errorf("no plan of %s.%s is tested: add it to a case or to works", root.Name, f.Name)
			}
		}
	}
}

// rootFields returns the fields of the operations of a document, nothing if it cannot be parsed.
func rootFields(query string) (names []string) {
	document, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil
	}
	for _, o := range document.Operations {
		for _, s := range o.SelectionSet {
			if f, ok := s.(*ast.Field); ok {
				names = append(names, f.Name)
			}
		}
	}
	return names
}
