package graph

import (
	"context"

	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
)

// counted is a total that a loader gives.
type counted[P any, K, L comparable, V any] struct {
	totals *loader.Definition[L, V]
	key    func(p P, key K) L
	of     func(V) int
}

// count declares a total whose loader gives the number itself.
func count[P any, K, L comparable](totals *loader.Definition[L, int], key func(p P, key K) L) counted[P, K, L, int] {
	return counted[P, K, L, int]{totals, key, func(n int) int { return n }}
}

func (c counted[P, K, L, V]) loaders() []string { return []string{c.totals.Name()} }

func (c counted[P, K, L, V]) ask(s *loader.Set, p P, key K) func() (int, error) {
	totals := c.totals.In(s)
	at := totals.Ask(c.key(p, key))
	return func() (int, error) { return c.number(totals.Get(at)) }
}

func (c counted[P, K, L, V]) load(ctx context.Context, p P, key K) (int, error) {
	return c.number(c.totals.In(operation.Loaders(ctx)).Load(ctx, c.key(p, key)))
}

func (c counted[P, K, L, V]) number(v V, ok bool, err error) (int, error) {
	if err != nil || !ok {
		return 0, err
	}
	return c.of(v), nil
}

// known is a total that the parent holds.
type known[P any, K comparable] func(p P) int

func (known[P, K]) loaders() []string { return nil }

func (n known[P, K]) ask(_ *loader.Set, p P, _ K) func() (int, error) {
	return func() (int, error) { return n(p), nil }
}

func (n known[P, K]) load(_ context.Context, p P, _ K) (int, error) { return n(p), nil }

// squareTotal is the total of the tech square. A page at the head of the list brings it; for others it is looked up.
type squareTotal struct {
	counted[root, kinds.SquareKey, kinds.SquareFilter, int]
}

func (t squareTotal) ask(s *loader.Set, p root, key kinds.SquareKey) func() (int, error) {
	if key.Count {
		return nil
	}
	return t.counted.ask(s, p, key)
}

func (t squareTotal) load(ctx context.Context, p root, key kinds.SquareKey) (int, error) {
	if key.Count {
		return page.NotCounted, nil
	}
	return t.counted.load(ctx, p, key)
}

// inPage is a total that comes with the page.
type inPage[P any, K comparable] struct{}

func (inPage[P, K]) loaders() []string { return nil }

func (inPage[P, K]) ask(*loader.Set, P, K) func() (int, error) { return nil }

func (inPage[P, K]) load(context.Context, P, K) (int, error) { return page.NotCounted, nil }
