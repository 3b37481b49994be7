package cache_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/testkit/cachetest"
	"docsquare/internal/text/markdown"
)

// TestOneKindMayTakeTheBudget loads a single kind until entries are evicted. Those that count take the budget.
func TestOneKindMayTakeTheBudget(t *testing.T) {
	const budget = 4 << 20
	for name, load := range map[string]func(c *kinds.Cache, i int) (inNear bool){
		"small values": func(c *kinds.Cache, i int) bool {
			key := kinds.MarkKey{User: cachetest.Numbered(i), Subject: cachetest.Numbered(i)}
			c.Liked.Put(key, true, time.Hour)
			return cachetest.InNear(c.Liked, key)
		},
		"texts": func(c *kinds.Cache, i int) bool {
			key := kinds.RenderingKey{Text: kinds.RevisionKey{Document: cachetest.Numbered(i)}}
			c.HTML.Put(key, &markdown.Document{HTML: blank[:20<<10]}, time.Hour)
			return cachetest.InNear(c.HTML, key)
		},
		"long keys": func(c *kinds.Cache, i int) bool {
			key := fmt.Sprintf("%02000d", i)
			c.Frequencies.Put(key, i, time.Hour)
			return cachetest.InNear(c.Frequencies, key)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := cachetest.Open(t, nil, nearBytes(budget))
			for i := range 20000 {
				load(c, i)
			}
			bytes := weight(c)
			if bytes < budget*9/10 || bytes > budget {
				t.Errorf("%d of %d bytes are used", bytes, budget)
			}
		})
	}
}

// TestScanKeepsTheWorkingSet reads keys once each, twenty times as much as fits. The keys that were read before stay.
func TestScanKeepsTheWorkingSet(t *testing.T) {
	c := cachetest.Open(t, nil, nearBytes(4<<20))
	hot := cachetest.NewIDs(2000) // somewhat more than a third of the budget
	for _, id := range hot {
		c.Documents.Put(id, &ent.Document{ID: id}, time.Hour)
		c.Documents.Get(id)
	}
	for i := range 20 * 6000 {
		key := kinds.MarkKey{User: cachetest.Numbered(i), Subject: cachetest.Numbered(i)}
		if _, ok := c.Liked.Get(key); !ok {
			c.Liked.Put(key, true, time.Hour)
		}
	}
	for i, id := range hot {
		if !cachetest.InNear(c.Documents, id) {
			t.Fatalf("document %d was evicted", i)
		}
	}
}

// zipfKind requests keys of one kind that follow a Zipf distribution, and counts hits.
type zipfKind struct {
	weight   int // how often it is requested, relative to the others
	keys     uint64
	skew     float64
	tagBytes int64 // of the tag of an entry
	request  func(c *kinds.Cache, key int) (hit bool)
	usage    string

	zipf       *rand.Zipf
	sequence   []int
	hits, from int
}

func getOrPut[K comparable, V any](k *cache.Kind[K, V], key K, value V) bool {
	_, ok := k.Get(key)
	if !ok {
		k.Put(key, value, time.Hour)
	}
	return ok
}

func zipfKinds() []*zipfKind {
	document, found := &ent.Document{Summary: blank[:200]}, &kinds.Found{Hits: make([]page.Entry, 60)}
	return []*zipfKind{
		{weight: 4, keys: 20000, skew: 1.1, usage: "document", tagBytes: 181, request: func(c *kinds.Cache, key int) bool {
			return getOrPut(c.Documents, cachetest.Numbered(key), document)
		}},
		{weight: 6, keys: 50000, skew: 1.05, usage: "liked", tagBytes: 181, request: func(c *kinds.Cache, key int) bool {
			return getOrPut(c.Liked, kinds.MarkKey{User: cachetest.Numbered(key)}, true)
		}},
		{weight: 1, keys: 3000, skew: 1.2, usage: "html", tagBytes: 181, request: func(c *kinds.Cache, key int) bool {
			return getOrPut(c.HTML, kinds.RenderingKey{Text: kinds.RevisionKey{Document: cachetest.Numbered(1e6 + key)}}, &markdown.Document{HTML: blank[:8000+key%4000]})
		}},
		{weight: 2, keys: 10000, skew: 1.1, usage: "search", request: func(c *kinds.Cache, key int) bool {
			return getOrPut(c.Searches, kinds.SearchKey{Query: fmt.Sprintf("query %d", key)}, found)
		}},
	}
}

// TestMixedLoad requests several kinds with different sizes. The hit ratio of each kind is about that of a separate cache
// which has as many bytes as the kind takes in the shared one.
func TestMixedLoad(t *testing.T) {
	const budget, requests = 8 << 20, 200_000
	random := rand.New(rand.NewPCG(1, 2))
	shared, kinds := cachetest.Open(t, nil, nearBytes(budget)), zipfKinds()
	var mix []*zipfKind
	for _, k := range kinds {
		k.zipf = rand.NewZipf(random, k.skew, 8, k.keys-1)
		for range k.weight {
			mix = append(mix, k)
		}
	}
	for i := range requests {
		k := mix[random.IntN(len(mix))]
		key := int(k.zipf.Uint64())
		k.sequence = append(k.sequence, key)
		hit := k.request(shared, key)
		if i == requests/2 {
			for _, k := range kinds {
				k.from = len(k.sequence)
			}
		}
		if i > requests/2 && hit {
			k.hits++
		}
	}
	for _, k := range kinds {
		u := cachetest.Used(t, shared, k.usage)
		bytes := int64(u.Bytes) + int64(u.Entries)*k.tagBytes
		alone, hits := cachetest.Open(t, nil, nearBytes(bytes)), 0
		for i, key := range k.sequence {
			if k.request(alone, key) && i >= k.from {
				hits++
			}
		}
		n := float64(len(k.sequence) - k.from)
		together, own := float64(k.hits)/n, float64(hits)/n
		t.Logf("%s: %.1f %% of %d KiB, hit ratio %.3f, alone %.3f", k.usage, 100*float64(bytes)/budget, bytes>>10, together, own)
		if diff := together - own; diff < -.05 || diff > .05 {
			t.Errorf("%s has a hit ratio of %.3f, in a separate cache %.3f", k.usage, together, own)
		}
	}
}
