package inputs

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/errs"
)

// nulls finds variables that are null in places where a value must be. Validation allows them there if the place has a default
// (https://spec.graphql.org/October2021/#sec-All-Variable-Usages-are-Allowed), which holds only for a variable that is absent.
type nulls struct {
	schema    *ast.Schema
	variables []string // that are null
	seen      []*ast.FragmentDefinition
}

// inSelection returns an error for the first such place in a selection, nil if there is none.
func (n *nulls) inSelection(set ast.SelectionSet) *gqlerror.Error {
	for _, s := range set {
		var err *gqlerror.Error
		switch s := s.(type) {
		case *ast.Field:
			if err = n.inArguments(s); err == nil {
				err = n.inSelection(s.SelectionSet)
			}
		case *ast.InlineFragment:
			err = n.inSelection(s.SelectionSet)
		case *ast.FragmentSpread:
			if s.Definition != nil && !slices.Contains(n.seen, s.Definition) {
				n.seen = append(n.seen, s.Definition)
				err = n.inSelection(s.Definition.SelectionSet)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (n *nulls) inArguments(f *ast.Field) *gqlerror.Error {
	if f.Definition == nil {
		return nil
	}
	for _, a := range f.Arguments {
		def := f.Definition.Arguments.ForName(a.Name)
		if def == nil {
			continue
		}
		if err := n.inValue(a.Value, place{def.Name, def.Type, def.DefaultValue}, ast.Path{ast.PathName(f.Alias), ast.PathName(a.Name)}); err != nil {
			return err
		}
	}
	return nil
}

// place is where a value is sent to: an argument, an input field or an entry of a list.
type place struct {
	name string
	typ  *ast.Type
	def  *ast.Value // nil: it has no default
}

func (n *nulls) inValue(v *ast.Value, at place, path ast.Path) *gqlerror.Error {
	switch v.Kind {
	case ast.Variable:
		if at.typ.NonNull && slices.Contains(n.variables, v.Raw) {
			return refuse(errs.BadUserInput, path, "%s must not be null: %s", at.name, n.remedy(v.Raw, at))
		}
	case ast.ListValue:
		for i, c := range v.Children {
			if at.typ.Elem == nil {
				return nil // validation refuses it
			}
			if err := n.inValue(c.Value, place{at.name, at.typ.Elem, nil}, append(path, ast.PathIndex(i))); err != nil {
				return err
			}
		}
	case ast.ObjectValue:
		def := n.schema.Types[at.typ.Name()]
		for _, c := range v.Children {
			f := def.Fields.ForName(c.Name)
			if f == nil {
				continue
			}
			if err := n.inValue(c.Value, place{f.Name, f.Type, f.DefaultValue}, append(path, ast.PathName(c.Name))); err != nil {
				return err
			}
		}
	}
	return nil
}

// remedy returns what the client can send instead.
func (n *nulls) remedy(variable string, at place) string {
	text := "set the variable $" + variable + " to a value"
	if def := n.schema.Types[at.typ.Name()]; def != nil && def.Kind == ast.Enum {
		text += " (" + names(def) + ")"
	}
	if at.def != nil {
		text += ", or leave it out of the variables for the default, " + at.def.String()
	}
	return text
}
