package graph_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph"
	"docsquare/internal/cli/schemadiff"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// released is the schema that clients rely on.
const released = "testdata/released.graphql"

// TestNothingIsRemoved compares the schema with the one that was released. A change that breaks no client only has to be
// written down, with -update; one that does is a mistake, unless everybody was told, and then too.
func TestNothingIsRemoved(t *testing.T) {
	if *update {
		testkit.Must(t, os.WriteFile(released, []byte(graph.SDL()), 0o600))
	}
	sdl, err := os.ReadFile(released)
	testkit.Must(t, err)
	for _, sentence := range schemadiff.Breaking(parse(t, string(sdl)), present(t)) {
		t.Error(sentence)
	}
}

// TestSchemaIsReadable checks the form of the printed schema: it describes itself, a description of one line takes one line, and a blank line
// precedes each definition. Its types are those that are served.
func TestSchemaIsReadable(t *testing.T) {
	sdl := graph.SDL()
	if !strings.HasPrefix(sdl, `"""`) || present(t).Description == "" || present(t).Description != graph.Published().Description {
		t.Errorf("the schema begins with %.100s", sdl)
	}
	lines := strings.Split(sdl, "\n")
	definition := regexp.MustCompile(`^(type|input|enum|scalar|interface|union|schema|directive) ?`)
	definitions, inside := 0, false
	for i, line := range lines {
		text := strings.TrimSpace(line)
		if text == `"""` && i+2 < len(lines) && strings.TrimSpace(lines[i+2]) == `"""` && !inside && !strings.HasSuffix(strings.TrimSpace(lines[i+1]), `"`) {
			t.Errorf("line %d: a description of one line takes three: %s", i+1, lines[i+1])
		}
		if strings.Count(line, `"""`) == 1 {
			inside = !inside
		}
		if inside || !definition.MatchString(line) {
			continue
		}
		definitions++
		start := i - 1 // of the description
		if lines[start] == `"""` {
			for start--; lines[start] != `"""`; {
				start--
			}
		}
		if !strings.HasPrefix(lines[start], `"""`) || start > 0 && lines[start-1] != "" {
			t.Errorf("line %d: no blank line before %s", i+1, line)
		}
	}
	users, _, found := strings.Cut(sdl, "type AuditEntry ")
	_, operators, foundFilter := strings.Cut(sdl, "input AuditFilter ")
	if !found || !foundFilter || strings.Contains(users, "\ntype Cache") || strings.Contains(operators, "\ntype Document") || strings.Index(users, "document(") > strings.Index(users, "auditTrail(") {
		t.Error("the types and fields of operators precede those of users")
	}
	if definitions < 80 {
		t.Errorf("only %d definitions were found", definitions)
	}
	if got, want := len(present(t).Types), len(graph.Published().Types); got != want {
		t.Errorf("%d types are printed, %d are served", got, want)
	}
}

// TestEveryFileIsATopic finds files of the schema whose place in the SDL is not declared.
func TestEveryFileIsATopic(t *testing.T) {
	files, err := filepath.Glob("schema/*.graphqls")
	testkit.Must(t, err)
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".graphqls")
	}
	if diff := cmp.Diff(files, slices.Sorted(slices.Values(graph.Topics))); diff != "" {
		t.Errorf("topics (-files +declared):\n%s", diff)
	}
}

// TestEverythingIsDescribed wants a description of whatever a client can name.
func TestEverythingIsDescribed(t *testing.T) {
	described := 0
	describe := func(what, description string) {
		described++
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", what)
		}
	}
	arguments := func(of string, list ast.ArgumentDefinitionList) {
		for _, a := range list {
			describe("the argument "+a.Name+" of "+of, a.Description)
		}
	}
	schema := present(t)
	for _, def := range schema.Types {
		if def.BuiltIn {
			continue
		}
		describe("the type "+def.Name, def.Description)
		for _, v := range def.EnumValues {
			describe("the value "+def.Name+"."+v.Name, v.Description)
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue // of every schema
			}
			describe("the field "+def.Name+"."+f.Name, f.Description)
			arguments(def.Name+"."+f.Name, f.Arguments)
		}
	}
	for _, d := range schema.Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		describe("the directive @"+d.Name, d.Description)
		arguments("@"+d.Name, d.Arguments)
	}
	if described < 200 {
		t.Errorf("only %d descriptions were looked for: the schema was not walked", described)
	}
}

func present(t *testing.T) *ast.Schema {
	t.Helper()
	return parse(t, graph.SDL())
}

func parse(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNoOperation: what never becomes an operation is answered by what is wrong with it.
func TestNoOperation(t *testing.T) {
	c := client{handler: apptest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{}).Handler}
	for query, code := range map[string]string{
		"": "GRAPHQL_PARSE_FAILED", "{": "GRAPHQL_PARSE_FAILED", "{ nonsense }": "GRAPHQL_VALIDATION_FAILED", "subscription { nonsense }": "GRAPHQL_VALIDATION_FAILED",
		"query a { viewer { id } } query b { viewer { id } }": "BAD_USER_INPUT",
	} {
		a, err := c.send(t.Context(), query, nil)
		if err != nil || a.code() != code {
			t.Errorf("%q is answered by %s, %v", query, a.raw, err)
		}
	}
}
