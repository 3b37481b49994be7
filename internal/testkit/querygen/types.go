package querygen

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// typeInfo is what the generator needs to know about a composite type. All lists have a fixed order.
type typeInfo struct {
	// leaves are the fields without a selection set.
	leaves []*ast.FieldDefinition
	// composites are the fields with a selection set.
	composites []*ast.FieldDefinition
	// conditions are the types that a fragment may have here.
	conditions []*ast.Definition
}

func indexTypes(options Options) map[string]*typeInfo {
	var composite []*ast.Definition
	for _, def := range options.Schema.Types {
		if def.IsCompositeType() {
			composite = append(composite, def)
		}
	}
	slices.SortFunc(composite, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	types := make(map[string]*typeInfo, len(composite))
	for _, def := range composite {
		info := &typeInfo{}
		for _, field := range def.Fields {
			info.addField(options, def, field)
		}
		for _, other := range composite {
			if overlap(options.Schema, def, other) {
				info.conditions = append(info.conditions, other)
			}
		}
		types[def.Name] = info
	}
	return types
}

func (info *typeInfo) addField(options Options, parent *ast.Definition, field *ast.FieldDefinition) {
	switch {
	case skipped(options, parent, field.Name):
	case options.Schema.Types[field.Type.Name()].IsCompositeType():
		info.composites = append(info.composites, field)
	default:
		info.leaves = append(info.leaves, field)
	}
}

func skipped(options Options, parent *ast.Definition, field string) bool {
	if isIntrospection(field) {
		return !options.Introspection || options.Skip != nil && options.Skip(parent.Name, field)
	}
	if options.Skip == nil {
		return false
	}
	return options.Skip(parent.Name, field) ||
		slices.ContainsFunc(options.Schema.GetPossibleTypes(parent), func(def *ast.Definition) bool {
			return options.Skip(def.Name, field)
		})
}

// overlap reports whether an object can have both types.
func overlap(schema *ast.Schema, a, b *ast.Definition) bool {
	possible := schema.GetPossibleTypes(b)
	return slices.ContainsFunc(schema.GetPossibleTypes(a), func(def *ast.Definition) bool {
		return slices.Contains(possible, def)
	})
}

// isIntrospection reports whether a type or field belongs to introspection.
func isIntrospection(name string) bool {
	return strings.HasPrefix(name, "__")
}

// isIntrospectionList reports whether gqlparser limits the nesting of the field.
func isIntrospectionList(parent *ast.Definition, field string) bool {
	return isIntrospection(parent.Name) &&
		slices.Contains([]string{"fields", "interfaces", "possibleTypes", "inputFields"}, field)
}

// isComposite reports whether a field has a selection set.
func (g *Generator) isComposite(field *ast.FieldDefinition) bool {
	return g.schema.Types[field.Type.Name()].IsCompositeType()
}

// shape returns what two fields with one response name must have in common: lists and non-null, and the type of a leaf.
func (g *Generator) shape(field *ast.FieldDefinition) string {
	shape := field.Type.String()
	if g.isComposite(field) {
		return strings.Replace(shape, field.Type.Name(), "{}", 1)
	}
	return shape
}
