package gen

import (
	"errors"
	"strings"

	"github.com/99designs/gqlgen/codegen"
)

// field is one field of an object type.
type field struct {
	*codegen.Field
	Leaf   *leaf // nil for objects
	tables *tables
}

func (t *tables) field(source *codegen.Field) (*field, error) {
	f := &field{Field: source, tables: t}
	if err := errors.Join(checkField(source), checkRef(source.TypeReference)); err != nil {
		return nil, err
	}
	if source.TypeReference.Definition.IsLeafType() {
		var err error
		if f.Leaf, err = t.leaf(source.TypeReference); err != nil {
			return nil, err
		}
		f.Leaf.Encoded = true
	}
	if !source.TypeReference.IsRoot {
		f.Expr("") // adds the functions that the template needs
	}
	return f, nil
}

// checkField rejects fields that gqlgen resolves in a way that no table has.
func checkField(f *codegen.Field) error {
	var errs []error
	if directives := f.ImplDirectives(); len(directives) > 0 {
		errs = append(errs, errors.New("directive @"+directives[0].Name+" runs code, which is not supported: set skip_runtime"))
	}
	if f.IsMap() {
		errs = append(errs, errors.New("objects that are maps are not supported: bind the type to a struct"))
	}
	if f.IsBatch() {
		errs = append(errs, errors.New("batch resolvers are not supported"))
	}
	if f.UsesSubscriptionContext() {
		errs = append(errs, errors.New("contexts of events are not supported"))
	}
	return errors.Join(errs...)
}

// Fails reports whether the field needs a context or can fail.
func (f *field) Fails() bool {
	return f.IsResolver || f.IsMethod() && (f.MethodHasContext || !f.NoErr && !f.VOkFunc)
}

// OnObject reports whether the field is a variable or a method of its object, or a resolver that reads the object.
func (f *field) OnObject() bool { return !f.Object.Root && f.GoReceiverName == "obj" }

// Plain reports whether the field is a variable, or a method without arguments, that always has a value.
func (f *field) Plain() bool {
	if f.IsResolver || f.HasHaser || !f.OnObject() {
		return false
	}
	return f.IsVariable() || f.IsMethod() && f.NoErr && !f.MethodHasContext && len(f.Args) == 0
}

// ItemNonNull reports whether the items of a list must not be null.
func (f *field) ItemNonNull() bool { return f.Type.Elem != nil && f.Type.Elem.NonNull }

// Call returns the call of the resolver or the method, with args in place of the arguments in gqlgen's context.
func (f *field) Call() string {
	call := f.GoReceiverName + "." + f.GoFieldName + "(" + f.CallArgs() + ")"
	if f.IsResolver {
		call = "ec.Resolvers." + f.ShortInvocation()
	}
	return strings.ReplaceAll(call, "fc.Args[", "args[")
}

// Expr returns the value of the field as exec expects it; variable holds the Go value and is addressable.
func (f *field) Expr(variable string) string { return f.tables.expr(f.TypeReference, variable) }
