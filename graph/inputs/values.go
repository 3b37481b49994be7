package inputs

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"

	"docsquare/internal/errs"
	"docsquare/internal/text/plaintext"
)

// oneOf is the directive of input objects that take exactly one field
// (https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects).
const oneOf = "oneOf"

// maxName is how many characters of an unknown key are repeated, and compared with the keys that exist.
const maxName = 100

// Explain returns what is wrong with the values that a client has sent for the variables of an operation, in the sentences of
// graphql-js. It returns nil if nothing is.
func Explain(schema *ast.Schema, op *ast.OperationDefinition, values map[string]any) *gqlerror.Error {
	for _, def := range op.VariableDefinitions {
		value, sent := values[def.Variable]
		v := variable{schema: schema, name: def.Variable}
		path := ast.Path{ast.PathName("variable"), ast.PathName(def.Variable)}
		switch required := def.Type.NonNull; {
		case !sent && required && def.DefaultValue == nil:
			return refuse(errs.BadUserInput, path, `Variable "$%s" of required type "%s" was not provided.`, def.Variable, def.Type)
		case !sent:
		case value == nil && required:
			return refuse(errs.BadUserInput, path, `Variable "$%s" of non-null type "%s" must not be null.`, def.Variable, def.Type)
		default:
			if err := v.check(def.Type, value, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// variable checks the value of one variable.
type variable struct {
	schema *ast.Schema
	name   string
}

// check returns why a value is none of a type, nil if it is one. Scalars of the schema check their values themselves.
func (v variable) check(t *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil {
		if t.NonNull {
			return v.invalid(path, value, `Expected non-nullable type "%s" not to be null.`, t)
		}
		return nil
	}
	if t.Elem != nil {
		list, ok := entries(value)
		if !ok {
			return v.check(t.Elem, value, path)
		}
		for i, entry := range list {
			if err := v.check(t.Elem, entry, with(path, ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	switch def := v.schema.Types[t.NamedType]; def.Kind {
	case ast.InputObject:
		return v.checkObject(def, value, path)
	case ast.Enum:
		return v.checkEnum(def, value, path)
	default:
		if reason := misfit(def.Name, value); reason != "" {
			return v.invalid(path, value, "%s", reason)
		}
		return nil
	}
}

// entries returns the values of a list. The validator makes a list of the type of its entry from a single value.
func entries(value any) ([]any, bool) {
	if list, ok := value.([]any); ok {
		return list, true
	}
	of := reflect.ValueOf(value)
	if of.Kind() != reflect.Slice {
		return nil, false
	}
	list := make([]any, of.Len())
	for i := range list {
		list[i] = of.Index(i).Interface()
	}
	return list, true
}

func (v variable) checkObject(def *ast.Definition, value any, path ast.Path) *gqlerror.Error {
	fields, ok := value.(map[string]any)
	if !ok {
		return v.invalid(path, value, `Expected type "%s" to be an object.`, def.Name)
	}
	for _, f := range def.Fields {
		field, sent := fields[f.Name]
		below := with(path, ast.PathName(f.Name))
		switch {
		case sent:
			if err := v.check(f.Type, field, below); err != nil {
				return err
			}
		case f.Type.NonNull && f.DefaultValue == nil:
			return blame(v.invalid(path, value, `Field "%s" of required type "%s" was not provided.`, f.Name, f.Type), below)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if def.Fields.ForName(name) == nil && name != "__typename" {
			name = plaintext.Shorten(name, maxName)
			return blame(v.invalid(path, value, `Field "%s" is not defined by type "%s".%s`, name, def.Name, suggestion(name, def)), with(path, ast.PathName(name)))
		}
	}
	if def.Directives.ForName(oneOf) == nil {
		return nil
	}
	return v.checkOneOf(def, fields, path)
}

func (v variable) checkOneOf(def *ast.Definition, fields map[string]any, path ast.Path) *gqlerror.Error {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(name string) bool { return name == "__typename" })
	if len(names) != 1 {
		return v.invalid(path, fields, `Exactly one key must be specified for OneOf type "%s". The keys are %s.`, def.Name, strings.Join(fieldNames(def), ", "))
	}
	if fields[names[0]] == nil {
		return v.invalid(with(path, ast.PathName(names[0])), nil, `Field "%s" must be non-null.`, names[0])
	}
	return nil
}

func (v variable) checkEnum(def *ast.Definition, value any, path ast.Path) *gqlerror.Error {
	name, ok := value.(string)
	if !ok {
		return v.invalid(path, value, `Enum "%s" cannot represent non-string value: %s.`, def.Name, shown(value))
	}
	if def.EnumValues.ForName(name) == nil {
		return v.invalid(path, value, `Value "%s" does not exist in "%s" enum. The values are %s.`, name, def.Name, names(def))
	}
	return nil
}

// misfit returns why a value is none of a scalar of GraphQL, empty if it is one, and for other scalars.
func misfit(scalar string, value any) string {
	number, isNumber := numberOf(value)
	_, isText := value.(string)
	_, isBoolean := value.(bool)
	whole := isNumber && !strings.ContainsAny(number, ".eE")
	switch {
	case scalar == "Int" && !whole:
		return "Int cannot represent non-integer value: " + shown(value)
	case scalar == "Int":
		if _, err := strconv.ParseInt(number, 10, 32); err != nil {
			return "Int cannot represent non 32-bit signed integer value: " + number
		}
	case scalar == "Float" && !isNumber:
		return "Float cannot represent non numeric value: " + shown(value)
	case scalar == "String" && !isText:
		return "String cannot represent a non string value: " + shown(value)
	case scalar == "Boolean" && !isBoolean:
		return "Boolean cannot represent a non boolean value: " + shown(value)
	case scalar == "ID" && !isText && !whole:
		return "ID cannot represent value: " + shown(value)
	}
	return ""
}

// numberOf returns a number as JSON writes it.
func numberOf(value any) (string, bool) {
	switch n := value.(type) {
	case json.Number:
		return n.String(), true
	case int, int32, int64:
		return fmt.Sprint(n), true
	case float64:
		return strconv.FormatFloat(n, 'g', -1, 64), true
	}
	return "", false
}

// invalid is the sentence of graphql-js for a value of a variable, with its reason.
func (v variable) invalid(path ast.Path, value any, reason string, args ...any) *gqlerror.Error {
	at := ""
	if inner := path[2:]; len(inner) > 0 { // after "variable" and the name
		at = fmt.Sprintf(` at "%s%s"`, v.name, printed(inner))
	}
	return refuse(errs.BadUserInput, path, `Variable "$%s" got invalid value %s%s; %s`, v.name, shown(value), at, fmt.Sprintf(reason, args...))
}

// blame moves an error of an object to one of its fields.
func blame(err *gqlerror.Error, path ast.Path) *gqlerror.Error {
	return refuse(errs.BadUserInput, path, "%s", err.Message)
}

// printed writes a path below a variable, such as ".tags[0]".
func printed(path ast.Path) string {
	var text strings.Builder
	for _, at := range path {
		if i, ok := at.(ast.PathIndex); ok {
			fmt.Fprintf(&text, "[%d]", i)
		} else {
			fmt.Fprintf(&text, ".%s", at)
		}
	}
	return text.String()
}

// shown writes a value into a sentence. It does not repeat what objects and lists contain: a password may be among it.
func shown(value any) string {
	switch value.(type) {
	case map[string]any:
		return "[Object]"
	case []any:
		return "[Array]"
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}

func suggestion(name string, def *ast.Definition) string {
	similar := core.SuggestionList(name, fieldNames(def))
	if len(similar) == 0 {
		return ""
	}
	return " Did you mean " + core.QuotedOrList(similar...) + "?"
}

func fieldNames(def *ast.Definition) []string {
	list := make([]string, len(def.Fields))
	for i, f := range def.Fields {
		list[i] = f.Name
	}
	return list
}

// with returns a longer path, and leaves the path itself as it is.
func with(path ast.Path, at ast.PathElement) ast.Path { return append(slices.Clip(path), at) }
