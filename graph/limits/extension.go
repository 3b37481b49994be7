// Package limits bounds operations: bytes before parsing, then depth, aliases, root fields and cost. It computes them from the text in linear
// time, however fragments nest, before anything runs.
package limits

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/errs"
)

// Limits of an operation. The zero value of a limit is none.
type Limits struct {
	Bytes, Tokens, Depth, Aliases, RootFields, Cost int
	Comparisons                                     int // of fields with the same response name, which validation makes
	NameBytes                                       int // of a name in the text
}

// Default is the limits of the contract. Tokens are the parser's to count.
var Default = Limits{Bytes: 64 << 10, Tokens: 2000, Depth: 15, Aliases: 100, RootFields: 20, Cost: 5000, Comparisons: 100_000, NameBytes: 256}

// Extension refuses operations beyond its limits. It is an extension of the handler; add it before any other that looks at
// operations, and after those that find their texts.
type Extension struct {
	Limits
	Known func(ctx context.Context, text string) bool // whether a text was validated before; nil: none was
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = Extension{}

// ExtensionName names the extension.
func (Extension) ExtensionName() string { return "Limits" }

// Validate accepts every schema.
func (Extension) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a text that is too long to be kept, or that costs too much to validate.
func (g Extension) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if g.Known != nil && g.Known(ctx, params.Query) {
		return nil
	}
	if g.Bytes > 0 && len(params.Query) > g.Bytes {
		return refuse("the text of the operation has %d bytes, but %d are allowed: move values into variables", len(params.Query), g.Bytes)
	}
	long, names := g.names(params.Query)
	if long > 0 {
		return refuse("a name in the operation has %d bytes, but %d are allowed: choose a shorter one", long, g.NameBytes)
	}
	compared := g.compared(params.Query)
	if g.Comparisons > 0 && compared > g.Comparisons {
		return refuse("the operation selects fields of the same name too often: select each field once, or give aliases")
	}
	request.Of(ctx).Comparisons = compared + edits*names // by the validation that follows
	return nil
}

// MutateOperationContext measures the operation and refuses it where it passes a limit.
func (g Extension) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := measure{op: op, fragments: map[spread]size{}}
	s := m.of(op.Operation.SelectionSet, none)
	request.Of(ctx).Estimate = request.Estimate{Points: s.cost, Fixed: s.fixed}
	introspection := onlyIntrospects(op.Operation.SelectionSet)
	switch {
	case g.RootFields > 0 && s.fields > g.RootFields:
		return refuse("the operation has %d root fields, but %d are allowed: send several operations", s.fields, g.RootFields)
	case g.Depth > 0 && s.depth > g.Depth && !introspection:
		return refuse("the operation is %d levels deep, but %d are allowed: fetch the inner objects by node", s.depth, g.Depth)
	case g.Aliases > 0 && s.aliases > g.Aliases:
		return refuse("the operation has %d aliases, but %d are allowed", s.aliases, g.Aliases)
	case g.Cost > 0 && s.cost > g.Cost && !introspection:
		return refuse("the operation costs %d points, but %d are allowed: ask for smaller pages", s.cost, g.Cost)
	}
	return nil
}

func refuse(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": errs.CostLimitExceeded}
	return err
}

func onlyIntrospects(set ast.SelectionSet) bool {
	for _, s := range set {
		if f, ok := s.(*ast.Field); !ok || f.Name != "__schema" && f.Name != "__type" && f.Name != "__typename" {
			return false
		}
	}
	return true
}
