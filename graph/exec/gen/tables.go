package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// tables is the data of the template.
type tables struct {
	ExecPath                      string
	Query, Mutation, Subscription string
	Objects                       []*object
	Abstracts                     []*abstract
	Leaves                        []*leaf
	Values                        []*value

	leaves map[string]*leaf
	values map[string]*value
	enums  map[string]bool // the enums of the models that gqlgen generates, by import path and name
}

// object is an object type.
type object struct {
	*codegen.Object
	Satisfies []string
	Fields    []*field
}

// abstract is an interface or a union.
type abstract struct {
	*codegen.Interface
	Possible []string
}

// newTables returns the tables of all types of a schema but those of introspection.
func newTables(data *codegen.Data) (*tables, error) {
	errs := []error{checkConfig(data)}
	enums, err := modelEnums(data.Config)
	if err != nil {
		return nil, err
	}
	t := &tables{
		ExecPath: execPath, Query: rootName(data.QueryRoot), Mutation: rootName(data.MutationRoot),
		Subscription: rootName(data.SubscriptionRoot),
		leaves:       map[string]*leaf{}, values: map[string]*value{}, enums: enums,
	}
	for _, source := range data.Objects {
		if strings.HasPrefix(source.Name, "__") {
			continue
		}
		object, err := t.object(source)
		t.Objects = append(t.Objects, object)
		errs = append(errs, err)
	}
	for _, name := range slices.Sorted(maps.Keys(data.Interfaces)) {
		t.Abstracts = append(t.Abstracts, newAbstract(data.Interfaces[name]))
	}
	return t, errors.Join(errs...)
}

// checkConfig rejects what applies to all fields of an operation and has no place in a table.
func checkConfig(data *codegen.Data) error {
	var errs []error
	if data.Config.UseFunctionSyntaxForExecutionContext {
		errs = append(errs, errors.New("use_function_syntax_for_execution_context is not supported"))
	}
	for _, location := range []ast.DirectiveLocation{
		ast.LocationField, ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription,
	} {
		for name := range data.AllDirectives.LocationDirectives(string(location)) {
			errs = append(errs, fmt.Errorf("directive @%s on %s runs code, which is not supported", name, location))
		}
	}
	return errors.Join(errs...)
}

func rootName(root *codegen.Object) string {
	if root == nil {
		return ""
	}
	return root.Name
}

func newAbstract(source *codegen.Interface) *abstract {
	a := &abstract{Interface: source}
	for _, implementor := range source.Implementors {
		if !slices.Contains(a.Possible, implementor.Name) {
			a.Possible = append(a.Possible, implementor.Name)
		}
	}
	slices.Sort(a.Possible)
	return a
}

func (t *tables) object(source *codegen.Object) (*object, error) {
	o := &object{Object: source, Satisfies: []string{source.Name}}
	for _, definition := range source.Implements {
		o.Satisfies = append(o.Satisfies, definition.Name)
	}
	slices.Sort(o.Satisfies[1:])
	var errs []error
	for _, f := range source.Fields {
		if f.IsReserved() {
			continue
		}
		field, err := t.field(f)
		if err != nil {
			err = fmt.Errorf("%s.%s: %w", source.Name, f.Name, err)
		}
		o.Fields = append(o.Fields, field)
		errs = append(errs, err)
	}
	return o, errors.Join(errs...)
}

// checkRef rejects types that no table can describe.
func checkRef(ref *config.TypeReference) error {
	switch list := ref.GQL.Elem; {
	case list == nil:
		return nil
	case list.Elem != nil:
		return errors.New("lists of lists are not supported")
	case !ref.IsSlice() && (!ref.IsPtrToSlice() || !ref.Elem().IsSlice()):
		return fmt.Errorf("the Go type of a list must be a slice, not %s", ref.GO)
	}
	return nil
}
