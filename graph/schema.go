package graph

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"docsquare/graph/generated"
	"docsquare/graph/quota"
	"docsquare/internal/ratelimit"
	"docsquare/internal/viewer"
)

// generatorDirective is read by the code generator alone.
const generatorDirective = "goField"

// published is the schema as clients see it: that of the generated code, without what is for the generator alone.
var published = sync.OnceValue(func() *ast.Schema {
	var whole strings.Builder
	formatter.NewFormatter(&whole).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	doc, err := parser.ParseSchema(&ast.Source{Input: whole.String()})
	if err != nil {
		panic(err) // what the formatter writes can be read
	}
	for _, def := range doc.Definitions {
		for _, f := range def.Fields {
			f.Directives = without(f.Directives)
		}
	}
	var kept ast.DirectiveDefinitionList
	for _, d := range doc.Directives {
		if d.Name != generatorDirective {
			kept = append(kept, d)
		}
	}
	doc.Directives = kept
	var text strings.Builder
	formatter.NewFormatter(&text).FormatSchemaDocument(doc)
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: text.String()})
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

// SDL is the schema as clients see it, in its own language. It declares @defer, which no specification does yet.
func SDL() string {
	var text strings.Builder
	formatter.NewFormatter(&text).FormatSchema(published())
	text.WriteString("\n")
	formatter.NewFormatter(&text, formatter.WithBuiltin()).
		FormatSchemaDocument(&ast.SchemaDocument{Directives: ast.DirectiveDefinitionList{published().Directives["defer"]}})
	return text.String()
}

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
