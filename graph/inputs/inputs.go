// Package inputs reads the variables of operations by the GraphQL specification, where the library is laxer or stricter than it:
// numbers such as 5.0 are whole, and the names of enum values are exact.
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
func (*Extension) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	for name, value := range params.Variables {
		params.Variables[name] = whole(value)
	}
	return nil
}

// MutateOperationContext refuses variables that are no values of their types, and introspection where it is off.
func (x *Extension) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
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
		if err := x.check(v.Type, value, ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}); err != nil {
			return err
		}
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

// check returns why a value is none of a type, nil if it is one. What the library has checked already is not checked again.
func (x *Extension) check(t *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil {
		return nil
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			return x.check(t.Elem, value, path)
		}
		for i, v := range list {
			if err := x.check(t.Elem, v, append(path, ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	switch def := x.schema.Types[t.NamedType]; {
	case def.Kind == ast.Enum:
		if name, ok := value.(string); !ok || def.EnumValues.ForName(name) == nil {
			return refuse(errs.BadUserInput, path, "this is not a value of %s: the values are %s", def.Name, names(def))
		}
	case def.Kind == ast.InputObject:
		fields, _ := value.(map[string]any)
		for _, f := range def.Fields {
			if err := x.check(f.Type, fields[f.Name], append(path, ast.PathName(f.Name))); err != nil {
				return err
			}
		}
	case def.Name == "Int":
		if _, text := value.(string); text {
			return refuse(errs.BadUserInput, path, "an Int is a number, not a text: send it without quotation marks")
		}
	}
	return nil
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
