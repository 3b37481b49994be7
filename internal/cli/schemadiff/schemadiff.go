// Package schemadiff finds what a changed GraphQL schema breaks for clients of the released one. It judges
// the contract alone: additions are fine, and it does not see whether a field still does what it did.
package schemadiff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// BreakingText is Breaking for two schemas as text. It fails where one of them is no schema.
func BreakingText(released, present string) ([]string, error) {
	before, err := gqlparser.LoadSchema(&ast.Source{Name: "the released schema", Input: released})
	if err != nil {
		return nil, err
	}
	now, err := gqlparser.LoadSchema(&ast.Source{Name: "the present schema", Input: present})
	if err != nil {
		return nil, err
	}
	return Breaking(before, now), nil
}

// Breaking is a sentence for each change that may break a client, in the order of the names.
func Breaking(released, present *ast.Schema) []string {
	var d diff
	for _, name := range slices.Sorted(maps.Keys(released.Types)) {
		if was := released.Types[name]; !was.BuiltIn {
			d.compareType(was, present.Types[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(released.Directives)) {
		d.directive(released.Directives[name], present.Directives[name])
	}
	d.root("query", released.Query, present.Query)
	d.root("mutation", released.Mutation, present.Mutation)
	d.root("subscription", released.Subscription, present.Subscription)
	return d.found
}

type diff struct{ found []string }

func (d *diff) say(format string, args ...any) {
	d.found = append(d.found, fmt.Sprintf(format, args...))
}

func (d *diff) root(operation string, was, is *ast.Definition) {
	if was != nil && (is == nil || is.Name != was.Name) {
		d.say("The schema no longer has the %s type %s.", operation, was.Name)
	}
}

func (d *diff) compareType(was, is *ast.Definition) {
	if is == nil {
		d.say("The type %s was removed.", was.Name)
		return
	}
	if is.Kind != was.Kind {
		d.say("The type %s was %s and is %s.", was.Name, was.Kind, is.Kind)
		return
	}
	for _, name := range was.Interfaces {
		if !slices.Contains(is.Interfaces, name) {
			d.say("The type %s no longer implements %s.", was.Name, name)
		}
	}
	for _, name := range was.Types {
		if !slices.Contains(is.Types, name) {
			d.say("The union %s no longer has the member %s.", was.Name, name)
		}
	}
	for _, v := range was.EnumValues {
		if is.EnumValues.ForName(v.Name) == nil {
			d.say("The enum %s no longer has the value %s.", was.Name, v.Name)
		}
	}
	for _, f := range was.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue // introspection, which the parser adds to the root
		}
		d.field(was, f, is.Fields.ForName(f.Name))
	}
	if was.Kind == ast.InputObject {
		d.newInputFields(was, is)
	}
}

func (d *diff) field(of *ast.Definition, was, is *ast.FieldDefinition) {
	name := of.Name + "." + was.Name
	switch {
	case is == nil:
		d.say("The field %s was removed.", name)
	case of.Kind == ast.InputObject:
		d.input("The input field "+name, was.Type, is.Type, is.DefaultValue)
		d.defaults("The input field "+name, was.DefaultValue, is.DefaultValue)
	default:
		if !gives(was.Type, is.Type) {
			d.say("The field %s gave %s and gives %s.", name, was.Type, is.Type)
		}
		d.arguments("The field "+name, was.Arguments, is.Arguments)
	}
}

func (d *diff) arguments(of string, was, is ast.ArgumentDefinitionList) {
	for _, a := range was {
		now := is.ForName(a.Name)
		if now == nil {
			d.say("%s no longer takes the argument %s.", of, a.Name)
			continue
		}
		d.input(of+"'s argument "+a.Name, a.Type, now.Type, now.DefaultValue)
		d.defaults(of+"'s argument "+a.Name, a.DefaultValue, now.DefaultValue)
	}
	for _, a := range is {
		if was.ForName(a.Name) == nil && required(a.Type, a.DefaultValue) {
			d.say("%s requires the new argument %s.", of, a.Name)
		}
	}
}

func (d *diff) newInputFields(was, is *ast.Definition) {
	for _, f := range is.Fields {
		if was.Fields.ForName(f.Name) == nil && required(f.Type, f.DefaultValue) {
			d.say("The input %s requires the new field %s.", was.Name, f.Name)
		}
	}
}

// input compares what may be passed. A type that became non-null but has a default still breaks who passes null or a
// nullable variable.
func (d *diff) input(what string, was, is *ast.Type, fallback *ast.Value) {
	switch {
	case takes(was, is):
	case required(is, fallback) && !was.NonNull && takes(was, optional(is)):
		d.say("%s was optional and is required.", what)
	default:
		d.say("%s took %s and takes %s.", what, was, is)
	}
}

// defaults reports a default that went or changed: who leaves the value out would get another answer.
func (d *diff) defaults(what string, was, is *ast.Value) {
	if was != nil && (is == nil || was.String() != is.String()) {
		d.say("%s had the default %s and has %s.", what, was, shown(is))
	}
}

func shown(v *ast.Value) string {
	if v == nil {
		return "none"
	}
	return v.String()
}

func (d *diff) directive(was, is *ast.DirectiveDefinition) {
	if was.Position != nil && was.Position.Src != nil && was.Position.Src.BuiltIn {
		return
	}
	if is == nil {
		d.say("The directive @%s was removed.", was.Name)
		return
	}
	for _, l := range was.Locations {
		if !slices.Contains(is.Locations, l) {
			d.say("The directive @%s may no longer stand on %s.", was.Name, l)
		}
	}
	d.arguments("The directive @"+was.Name, was.Arguments, is.Arguments)
}

func required(t *ast.Type, fallback *ast.Value) bool { return t.NonNull && fallback == nil }

func optional(t *ast.Type) *ast.Type {
	o := *t
	o.NonNull = false
	return &o
}

// gives reports whether older clients understand the new type of a field: it may have become non-null.
func gives(was, is *ast.Type) bool {
	if was.NonNull && !is.NonNull || (was.Elem == nil) != (is.Elem == nil) {
		return false
	}
	if was.Elem != nil {
		return gives(was.Elem, is.Elem)
	}
	return was.NamedType == is.NamedType
}

// takes reports whether values from older clients still fit the new type of an input: it may have become nullable.
func takes(was, is *ast.Type) bool {
	if !was.NonNull && is.NonNull || (was.Elem == nil) != (is.Elem == nil) {
		return false
	}
	if was.Elem != nil {
		return takes(was.Elem, is.Elem)
	}
	return was.NamedType == is.NamedType
}
