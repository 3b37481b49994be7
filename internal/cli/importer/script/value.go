// Package script reads the settings that a file in JavaScript, TypeScript or JSON has, without running it. What is written out is read; what the
// file computes is known to be computed. No library of Go gives a syntax tree of TypeScript without a compiler in C or a second program.
package script

import (
	"cmp"
	"slices"

	"docsquare/internal/text/frontmatter"
)

// Kind is the kind of a Value.
type Kind int

// The kinds of values.
const (
	Computed Kind = iota // the value of an expression, which is not known
	Text                 // a string, a number, true, false, null or undefined
	List
	Object
)

// Value is a value in a script.
type Value struct {
	Kind   Kind
	Text   string  // as it is written; of a computed value, the name that it is alone
	Quoted bool    // the text is a string
	Items  []Value // of a list; of other values, those within its expressions
	Fields []Field // of an object
}

// Field is a property of an object. It is without a name if that is computed, or if other properties are spread there.
type Field struct {
	Name  string
	Value Value
}

// spread is the name of a field that has the properties of another object, and the text of an item of a list that has the items of another one.
const spread = "..."

// Get returns the property of an object. It returns false if there is none.
func (v Value) Get(name string) (Value, bool) {
	for _, f := range slices.Backward(v.Fields) {
		if f.Name == name {
			return f.Value, true
		}
	}
	return Value{}, false
}

// Empty reports whether a value is false, null, undefined, zero, or an empty string, list or object.
func (v Value) Empty() bool {
	switch v.Kind {
	case Text:
		return v.Text == "" || !v.Quoted && (v.Text == "false" || v.Text == "null" || v.Text == "undefined" || v.Text == "0")
	case List:
		return len(v.Items) == 0
	case Object:
		return len(v.Fields) == 0
	}
	return false
}

// Open reports whether an object has properties whose names are not known.
func (v Value) Open() bool {
	for _, f := range v.Fields {
		if f.Name == "" {
			return true
		}
	}
	return v.Kind != Object
}

// Texts returns the strings of a list, or the string that a value is. It returns false if there is anything else.
func (v Value) Texts() (all []string, ok bool) {
	switch {
	case v.Kind == Text && v.Quoted:
		return []string{v.Text}, true
	case v.Kind == List:
		for _, item := range v.Items {
			if item.Kind != Text || !item.Quoted {
				return nil, false
			}
			all = append(all, item.Text)
		}
		return all, true
	}
	return nil, v.Kind == Text && v.Empty()
}

// Label returns a string, or the only string in an expression, such as that of require.resolve('x'); empty for other values.
func (v Value) Label() string {
	if v.Kind == Text && v.Quoted {
		return v.Text
	}
	label := ""
	for _, item := range v.Items {
		within := item.Label()
		if v.Kind != Computed || item.Kind == Object || within != "" && label != "" {
			return ""
		}
		label = cmp.Or(within, label)
	}
	return label
}

// Place is where a value is in a script.
type Place struct {
	Name   string // of the property; empty for an item of a list
	Owner  string // the property that has the object or list; empty: none
	Before string // the last string before the object or value in the list that has it
	Object Value  // that has the property
}

// Walk visits the properties of all objects, and the items of all lists, in their order.
func (v Value) Walk(visit func(Place, Value)) { v.walk(Place{}, visit) }

func (v Value) walk(at Place, visit func(Place, Value)) {
	before := at.Before
	if v.Kind == List {
		before = ""
	}
	for _, item := range v.Items {
		place := Place{Owner: at.Owner, Before: before}
		if v.Kind == List {
			visit(place, item)
			before = cmp.Or(item.Label(), before)
		}
		item.walk(place, visit)
	}
	for _, f := range v.Fields {
		visit(Place{Name: f.Name, Owner: at.Owner, Before: at.Before, Object: v}, f.Value)
		f.Value.walk(Place{Owner: f.Name}, visit)
	}
}

// Of returns settings in YAML or TOML as those of a script.
func Of(v frontmatter.Value) Value {
	switch {
	case v.Map != nil:
		out := Value{Kind: Object}
		for key, value := range v.Map {
			out.Fields = append(out.Fields, Field{key, Of(value)})
		}
		return out
	case v.List != nil:
		out := Value{Kind: List}
		for _, item := range v.List {
			out.Items = append(out.Items, Of(item))
		}
		return out
	}
	is, isTruth := v.Bool()
	return Value{Kind: Text, Text: v.Text, Quoted: !isTruth || is}
}
