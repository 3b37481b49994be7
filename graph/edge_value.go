package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/internal/text/markdown"
)

// toValue is an edge to what a loader gives by a key of the parent: a leaf, an object that belongs to the parent, or a list of
// such objects.
type toValue[P any, K comparable, V, R any] struct {
	field  string
	values *loader.Definition[K, V]
	key    func(a asked, p P) (K, bool)
	result func(a asked, p P, v V, ok bool) R // ok: the parent has a key, and the key a value
	set    func(f *exec.Fetch, i int, r R)
}

func (e toValue[P, K, V, R]) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.values.Name()}, Early: isEarly[P](), Begin: e.begin}
}

func (e toValue[P, K, V, R]) begin(f *exec.Fetch) exec.Step {
	a, values := askedOf(f), e.values.In(setOf(f))
	at := make([]int, 0, f.Len())
	parents(f, func(_ int, p P) {
		if k, ok := e.key(a, p); ok {
			at = append(at, values.Ask(k))
		} else {
			at = append(at, -1)
		}
	})
	return func() exec.Step {
		n := 0
		parents(f, func(i int, p P) {
			index := at[n]
			n++
			var v V
			var ok bool
			var err error
			if index >= 0 {
				v, ok, err = values.Get(index)
			}
			if err != nil {
				f.Fail(i, err)
				return
			}
			e.set(f, i, e.result(a, p, v, ok))
		})
		return nil
	}
}

func (e toValue[P, K, V, R]) resolve(ctx context.Context, p P, args map[string]any) (none R, err error) {
	a := askedIn(ctx, args)
	k, ok := e.key(a, p)
	var v V
	if ok {
		if v, ok, err = e.values.In(operation.Loaders(ctx)).Load(ctx, k); err != nil {
			return none, err
		}
	}
	return e.result(a, p, v, ok), nil
}

// part declares an edge to an object that belongs to the parent, null if there is none.
func part[P any, K comparable, V any](field string, values *loader.Definition[K, *V], key func(a asked, p P) (K, bool)) toValue[P, K, *V, *V] {
	return toValue[P, K, *V, *V]{field, values, key, func(_ asked, _ P, v *V, _ bool) *V { return v }, setObject[V]}
}

// parts declares an edge to a list of objects that belong to the parent, null if there is none.
func parts[P any, K comparable, V any](field string, values *loader.Definition[K, []*V], key func(a asked, p P) (K, bool)) toValue[P, K, []*V, []*V] {
	return toValue[P, K, []*V, []*V]{field, values, key, func(_ asked, _ P, v []*V, _ bool) []*V { return v }, setObjects[V]}
}

// leaf declares an edge to a part of a value, null if there is no value.
func leaf[P any, K comparable, V, L any](field string, values *loader.Definition[K, V], key func(a asked, p P) (K, bool), of func(V) L) toValue[P, K, V, *L] {
	result := func(_ asked, _ P, v V, ok bool) *L {
		if !ok {
			return nil
		}
		l := of(v)
		return &l
	}
	return toValue[P, K, V, *L]{field, values, key, result, func(f *exec.Fetch, i int, l *L) {
		if l != nil {
			f.SetLeaf(i, l)
		}
	}}
}

// placed declares an edge to the HTML of a text, in which addresses of this server depend on where the request was sent to; null if there is none.
func placed[P any, K comparable](field string, values *loader.Definition[K, *markdown.Document], key func(a asked, p P) (K, bool)) placedText[P, K] {
	return placedText[P, K]{field, values, key}
}

// placedText is an edge to the HTML of a text.
type placedText[P any, K comparable] struct {
	field  string
	values *loader.Definition[K, *markdown.Document]
	key    func(a asked, p P) (K, bool)
}

// at returns the edge for requests that were sent to an origin.
func (e placedText[P, K]) at(origin string) toValue[P, K, *markdown.Document, *string] {
	return leaf(e.field, e.values, e.key, func(d *markdown.Document) string { return d.HTMLAt(origin) })
}

func (e placedText[P, K]) declare(into exec.Edges) {
	e.at("").declare(into)
	edge := into[e.field]
	edge.Begin = func(f *exec.Fetch) exec.Step { return e.at(request.Of(f.Context()).Location).begin(f) }
	into[e.field] = edge
}

func (e placedText[P, K]) resolve(ctx context.Context, p P, args map[string]any) (*string, error) {
	return e.at(request.Of(ctx).Location).resolve(ctx, p, args)
}

// list declares an edge to a list of objects within a value, null if there is no value.
func list[P any, K comparable, V, O any](field string, values *loader.Definition[K, V], key func(a asked, p P) (K, bool), of func(V) []O) toValue[P, K, V, []*O] {
	result := func(_ asked, _ P, v V, ok bool) []*O {
		if !ok {
			return nil
		}
		objects := of(v)
		out := make([]*O, len(objects))
		for i := range objects {
			out[i] = &objects[i]
		}
		return out
	}
	return toValue[P, K, V, []*O]{field, values, key, result, setObjects[O]}
}

// flag declares an edge to a Boolean.
func flag[P any, K comparable, V any](field string, values *loader.Definition[K, V], key func(a asked, p P) (K, bool), of func(a asked, p P, v V, ok bool) bool) toValue[P, K, V, bool] {
	return toValue[P, K, V, bool]{field, values, key, of, func(f *exec.Fetch, i int, b bool) { f.SetLeaf(i, b) }}
}

// nonEmpty returns a pointer to a text, nil if it is empty.
func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func setText(f *exec.Fetch, i int, text *string) {
	if text != nil {
		f.SetLeaf(i, text)
	}
}

func setObject[V any](f *exec.Fetch, i int, v *V) {
	if v != nil {
		f.SetObject(i, v)
	}
}

func setObjects[V any](f *exec.Fetch, i int, list []*V) {
	if list == nil {
		return
	}
	f.StartList(i)
	for _, v := range list {
		f.AddObject(i, v)
	}
}

// itself is the key of what is kept under the identifier of the parent.
func itself(_ asked, id uuid.UUID) (uuid.UUID, bool) { return id, true }
