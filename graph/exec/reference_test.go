package exec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

// maxFields is how many fields the reference resolves. It gives up an operation with more.
const maxFields = 50_000

// reference answers operations as the specification words it: depth-first, each field of each object by itself.
type reference struct {
	op      *graphql.OperationContext
	tables  *exec.Schema // for the conversion of arguments only
	library *library
	faults  *faults
	errors  []string // "path: message"
	fields  int      // resolved so far
	out     bytes.Buffer
}

// answer answers a query, a mutation, or one event of a subscription.
func (r *reference) answer(event any) answer {
	def := schema.Query
	switch r.op.Operation.Operation {
	case ast.Mutation:
		def = schema.Mutation
	case ast.Subscription:
		def = schema.Subscription
	}
	if !r.object(def, event, r.op.Operation.SelectionSet, nil) {
		r.out.Reset()
		r.out.WriteString("null")
	}
	return answer{r.out.String(), r.errors}
}

// stream answers all events of a subscription.
func (r *reference) stream() (answers []answer) {
	list := r.collect(schema.Subscription, r.op.Operation.SelectionSet, nil, map[string]bool{})
	if len(list) != 1 {
		return []answer{{"", []string{": must subscribe to exactly one stream"}}}
	}
	path := ast.Path{ast.PathName(list[0].alias)}
	args, ok := r.resolveArgs(list[0], path)
	if !ok {
		return []answer{{"", r.errors}}
	}
	events, err := r.library.stream(list[0].Name, args)
	if err != nil {
		r.report(path, err.Error())
		return []answer{{"", r.errors}}
	}
	for e, more := events(context.Background()); more; e, more = events(context.Background()) {
		r.out.Reset()
		r.errors = nil
		answers = append(answers, r.answer(event{e}))
	}
	return answers
}

// object writes an object. It returns false if a field of it is null and must not be.
func (r *reference) object(def *ast.Definition, obj any, set ast.SelectionSet, path ast.Path) bool {
	r.out.WriteByte('{')
	ok := true
	for i, f := range r.collect(def, set, nil, map[string]bool{}) {
		if i > 0 {
			r.out.WriteByte(',')
		}
		fmt.Fprintf(&r.out, "%q:", f.alias)
		ok = r.field(def, obj, f, append(slices.Clone(path), ast.PathName(f.alias))) && ok
	}
	r.out.WriteByte('}')
	return ok
}

// merged is a field with the selections of all places that select it.
type merged struct {
	alias string
	*ast.Field
	below ast.SelectionSet
}

// collect is CollectFields of the specification.
func (r *reference) collect(def *ast.Definition, set ast.SelectionSet, list []*merged, seen map[string]bool) []*merged {
	applies := func(name string) bool {
		return name == "" || slices.Contains(schema.GetPossibleTypes(schema.Types[name]), def)
	}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !r.included(s.Directives) {
				continue
			}
			at := slices.IndexFunc(list, func(m *merged) bool { return m.alias == s.Alias })
			if at < 0 {
				at, list = len(list), append(list, &merged{s.Alias, s, nil})
			}
			list[at].below = append(list[at].below, s.SelectionSet...)
		case *ast.InlineFragment:
			if r.included(s.Directives) && applies(s.TypeCondition) {
				list = r.collect(def, s.SelectionSet, list, seen)
			}
		case *ast.FragmentSpread:
			if r.included(s.Directives) && !seen[s.Name] {
				seen[s.Name] = true
				if applies(s.Definition.TypeCondition) {
					list = r.collect(def, s.Definition.SelectionSet, list, seen)
				}
			}
		}
	}
	return list
}

func (r *reference) included(list ast.DirectiveList) bool {
	for _, d := range list {
		if on := d.ArgumentMap(r.op.Variables)["if"]; d.Name == "skip" && on == true || d.Name == "include" && on == false {
			return false
		}
	}
	return true
}

