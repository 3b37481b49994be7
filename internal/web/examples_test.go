package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// contract is the schema that the server serves.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	names, err := filepath.Glob("../../graph/schema/*.graphqls")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestExamplesAreValid(t *testing.T) {
	schema := contract(t)
	examples, err := Examples()
	if err != nil || len(examples) < 8 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	for _, e := range signedFor(examples, "ada", `a "quoted" one`) {
		t.Run(e.Name, func(t *testing.T) {
			if !strings.HasPrefix(e.Query, "# ") {
				t.Error("the first line does not say what it shows")
			}
			if e.Group == "" || !strings.HasSuffix(e.About, ".") || len(e.About) > 120 {
				t.Errorf("group %q, about %q: want a group, and one sentence of at most 120 characters", e.Group, e.About)
			}
			doc, errs := gqlparser.LoadQueryWithRules(schema, e.Query, rules.NewDefaultRules())
			if errs != nil {
				t.Fatal(errs)
			}
			// One named operation: its name is the title of the tab, and the button runs it without a question.
			if len(doc.Operations) != 1 || doc.Operations[0].Name == "" {
				t.Error("not one named operation")
			}
			variables := map[string]any{}
			if e.Variables != "" {
				if err := json.Unmarshal([]byte(e.Variables), &variables); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := validator.VariableValues(schema, doc.Operations[0], variables); err != nil {
				t.Error(err)
			}
			if strings.Contains(e.Variables, "YOUR-") {
				t.Error("a place for the demo account is left open")
			}
			for name := range variables {
				if doc.Operations[0].VariableDefinitions.ForName(name) == nil {
					t.Errorf("the variable %s is not used", name)
				}
			}
		})
	}
}

func TestExamplesStayAsTheyAreWithoutAnAccount(t *testing.T) {
	list := []Example{{Name: "a", Variables: "YOUR-USERNAME"}}
	if got := signedFor(list, "", "")[0].Variables; got != "YOUR-USERNAME" {
		t.Errorf("variables: %q", got)
	}
	signedFor(list, "ada", "")
	if list[0].Variables != "YOUR-USERNAME" {
		t.Error("the caller's list was changed")
	}
}

// The upload panel opens examples by their names, with a file in the place that they leave for one.
func TestExamplesOfFiles(t *testing.T) {
	script, err := fs.ReadFile(files, "assets/upload.js")
	if err != nil {
		t.Fatal(err)
	}
	opened := regexp.MustCompile(`fileExample\('([^']+)'`).FindAllSubmatch(script, -1)
	if len(opened) != 2 {
		t.Fatalf("the panel opens %d examples", len(opened))
	}
	examples, err := Examples()
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	for _, e := range examples {
		variables[e.Name] = e.Variables
	}
	for _, m := range opened {
		if name := string(m[1]); !strings.Contains(variables[name], "FILE-ID") {
			t.Errorf("%s has no place for a file", name)
		}
	}
}

// Vendored files are the published ones: each is in the table next to them with its hash, and nothing else is there.
func TestVendoredFilesAreAsPublished(t *testing.T) {
	table, err := fs.ReadFile(files, "assets/vendor/README.md")
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$`).FindAllSubmatch(table, -1) {
		wanted[string(m[1])] = string(m[2])
	}
	entries, err := fs.ReadDir(files, "assets/vendor")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(wanted)+1 {
		t.Errorf("%d files, %d in the table", len(entries), len(wanted))
	}
	for name, want := range wanted {
		body, err := fs.ReadFile(files, "assets/vendor/"+name)
		if err != nil {
			t.Error(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s is not as published", name)
		}
	}
}
