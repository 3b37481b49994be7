package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/page"
)

// list is a field that leads to a connection: pages by a key of the parent and the arguments, the entries of the pages by
// identifier, and, where it is selected and total is not nil, the total.
func list[P, V any, K comparable](
	pages func(*loader.Set) *loader.Loader[K, page.IDs], key func(P, page.Args) (K, bool), order string,
	entries func(*loader.Set) *loader.Loader[uuid.UUID, V], of fields[V],
	total func(a *ahead, w *loader.Wave, parents []P),
) field[P] {
	return field[P]{
		below: func(a *ahead, f graphql.CollectedField) []string {
			return append([]string{pages(a.set).Name(), entries(a.set).Name()}, belowOf(a, of, nodesUnder(a, of, f))...)
		},
		demand: func(a *ahead, f graphql.CollectedField, parents []P) demand {
			args, err := pageOf(a, f, order)
			if err != nil {
				return demand{announce: func(*loader.Wave) {}} // the resolver says so
			}
			l, selections := pages(a.set), nodesUnder(a, of, f)
			keys := keysOf(parents, func(p P) (K, bool) { return key(p, args) })
			return demand{
				loader: l.Name(),
				below:  append([]string{entries(a.set).Name()}, belowOf(a, of, selections)...),
				announce: func(w *loader.Wave) {
					loader.Announce(w, l, keys...)
					if total != nil && selects(a, f, "totalCount") {
						total(a, w, parents)
					}
				},
				next: func() []demand {
					var ids []uuid.UUID
					for _, p := range l.Known(keys) {
						ids = append(ids, p.Keys()...)
					}
					return []demand{found(a, entries(a.set), ids, of, selections)}
				},
			}
		},
	}
}

// nodesUnder is the selections of the nodes of a connection, by way of edges and of nodes.
func nodesUnder[V any](a *ahead, of fields[V], f graphql.CollectedField) []graphql.CollectedField {
	var selections []graphql.CollectedField
	for _, c := range graphql.CollectFields(a.op, f.Selections, nil) {
		switch c.Name {
		case "nodes":
			selections = append(selections, under(a, of, c)...)
		case "edges":
			for _, e := range graphql.CollectFields(a.op, c.Selections, nil) {
				if e.Name == "node" {
					selections = append(selections, under(a, of, e)...)
				}
			}
		}
	}
	return selections
}

func selects(a *ahead, f graphql.CollectedField, name string) bool {
	for _, c := range graphql.CollectFields(a.op, f.Selections, nil) {
		if c.Name == name {
			return true
		}
	}
	return false
}

// pageOf is the page that a field's arguments ask for.
func pageOf(a *ahead, f graphql.CollectedField, order string) (page.Args, error) {
	args := f.ArgumentMap(a.op.Variables)
	return page.New(order, number(args["first"]), text(args["after"]), number(args["last"]), text(args["before"]))
}

func number(v any) *int {
	n, err := graphql.UnmarshalInt(v)
	if v == nil || err != nil {
		return nil
	}
	return &n
}

func text(v any) *string {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	return &s
}
