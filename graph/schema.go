package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/formatter"

	"docsquare/graph/generated"
)

// SDL is the schema as clients see it.
func SDL() string {
	var text strings.Builder
	formatter.NewFormatter(&text).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	return text.String()
}
