package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/nodeid"
)

// Look-ahead: a resolver that has objects announces, before it hands them out, everything that the selected fields below
// them will ask the loaders for, level by level. So each level is one wave, however many objects it has, and the field
// resolvers find their values ready.

// ahead is the look-ahead of one resolver.
type ahead struct {
	op  *graphql.OperationContext
	set *loader.Set
}

// demand is what one selected field needs for all objects that have the field.
type demand struct {
	loader   string               // what it asks first
	below    []string             // the loaders that the fields under it will ask
	announce func(w *loader.Wave) // puts its keys into a wave
	next     func() []demand      // what the fields under it need, once the wave has run; nil where there is nothing
}

// field is a selected field of a type that look-ahead knows, for objects of type P.
type field[P any] struct {
	below  func(a *ahead, f graphql.CollectedField) []string
	demand func(a *ahead, f graphql.CollectedField, parents []P) demand
	early  func(a *ahead, f graphql.CollectedField, ids []uuid.UUID) demand // the same by identifiers alone; nil: it needs the objects
}

// byID is a field whose keys follow from the identifier of its object: it is asked for together with the object.
func byID[P nodeid.Node](f field[uuid.UUID]) field[P] {
	return field[P]{below: f.below, early: f.demand}
}

// fields is the fields of one GraphQL type that loaders serve. A function, as types refer to each other.
type fields[P any] func() (typeName string, table map[string]field[P])

// prefetch runs the demands, wave by wave. A demand with nothing under it waits for a later one of the same loader, so
// that the authors of documents and of the comments on them are one batch.
func prefetch(ctx context.Context, a *ahead, demands []demand) {
	for len(demands) > 0 {
		wave := a.set.Wave(ctx)
		var run, later []demand
		for i, d := range demands {
			if d.next == nil && expected(demands, i) {
				later = append(later, d)
				continue
			}
			d.announce(wave)
			run = append(run, d)
		}
		wave.Run()
		for _, d := range run {
			if d.next != nil {
				later = append(later, d.next()...)
			}
		}
		demands = later
	}
}

func expected(demands []demand, i int) bool {
	for j, d := range demands {
		if j != i && slices.Contains(d.below, demands[i].loader) {
			return true
		}
	}
	return false
}

// earlyOf is what the selections need for objects of the type of which only the identifiers are known.
func earlyOf[P any](a *ahead, of fields[P], selections []graphql.CollectedField, ids []uuid.UUID) []demand {
	_, table := of()
	var demands []demand
	for _, f := range selections {
		if known, ok := table[f.Name]; ok && known.early != nil {
			demands = append(demands, known.early(a, f, ids))
		}
	}
	return demands
}

// demandsOf is what the selections need for objects of the type, besides what was asked for early.
func demandsOf[P any](a *ahead, of fields[P], selections []graphql.CollectedField, parents []P) []demand {
	if len(parents) == 0 {
		return nil
	}
	_, table := of()
	var demands []demand
	for _, f := range selections {
		if known, ok := table[f.Name]; ok && known.early == nil {
			demands = append(demands, known.demand(a, f, parents))
		}
	}
	return demands
}

// belowOf is the loaders that the selections will ask for objects of the type.
func belowOf[P any](a *ahead, of fields[P], selections []graphql.CollectedField) []string {
	_, table := of()
	var below []string
	for _, f := range selections {
		if known, ok := table[f.Name]; ok {
			below = append(below, known.below(a, f)...)
		}
	}
	return below
}

// under is the selections below a field, of objects of the type.
func under[P any](a *ahead, of fields[P], f graphql.CollectedField) []graphql.CollectedField {
	typeName, _ := of()
	return graphql.CollectFields(a.op, f.Selections, []string{typeName, "Node"})
}

// inside is the selections of objects of the type that stand in a field of this name below another.
func inside[P any](a *ahead, of fields[P], f graphql.CollectedField, name string) []graphql.CollectedField {
	var selections []graphql.CollectedField
	for _, c := range graphql.CollectFields(a.op, f.Selections, nil) {
		if c.Name == name {
			selections = append(selections, under(a, of, c)...)
		}
	}
	return selections
}

// one is a field that leads to one object, or value, found by a key of its parent; skip parents that have none.
func one[P, V any, K comparable](from func(*loader.Set) *loader.Loader[K, V], key func(P) (K, bool), of fields[V]) field[P] {
	return field[P]{
		below: func(a *ahead, f graphql.CollectedField) []string {
			return append([]string{from(a.set).Name()}, belowOf(a, of, under(a, of, f))...)
		},
		demand: func(a *ahead, f graphql.CollectedField, parents []P) demand {
			return found(a, from(a.set), keysOf(parents, key), of, under(a, of, f))
		},
	}
}

// found is the demand for objects by key, and for what is selected under them.
func found[V any, K comparable](a *ahead, l *loader.Loader[K, V], keys []K, of fields[V], selections []graphql.CollectedField) demand {
	d := demand{loader: l.Name(), below: belowOf(a, of, selections)}
	d.announce = func(w *loader.Wave) { loader.Announce(w, l, keys...) }
	if len(d.below) == 0 {
		return d
	}
	ids, _ := any(keys).([]uuid.UUID)
	early := earlyOf(a, of, selections, ids)
	d.announce = func(w *loader.Wave) {
		loader.Announce(w, l, keys...)
		for _, e := range early {
			e.announce(w)
		}
	}
	d.next = func() []demand {
		demands := demandsOf(a, of, selections, l.Known(keys))
		for _, e := range early {
			if e.next != nil {
				demands = append(demands, e.next()...)
			}
		}
		return demands
	}
	return d
}

func keysOf[P any, K comparable](parents []P, key func(P) (K, bool)) []K {
	keys := make([]K, 0, len(parents))
	for _, p := range parents {
		if k, ok := key(p); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

// value is a field that a loader serves and that has no fields of its own that loaders serve.
func value[P, V any, K comparable](from func(*loader.Set) *loader.Loader[K, V], key func(P) (K, bool)) field[P] {
	return one(from, key, plain[V](""))
}
