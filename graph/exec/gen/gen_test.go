package gen

import (
	"bytes"
	"go/token"
	"go/types"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

var (
	intType    = types.Typ[types.Int]
	stringType = types.Typ[types.String]
	bytesType  = types.NewSlice(types.Typ[types.Byte])
)

func TestRejectedFields(t *testing.T) {
	runs := &codegen.Directive{
		Name:                "check",
		DirectiveDefinition: &ast.DirectiveDefinition{Locations: []ast.DirectiveLocation{ast.LocationFieldDefinition}},
	}
	skipped := &codegen.Directive{
		Name: "cost", DirectiveDefinition: runs.DirectiveDefinition, DirectiveConfig: config.DirectiveConfig{SkipRuntime: true},
	}
	nested := ast.ListType(ast.ListType(ast.NamedType("Int", nil), nil), nil)
	for _, test := range []struct {
		name, want string
		field      codegen.Field
		gql        *ast.Type
		goType     types.Type
	}{
		{name: "plain"},
		{name: "skipped directive", field: codegen.Field{Directives: []*codegen.Directive{skipped}}},
		{name: "directive", field: codegen.Field{Directives: []*codegen.Directive{runs}}, want: "directive @check runs code"},
		{name: "map", field: codegen.Field{GoFieldType: codegen.GoFieldMap}, want: "objects that are maps"},
		{name: "batch", field: codegen.Field{Batch: true}, want: "batch resolvers"},
		{name: "list", gql: nested.Elem, goType: types.NewSlice(intType)},
		{name: "pointer to a list", gql: nested.Elem, goType: types.NewPointer(types.NewSlice(intType))},
		{name: "nested list", gql: nested, goType: types.NewSlice(types.NewSlice(intType)), want: "lists of lists"},
		{name: "list of another type", gql: nested.Elem, goType: stringType, want: "must be a slice, not string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.gql == nil {
				test.gql, test.goType = ast.NamedType("Int", nil), intType
			}
			f := test.field
			f.FieldDefinition = &ast.FieldDefinition{Name: "f", Type: test.gql}
			f.TypeReference = &config.TypeReference{
				Definition: &ast.Definition{Kind: ast.Scalar, Name: "Int"}, GQL: test.gql, GO: test.goType, Target: intType,
				Marshaler: function(graphqlPath, "MarshalInt", results("Marshaler"), intType),
			}
			object := &codegen.Object{Definition: &ast.Definition{Name: "T"}, Fields: []*codegen.Field{&f}}
			f.Object = object
			tables := &tables{leaves: map[string]*leaf{}, values: map[string]*value{}}
			_, err := tables.object(object)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "T.f: ") || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want T.f: %s", err, test.want)
			}
		})
	}
}

func TestAppender(t *testing.T) {
	appendsText := function("p", "AppendText", types.NewTuple(variable(bytesType)), bytesType, stringType)
	for _, test := range []struct {
		name string
		ref  config.TypeReference
		want string // function or method
		err  string
	}{
		{name: "gqlgen's own", ref: config.TypeReference{Marshaler: function(graphqlPath, "MarshalID", results("Marshaler"), stringType)}, want: execPath + ".AppendString"},
		{name: "append function", ref: config.TypeReference{Marshaler: function("p", "MarshalText", results("Marshaler"), stringType, appendsText)}, want: "p.AppendText"},
		{name: "append function of another type", ref: config.TypeReference{Marshaler: function("p", "MarshalText", results("Marshaler"), intType, appendsText)}, want: execPath + ".AppendMarshaler"},
		{name: "no append function", ref: config.TypeReference{Marshaler: function("p", "MarshalText", results("Marshaler"), stringType)}, want: execPath + ".AppendMarshaler"},
		{name: "float with a context", ref: config.TypeReference{IsContext: true, Marshaler: function(graphqlPath, "MarshalFloatContext", results("Marshaler"), types.Typ[types.Float64])}, want: execPath + ".AppendFloat"},
		{name: "function with a context", ref: config.TypeReference{IsContext: true, Marshaler: function("p", "MarshalText", results("ContextMarshaler"), stringType)}, err: "p.MarshalText marshals with a context"},
		{name: "no marshaler", ref: config.TypeReference{GO: intType}, err: "int has no marshaler"},
		{name: "type", ref: config.TypeReference{IsMarshaler: true, GO: named("p", "T", intType)}, want: execPath + ".AppendMarshaler"},
		{name: "type with a context", ref: config.TypeReference{IsMarshaler: true, IsContext: true, GO: named("p", "T", intType)}, err: "p.T marshals with a context"},
		{name: "type that appends", ref: config.TypeReference{IsMarshaler: true, GO: named("p", "T", intType, "AppendGQL")}, want: ".AppendGQL"},
		{name: "pointer to a type that appends", ref: config.TypeReference{IsMarshaler: true, GO: types.NewPointer(named("p", "T", intType, "AppendGQL"))}, want: ".AppendGQL"},
		{name: "enum of the models", ref: config.TypeReference{IsMarshaler: true, GO: named("model", "Kind", stringType)}, want: execPath + ".AppendString"},
		{name: "enum outside the models", ref: config.TypeReference{IsMarshaler: true, GO: named("model", "Other", stringType)}, want: execPath + ".AppendMarshaler"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.ref.Definition = &ast.Definition{Kind: ast.Enum}
			tables := &tables{enums: map[string]bool{"model.Kind": true}}
			got, err := tables.appender(&test.ref)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("got %v, want %s", err, test.err)
				}
				return
			}
			if name := got.path + "." + got.function + got.method; err != nil || name != test.want {
				t.Errorf("got %s, %v, want %s", name, err, test.want)
			}
		})
	}
}

