package gen

import (
	"go/types"

	"github.com/99designs/gqlgen/codegen/config"
)

// value is a function that converts a Go value into what exec expects, see exec.Field.Value.
type value struct {
	Ref    *config.TypeReference
	elem   *config.TypeReference
	tables *tables
}

// Func returns the name of the function.
func (v *value) Func() string { return "value" + v.Ref.UniquenessKey() }

// CanBeNil reports whether a nil is null. A nil slice is an empty list where null is not allowed, as gqlgen has it.
func (v *value) CanBeNil() bool { return canBeNull(v.Ref) }

// Deref reports whether the Go type is a pointer to something that is not a struct.
func (v *value) Deref() bool { return !v.Ref.Definition.IsLeafType() && isIndirect(v.Ref) }

// List reports whether the value is a list of objects.
func (v *value) List() bool { return !v.Ref.Definition.IsLeafType() && v.Ref.IsSlice() }

// Item returns the value that a pointer points to, or one item of a list, as exec expects it.
func (v *value) Item(variable string) string { return v.tables.expr(v.elem, variable) }

// expr returns a Go expression for a value as exec expects it; variable holds the Go value and is addressable.
func (t *tables) expr(ref *config.TypeReference, variable string) string {
	leaf := ref.Definition.IsLeafType()
	switch {
	case leaf && !canBeNull(ref):
		return variable
	case leaf, ref.IsSlice(), isIndirect(ref):
		return t.value(ref).Func() + "(" + variable + ")"
	case ref.Definition.IsAbstractType():
		return "object" + ref.Definition.Name + "(" + variable + ")"
	case !ref.IsNilable():
		return "&" + variable
	}
	return t.value(ref).Func() + "(" + variable + ")"
}

// value returns the function for a type and adds it to the tables, with the functions that it calls.
func (t *tables) value(ref *config.TypeReference) *value {
	key := ref.UniquenessKey()
	if v := t.values[key]; v != nil {
		return v
	}
	v := &value{Ref: ref, tables: t}
	t.values[key] = v
	t.Values = append(t.Values, v)
	if v.Deref() || v.List() {
		v.elem = ref.Elem()
		v.Item("")
	}
	return v
}

// canBeNull reports whether a nil of the Go type is null.
func canBeNull(ref *config.TypeReference) bool {
	if ref.IsSlice() {
		return !ref.GQL.NonNull
	}
	return ref.IsNilable()
}

// isIndirect reports whether the Go type is a pointer to a slice, an interface or a pointer.
func isIndirect(ref *config.TypeReference) bool {
	if pointer, ok := ref.GO.(*types.Pointer); ok && ref.Definition.IsAbstractType() {
		return types.IsInterface(pointer.Elem())
	}
	return ref.IsPtrToSlice() || ref.IsPtrToIntf() || ref.IsPtrToPtr()
}
