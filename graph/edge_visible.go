package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/nodeid"
	"docsquare/internal/viewer"
)

// visible is a source of objects that are seen by the rule of their loader, or, with sees, by who sees certain documents.
type visible[V nodeid.Node] struct {
	name      string
	objects   *loader.Definition[uuid.UUID, V]
	documents documentsOf[V]
	sees      func(r viewer.Rules, object V, documents []*ent.Document) bool // documents: those that the viewer sees
}

// documentsOf finds the documents that decide who sees an object.
type documentsOf[V any] interface {
	// ask starts a look-up for the identifiers of objects. Its result gives the identifiers of the documents of an object.
	ask(s *loader.Set, ids []uuid.UUID) (of func(object V) ([]uuid.UUID, error))
	load(ctx context.Context, object V) ([]uuid.UUID, error)
}

func (e visible[V]) load(f *exec.Fetch, ids []place) exec.Step {
	s := setOf(f)
	children := exec.NewChildren(f, e.name, e.objects.In(s))
	asked := make([]uuid.UUID, len(ids))
	for i, p := range ids {
		children.SetItem(p.at, p.id)
		asked[i] = p.id
	}
	children.Begin()
	if e.sees == nil {
		return func() exec.Step {
			children.Fill()
			return nil
		}
	}
	of := e.documents.ask(s, asked)
	return func() exec.Step {
		children.Fill()
		return e.check(f, children, of)
	}
}

// check loads the documents of the objects and removes the objects that the viewer may not see.
func (e visible[V]) check(f *exec.Fetch, children *exec.Children[uuid.UUID, V], of func(V) ([]uuid.UUID, error)) exec.Step {
	documents, at := loader.Documents.In(setOf(f)), map[int][]int{}
	children.Each(func(child int, object V) {
		ids, err := of(object)
		if err != nil {
			f.FailAll(err)
			return
		}
		for _, id := range ids {
			at[child] = append(at[child], documents.Ask(id))
		}
	})
	return func() exec.Step {
		children.Each(func(child int, object V) {
			var seen []*ent.Document
			for _, i := range at[child] {
				d, ok, err := documents.Get(i)
				if err != nil {
					f.FailAll(err)
					return
				}
				if ok {
					seen = append(seen, d)
				}
			}
			if !e.sees(setOf(f).Rules(), object, seen) {
				children.Remove(child)
			}
		})
		return nil
	}
}

func (e visible[V]) resolve(ctx context.Context, id uuid.UUID) (nodeid.Node, error) {
	s := operation.Loaders(ctx)
	object, ok, err := e.objects.In(s).Load(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	if e.sees == nil {
		return object, nil
	}
	ids, err := e.documents.load(ctx, object)
	if err != nil {
		return nil, err
	}
	found, err := loader.Documents.In(s).LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	var seen []*ent.Document
	for _, id := range ids {
		if d := found[id]; d != nil {
			seen = append(seen, d)
		}
	}
	if !e.sees(s.Rules(), object, seen) {
		return nil, nil //nolint:nilnil // null is the answer
	}
	return object, nil
}

// direct is the one document that an object names.
type direct[V any] func(V) uuid.UUID

func (d direct[V]) ask(*loader.Set, []uuid.UUID) func(V) ([]uuid.UUID, error) {
	return func(v V) ([]uuid.UUID, error) { return []uuid.UUID{d(v)}, nil }
}

func (d direct[V]) load(_ context.Context, v V) ([]uuid.UUID, error) { return []uuid.UUID{d(v)}, nil }

// documentsOfFile are the documents that are made of a file.
type documentsOfFile struct{}

func (documentsOfFile) ask(s *loader.Set, files []uuid.UUID) func(*ent.File) ([]uuid.UUID, error) {
	lists := loader.FileDocuments.In(s)
	for _, id := range files {
		lists.Ask(id)
	}
	return func(f *ent.File) ([]uuid.UUID, error) {
		ids, _, err := lists.Get(lists.Ask(f.ID))
		return ids, err
	}
}

func (documentsOfFile) load(ctx context.Context, f *ent.File) ([]uuid.UUID, error) {
	ids, _, err := loader.FileDocuments.In(operation.Loaders(ctx)).Load(ctx, f.ID)
	return ids, err
}
