// Package inputs reads the variables of operations by the GraphQL specification, where the library is laxer or stricter than it:
// numbers such as 5.0 are whole, the names of enum values are exact, and inputs with @oneOf take exactly one field.
package inputs

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/errs"
)

// Extension checks variables before an operation runs. It is an extension of the handler; add it before those that charge.
type Extension struct {
	// Introspection lets clients ask for the schema.
	Introspection bool

	schema *ast.Schema
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = (*Extension)(nil)

// ExtensionName names the extension.
func (*Extension) ExtensionName() string { return "Inputs" }

// Validate takes the schema that variables are read by.
func (x *Extension) Validate(s graphql.ExecutableSchema) error {
	x.schema = s.Schema()
	return nil
}

// MutateOperationParameters writes whole numbers as such: JSON knows no difference between 5 and 5.0.
func (*Extension) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	for name, value := range params.Variables {
		params.Variables[name] = whole(value)
	}
	request.Of(ctx).Variables = params.Variables
	return nil
}

// MutateOperationContext refuses variables that are no values of their types, and introspection where it is off. Only the text and the
// values of declared variables remain of the request: a subscription keeps them while it runs.
func (x *Extension) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	request.Of(ctx).Variables, op.Extensions = nil, nil
	if !x.Introspection && introspects(op.Operation.SelectionSet) {
		return refuse(errs.Forbidden, nil, "this server does not show its schema: ask its operator for the file")
	}
	nulls := nulls{schema: x.schema}
	for _, v := range op.Operation.VariableDefinitions {
		value, ok := op.Variables[v.Variable]
		if !ok {
			continue
		}
		if value == nil {
			nulls.variables = append(nulls.variables, v.Variable)
		}
	}
	if err := Explain(x.schema, op.Operation, op.Variables); err != nil {
		return err
	}
	if len(nulls.variables) == 0 {
		return nil
	}
	return nulls.inSelection(op.Operation.SelectionSet)
}

// introspects reports whether an operation asks for the schema.
func introspects(set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				return true
			}
		case *ast.InlineFragment:
			if introspects(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && introspects(s.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// maxWhole is the largest number up to which every whole number is a float64.
const maxWhole = 1 << 53

// whole returns a value of JSON in which each whole number is written without a fraction. It changes lists and objects in place.
func whole(value any) any {
	switch v := value.(type) {
	case json.Number:
		if !strings.ContainsAny(string(v), ".eE") {
			return v
		}
		if f, err := v.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) <= maxWhole {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = whole(v[k])
		}
	}
	return value
}

func names(def *ast.Definition) string {
	list := make([]string, len(def.EnumValues))
	for i, v := range def.EnumValues {
		list[i] = v.Name
	}
	return strings.Join(list, ", ")
}

func refuse(code errs.Code, path ast.Path, format string, args ...any) *gqlerror.Error {
	err := gqlerror.ErrorPathf(path, format, args...)
	err.Extensions = map[string]any{"code": code}
	if len(path) > 0 {
		if name, ok := path[len(path)-1].(ast.PathName); ok {
			err.Extensions["field"] = string(name)
		}
	}
	return err
}
