package querygen

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// variable is a variable of the operation. It is declared when it is first used.
type variable struct {
	name string
	typ  *ast.Type
	// defaultText is the default as a literal, empty if there is none.
	defaultText string
	// given reports whether a value is sent.
	given bool
	value any
	// key is equal for the positions that may share the variable.
	key string
}

func (v *variable) definition() string {
	text := "$" + v.name + ": " + v.typ.String()
	if v.defaultText != "" {
		text += " = " + v.defaultText
	}
	return text
}

// variable returns a variable for a position, a new one or one that is used already.
func (b *builder) variable(s slot) *variable {
	key := b.variableKey(s)
	var shared []*variable
	for _, v := range b.variables {
		if v.key == key {
			shared = append(shared, v)
		}
	}
	if len(shared) > 0 && b.chance(50) {
		return pick(b.r, shared)
	}
	v := b.newVariable(s)
	v.key = key
	b.variables = append(b.variables, v)
	return v
}

// variableKey returns a key of the type and the name of the argument. If the caller knows values for the argument, the key
// includes the object and the field.
func (b *builder) variableKey(s slot) string {
	argument := s.argument
	if _, known := b.known(s); !known {
		argument.Object, argument.Field = "", ""
	}
	return fmt.Sprint(argument, s.typ, s.hasDefault, s.oneOf)
}

// newVariable returns a variable with a type that is permitted at the position. A variable for a non-null type is never null,
// but it may be nullable if it or the position has a default.
func (b *builder) newVariable(s slot) *variable {
	withDefault := b.chance(35)
	nonNull := b.chance(25)
	if s.typ.NonNull {
		nonNull = s.oneOf || (!withDefault && !s.hasDefault) || b.chance(40)
	}
	declared, value := *s.typ, *s.typ
	declared.NonNull = nonNull
	value.NonNull = nonNull || s.typ.NonNull

	s.constant, s.typ = true, &value
	v := &variable{name: b.newName("v"), typ: &declared}
	if withDefault {
		v.defaultText = b.literal(s).text
	}
	omittable := withDefault || !nonNull
	if v.given = !omittable || b.chance(65); v.given {
		v.value = b.literal(s).plain
	}
	return v
}
