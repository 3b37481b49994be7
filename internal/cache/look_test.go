package cache_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/readset"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// subject is a kind with the keys and the source of a test, the same for two caches.
type subject[K comparable, V any] struct {
	kind func(*kinds.Cache) *cache.Kind[K, V]
	keys []K
	tag  func(K) cache.Tag
	make func(key K, state int) V

	mu     sync.Mutex
	states map[K]int // 0: there is nothing
}

// load returns the loader of one of the caches; loads counts its keys.
func (s *subject[K, V]) load(loads map[K]int) cache.Load[K, V] {
	return func(_ context.Context, keys []K) (map[K]V, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		out := map[K]V{}
		for _, key := range keys {
			loads[key]++
			if state := s.states[key]; state > 0 {
				out[key] = s.make(key, state)
			}
		}
		return out, nil
	}
}

func (s *subject[K, V]) set(key K, state int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.states[key] = state
}

// counted returns what was loaded until now.
func (s *subject[K, V]) counted(loads map[K]int) map[K]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(loads)
}

// agree plays one random history on two caches. One is read with Look and Fetch, the other with Fetch alone: values, loads,
// counters, records, receipts and audits must be the same.
func (s *subject[K, V]) agree(t *testing.T, random *rand.Rand, change ...cachetest.Change) {
	change = append([]cachetest.Change{func(o *kinds.Options) { o.TTL = map[string]time.Duration{"document": time.Minute} }}, change...)
	looked, fetched := cachetest.Open(t, nil, change...), cachetest.Open(t, nil, change...)
	s.states = map[K]int{}
	lookLoads, fetchLoads := map[K]int{}, map[K]int{}
	for round := range 8 { // no sum of the pauses falls into the jitter of a minute, of its renewal or of the stale time
		cachetest.Pass([]time.Duration{0, 25 * time.Second, 4 * time.Minute}[random.IntN(3)])
		for _, key := range s.some(random) {
			s.set(key, random.IntN(2)*(round+1))
			if looked.Audit().Ratio > 0 || random.IntN(2) == 0 { // else the entries stay as they are, and an audit would wait
				tags := []cache.Tag{s.tag(key)}
				testkit.Must(t, looked.Replace(t.Context(), tags))
				testkit.Must(t, fetched.Replace(t.Context(), tags))
			}
		}
		keys := s.some(random)
		full, pastCache := random.IntN(2) == 0, random.IntN(6) == 0
		one, two := newOperation(t, looked, full, pastCache), newOperation(t, fetched, full, pastCache)
		got, err := cachetest.LookThenFetch(one.ctx, t, s.kind(looked), keys, s.load(lookLoads))
		testkit.Must(t, err)
		want, err := s.kind(fetched).Fetch(two.ctx, keys, s.load(fetchLoads))
		testkit.Must(t, err)
		still := cachetest.Still(one.receipt) == cachetest.Still(two.receipt)
		synctest.Wait() // for refreshes and audits
		if diff := cmp.Diff(want, got, unexported); diff != "" {
			t.Fatalf("round %d (-Fetch +Look):\n%s", round, diff)
		}
		if diff := cmp.Diff(two.summary(), one.summary()); diff != "" || !still {
			t.Fatalf("round %d, receipts agree: %v (-Fetch +Look):\n%s", round, still, diff)
		}
		if diff := cmp.Diff(s.counted(fetchLoads), s.counted(lookLoads)); diff != "" {
			t.Fatalf("round %d, loads (-Fetch +Look):\n%s", round, diff)
		}
	}
	name := s.kind(looked).Name()
	if one, two := cachetest.Used(t, looked, name).Counts, cachetest.Used(t, fetched, name).Counts; one != two {
		t.Errorf("Look was counted %+v, Fetch %+v", one, two)
	}
	if one, two := looked.Audit(), fetched.Audit(); one.Compared != two.Compared || one.Stale != two.Stale {
		t.Errorf("audits of Look %+v, of Fetch %+v", one, two)
	}
}

// some returns some of the keys, each once at most.
func (s *subject[K, V]) some(random *rand.Rand) []K {
	keys := slices.Clone(s.keys)
	random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys[:random.IntN(len(keys)+1)]
}

// operation is one operation with what it records.
type operation struct {
	ctx     context.Context
	record  *record.Record
	receipt *readset.Set
}

func newOperation(t *testing.T, c *kinds.Cache, full, pastCache bool) (o operation) {
	o.ctx, o.record = record.Brief(t.Context())
	if full {
		o.ctx, o.record = record.With(t.Context())
	}
	if pastCache {
		o.ctx = cache.PastCache(o.ctx)
	}
	o.ctx, o.receipt = cachetest.Reading(o.ctx, c, true)
	return o
}

// summary is what was recorded, without times.
func (o operation) summary() any {
	report := o.record.Report()
	kinds := make([]record.Kind, len(report.Kinds))
	for i, k := range report.Kinds {
		kinds[i] = *k
	}
	return struct {
		Kinds []record.Kind
		Tags  []string
		Reads readset.Reads
	}{kinds, report.Tags, o.receipt.Reads()}
}

func TestLookAndFetchEqualFetch(t *testing.T) {
	ids := cachetest.NewIDs(6) // fewer than audits at once
	rankings := make([]kinds.TrendingKey, 6)
	for i := range rankings {
		rankings[i].First = i + 1
	}
	for name, change := range map[string][]cachetest.Change{"near tier": nil, "audited": {cachetest.EveryEntry}, "without a near tier": {cachetest.FarOnly}} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(25) {
				random := rand.New(rand.NewPCG(seed, 7))
				documents := &subject[uuid.UUID, *ent.Document]{
					kind: func(c *kinds.Cache) *cache.Kind[uuid.UUID, *ent.Document] { return c.Documents },
					keys: ids, tag: kinds.DocumentTag,
					make: func(id uuid.UUID, state int) *ent.Document {
						return &ent.Document{ID: id, Title: fmt.Sprint(state)}
					},
				}
				trending := &subject[kinds.TrendingKey, []uuid.UUID]{
					kind: func(c *kinds.Cache) *cache.Kind[kinds.TrendingKey, []uuid.UUID] { return c.Trending },
					keys: rankings, tag: func(kinds.TrendingKey) cache.Tag { return kinds.SquareTag },
					make: func(_ kinds.TrendingKey, state int) []uuid.UUID { return cachetest.NthRanking(state) },
				}
				synctest.Test(t, func(t *testing.T) { documents.agree(t, random, change...) })
				synctest.Test(t, func(t *testing.T) { trending.agree(t, random, change...) })
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}
