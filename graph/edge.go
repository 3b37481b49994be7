package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/nodeid"
)

// An edge declares once how a field is loaded. The executor resolves it for all objects of a level (begin); the resolver of
// the field, which gqlgen's runtime calls for one object, loads the same by resolve.

// root is the parent of the fields of Query.
type root struct{}

// asked is the loaders of who asks, and the converted arguments of the field.
type asked struct {
	*loader.Set
	args map[string]any
}

// arg returns an argument, its zero value if it was not given.
func arg[T any](a asked, name string) T {
	value, _ := a.args[name].(T)
	return value
}

// declared is an edge, whatever its types are.
type declared interface {
	declare(into exec.Edges)
}

// setOf returns the loaders of the operation that a field belongs to.
func setOf(f *exec.Fetch) *loader.Set {
	s, _ := f.Env().(*loader.Set)
	return s
}

func askedOf(f *exec.Fetch) asked { return asked{setOf(f), f.Args()} }

func askedIn(ctx context.Context, args map[string]any) asked {
	return asked{operation.Loaders(ctx), args}
}

// isEarly reports whether an edge from P needs only the identifiers of its objects.
func isEarly[P any]() bool {
	_, early := any(*new(P)).(uuid.UUID)
	return early
}

// parents calls fn for each object of the level, as the P that the edge is declared for: the object itself, its identifier or
// the root.
func parents[P any](f *exec.Fetch, fn func(i int, p P)) {
	if ids, ok := f.IDs().(*[]P); ok {
		for i, id := range *ids {
			fn(i, id)
		}
		return
	}
	for i := range f.Len() {
		if p, ok := parentOf[P](f.Object(i)); ok {
			fn(i, p)
		}
	}
}

func parentOf[P any](object any) (p P, ok bool) {
	if p, ok = object.(P); ok {
		return p, true
	}
	if object == nil {
		p, ok = any(root{}).(P)
		return p, ok
	}
	if node, isNode := object.(nodeid.Node); isNode {
		p, ok = any(node.NodeID().UUID).(P)
	}
	return p, ok
}
