package querygen

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// known returns the value that the caller knows for a position, if any.
func (b *builder) known(s slot) (value, bool) {
	if s.argument.Object == "" { // a directive
		return value{}, false
	}
	v, ok := b.g.values(b.r, s.argument, s.typ)
	if !ok || v == nil && s.typ.NonNull {
		return value{}, false
	}
	return b.g.convert(reflect.ValueOf(v), s.typ), true
}

// convert returns a Go value as a literal of a type and as a JSON value. It panics if the value has no JSON type.
func (g *Generator) convert(v reflect.Value, t *ast.Type) value {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return value{text: "null"}
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		return g.convertList(v, t)
	case v.Kind() == reflect.Map:
		return g.convertMap(v, t)
	case v.Kind() == reflect.String:
		if def := g.schema.Types[t.Name()]; def != nil && def.Kind == ast.Enum {
			return value{text: v.String(), plain: v.String()}
		}
		return quoted(v.String())
	case v.Kind() == reflect.Bool:
		return value{text: strconv.FormatBool(v.Bool()), plain: v.Bool()}
	case v.CanInt():
		return number(v.Int())
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		return number(int64(v.Uint()))
	case v.CanFloat():
		return value{text: strconv.FormatFloat(v.Float(), 'g', -1, 64), plain: v.Float()}
	}
	panic(fmt.Sprintf("querygen: Values returned a %s for %s", v.Type(), t))
}

func (g *Generator) convertList(v reflect.Value, t *ast.Type) value {
	element := t
	if t.Elem != nil {
		element = t.Elem
	}
	texts, plain := make([]string, v.Len()), make([]any, v.Len())
	for i := range v.Len() {
		converted := g.convert(v.Index(i), element)
		texts[i], plain[i] = converted.text, converted.plain
	}
	return value{text: "[" + strings.Join(texts, ", ") + "]", plain: plain}
}

// convertMap converts the fields that the input object has, in the order of the schema.
func (g *Generator) convertMap(v reflect.Value, t *ast.Type) value {
	var texts []string
	plain := map[string]any{}
	for _, field := range g.schema.Types[t.Name()].Fields {
		child := v.MapIndex(reflect.ValueOf(field.Name).Convert(v.Type().Key()))
		if !child.IsValid() {
			continue
		}
		converted := g.convert(child, field.Type)
		texts, plain[field.Name] = append(texts, field.Name+": "+converted.text), converted.plain
	}
	return value{text: "{" + strings.Join(texts, ", ") + "}", plain: plain}
}

func number(n int64) value {
	return value{text: strconv.FormatInt(n, 10), plain: n}
}

func parseFloat(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return f
}
