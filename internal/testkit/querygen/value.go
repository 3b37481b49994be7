package querygen

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// maxValueNesting is how deep lists and input objects nest before only required fields are given.
const maxValueNesting = 3

// slot is a position for a value.
type slot struct {
	argument Argument
	typ      *ast.Type
	// hasDefault reports whether the argument or input field has a default other than null.
	hasDefault bool
	// oneOf reports whether the position is a field of a oneOf input object, where a variable must be non-null.
	oneOf bool
	// constant forbids variables.
	constant bool
	nesting  int
}

// value is a value as a literal and, if it has no variables, as a JSON value.
type value struct {
	text  string
	plain any
}

// value generates a literal or a variable.
func (b *builder) value(s slot) value {
	if !s.constant && b.chance(35) {
		return value{text: "$" + b.variable(s).name}
	}
	return b.literal(s)
}

// literal generates a literal. Lists and input objects may have variables inside.
func (b *builder) literal(s slot) value {
	if !s.typ.NonNull && b.chance(8) {
		return value{text: "null"}
	}
	if known, ok := b.known(s); ok {
		return known
	}
	if s.typ.Elem != nil {
		return b.list(s)
	}
	switch def := b.g.schema.Types[s.typ.NamedType]; def.Kind {
	case ast.Enum:
		name := pick(b.r, def.EnumValues).Name
		return value{text: name, plain: name}
	case ast.InputObject:
		return b.inputObject(s, def)
	default:
		return b.scalar(s)
	}
}

// list generates a list, or rarely a single value in its place.
func (b *builder) list(s slot) value {
	s.typ = s.typ.Elem
	s.hasDefault, s.oneOf = false, false
	s.nesting++
	if s.typ.Elem == nil && b.chance(5) {
		return b.single(s)
	}
	length := b.r.IntN(4)
	if s.nesting > maxValueNesting {
		length = 0
	}
	texts, plain := make([]string, length), make([]any, length)
	for i := range length {
		element := b.value(s)
		texts[i], plain[i] = element.text, element.plain
	}
	return value{text: "[" + strings.Join(texts, ", ") + "]", plain: plain}
}

// single generates an element that input coercion wraps into a list.
func (b *builder) single(s slot) value {
	element := *s.typ
	element.NonNull = true
	s.typ = &element
	return b.literal(s)
}

func (b *builder) inputObject(s slot, def *ast.Definition) value {
	fields, oneOf := b.inputFields(s, def)
	texts, plain := make([]string, len(fields)), make(map[string]any, len(fields))
	for i, field := range fields {
		argument := s.argument
		argument.Name += "." + field.Name
		typ := *field.Type
		typ.NonNull = typ.NonNull || oneOf
		v := b.value(slot{
			argument: argument, typ: &typ, hasDefault: hasDefault(field.DefaultValue), oneOf: oneOf,
			constant: s.constant, nesting: s.nesting + 1,
		})
		texts[i], plain[field.Name] = field.Name+": "+v.text, v.plain
	}
	b.r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	return value{text: "{" + strings.Join(texts, ", ") + "}", plain: plain}
}

// inputFields returns the fields to give, and whether the type is a oneOf input object.
func (b *builder) inputFields(s slot, def *ast.Definition) (fields ast.FieldList, oneOf bool) {
	if def.Directives.ForName("oneOf") != nil {
		return ast.FieldList{pick(b.r, def.Fields)}, true
	}
	for _, field := range def.Fields {
		if isRequired(field.Type, field.DefaultValue) || s.nesting < maxValueNesting && b.chance(45) {
			fields = append(fields, field)
		}
	}
	return fields, false
}

func (b *builder) scalar(s slot) value {
	switch s.typ.NamedType {
	case "Int":
		return number(b.integer(s.argument.Name))
	case "Float":
		f := pick(b.r, []string{"0", "3", "-0.25", "1.5", "1e3", "6.02E+23"})
		return value{text: f, plain: parseFloat(f)}
	case "Boolean":
		yes := b.chance(50)
		return value{text: fmt.Sprint(yes), plain: yes}
	case "ID":
		if b.chance(15) {
			return number(b.r.Int64N(1000))
		}
		return b.text()
	case "String":
		return b.text()
	default:
		return b.customScalar(s.typ.NamedType)
	}
}

// customScalar generates a value for the names that are in common use, and a string for others.
func (b *builder) customScalar(name string) value {
	switch name {
	case "Int64", "Long", "BigInt":
		return number(b.r.Int64N(1 << 40))
	case "Time", "DateTime", "Timestamp":
		return quoted(pick(b.r, []string{"2024-02-29T23:59:59Z", "2025-01-01T08:00:00.123456+08:00"}))
	case "Date":
		return quoted(pick(b.r, []string{"2024-02-29", "2026-03-01", "2026-03-02"}))
	default:
		return b.text()
	}
}

// integer generates an Int. The name of the argument decides on its range: page sizes are small.
func (b *builder) integer(name string) int64 {
	switch name {
	case "first", "last", "limit":
		if b.chance(8) {
			return pick(b.r, []int64{0, 101, -1})
		}
		return 1 + b.r.Int64N(5)
	default:
		if b.chance(5) {
			return pick(b.r, []int64{1<<31 - 1, -1 << 31})
		}
		return b.r.Int64N(25) - 4
	}
}
