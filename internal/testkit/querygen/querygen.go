// Package querygen generates random operations that are valid for a schema.
//
// An operation covers aliases, fields that merge, inline and named fragments, @skip and @include, variables, and literals of all
// input types. It passes the default rules of gqlparser by construction: no operation is generated and then rejected.
package querygen

import (
	"fmt"
	"math/rand/v2"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	defaultDepth  = 6
	defaultFields = 40
	// minLimit is the smallest limit that permits every root field: an object needs a field below it.
	minLimit = 2
)

// Options configures a Generator.
type Options struct {
	// Schema is the schema of the operations. It must include the prelude, as gqlparser.LoadSchema returns it.
	Schema *ast.Schema
	// Depth is the maximum nesting of fields. A root field has depth 1. 0 means 6; the minimum is 2.
	Depth int
	// Fields is the maximum number of fields of an operation. The fields of a fragment count once for each spread.
	// 0 means 40; the minimum is 2.
	Fields int
	// Introspection permits the root fields __schema and __type.
	Introspection bool
	// Values returns the value of an argument or input field that the caller knows, such as an ID, a cursor or a name.
	// It is called for a list, then for its elements; for an input object, then for its fields. With ok == false, the generator
	// makes up a value of type t. The value may be nil, bool, string, any integer or float, a slice, or a map with string keys.
	// A nil value for a non-null type counts as ok == false. A nil func returns no value.
	Values func(r *rand.Rand, argument Argument, t *ast.Type) (value any, ok bool)
	// Skip reports whether a field is never selected. A field of an interface is also skipped if it is skipped on one of the
	// implementations. A nil func skips no field.
	Skip func(object, field string) bool
}

// Argument identifies an argument of a field, or an input field below it.
type Argument struct {
	// Object is the type that the field is selected on. It may be an interface.
	Object string
	// Field is the name of the field.
	Field string
	// Name is the name of the argument. Names of input fields follow after dots, as in "filter.authorId".
	Name string
}

// Operation is a generated operation with its variables.
type Operation struct {
	// Query is the text of the document. It has one operation.
	Query string
	// Name is the name of the operation, empty if it is anonymous.
	Name string
	// Variables are the values of the variables as JSON types: nil, bool, int64, float64, string, []any and map[string]any.
	Variables map[string]any
}

// Generator generates operations. It is safe for concurrent use if each goroutine has its own *rand.Rand.
type Generator struct {
	schema  *ast.Schema
	types   map[string]*typeInfo
	depth   int
	fields  int
	values  func(r *rand.Rand, argument Argument, t *ast.Type) (any, bool)
	boolean *ast.Type
}

// New returns a generator. It reads the schema once.
func New(options Options) *Generator {
	g := &Generator{
		schema:  options.Schema,
		types:   indexTypes(options),
		depth:   limit(options.Depth, defaultDepth),
		fields:  limit(options.Fields, defaultFields),
		values:  options.Values,
		boolean: ast.NonNullNamedType("Boolean", nil),
	}
	if g.values == nil {
		g.values = func(*rand.Rand, Argument, *ast.Type) (any, bool) { return nil, false }
	}
	return g
}

// Query generates a query. The same state of r gives the same operation.
func (g *Generator) Query(r *rand.Rand) Operation {
	return g.Operation(r, ast.Query)
}

// Operation generates an operation of the given kind. A subscription has exactly one root field. Operation panics if the
// schema has no root type for the kind, or no field of Subscription that is not skipped.
func (g *Generator) Operation(r *rand.Rand, kind ast.Operation) Operation {
	root := g.root(kind)
	if root == nil {
		panic(fmt.Sprintf("querygen: the schema has no root type for %s", kind))
	}
	b := &builder{g: g, r: r, kind: kind, narrow: r.IntN(8) == 0}
	return b.operation(root)
}

func (g *Generator) root(kind ast.Operation) *ast.Definition {
	switch kind {
	case ast.Mutation:
		return g.schema.Mutation
	case ast.Subscription:
		return g.schema.Subscription
	default:
		return g.schema.Query
	}
}

func limit(value, otherwise int) int {
	if value == 0 {
		value = otherwise
	}
	return max(value, minLimit)
}