// TestAppendMatchesMarshal compares the functions of exec with the marshalers that they replace.
func TestAppendMatchesMarshal(t *testing.T) {
	check := func(got []byte, ok bool, marshaler graphql.Marshaler) {
		t.Helper()
		var want bytes.Buffer
		marshaler.MarshalGQL(&want)
		if string(got) != want.String() || ok != (marshaler != graphql.Null) {
			t.Errorf("got %s, %v, want %s", got, ok, &want)
		}
	}
	for _, s := range []string{"", "plain", "\"\\\n\r\t\x00\x1f\x7f", "图谱 🙂\u2028", "\xff<>&"} {
		check(exec.AppendString(nil, s), true, graphql.MarshalString(s))
		check(exec.AppendString(nil, s), true, graphql.MarshalID(s))
	}
	for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64} {
		check(exec.AppendInt(nil, n), true, graphql.MarshalInt64(n))
		check(exec.AppendInt(nil, int(n)), true, graphql.MarshalInt(int(n)))
		check(exec.AppendInt(nil, int32(n)), true, graphql.MarshalInt32(int32(n)))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 0.1, 1e-5, 123456, 1e6, 1234567, 1e20, 1e21, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		got, ok := exec.AppendFloat(nil, f)
		check(got, ok, graphql.MarshalFloat(f))
	}
	for _, f := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		got, ok := exec.AppendFloat(nil, f)
		check(got, ok, graphql.Null)
	}
	zone := time.FixedZone("", 5400)
	for _, at := range []time.Time{{}, time.Unix(0, 0).UTC(), time.Unix(1, 120).In(zone), time.Unix(1<<33, 999999999)} {
		got, ok := exec.AppendTime(nil, at)
		check(got, ok, graphql.MarshalTime(at))
	}
	for _, b := range []bool{true, false} {
		check(exec.AppendBool(nil, b), true, graphql.MarshalBoolean(b))
	}
}

// function returns a function with one result tuple and the parameters; siblings are declared in its package, too.
func function(path, name string, results *types.Tuple, params ...any) *types.Func {
	pkg := types.NewPackage(path, path)
	var list []*types.Var
	for _, param := range params {
		switch param := param.(type) {
		case types.Type:
			list = append(list, variable(param))
		case *types.Func:
			pkg.Scope().Insert(types.NewFunc(token.NoPos, pkg, param.Name(), param.Signature()))
		}
	}
	return types.NewFunc(token.NoPos, pkg, name, types.NewSignatureType(nil, nil, nil, types.NewTuple(list...), results, false))
}

func variable(t types.Type) *types.Var { return types.NewVar(token.NoPos, nil, "", t) }

// results returns the results of a marshaler.
func results(name string) *types.Tuple {
	return types.NewTuple(variable(named(graphqlPath, name, types.NewInterfaceType(nil, nil))))
}

// named returns a type with methods that append to a slice of bytes.
func named(path, name string, underlying types.Type, methods ...string) *types.Named {
	pkg := types.NewPackage(path, path)
	t := types.NewNamed(types.NewTypeName(token.NoPos, pkg, name, nil), underlying, nil)
	for _, method := range methods {
		receiver := types.NewVar(token.NoPos, pkg, "", t)
		signature := types.NewSignatureType(receiver, nil, nil, types.NewTuple(variable(bytesType)), types.NewTuple(variable(bytesType)), false)
		t.AddMethod(types.NewFunc(token.NoPos, pkg, method, signature))
	}
	return t
}