// field writes the value of a field. It returns false if that is null and must not be.
func (r *reference) field(def *ast.Definition, obj any, f *merged, path ast.Path) bool {
	if r.fields++; r.fields > maxFields {
		return true
	}
	if f.Name == "__typename" {
		fmt.Fprintf(&r.out, "%q", def.Name)
		return true
	}
	name, start, t := def.Name+"."+f.Name, r.out.Len(), def.Fields.ForName(f.Name).Type
	value, ok := r.resolve(name, obj, f, path)
	if ok {
		ok = r.value(name, t, t, value, f, path)
	}
	if !ok {
		r.out.Truncate(start)
		r.out.WriteString("null")
	}
	return ok || !t.NonNull
}

// value writes a value of a type. It returns false if that is null.
func (r *reference) value(name string, of, t *ast.Type, value any, f *merged, path ast.Path) bool {
	if value == nil {
		if t.NonNull {
			r.reportNull(name, t, of != t, path)
		}
		return false
	}
	def := schema.Types[of.Name()]
	if t.Elem != nil && !def.IsLeafType() {
		return r.list(name, t, value.([]any), f, path)
	}
	if def.IsLeafType() {
		data, err := json.Marshal(value)
		r.out.Write(data)
		return err == nil
	}
	if def.IsAbstractType() {
		def = schema.Types[typeNameOf(value)]
	}
	return r.object(def, value, f.below, path)
}

func (r *reference) list(name string, t *ast.Type, list []any, f *merged, path ast.Path) bool {
	r.out.WriteByte('[')
	ok := true
	for i, item := range list {
		if i > 0 {
			r.out.WriteByte(',')
		}
		start := r.out.Len()
		if !r.value(name, t, t.Elem, item, f, append(slices.Clone(path), ast.PathIndex(i))) {
			r.out.Truncate(start)
			r.out.WriteString("null")
			ok = ok && !t.Elem.NonNull
		}
	}
	r.out.WriteByte(']')
	return ok
}

// resolve returns the value of a field. It returns false, and reports why, if that fails.
func (r *reference) resolve(name string, obj any, f *merged, path ast.Path) (value any, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r.report(path, fmt.Sprint("recovered: ", p))
			value, ok = nil, false
		}
	}()
	args, ok := r.resolveArgs(f, path)
	if !ok {
		return nil, false
	}
	value, err := r.valueOf(name, obj, args)
	if err != nil {
		r.report(path, err.Error())
		return nil, false
	}
	return value, true
}

// resolveArgs converts the arguments of a field. It returns false, and reports why, if that fails.
func (r *reference) resolveArgs(f *merged, path ast.Path) (args map[string]any, ok bool) {
	table := r.tables.Types[f.ObjectDefinition.Name].Fields[f.Name]
	if table == nil || table.Args == nil {
		return nil, true
	}
	defer func() {
		if p := recover(); p != nil {
			r.report(path, fmt.Sprint("recovered: ", p))
		}
	}()
	ctx := graphql.WithPathContext(context.Background(), graphql.NewPathWithField(""))
	args, err := table.Args(ctx, f.ArgumentMap(r.op.Variables))
	if err != nil {
		bad := graphql.DefaultErrorPresenter(ctx, err)
		r.report(append(slices.Clone(path), bad.Path[1:]...), bad.Message)
	}
	return args, err == nil
}

func (r *reference) report(path ast.Path, message string) {
	r.errors = append(r.errors, fmt.Sprintf("%s: %s", path, message))
}

// reportNull reports a null that is not allowed, unless the place has an error already.
func (r *reference) reportNull(name string, t *ast.Type, item bool, path ast.Path) {
	if slices.ContainsFunc(r.errors, func(e string) bool { return strings.HasPrefix(e, path.String()+": ") }) {
		return
	}
	of := ""
	if item {
		of = "element of "
	}
	r.report(path, fmt.Sprintf("cannot return null for non-null %sfield %s (%s)", of, name, t))
}
