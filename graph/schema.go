package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"docsquare/graph/generated"
	"docsquare/graph/quota"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/viewer"
)

// generatorDirective is read by the code generator alone.
const generatorDirective = "goField"

// topics are the files of the schema in the order of the SDL: first what users need, then what operators need.
var topics = []string{"base", "account", "document", "square", "interaction", "upload", "editor", "live", "stats", "access", "cache"}

// inTopics compares two places of the sources by their order in the SDL.
func inTopics(a, b *ast.Position) int {
	topic := func(p *ast.Position) int {
		return slices.Index(topics, strings.TrimSuffix(path.Base(p.Src.Name), ".graphqls"))
	}
	return cmp.Or(cmp.Compare(topic(a), topic(b)), cmp.Compare(a.Line, b.Line))
}

// published returns the schema as clients see it.
func published() *ast.Schema {
	schema, _ := contract()
	return schema
}

// contract returns the schema as clients see it, and its text without the description: that of the generated code, without what is for the
// generator alone.
var contract = sync.OnceValues(func() (*ast.Schema, string) {
	var whole strings.Builder
	source := generated.NewExecutableSchema(generated.Config{}).Schema()
	formatter.NewFormatter(&whole).FormatSchema(source)
	doc, err := parser.ParseSchema(&ast.Source{Input: whole.String()})
	if err != nil {
		panic(err) // what the formatter writes can be read
	}
	for _, def := range doc.Definitions {
		for _, f := range def.Fields {
			f.Directives = without(f.Directives)
		}
		fields := source.Types[def.Name].Fields
		slices.SortStableFunc(def.Fields, func(a, b *ast.FieldDefinition) int {
			return inTopics(fields.ForName(a.Name).Position, fields.ForName(b.Name).Position)
		})
	}
	slices.SortStableFunc(doc.Definitions, func(a, b *ast.Definition) int {
		return inTopics(source.Types[a.Name].Position, source.Types[b.Name].Position)
	})
	var kept ast.DirectiveDefinitionList
	for _, d := range doc.Directives {
		if d.Name != generatorDirective {
			kept = append(kept, d)
		}
	}
	doc.Directives = kept
	var text strings.Builder
	formatter.NewFormatter(&text).FormatSchemaDocument(doc)
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: text.String()})
	schema.Description = source.Description // the formatter leaves it out
	return schema, text.String()
})

// UploadLimit returns a function that counts an upload that starts without GraphQL against the limit of the mutation startUpload.
func UploadLimit(l *ratelimit.Limiter) (func(ctx context.Context, v viewer.Viewer) error, error) {
	return quota.FieldLimit(l, published(), "startUpload")
}

func without(list ast.DirectiveList) (rest ast.DirectiveList) {
	for _, d := range list {
		if d.Name != generatorDirective {
			rest = append(rest, d)
		}
	}
	return rest
}

// SDL is the schema as clients see it, in its own language. Types and fields are in the order of the topics. It declares @defer, which no specification does yet.
func SDL() string {
	schema, definitions := contract()
	var text strings.Builder
	fmt.Fprintf(&text, "\"\"\"\n%s\n\"\"\"\nschema {\n\tquery: Query\n\tmutation: Mutation\n\tsubscription: Subscription\n}\n%s\n", schema.Description, definitions)
	formatter.NewFormatter(&text, formatter.WithBuiltin()).
		FormatSchemaDocument(&ast.SchemaDocument{Directives: ast.DirectiveDefinitionList{schema.Directives["defer"]}})
	return spaced(text.String())
}

// endOfDefinition finds the last line of a definition.
var endOfDefinition = regexp.MustCompile(`(?m)^(\}|\) .*|(?:scalar|directive) .*[^(\n])\n+`)

// spaced returns a schema with descriptions of one line on one line, and with a blank line after each definition.
func spaced(sdl string) string {
	lines := strings.Split(sdl, "\n")
	var out []string
	inside := false // a description of several lines
	for i := 0; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) != quotes {
			out = append(out, lines[i])
			continue
		}
		if !inside && i+2 < len(lines) && strings.TrimSpace(lines[i+2]) == quotes && !strings.HasSuffix(lines[i+1], `"`) {
			out = append(out, lines[i]+strings.TrimSpace(lines[i+1])+quotes)
			i += 2
			continue
		}
		inside = !inside
		out = append(out, lines[i])
	}
	return strings.TrimRight(endOfDefinition.ReplaceAllString(strings.Join(out, "\n"), "$1\n\n"), "\n") + "\n"
}

// quotes begin and end a description.
const quotes = `"""`

// sdl is the schema as it is served, with its entity tag.
var sdl = sync.OnceValues(func() (body []byte, etag string) {
	body = []byte(SDL())
	return body, fmt.Sprintf(`"%x"`, sha256.Sum256(body))
})

// ServeSDL answers with the schema.
func ServeSDL(w http.ResponseWriter, r *http.Request) {
	body, etag := sdl()
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "no-cache")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(body) // a failure cannot be reported: the client is gone
}
