package querygen_test

import (
	"slices"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"
)

// allFeatures returns the features that the operations of TestCoverage must have.
func allFeatures() []string {
	features := []string{
		"anonymous operation", "short form", "nesting up to Depth", "several root fields",
		"__typename", "alias", "alias is the name of another field",
		"same field, other arguments", "same field, same arguments, merged", "same name, other field, other type",
		"named fragment on object", "named fragment on interface", "named fragment spread several times",
		"named fragment spread at several depths", "named fragment in named fragment",
		"inline fragment with type condition", "inline fragment without type condition",
		"argument default used", "argument default overridden",
		"first and last", "small page size", "page size 0", "page size 101",
		"variable with default", "variable without default", "variable null", "variable null by default",
		"variable omitted, default used", "variable omitted, nullable", "variable of input object", "variable of list",
		"nullable variable for non-null type", "non-null variable for nullable type",
		"variable in argument", "variable in input object", "variable in list",
		"literal int", "literal boolean", "literal null", "literal enum", "literal list", "literal input object",
		"literal string", "literal block string", "literal single value for list",
		"string with Chinese", "string with emoji", "string with escapes", "Unicode escape with braces", "Unicode escape with surrogates",
	}
	for _, on := range []string{"field", "inline fragment", "spread"} {
		for _, directive := range []string{"@skip", "@include"} {
			features = append(features, directive+" with literal on "+on, directive+" with variable on "+on)
		}
		features = append(features, "@skip and @include on "+on)
	}
	return features
}

func (c *coverage) addVariable(v *ast.VariableDefinition, given any, ok bool) {
	c.count("variable with default", v.DefaultValue != nil)
	c.count("variable without default", v.DefaultValue == nil)
	c.count("variable null", ok && given == nil)
	c.count("variable null by default", v.DefaultValue != nil && v.DefaultValue.Kind == ast.NullValue)
	c.count("variable omitted, default used", !ok && v.DefaultValue != nil)
	c.count("variable omitted, nullable", !ok && v.DefaultValue == nil)
	c.count("variable of input object", v.Definition.Kind == ast.InputObject)
	c.count("variable of list", v.Type.Elem != nil)
}

func (c *coverage) addValue(v *ast.Value, in string) {
	switch v.Kind {
	case ast.Variable:
		c.count("variable in "+in, true)
		declared := v.VariableDefinition.Type.NonNull
		c.count("nullable variable for non-null type", !declared && v.ExpectedType.NonNull)
		c.count("non-null variable for nullable type", declared && !v.ExpectedType.NonNull)
		return
	case ast.ListValue:
		c.count("literal list", true)
		in = "list"
	case ast.ObjectValue:
		c.count("literal input object", true)
		in = "input object"
	default:
		c.addScalar(v)
	}
	for _, child := range v.Children {
		c.addValue(child.Value, in)
	}
}

func (c *coverage) addScalar(v *ast.Value) {
	kinds := map[ast.ValueKind]string{
		ast.IntValue: "int", ast.BooleanValue: "boolean", ast.NullValue: "null", ast.EnumValue: "enum",
		ast.StringValue: "string", ast.BlockValue: "block string",
	}
	c.count("literal "+kinds[v.Kind], true)
	c.count("literal single value for list", v.ExpectedType.Elem != nil && v.Kind != ast.NullValue)
	if v.Kind == ast.StringValue {
		c.count("string with Chinese", strings.ContainsFunc(v.Raw, func(r rune) bool { return unicode.Is(unicode.Han, r) }))
		c.count("string with emoji", strings.ContainsFunc(v.Raw, func(r rune) bool { return r >= 0x1f000 }))
		c.count("string with escapes", strings.ContainsAny(v.Raw, "\"\\\n\t\u0001"))
	}
}

// addMerges compares the fields of all selection sets that are merged into one object.
func (c *coverage) addMerges(set ast.SelectionSet) {
	all := collect(set)
	for i, a := range all {
		for _, b := range all[:i] {
			same := a.ObjectDefinition == b.ObjectDefinition && a.Name == b.Name
			equal := arguments(a) == arguments(b)
			c.count("same field, other arguments", same && !equal)
			c.count("same field, same arguments, merged", same && equal && a.Alias == b.Alias && len(a.SelectionSet) > 0)
			c.count("same name, other field, other type", a.Alias == b.Alias && a.Name != b.Name)
		}
		c.addMerges(a.SelectionSet)
	}
}

// collect returns the fields of a selection set and its fragments.
func collect(set ast.SelectionSet) []*ast.Field {
	var all []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			all = append(all, s)
		case *ast.InlineFragment:
			all = append(all, collect(s.SelectionSet)...)
		case *ast.FragmentSpread:
			all = append(all, collect(s.Definition.SelectionSet)...)
		}
	}
	return all
}

func arguments(f *ast.Field) string {
	var texts []string
	for _, a := range f.Arguments {
		texts = append(texts, a.Name+":"+a.Value.String())
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}
