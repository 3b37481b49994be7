package graph_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// errorCodes returns the codes of the schema, each with its description.
func errorCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for _, v := range present(t).Types["ErrorCode"].EnumValues {
		codes[v.Name] = v.Description
	}
	return codes
}

// TestErrorCodesAreTheServers compares the codes of the schema with the constants of package errs. No other source names a code, so no
// other can be sent. docs/graphql.md has a row for each.
func TestErrorCodesAreTheServers(t *testing.T) {
	const owner = "../internal/errs/errs.go"
	codes := errorCodes(t)
	if got, want := slices.Sorted(maps.Keys(codeLiterals(t, owner))), slices.Sorted(maps.Keys(codes)); !slices.Equal(got, want) {
		t.Errorf("package errs has %v, the schema %v", got, want)
	}
	sources := 0
	for _, root := range []string{"../graph", "../internal"} {
		testkit.Must(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == owner || strings.Contains(path, "generated") {
				return err
			}
			sources++
			for text := range codeLiterals(t, path) {
				if codes[text] != "" {
					t.Errorf("%s writes the code %s: use the constant of package errs", path, text)
				}
			}
			return nil
		}))
	}
	if sources < 100 {
		t.Errorf("only %d sources were read", sources)
	}
	page, err := os.ReadFile("../docs/graphql.md")
	testkit.Must(t, err)
	for code := range codes {
		if !strings.Contains(string(page), "| `"+code+"` |") {
			t.Errorf("docs/graphql.md does not explain %s", code)
		}
	}
}

// codeLiterals returns the texts of a source that are written like a code.
func codeLiterals(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	testkit.Must(t, err)
	texts := map[string]bool{}
	written := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && written.MatchString(text) {
				texts[text] = true
			}
		}
		return true
	})
	return texts
}

// sentErrors returns the errors that the cases of testdata state, which TestCases has compared with what the server sends, and those of answers
// to requests that reach the other codes.
func sentErrors(t *testing.T) (extensions []map[string]any) {
	t.Helper()
	add := func(where string, body []byte) {
		var a struct {
			Errors []struct {
				Extensions map[string]any `json:"extensions"`
			} `json:"errors"`
		}
		if err := json.Unmarshal(body, &a); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		for _, e := range a.Errors {
			extensions = append(extensions, e.Extensions)
		}
	}
	files, err := filepath.Glob("testdata/*/*.txtar")
	testkit.Must(t, err)
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		testkit.Must(t, err)
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".json") {
				add(path+" "+f.Name, f.Data)
			}
		}
	}
	app := served(t, "sqlite")
	poor := rationed(t, app, 1, 1)
	for range 3 { // the last finds the budget used up
		add("a used-up budget", asking{body: `{"query": "{ siteStats { users } }"}`}.of(t, poor).Body.Bytes())
	}
	for name, body := range map[string]string{
		"a syntax error": `{"query": "{"}`, "an unknown field": `{"query": "{ nope }"}`, "an unknown hash": `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hashOf("x") + `"}}}`,
	} {
		add(name, asking{body: body}.of(t, app.Handler).Body.Bytes())
	}
	broken := newTemplate(t).open(t, servicetest.Tiers{}, "DROP TABLE document_stats")
	add("a database without a table", asking{body: `{"query": "{ documents(first: 1) { nodes { stats { likes } } } }"}`}.of(t, broken.Handler).Body.Bytes())
	return extensions
}

// TestEveryErrorCodeIsReached wants each code of the schema in an answer of the server, and no other. The extensions of every error are those that
// the description of its code names.
func TestEveryErrorCodeIsReached(t *testing.T) {
	codes, reached := errorCodes(t), map[string]int{}
	for _, e := range sentErrors(t) {
		code := fmt.Sprint(e["code"])
		reached[code]++
		for key := range e {
			if key != "code" && !strings.Contains(codes[code], "`extensions."+key+"`") {
				t.Errorf("%s does not describe extensions.%s", code, key)
			}
		}
		if e["code"] == "RATE_LIMITED" && e["retryAfter"] == nil || e["code"] == "INTERNAL" && e["requestId"] == nil {
			t.Errorf("an extension is missing: %v", e)
		}
	}
	if got, want := slices.Sorted(maps.Keys(reached)), slices.Sorted(maps.Keys(codes)); !slices.Equal(got, want) {
		t.Errorf("reached are %v, the schema has %v", reached, want)
	}
}
