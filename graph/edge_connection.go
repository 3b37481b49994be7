package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/relay"
	"docsquare/internal/page"
)

// entries are the edges of a connection type to its entries: its nodes, its edges, and the node of each edge.
type entries[V any] struct {
	connection, edge string // the names of the types
	objects          *loader.Definition[uuid.UUID, V]
}

func (e entries[V]) declare(into exec.Edges) {
	loads := []string{e.objects.Name()}
	into[e.connection+".edges"] = exec.Edge{Begin: e.beginEdges}
	into[e.connection+".nodes"] = exec.Edge{Loaders: loads, Begin: e.beginNodes}
	into[e.edge+".node"] = exec.Edge{Loaders: loads, Begin: e.beginNode}
}

func (entries[V]) beginEdges(f *exec.Fetch) exec.Step {
	n := 0
	for i := range f.Len() {
		if c, ok := f.Object(i).(*relay.Connection); ok {
			n += len(c.Page.Entries)
		}
	}
	list := make([]relay.Edge, 0, n)
	for i := range f.Len() {
		c, ok := f.Object(i).(*relay.Connection)
		if !ok {
			continue
		}
		f.StartList(i)
		for _, x := range c.Page.Entries {
			list = append(list, relay.Edge{Entry: x, Order: c.Order})
			f.AddObject(i, &list[len(list)-1])
		}
	}
	return nil
}

func (e entries[V]) beginNodes(f *exec.Fetch) exec.Step {
	return loadNodes[*relay.Connection](f, e.objects)
}

func (e entries[V]) beginNode(f *exec.Fetch) exec.Step { return loadNode[*relay.Edge](f, e.objects) }

// loadNodes loads the entries of connections of type C.
func loadNodes[C interface{ Entries() []page.Entry }, V any](f *exec.Fetch, objects *loader.Definition[uuid.UUID, V]) exec.Step {
	children := exec.NewChildren(f, "", objects.In(setOf(f)))
	parents(f, func(i int, c C) {
		f.StartList(i)
		for _, x := range c.Entries() {
			children.Add(i, x.ID)
		}
	})
	return children.Load()
}

// loadNode loads the entries of edges of type E.
func loadNode[E interface{ ID() uuid.UUID }, V any](f *exec.Fetch, objects *loader.Definition[uuid.UUID, V]) exec.Step {
	children := exec.NewChildren(f, "", objects.In(setOf(f)))
	parents(f, func(i int, x E) { children.Set(i, x.ID()) })
	return children.Load()
}

// nodes returns the entries of a page, with the zero value for those that the viewer may not see.
func (e entries[V]) nodes(ctx context.Context, c *relay.Connection) ([]V, error) {
	found, err := e.objects.In(operation.Loaders(ctx)).LoadAll(ctx, c.Page.Keys())
	if err != nil {
		return nil, err
	}
	list := make([]V, len(c.Page.Entries))
	for i, x := range c.Page.Entries {
		list[i] = found[x.ID]
	}
	return list, nil
}

// node returns the entry of an edge.
func (e entries[V]) node(ctx context.Context, x *relay.Edge) (V, error) {
	v, _, err := e.objects.In(operation.Loaders(ctx)).Load(ctx, x.Entry.ID)
	return v, err
}
