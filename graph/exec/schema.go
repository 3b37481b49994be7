package exec

import "context"

// Schema is the executable form of a GraphQL schema: its types by name. A generator writes it, see package gen.
type Schema struct {
	Types map[string]*Type

	// The names of the root types; empty if the schema has none.
	Query, Mutation, Subscription string
}

// Type is an object type, an interface or a union.
type Type struct {
	Name string

	// Satisfies lists the type conditions that an object of this type meets: its own name and those of its interfaces and
	// unions. It is empty for abstract types.
	Satisfies []string

	// Fields are the fields of an object type by name. It is nil for abstract types.
	Fields map[string]*Field

	// Possible lists the object types of an abstract type. It is empty for object types.
	Possible []string

	// Concrete returns the name of the object type of a value of an abstract type, empty if it has none. It is nil for
	// object types.
	Concrete func(value any) string
}

// Field is one field of an object type. Values of object types are pointers to structs wherever exec handles them.
type Field struct {
	Name string
	Type TypeRef

	// Args converts the arguments of a field, as they are after variables and defaults were applied, into the Go values
	// that Value and Stream read. It is nil for a field without arguments.
	Args func(ctx context.Context, raw map[string]any) (map[string]any, error)

	// Value returns the value of the field for one object; obj is nil for root fields. A null value is an untyped nil. An
	// object is a pointer to its struct and a list of objects is a []any of such pointers, nil where an item is null. A leaf,
	// or a list of leaves, has the Go type that Encode expects. It is nil for the fields of the subscription type.
	Value func(ctx context.Context, obj any, args map[string]any) (any, error)

	// Resolver reports whether Value calls a resolver, so that it needs a context and can fail.
	Resolver bool

	// Stream starts a subscription. The function that it returns blocks until the next event and returns false at the end
	// of the stream or of its context. Stream is nil for all other fields.
	Stream func(ctx context.Context, args map[string]any) (next func(ctx context.Context) (event any, ok bool), err error)

	// Encode appends the JSON of a value of a leaf type, or of a list of leaves. It returns false if the value, or an item that
	// must not be null, is null; it then has appended null. It is nil for fields of object types.
	Encode func(dst []byte, value any) ([]byte, bool)

	// Append is Value and Encode in one call, for leaves that are read from the struct without a resolver. It is nil for all
	// other fields.
	Append func(dst []byte, obj any) ([]byte, bool)
}

// TypeRef is the type of a field. Lists of lists are not supported.
type TypeRef struct {
	Name        string // of the named type
	Leaf        bool   // a scalar or an enum
	List        bool
	NonNull     bool // of the field
	ItemNonNull bool // of the items of a list
}
