package exec_test

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

// schema is the schema of the tests: a library.
var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "library.graphql", Input: `
interface Node { id: ID! }
interface Titled { title: String! }
interface Written { author: Author! }
interface Edited { author: Author! editor: Author }
union Item = Author | Book
enum Genre { NOVEL ESSAY }

type Author implements Node {
  id: ID!
  name: String!
  bio: String
  email: String
  score: Int!
  books(first: Int! = 2): [Book!]!
  mentor: Author
}
type Book implements Node & Titled & Written & Edited {
  id: ID!
  title: String!
  genre: Genre
  year: Int!
  tags: [String!]!
  price: Float
  author: Author!
  editor: Author
  sequel: Book
  reviews(first: Int! = 2): [Review!]!
  sales: Int
  summary(length: Int! = 6, suffix: String): String!
}
type Review implements Node {
  id: ID!
  text: String!
  stars: Int!
  author: Author
  book: Book!
}
type Shelf implements Titled {
  title: String!
  books: [Book!]
  first: Book
}
type Library { name: String! motto: String shelves: [Shelf!]! highlights: [Item] shop: Book }
type Sale { sold: Int! book: Book }

type Query {
  greeting(loud: Boolean! = false): String!
  fragile: String
  library: Library!
  book(id: ID!): Book
  author(id: ID!): Author!
  books(first: Int! = 3): [Book!]!
  node(id: ID!): Node
  titled(id: ID!): Titled
  items(ids: [ID!]!): [Item]!
}
type Mutation {
  rename(id: ID!, title: String!): Book
  sell(id: ID!, count: Int! = 1): Sale!
}
type Subscription {
  ticks(count: Int!): Int!
  reviews(book: ID!): Review!
}`})

// tables returns the tables of the schema over a library that has faults.
func tables(x *faults, d *library) *exec.Schema {
	t := tableBuilder{x, d}
	s := &exec.Schema{Types: map[string]*exec.Type{}, Query: "Query", Mutation: "Mutation", Subscription: "Subscription"}
	for _, def := range schema.Types {
		switch {
		case strings.HasPrefix(def.Name, "__"):
		case def.Kind == ast.Object:
			s.Types[def.Name] = t.object(def)
		case def.IsAbstractType():
			s.Types[def.Name] = abstract(def)
		}
	}
	return s
}

// tableBuilder makes from the SDL and from the functions of the fields what a generator would write.
type tableBuilder struct {
	faults  *faults
	library *library
}

func (t tableBuilder) object(def *ast.Definition) *exec.Type {
	o := &exec.Type{Name: def.Name, Satisfies: []string{def.Name}, Fields: map[string]*exec.Field{}}
	for _, i := range schema.GetImplements(def) {
		o.Satisfies = append(o.Satisfies, i.Name)
	}
	for _, f := range def.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			o.Fields[f.Name] = t.field(def.Name+"."+f.Name, f)
		}
	}
	return o
}

func abstract(def *ast.Definition) *exec.Type {
	a := &exec.Type{Name: def.Name, Concrete: typeNameOf}
	for _, p := range schema.GetPossibleTypes(def) {
		a.Possible = append(a.Possible, p.Name)
	}
	return a
}

func (t tableBuilder) field(name string, def *ast.FieldDefinition) *exec.Field {
	f := &exec.Field{Name: def.Name, Type: exec.TypeRef{
		Name: def.Type.Name(), Leaf: schema.Types[def.Type.Name()].IsLeafType(), List: def.Type.Elem != nil,
		NonNull: def.Type.NonNull, ItemNonNull: def.Type.Elem != nil && def.Type.Elem.NonNull,
	}}
	if len(def.Arguments) > 0 {
		f.Args = converter(def.Arguments)
	}
	if read, ok := plain[name]; ok {
		t.plain(f, name, read)
		return f
	}
	if strings.HasPrefix(name, "Subscription.") {
		f.Stream = func(_ context.Context, args map[string]any) (func(context.Context) (any, bool), error) {
			if err := t.faults.strike(name, ""); err != nil {
				return nil, err
			}
			return t.library.stream(def.Name, args)
		}
	} else {
		f.Resolver = true
		f.Value = func(ctx context.Context, obj any, args map[string]any) (any, error) {
			return t.library.resolve(ctx, t.faults, name, obj, args)
		}
	}
	f.Encode = func(dst []byte, value any) ([]byte, bool) {
		_ = t.faults.strike(name+" encoding", "")
		return appendLeaf(dst, value)
	}
	return f
}

// plain makes a field that is read from a struct without a resolver.
func (t tableBuilder) plain(f *exec.Field, name string, read func(obj any) any) {
	f.Value = func(_ context.Context, obj any, _ map[string]any) (any, error) { return read(obj), nil }
	if !f.Type.Leaf {
		return
	}
	f.Encode = appendLeaf
	f.Append = func(dst []byte, obj any) ([]byte, bool) {
		_ = t.faults.strike(name, idOf(obj))
		return appendLeaf(dst, read(obj))
	}
}

// appendLeaf appends a value of one of the leaf types of the schema, null if it is the zero value of a nullable one.
func appendLeaf(dst []byte, value any) ([]byte, bool) {
	switch v := value.(type) {
	case string:
		return exec.AppendString(dst, v), true
	case int:
		return exec.AppendInt(dst, v), true
	case float64:
		return exec.AppendFloat(dst, v)
	case []string:
		dst = append(dst, '[')
		for i, s := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = exec.AppendString(dst, s)
		}
		return append(dst, ']'), true
	}
	return exec.AppendNull(dst)
}

var errNegative = errors.New("must not be negative")

// converter returns the conversion of the arguments of a field, as gqlgen generates it.
func converter(definitions ast.ArgumentDefinitionList) func(context.Context, map[string]any) (map[string]any, error) {
	return func(ctx context.Context, raw map[string]any) (map[string]any, error) {
		args := map[string]any{}
		for _, d := range definitions {
			v, err := graphql.ProcessArgField(ctx, raw, d.Name, func(ctx context.Context, v any) (any, error) {
				converted, err := convert(d.Type, v)
				return converted, graphql.ErrorOnPath(ctx, err)
			})
			if err != nil {
				return nil, err
			}
			args[d.Name] = v
		}
		return args, nil
	}
}

func convert(t *ast.Type, v any) (any, error) {
	switch {
	case v == nil:
		return "", nil
	case t.Elem != nil:
		return convertList(v)
	case t.NamedType == "Boolean":
		return graphql.UnmarshalBoolean(v)
	case t.NamedType != "Int":
		return graphql.UnmarshalString(v)
	}
	n, err := graphql.UnmarshalInt(v)
	switch {
	case n == 13:
		panic("13 is a bad number")
	case n < 0:
		return 0, errNegative
	}
	return n, err
}

func convertList(v any) (any, error) {
	var list []string
	for _, x := range graphql.CoerceList(v) {
		s, err := graphql.UnmarshalString(x)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}
