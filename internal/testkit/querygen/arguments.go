package querygen

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// arguments generates the arguments of a field, each as "name: value". Required arguments are always given.
func (b *builder) arguments(parent *ast.Definition, field *ast.FieldDefinition) []string {
	slicing := b.slicing(field)
	var arguments []string
	for _, def := range field.Arguments {
		given, decided := slicing[def.Name]
		if !decided {
			given = b.chance(40)
		}
		if !given && !isRequired(def.Type, def.DefaultValue) {
			continue
		}
		value := b.value(slot{
			argument:   Argument{Object: parent.Name, Field: field.Name, Name: def.Name},
			typ:        def.Type,
			hasDefault: hasDefault(def.DefaultValue),
		})
		arguments = append(arguments, def.Name+": "+value.text)
	}
	return arguments
}

// slicing decides which of the arguments first and last are given, for a field that has both. Both at once are rare.
func (b *builder) slicing(field *ast.FieldDefinition) map[string]bool {
	if field.Arguments.ForName("first") == nil || field.Arguments.ForName("last") == nil {
		return nil
	}
	n := b.r.IntN(100)
	return map[string]bool{"first": n < 60, "last": n >= 55 && n < 80}
}

// isRequired reports whether an argument or input field must be given.
func isRequired(t *ast.Type, defaultValue *ast.Value) bool {
	return t.NonNull && defaultValue == nil
}

// hasDefault reports whether a nullable variable may be used for a non-null type.
func hasDefault(defaultValue *ast.Value) bool {
	return defaultValue != nil && defaultValue.Kind != ast.NullValue
}
