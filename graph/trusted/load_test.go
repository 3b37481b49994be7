package trusted_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/graph/trusted"
)

const apollo = `{
  "format": "apollo-persisted-query-manifest",
  "version": 1,
  "operations": [
    {"id": "a1", "name": "Hello", "type": "query", "body": "query Hello { hello }"},
    {"id": "a2", "type": "subscription", "body": "subscription Ticks { ticks }", "clientName": "web"}
  ]
}`

func TestFormats(t *testing.T) {
	for name, tc := range map[string]struct {
		manifest string
		want     []trusted.Use
	}{
		"Apollo":  {apollo, []trusted.Use{{ID: "a1", Operation: "Hello"}, {ID: "a2", Operation: "Ticks"}}},
		"Relay":   {"{\n  \"3be4abb81fa595e25eb725b2c6a87508\": \"query Hello {\\n  hello\\n}\\n\"\n}\n", []trusted.Use{{ID: "3be4abb81fa595e25eb725b2c6a87508", Operation: "Hello"}}},
		"codegen": {`{"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12": "{ hello }"}`, []trusted.Use{{ID: "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}}},
		"with the algorithm before the hash": {
			fmt.Sprintf(`{"sha256:%s": "query Hello { hello }", "x-own:1": "{ hello }"}`, sha(hello)),
			[]trusted.Use{{ID: "sha256:" + sha(hello), Operation: "Hello"}, {ID: "x-own:1"}},
		},
		"with a byte order mark":  {"\uFEFF" + `{"h": "{ hello }"}`, []trusted.Use{{ID: "h"}}},
		"the same twice":          {`{"h": "{ hello }", "h": "{ hello }"}`, []trusted.Use{{ID: "h"}}},
		"one text with two ids":   {`{"g": "{ hello }", "h": "{ hello }"}`, []trusted.Use{{ID: "g"}}},
		"the order of the file":   {`{"z": "{ hello }", "a": "query A { hello }"}`, []trusted.Use{{ID: "z"}, {ID: "a", Operation: "A"}}},
		"several operations":      {`{"h": "query A { hello } query B { hello }"}`, []trusted.Use{{ID: "h", Operation: "A,B"}}},
		"long names are clipped":  {fmt.Sprintf(`{"h": "query %s { hello }"}`, strings.Repeat("a", 150)), []trusted.Use{{ID: "h", Operation: strings.Repeat("a", 100)}}},
		"introspection is as any": {`{"h": "{ __schema { description } }"}`, []trusted.Use{{ID: "h"}}},
		"an id of full length":    {fmt.Sprintf(`{"%s": "{ hello }"}`, strings.Repeat("a", 256)), []trusted.Use{{ID: strings.Repeat("a", 256)}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, load(t, tc.manifest).Usage()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsOfAManifest(t *testing.T) {
	operations := func(list string) string {
		return `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": ` + list + `}`
	}
	for name, tc := range map[string]struct {
		manifest string
		want     []string // what the lines of the error hold, one each
	}{
		"empty":      {"", []string{"not JSON: line 1: unexpected end of JSON input: write it again"}},
		"not JSON":   {"{\n\"h\": \"{ hello }\",\n}", []string{"not JSON: line 3: invalid character '}'"}},
		"cut off":    {`{"h": "{ hel`, []string{"not JSON: line 1: unexpected end"}},
		"JSON lines": {"{\"h\": \"{ hello }\"}\n{\"i\": \"{ hello }\"}", []string{"not JSON: line 2: invalid character '{' after top-level value"}},
		"not UTF-8":  {"{\"h\": \"\xff\"}", []string{"not UTF-8"}},
		"a list":     {`[{"id": "h"}]`, []string{"no known format, for it holds no JSON object: there are Apollo's"}},
		"null":       {`null`, []string{"no operations"}},
		"an object of others": {
			`{"h": {"name": "Hello", "source": "{ hello }"}}`,
			[]string{`no known format, for what it has as "h" is no text: there are Apollo's`},
		},
		"a text that is null": {`{"h": null}`, []string{`what it has as "h" is no text`}},
		"another format":      {`{"format": "apollo-ai-app-manifest", "version": "1"}`, []string{`no known format, but of "apollo-ai-app-manifest", version "1": there are`}},
		"another version":     {`{"format": "apollo-persisted-query-manifest", "version": 2}`, []string{`"apollo-persisted-query-manifest", version 2: there are`}},
		"no version":          {`{"format": "apollo-persisted-query-manifest"}`, []string{"version :"}},
		"no texts":            {`{}`, []string{"it has no operations: write it again with the tool that made it, or take it away"}},
		"Apollo's, empty":     {operations(`[]`), []string{"no operations"}},
		"Apollo's, without":   {`{"format": "apollo-persisted-query-manifest", "version": 1}`, []string{"no operations"}},
		"Apollo's, no list":   {operations(`{}`), []string{`its "operations" are no list`}},
		"Apollo's, of others": {operations(`[5, {"id": 5}, {"body": "{ hello }"}, {"id": "h"}, {"id": "h", "body": "{ hello }", "name": []}]`), []string{
			"operation 1: it is no object: write it again",
			`operation 2: its "id" is no text, but a JSON number`,
			`operation 3: it has no "id"`,
			`operation 4: "h" has no "body"`,
			`operation 5: its "name" is no text, but a JSON array`,
		}},
		"an empty id":      {`{"": "{ hello }"}`, []string{`document "": its id is empty: give it one`}},
		"a long id":        {fmt.Sprintf(`{"%s": "{ hello }"}`, strings.Repeat("a", 257)), []string{"aaa\": its id has 257 bytes, but 256 are allowed"}},
		"an id of spaces":  {`{"a b": "{ hello }"}`, []string{`document "a b": its id holds other than visible ASCII`}},
		"an id of letters": {`{"文": "{ hello }"}`, []string{`its id holds other than visible ASCII`}},
		"two texts":        {`{"h": "{ hello }", "h": "query Hello { hello }"}`, []string{`document "h": the same id has another text in`}},
		"two texts, Apollo's": {operations(`[{"id": "h", "body": "{ hello }", "clientName": "a"}, {"id": "h", "body": "query B { hello }", "name": "B", "clientName": "b"}]`), []string{
			`document "h" (operation "B"): the same id has another text in`,
		}},
		"a hash of another text, by its prefix": {fmt.Sprintf(`{"sha256:%s": "{ hello }"}`, sha(hello)), []string{"its id is not the SHA-256 of its text, which is sha256:" + sha("{ hello }")}},
		"no hash after the prefix":              {`{"sha256:x": "{ hello }"}`, []string{"its id is not the SHA-256"}},
		"a hash of another text that is there":  {fmt.Sprintf(`{"%s": "{ hello }", "h": "query Hello { hello }"}`, sha(hello)), []string{`its id is the SHA-256 of another text, that of "h" in`}},
		"no document":                           {`{"h": ""}`, []string{`document "h": it has no operation`}},
		"a fragment alone":                      {`{"h": "fragment U on User { id }"}`, []string{`it has no operation`}},
		"does not parse":                        {`{"h": "query Hello {\n  hello\n"}`, []string{`document "h": it does not parse: line 3, column 1: Expected Name, found <EOF>: fix it where the client has it`}},
		"does not parse, Apollo's":              {operations(`[{"id": "h", "name": "Hello", "body": "query Hello {"}]`), []string{`document "h" (operation "Hello"): it does not parse`}},
		"does not fit the schema": {`{"h": "query Hello { bye hello { x } }"}`, []string{
			`document "h" (operation "Hello"): it does not fit the schema: line 1, column 15: Cannot query field "bye" on type "Query": fix it where the client has it`,
			`line 1, column 27: Cannot query field "x" on type "String": fix it`,
			`line 1, column 19: Field "hello" must not have a selection since type "String" has no subfields: fix it`,
		}},
		"too many tokens": {fmt.Sprintf(`{"h": "{ %s }"}`, strings.Repeat("hello ", 200)), []string{"it does not parse: "}},
		"too long":        {fmt.Sprintf(`{"h": "{ hello } #%s"}`, strings.Repeat(" ", 256<<10)), []string{"its text has 262155 bytes, but 262144 are allowed"}},
		"too deep":        {fmt.Sprintf(`{"h": "%s"}`, strings.Repeat("{a", 100_000)), []string{"it does not parse"}},
		"all at once": {`{"a": "{", "b": "{ bye }", "": "{ hello }", "h": "{ hello }"}`, []string{
			`document "a": it does not parse`, `document "b": it does not fit`, `document "": its id is empty`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := files(t, map[string]string{"m.json": tc.manifest})
			documents, err := trusted.Load(schema, []string{dir}, 150)
			if err == nil || documents != nil {
				t.Fatalf("it was taken: %v", documents)
			}
			lines := strings.Split(err.Error(), "\n")
			for i, line := range lines {
				if i >= len(tc.want) || !strings.Contains(line, tc.want[i]) || !strings.HasPrefix(line, "manifest "+filepath.Join(dir, "m.json")+": ") {
					t.Errorf("line %d: %s", i, line)
				}
			}
			if len(lines) < len(tc.want) {
				t.Errorf("missing %q", tc.want[len(lines):])
			}
		})
	}
}

func TestTokenLimit(t *testing.T) {
	dir := files(t, map[string]string{"m.json": `{"h": "query Hello { hello }"}`})
	for limit, taken := range map[int]bool{-1: true, 0: true, 4: false, 5: true, 2000: true} {
		if _, err := trusted.Load(schema, []string{dir}, limit); (err == nil) != taken {
			t.Errorf("%d: %v", limit, err)
		}
	}
}

func TestPaths(t *testing.T) {
	dir := files(t, map[string]string{
		"web/a.json": `{"a": "query A { hello }"}`, "web/deep/b.json": `{"b": "query B { hello }"}`, "web/notes.txt": "no manifest",
		"web/.git/c.json": "no manifest", "web/.d.json": "no manifest", "ios.manifest": `{"i": "query I { hello }"}`,
		"volume/..data/v.json": `{"v": "query V { hello }"}`, "empty/readme": "", "odd/readme": "",
	})
	at := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(dir, name)
		}
		return names
	}
	for link, to := range map[string]string{"volume/v.json": "..data/v.json", "link": "web", "odd/dir.json": "../web"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		paths []string
		want  string // the ids, or what the error holds
	}{
		"a file":                      {at("web/a.json"), "a"},
		"a file of any name":          {at("ios.manifest"), "i"},
		"a directory":                 {at("web"), "a b"},
		"several":                     {at("ios.manifest", "web"), "i a b"},
		"one twice":                   {at("web", "web/a.json"), "a b"},
		"a link to a directory":       {at("link"), "a b"},
		"a volume with links":         {at("volume"), "v"},
		"a directory called a file":   {at("odd"), "is a directory: it must be a readable file"},
		"no file":                     {at("nothing.json"), "nothing.json: no such file or directory: correct the path"},
		"nothing in a directory":      {at("empty"), "the directory has no *.json file: put one there"},
		"neither file nor directory":  {[]string{os.DevNull}, "it is neither a file nor a directory"},
		"faults of several, in order": {at("empty", "nothing.json", "web/notes.txt"), "empty: the directory has no *.json file: put one there, or correct the path\nmanifest"},
	} {
		t.Run(name, func(t *testing.T) {
			documents, err := trusted.Load(schema, tc.paths, 0)
			if err != nil {
				if !strings.Contains(err.Error(), tc.want) {
					t.Error(err)
				}
				return
			}
			var ids []string
			for _, use := range documents.Usage() {
				ids = append(ids, use.ID)
			}
			if got := strings.Join(ids, " "); got != tc.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestTheSameIDInTwoFiles(t *testing.T) {
	dir := files(t, map[string]string{"a.json": `{"h": "{ hello }"}`, "b.json": `{"h": "query Hello { hello }"}`})
	_, err := trusted.Load(schema, []string{dir}, 0)
	want := fmt.Sprintf(`manifest %s/b.json: document "h": the same id has another text in %s/a.json: give each text its own id, such as a hash of the text`, dir, dir)
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestSizesAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&many, `,"%d": "query A%d { hello }"`, i, i)
	}
	number := map[string]string{}
	for i := range 1001 {
		number[fmt.Sprintf("%04d.json", i)] = `{"h": "{ hello }"}`
	}
	for name, tc := range map[string]struct {
		files map[string]string
		want  string
	}{
		"files":     {number, "1000.json: it is one of 1001, but 1000 are allowed"},
		"bytes":     {map[string]string{"m.json": `{"h": "{ hello }"}` + strings.Repeat(" ", 32<<20)}, "m.json: it is larger than 33554432 bytes: split it"},
		"documents": {map[string]string{"m.json": "{" + many.String()[1:] + "}"}, `document "10000": it is one too many, for 10000 are allowed`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := trusted.Load(schema, []string{files(t, tc.files)}, 0); err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
		})
	}
}
