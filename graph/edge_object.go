package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/errs"
)

// toObject is an edge to an object that a loader gives by its identifier.
type toObject[P, V any] struct {
	field    string
	objects  *loader.Definition[uuid.UUID, V]
	id       func(a asked, p P) (id uuid.UUID, ok bool, err error)
	required string // what an object that does not exist is called in the error; empty: the field is null
}

// one declares an edge to the object whose identifier the parent holds. The field is null if it holds none.
func one[P, V any](field string, objects *loader.Definition[uuid.UUID, V], id func(p P) (uuid.UUID, bool)) toObject[P, V] {
	return toObject[P, V]{field: field, objects: objects, id: func(_ asked, p P) (uuid.UUID, bool, error) {
		u, ok := id(p)
		return u, ok, nil
	}}
}

// written declares an edge of a payload to the object that the mutation has written.
func written[P, V any](field, name string, objects *loader.Definition[uuid.UUID, V], id func(p P) uuid.UUID) toObject[P, V] {
	e := one(field, objects, func(p P) (uuid.UUID, bool) { return id(p), true })
	e.required = name
	return e
}

func (e toObject[P, V]) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.objects.Name()}, Begin: e.begin}
}

func (e toObject[P, V]) begin(f *exec.Fetch) exec.Step {
	a := askedOf(f)
	children := exec.NewChildren(f, "", e.objects.In(setOf(f)))
	if e.required != "" {
		children.Require(errs.Missing(e.required))
	}
	parents(f, func(i int, p P) {
		id, ok, err := e.id(a, p)
		switch {
		case err != nil:
			f.Fail(i, err)
		case ok:
			children.Set(i, id)
		}
	})
	return children.Load()
}

func (e toObject[P, V]) resolve(ctx context.Context, p P, args map[string]any) (none V, err error) {
	id, ok, err := e.id(askedIn(ctx, args), p)
	if err != nil || !ok {
		return none, err
	}
	v, ok, err := e.objects.In(operation.Loaders(ctx)).Load(ctx, id)
	if err == nil && !ok && e.required != "" {
		err = errs.Missing(e.required)
	}
	return v, err
}

// toObjects is an edge to the list of objects whose identifiers the parent holds, without those that do not exist.
type toObjects[P, V any] struct {
	field   string
	objects *loader.Definition[uuid.UUID, V]
	ids     func(p P) []uuid.UUID
}

func (e toObjects[P, V]) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.objects.Name()}, Begin: e.begin}
}

func (e toObjects[P, V]) begin(f *exec.Fetch) exec.Step {
	children := exec.NewChildren(f, "", e.objects.In(setOf(f))).DropMissing()
	parents(f, func(i int, p P) {
		f.StartList(i)
		for _, id := range e.ids(p) {
			children.Add(i, id)
		}
	})
	return children.Load()
}

func (e toObjects[P, V]) resolve(ctx context.Context, p P, _ map[string]any) ([]V, error) {
	ids := e.ids(p)
	found, err := e.objects.In(operation.Loaders(ctx)).LoadAll(ctx, ids)
	return present(ids, found), err
}

func orZero(id *uuid.UUID) uuid.UUID {
	known, _ := given(id)
	return known
}

func given(id *uuid.UUID) (uuid.UUID, bool) {
	if id == nil {
		return uuid.Nil, false
	}
	return *id, true
}
