package cache_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func nearBytes(n int64) cachetest.Change { return func(o *kinds.Options) { o.NearBytes = n } }

// blank is a text to cut values from.
var blank = strings.Repeat(" ", 1<<16)

// modelled is what a plain map knows of a key: the value that was put last, and when it ends.
type modelled struct {
	value string
	ends  time.Time
	valid bool
}

// TestNearTierAgreesWithAMap puts, gets, invalidates and expires random keys. What the near tier serves is what was put last.
// With a budget that is large enough, it serves all of it.
func TestNearTierAgreesWithAMap(t *testing.T) {
	for _, budget := range []int64{64 << 10, 16 << 20} {
		for seed := range uint64(20) {
			synctest.Test(t, func(t *testing.T) {
				c := cachetest.Open(t, nil, nearBytes(budget))
				random, model := rand.New(rand.NewPCG(seed, 1)), map[string]modelled{}
				served, expected := 0, 0
				for range 3000 {
					number := random.IntN(300)
					key := fmt.Sprintf("%0*d", 1+number%20, number)
					switch random.IntN(10) {
					case 0, 1, 2, 3:
						bytes := random.IntN(2000)
						if random.IntN(20) == 0 {
							bytes = 12 << 10 // more than an eighth of the smaller budget
						}
						ttl := time.Duration(1+random.IntN(1000)) * time.Second
						m := modelled{uuid.NewString() + blank[:bytes], time.Now().Add(ttl), bytes <= int(budget/16)}
						c.Persisted.Put(key, m.value, ttl)
						model[key] = m
					case 4:
						testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.PersistedTag(key)}))
						m := model[key]
						m.valid = false
						model[key] = m
					case 5:
						if random.IntN(40) == 0 {
							testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.Everything}))
							clear(model)
						}
						cachetest.Pass(time.Duration(random.IntN(20)) * time.Second)
					default:
						m := model[key]
						counts := m.valid && !time.Now().After(m.ends)
						got, ok := c.Persisted.Get(key)
						if ok && (!counts || got != m.value) {
							t.Fatalf("got %v of %q, want %+v", got, key, m)
						}
						if ok {
							served++
						}
						if counts {
							expected++
						}
					}
				}
				if expected == 0 || served == 0 || budget > 1<<20 && served < expected {
					t.Errorf("served %d of %d", served, expected)
				}
			})
		}
	}
}

// TestConcurrentWorkOnTheNearTier fills, replaces, invalidates and evicts the same few keys of several kinds at once. What Look finds
// is of its key, and the weight stays within the budget.
func TestConcurrentWorkOnTheNearTier(t *testing.T) {
	const workers, rounds, keys, budget = 8, 1500, 60, 64 << 10
	c := cachetest.Open(t, nil, nearBytes(budget))
	ids := cachetest.NewIDs(keys)
	var group sync.WaitGroup
	for seed := range uint64(workers) {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, 2))
			a := cachetest.NewLookResult[*ent.Document](keys)
			for range rounds {
				id := ids[random.IntN(keys)]
				switch random.IntN(8) {
				case 0, 1, 2:
					c.Documents.Put(id, &ent.Document{ID: id, Summary: blank[:random.IntN(3000)]}, time.Hour)
				case 3, 4:
					c.Usernames.Put(id.String(), id, time.Duration(random.IntN(1000))*time.Microsecond)
				case 5:
					_ = c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}) // no error without Redis
				case 6:
					c.Documents.Put(id, &ent.Document{ID: id, Summary: blank[:20<<10]}, time.Hour) // too large: removes the entry
				default:
					c.Documents.Look(t.Context(), ids, a.Values, a.Found, a.Known)
					for i, d := range a.Values {
						if a.Found[i] && d.ID != ids[i] {
							t.Errorf("got %v, want %v", d.ID, ids[i])
						}
					}
				}
			}
		})
	}
	group.Wait()
	if w := weight(c); w > budget {
		t.Errorf("the weight is %d of %d", w, budget)
	}
}

