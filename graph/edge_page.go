package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/relay"
	"docsquare/internal/page"
	"docsquare/internal/viewer"
)

// toPage is an edge to a connection. A is what the arguments ask for, which is the same for all parents of a level; K names the
// page of one parent.
type toPage[P any, A any, K comparable] struct {
	field string
	pages *loader.Definition[K, page.IDs]
	args  func(a asked, totalled bool) (A, error)
	order func(A) string
	key   func(r viewer.Rules, p P, a A) (K, bool) // false: the viewer may not see the list
	total totalCount[P, K]
	empty bool // a list that has no key is empty instead of null
}

// totalCount is how long a whole list is. It is looked up only if it is selected.
type totalCount[P any, K comparable] interface {
	loaders() []string
	ask(s *loader.Set, p P, key K) (get func() (int, error))
	load(ctx context.Context, p P, key K) (int, error)
}

func (e toPage[P, A, K]) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: append([]string{e.pages.Name()}, e.total.loaders()...), Early: isEarly[P](), Begin: e.begin}
}

// pending is a page that was asked for.
type pending struct {
	parent int
	page   int
	total  func() (int, error)
}

func (e toPage[P, A, K]) begin(f *exec.Fetch) exec.Step {
	a, s, totalled := askedOf(f), setOf(f), f.Selects("totalCount")
	args, err := e.args(a, totalled)
	if err != nil {
		f.FailAll(err)
		return nil
	}
	pages, list := e.pages.In(s), make([]pending, 0, f.Len())
	parents(f, func(i int, p P) {
		key, ok := e.key(s.Rules(), p, args)
		if !ok {
			if e.empty {
				f.SetObject(i, &relay.Connection{Order: e.order(args)})
			}
			return
		}
		asked := pending{parent: i, page: pages.Ask(key)}
		if totalled {
			asked.total = e.total.ask(s, p, key)
		}
		list = append(list, asked)
	})
	return func() exec.Step {
		connections := make([]relay.Connection, len(list))
		for n, x := range list {
			c := &connections[n]
			c.Order = e.order(args)
			if c.Page, _, err = pages.Get(x.page); err == nil {
				c.TotalCount, err = x.count(c.Page)
			}
			if err != nil {
				f.Fail(x.parent, err)
				continue
			}
			f.SetObject(x.parent, c)
		}
		return nil
	}
}

func (x pending) count(p page.IDs) (int, error) {
	if x.total == nil {
		return p.Total, nil
	}
	return x.total()
}

func (e toPage[P, A, K]) resolve(ctx context.Context, p P, args map[string]any) (*relay.Connection, error) {
	asked, totalled := askedIn(ctx, args), selectsTotal(ctx)
	a, err := e.args(asked, totalled)
	if err != nil {
		return nil, err
	}
	key, ok := e.key(asked.Rules(), p, a)
	c := &relay.Connection{Order: e.order(a)}
	switch {
	case !ok && e.empty:
		return c, nil
	case !ok:
		return nil, nil //nolint:nilnil // null is the answer
	}
	if c.Page, _, err = e.pages.In(operation.Loaders(ctx)).Load(ctx, key); err != nil {
		return nil, err
	}
	if c.TotalCount = c.Page.Total; totalled {
		n, err := e.total.load(ctx, p, key)
		if err != nil {
			return nil, err
		}
		if n != page.NotCounted {
			c.TotalCount = n
		}
	}
	return c, nil
}

// selectsTotal reports whether the field that gqlgen's runtime resolves selects totalCount.
func selectsTotal(ctx context.Context) bool {
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		if f.Name == "totalCount" {
			return true
		}
	}
	return false
}

// pageArgs returns the page that the arguments of a field ask for.
func pageArgs(a asked, order string) (page.Args, error) {
	return page.New(order, arg[*int](a, "first"), arg[*string](a, "after"), arg[*int](a, "last"), arg[*string](a, "before"))
}

// inOrder returns the arguments and the order of lists that are always in the same order.
func inOrder(order string) (func(asked, bool) (page.Args, error), func(page.Args) string) {
	return func(a asked, _ bool) (page.Args, error) { return pageArgs(a, order) }, func(page.Args) string { return order }
}

// listOf declares an edge to a list that belongs to a parent.
func listOf[P any](field string, pages *loader.Definition[page.List, page.IDs], order string, of func(r viewer.Rules, p P) (uuid.UUID, bool), total totalCount[P, page.List]) toPage[P, page.Args, page.List] {
	args, name := inOrder(order)
	key := func(r viewer.Rules, p P, a page.Args) (page.List, bool) {
		id, ok := of(r, p)
		return page.List{Of: id, Args: a}, ok
	}
	return toPage[P, page.Args, page.List]{field: field, pages: pages, args: args, order: name, key: key, total: total}
}
