package gen

import (
	"fmt"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

// leaf is a function that appends the JSON of a scalar, an enum or a list of them.
type leaf struct {
	Ref     *config.TypeReference
	Elem    *leaf // of a pointer or a list
	Encoded bool  // a field needs the form for Field.Encode, too
	by      appender
}

// leaf returns the function for a type and adds it to the tables, with the functions that it calls.
func (t *tables) leaf(ref *config.TypeReference) (*leaf, error) {
	key := ref.UniquenessKey()
	if l := t.leaves[key]; l != nil {
		return l, nil
	}
	l := &leaf{Ref: ref}
	var err error
	if l.List() || l.Deref() {
		l.Elem, err = t.leaf(ref.Elem())
	} else {
		l.by, err = t.appender(ref)
	}
	if err != nil {
		return nil, err
	}
	t.leaves[key] = l
	t.Leaves = append(t.Leaves, l)
	return l, nil
}

// Append returns the name of the function.
func (l *leaf) Append() string { return "append" + l.Ref.UniquenessKey() }

// Encode returns the name of the function in the form of Field.Encode.
func (l *leaf) Encode() string { return "encode" + l.Ref.UniquenessKey() }

// List reports whether the function appends a list.
func (l *leaf) List() bool { return l.Ref.IsSlice() }

// Deref reports whether the function only follows a pointer: where gqlgen's marshal function does.
func (l *leaf) Deref() bool {
	ref := l.Ref
	return ref.IsPtrToSlice() || ref.IsPtrToIntf() || ref.IsPtrToPtr() && ref.Unmarshaler == nil && !ref.IsMarshaler
}

// CanBeNil reports whether the Go value can be nil, which is null.
func (l *leaf) CanBeNil() bool { return canBeNull(l.Ref) }

// Named reports whether the values of an enum have GraphQL names that the configuration of gqlgen maps.
func (l *leaf) Named() bool { return l.Ref.HasEnumValues() }

// Variable returns the Go value as the marshaler takes it.
func (l *leaf) Variable() string {
	switch {
	case l.by.self:
		return "v"
	case l.by.text && l.Ref.IsPtr():
		return "*v"
	case l.by.text:
		return "v"
	case l.Ref.IsTargetNilable() && !l.Ref.IsNilable():
		return "&v"
	case !l.Ref.IsTargetNilable() && l.Ref.IsNilable():
		return "*v"
	}
	return "v"
}

// Return returns the operands of the return statement that appends the value, or the name of an enum's value.
func (l *leaf) Return() string {
	argument := l.Variable()
	switch {
	case l.Named():
		argument = "n"
	case l.by.text:
		argument = "string(" + argument + ")"
	case l.Ref.CastType != nil:
		argument = templates.CurrentImports.LookupType(l.Ref.CastType) + "(" + argument + ")"
	}
	return l.by.call(argument)
}

// appender returns how a single value is appended.
func (t *tables) appender(ref *config.TypeReference) (appender, error) {
	switch {
	case ref.IsMarshaler && ref.IsContext:
		return appender{}, fmt.Errorf("%s marshals with a context, which is not supported", ref.GO)
	case ref.IsMarshaler && t.isModelEnum(ref):
		return appender{function: "AppendString", path: execPath, text: true}, nil
	case ref.IsMarshaler && hasAppendGQL(ref.GO):
		return appender{method: "AppendGQL", self: true}, nil
	case ref.IsMarshaler:
		return appender{function: "AppendMarshaler", path: execPath, null: true, self: true}, nil
	case ref.Marshaler == nil:
		return appender{}, fmt.Errorf("%s has no marshaler", ref.GO)
	}
	by := marshalerAppender(ref.Marshaler)
	if ref.IsContext && by.wrapped != nil {
		return appender{}, fmt.Errorf("%s marshals with a context, which is not supported", ref.Marshaler.FullName())
	}
	return by, nil
}
