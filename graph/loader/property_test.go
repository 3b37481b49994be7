package loader_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// text returns a value as JSON, which is the same whatever tier it comes from.
func text(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	testkit.Must(t, err)
	return string(raw)
}

// column is a loader with keys and what a viewer must get for each.
type column interface {
	ask(s *loader.Set, random *rand.Rand)
	check(t *testing.T, s *loader.Set)
	checkLoads(t *testing.T, s *loader.Set)
}

type columnOf[K comparable, V any] struct {
	loader *loader.Definition[K, V]
	keys   []K
	want   map[K]string // as JSON; a key without a value is missing
	asked  map[K]int    // by key: its index
}

// newColumn reads every key by itself from a service without a cache.
func newColumn[K comparable, V any](t *testing.T, s loader.Sources, d *loader.Definition[K, V], sees func(V) bool, keys ...K) column {
	t.Helper()
	c := &columnOf[K, V]{loader: d, keys: keys, want: map[K]string{}, asked: map[K]int{}}
	for _, k := range keys {
		values, err := d.Fetch(t.Context(), &s, []K{k})
		testkit.Must(t, err)
		if v, ok := values[k]; ok && (sees == nil || sees(v)) {
			c.want[k] = text(t, v)
		}
	}
	return c
}

// ask asks for some random keys, some of them more than once.
func (c *columnOf[K, V]) ask(s *loader.Set, random *rand.Rand) {
	l := c.loader.In(s)
	for range random.IntN(len(c.keys) + 3) {
		k := c.keys[random.IntN(len(c.keys))]
		c.asked[k] = l.Ask(k)
	}
}

// check compares what a set knows.
func (c *columnOf[K, V]) check(t *testing.T, s *loader.Set) {
	t.Helper()
	for k, at := range c.asked {
		v, ok, err := c.loader.In(s).Get(at)
		testkit.Must(t, err)
		c.compare(t, k, v, ok)
	}
}

// checkLoads compares what LoadAll answers for the same keys, and forgets them.
func (c *columnOf[K, V]) checkLoads(t *testing.T, s *loader.Set) {
	t.Helper()
	var keys []K
	for k := range c.asked {
		keys = append(keys, k)
	}
	clear(c.asked)
	values, err := c.loader.In(s).LoadAll(t.Context(), keys)
	testkit.Must(t, err)
	for _, k := range keys {
		v, ok := values[k]
		c.compare(t, k, v, ok)
	}
}

func (c *columnOf[K, V]) compare(t *testing.T, k K, v V, ok bool) {
	t.Helper()
	if want, has := c.want[k]; ok != has || ok && text(t, v) != want {
		t.Errorf("%s %v: %v %s, want %v %s", c.loader.Name(), k, ok, text(t, v), has, want)
	}
}

// columns returns loaders of different shapes, as a viewer sees their values.
func columns(t *testing.T, s loader.Sources, v viewer.Viewer) []column {
	t.Helper()
	docs := slices.Concat(documents(25), ids("secret", "linked"), []uuid.UUID{uuid.New(), uuid.New()})
	users := append(ids("ann", "bob", "cy"), uuid.New())
	var marks []kinds.MarkKey
	for _, d := range docs {
		marks = append(marks, kinds.MarkKey{User: users[0], Subject: d}, kinds.MarkKey{User: users[2], Subject: d})
	}
	return []column{
		newColumn(t, s, loader.Documents, v.Rules().Sees, docs...),
		newColumn(t, s, loader.DocumentStats, nil, docs...),
		newColumn(t, s, loader.Users, nil, users...),
		newColumn(t, s, loader.Usernames, nil, "ann", "bob", "cy", "absent"),
		newColumn(t, s, loader.Comments, nil, ids("doc01/c1", "doc01/c2", "doc01/c1/r1", "doc02/c1", "secret/c1", "doc01/c9")...),
		newColumn(t, s, loader.CommentPages, nil, commentPages(docs)...),
		newColumn(t, s, loader.Liked, nil, marks...),
		newColumn(t, s, loader.ReplyTotals, nil, ids("doc01/c1", "doc01/c2")...),
	}
}

// TestLevelsEqualTheServices runs random levels over every cache: Run and Get answer what LoadAll answers, and what the service
// without a cache answers for each key by itself.
func TestLevelsEqualTheServices(t *testing.T) {
	url := community(t, "sqlite")
	reference := apptest.Open(t, url, servicetest.Tiers{Far: true}).Sources
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, url, tier)
			for _, who := range []string{"ann", "bob"} {
				v := as(who)
				all := columns(t, reference, v)
				for seed := range uint64(20) {
					random := rand.New(rand.NewPCG(seed, 1))
					set, other := app.Sources.New(v), app.Sources.New(v)
					levels(t, set, all, random)
					for _, c := range all {
						c.checkLoads(t, other)
					}
					set.Release()
					other.Release()
					if random.IntN(3) == 0 {
						testkit.Must(t, app.Cache.Replace(t.Context(), []cache.Tag{cache.Everything}))
					}
				}
			}
		})
	}
}

// levels runs levels that ask some of the loaders for random keys.
func levels(t *testing.T, s *loader.Set, all []column, random *rand.Rand) {
	t.Helper()
	for range 1 + random.IntN(4) {
		for _, c := range all {
			if random.IntN(2) == 0 {
				c.ask(s, random)
			}
		}
		run(t.Context(), t, s)
		for _, c := range all {
			c.check(t, s)
		}
	}
}