// TestLongKeysAreWeighed counts the strings in keys.
func TestLongKeysAreWeighed(t *testing.T) {
	weigh := func(put func(c *kinds.Cache)) int64 {
		c := cachetest.Open(t, nil)
		put(c)
		return weight(c) - c.Usage().TagBytes
	}
	long := blank[:5000]
	short := weigh(func(c *kinds.Cache) { c.Frequencies.Put("", 1, time.Hour) })
	if got := weigh(func(c *kinds.Cache) { c.Frequencies.Put(long, 1, time.Hour) }); got != short+5000 {
		t.Errorf("an entry weighs %d with a long key, %d with an empty one", got, short)
	}
	key := kinds.SearchKey{Query: long, Filter: kinds.SquareFilter{Category: long, Tag: long}}
	empty := weigh(func(c *kinds.Cache) { c.Searches.Put(kinds.SearchKey{}, &kinds.Found{}, time.Hour) })
	if got := weigh(func(c *kinds.Cache) { c.Searches.Put(key, &kinds.Found{}, time.Hour) }); got != empty+15000 {
		t.Errorf("an entry weighs %d with a long key, %d with an empty one", got, empty)
	}
}

// TestEvictionPrefersDeadEntries evicts expired and invalidated entries before those that count, however often they were read.
func TestEvictionPrefersDeadEntries(t *testing.T) {
	for name, kill := range map[string]func(t *testing.T, c *kinds.Cache){
		"expired": func(*testing.T, *kinds.Cache) { cachetest.Pass(2 * time.Minute) },
		"invalidated": func(t *testing.T, c *kinds.Cache) {
			testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.Everything}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
				old, fresh := cachetest.NewIDs(1000), cachetest.NewIDs(700)
				put := func(id uuid.UUID, ttl time.Duration) {
					c.Documents.Put(id, &ent.Document{ID: id}, ttl)
					for range 3 {
						c.Documents.Get(id)
					}
				}
				for _, id := range old {
					put(id, time.Minute)
				}
				kill(t, c)
				for _, id := range fresh {
					c.Documents.Put(id, &ent.Document{ID: id}, time.Hour)
				}
				for _, id := range fresh {
					if !cachetest.InNear(c.Documents, id) {
						t.Fatal("an entry that counts was evicted")
					}
				}
			}, nearBytes(1<<20))
		})
	}
}

// TestTagsAreKeptForTheirEntries keeps the tags of entries that are read, however many others are loaded, and drops those
// of evicted ones.
func TestTagsAreKeptForTheirEntries(t *testing.T) {
	c := cachetest.Open(t, nil, nearBytes(1<<20))
	hot := cachetest.NewIDs(100)
	for _, id := range hot {
		c.Documents.Put(id, &ent.Document{ID: id}, time.Hour)
	}
	for range 100 {
		for _, id := range hot {
			if _, ok := c.Documents.Get(id); !ok {
				t.Fatal("an entry that is read was evicted")
			}
		}
		for _, id := range cachetest.NewIDs(100) {
			c.Documents.Put(id, &ent.Document{ID: id}, time.Hour)
		}
	}
	if u := c.Usage(); u.Tags > 3000 {
		t.Errorf("%d tags are left of 10100", u.Tags)
	}
}

// TestKeysKeepNoRequest keeps copies of the strings in keys, which may be parts of a long text.
func TestKeysKeepNoRequest(t *testing.T) {
	c := cachetest.Open(t, nil)
	request := strings.Repeat("a", 1000)
	c.Frequencies.Put(request[:10], 1, time.Hour)
	c.Searches.Put(kinds.SearchKey{Query: request[:10], Filter: kinds.SquareFilter{Category: request[:10]}}, &kinds.Found{}, time.Hour)
	var texts []string
	for e := range c.Frequencies.View().Entries {
		texts = append(texts, e.Key.(string))
	}
	for e := range c.Searches.View().Entries {
		key := e.Key.(kinds.SearchKey)
		texts = append(texts, key.Query, key.Filter.Category)
	}
	for _, text := range texts {
		if text != request[:10] || unsafe.StringData(text) == unsafe.StringData(request) {
			t.Errorf("%q is a part of the request", text)
		}
	}
	if len(texts) != 3 {
		t.Errorf("the keys have %q", texts)
	}
}
