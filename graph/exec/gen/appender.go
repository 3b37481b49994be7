package gen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

const graphqlPath = "github.com/99designs/gqlgen/graphql"

// appender is a function or a method that appends the JSON of one value to a slice.
type appender struct {
	path, function string
	method         string      // of the value, instead of a function
	wrapped        *types.Func // a marshaler of gqlgen, whose result the function takes
	null           bool        // it returns whether it appended a value or null
	text           bool        // it takes the value as a string
	self           bool        // it takes pointers and values alike
}

// call returns the operands of the return statement.
func (a appender) call(argument string) string {
	if a.method != "" {
		return argument + "." + a.method + "(dst), true"
	}
	if a.wrapped != nil {
		argument = templates.Call(a.wrapped) + "(" + argument + ")"
	}
	call := a.function + "(dst, " + argument + ")"
	if name := templates.CurrentImports.Lookup(a.path); name != "" {
		call = name + "." + call
	}
	if a.null {
		return call
	}
	return call + ", true"
}

// marshalerAppender returns the fastest known way to append what a marshaler function writes: a function of exec for
// the marshalers of gqlgen, AppendX of the package of MarshalX if it has one, or the marshaler itself.
func marshalerAppender(marshaler *types.Func) appender {
	if marshaler.Pkg().Path() == graphqlPath {
		switch marshaler.Name() {
		case "MarshalString", "MarshalID":
			return appender{path: execPath, function: "AppendString"}
		case "MarshalInt", "MarshalInt32", "MarshalInt64":
			return appender{path: execPath, function: "AppendInt"}
		case "MarshalBoolean":
			return appender{path: execPath, function: "AppendBool"}
		case "MarshalFloat", "MarshalFloatContext":
			return appender{path: execPath, function: "AppendFloat", null: true}
		case "MarshalTime":
			return appender{path: execPath, function: "AppendTime", null: true}
		}
	}
	if name, ok := strings.CutPrefix(marshaler.Name(), "Marshal"); ok {
		function, _ := marshaler.Pkg().Scope().Lookup("Append" + name).(*types.Func)
		if function != nil && appends(function.Signature(), marshaler.Signature().Params().At(0).Type()) {
			null := function.Signature().Results().Len() == 2
			return appender{path: function.Pkg().Path(), function: function.Name(), null: null}
		}
	}
	return appender{path: execPath, function: "AppendMarshaler", wrapped: marshaler, null: true}
}

// hasAppendGQL reports whether a type has the method AppendGQL(dst []byte) []byte.
func hasAppendGQL(t types.Type) bool {
	method, _, _ := types.LookupFieldOrMethod(t, true, nil, "AppendGQL")
	function, ok := method.(*types.Func)
	return ok && appends(function.Signature()) && function.Signature().Results().Len() == 1
}

// appends reports whether a signature takes a slice of bytes and values of the types, and returns such a slice, or such
// a slice and a bool.
func appends(signature *types.Signature, values ...types.Type) bool {
	bytes := types.NewSlice(types.Typ[types.Byte])
	params, results := signature.Params(), signature.Results()
	if params.Len() != 1+len(values) || !types.Identical(params.At(0).Type(), bytes) {
		return false
	}
	for i, value := range values {
		if !types.Identical(params.At(i+1).Type(), value) {
			return false
		}
	}
	switch results.Len() {
	case 1:
		return types.Identical(results.At(0).Type(), bytes)
	case 2:
		return types.Identical(results.At(0).Type(), bytes) && types.Identical(results.At(1).Type(), types.Typ[types.Bool])
	}
	return false
}

// isModelEnum reports whether the Go type is an enum that gqlgen generated: its JSON is its text.
func (t *tables) isModelEnum(ref *config.TypeReference) bool {
	goType := types.Unalias(ref.GO)
	if pointer, ok := goType.(*types.Pointer); ok {
		goType = types.Unalias(pointer.Elem())
	}
	named, ok := goType.(*types.Named)
	if !ok || ref.IsScalar() {
		return false
	}
	basic, ok := named.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String && t.enums[named.Obj().Pkg().Path()+"."+named.Obj().Name()]
}

// modelEnums returns the types of the file of models that gqlgen generates, by import path and name. Gqlgen has written
// the file before the plugin runs.
func modelEnums(cfg *config.Config) (map[string]bool, error) {
	if !cfg.Model.IsDefined() {
		return map[string]bool{}, nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), cfg.Model.Filename, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	enums := map[string]bool{}
	for _, declaration := range file.Decls {
		group, _ := declaration.(*ast.GenDecl)
		if group == nil {
			continue
		}
		for _, spec := range group.Specs {
			if declared, ok := spec.(*ast.TypeSpec); ok {
				enums[cfg.Model.ImportPath()+"."+declared.Name.Name] = true
			}
		}
	}
	return enums, nil
}
