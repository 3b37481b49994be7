package cache_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// together runs fetches in one ReadBatch, each as its own participant, and waits for them.
func together(ctx context.Context, c *kinds.Cache, fetches ...func(ctx context.Context)) {
	batch := c.NewReadBatch(ctx)
	var all sync.WaitGroup
	for _, f := range fetches {
		joined := batch.Join(ctx)
		all.Go(func() {
			defer cache.Leave(joined)
			f(joined)
		})
	}
	batch.Start()
	all.Wait()
}

func TestKindsOfAReadBatchShareOneRoundTrip(t *testing.T) {
	c := cachetest.Open(t, cachetest.NewMemory().Tier())
	ids := cachetest.NewIDs(10)
	s := cachetest.NewSource(ids...)
	_, err := c.Users.Fetch(t.Context(), ids[:1], cachetest.Users)
	testkit.Must(t, err)
	ctx, rec := record.With(t.Context())
	together(
		ctx, c,
		func(ctx context.Context) { check(t, c.Documents, ctx, ids, s.Load) },
		func(ctx context.Context) { check(t, c.Users, ctx, ids, cachetest.Users) },
		func(ctx context.Context) { check(t, c.Comments, ctx, ids, cachetest.Comments) },
		func(ctx context.Context) { check(t, c.Users, ctx, ids[:1], cachetest.Users) }, // near: it asks Redis for nothing
		func(context.Context) {},
	)
	if got := cachetest.RoundTrips(rec); got != 1 {
		t.Fatalf("%d round trips", got)
	}
}

func check[V any](t *testing.T, k *cache.Kind[uuid.UUID, V], ctx context.Context, ids []uuid.UUID, load cache.Load[uuid.UUID, V]) { //nolint:revive // the test comes first
	got, err := k.Fetch(ctx, ids, load)
	if err != nil || len(got) != len(ids) {
		t.Errorf("%s: %d values of %d, %v", k.Name(), len(got), len(ids), err)
	}
}

// A fetch that waits for the load of another has left, and so has one that loads without a read from Redis: no other
// participant waits for them.
func TestReadBatchDoesNotWaitForALoad(t *testing.T) {
	c := cachetest.Open(t, cachetest.NewMemory().Tier())
	ids := cachetest.NewIDs(2)
	s := cachetest.NewSource(ids...)
	g := cachetest.NewGate()
	other := cachetest.Fetch(t.Context(), c, ids[0], cachetest.Hold(g, s.Load))
	testkit.Receive(t, "another's load", g.Reached)
	met := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		together(
			t.Context(), c,
			func(ctx context.Context) { check(t, c.Documents, ctx, ids[:1], s.Load) },
			func(ctx context.Context) { check(t, c.Users, ctx, ids, cachetest.Users); close(met) },
		)
	}()
	testkit.Receive(t, "the fetch that does not wait", met)
	close(g.Opened)
	testkit.Receive(t, "the batch", done)
	testkit.Receive(t, "the other fetch", other)
}

func TestRefreshDoesNotUseTheParticipant(t *testing.T) {
	c := cachetest.Open(t, cachetest.NewMemory().Tier(), func(o *kinds.Options) { o.TTL = map[string]time.Duration{"trending": time.Millisecond} })
	r := &cachetest.Ranking{}
	for range 50 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			together(
				t.Context(), c,
				func(ctx context.Context) {
					_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, r.Load)
					if err != nil {
						t.Error(err)
					}
					check(t, c.Comments, ctx, cachetest.NewIDs(1), cachetest.Comments)
				},
				func(ctx context.Context) { check(t, c.Users, ctx, cachetest.NewIDs(2), cachetest.Users) },
			)
		}()
		testkit.Receive(t, "the batch", done)
	}
}

// Of the reads under the context of one participant, the first is sent with the batch and the others on their own. Leaving
// after that changes nothing.
func TestParticipantIsUsedOnce(t *testing.T) {
	c := cachetest.Open(t, cachetest.NewMemory().Tier())
	ids := cachetest.NewIDs(6)
	ctx, rec := record.With(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		batch := c.NewReadBatch(ctx)
		one, other := batch.Join(ctx), batch.Join(ctx)
		batch.Start()
		var all sync.WaitGroup
		all.Go(func() {
			check(t, c.Users, one, ids[:2], cachetest.Users)
			check(t, c.Users, one, ids[2:4], cachetest.Users)
		})
		all.Go(func() { check(t, c.Comments, other, ids, cachetest.Comments) })
		all.Wait()
		cache.Leave(one)
		cache.Leave(other)
		cache.Leave(other)
	}()
	testkit.Receive(t, "the batch", done)
	if got := cachetest.RoundTrips(rec); got != 2 {
		t.Errorf("%d round trips, want one of the batch and one of the second fetch", got)
	}
}

// TestParticipantOfConcurrentFetches runs two fetches at the same time under the context of each participant.
func TestParticipantOfConcurrentFetches(t *testing.T) {
	c := cachetest.Open(t, cachetest.NewMemory().Tier())
	for range 50 {
		done := make(chan struct{})
		ctx, rec := record.With(t.Context())
		go func() {
			defer close(done)
			twice := func(ctx context.Context) {
				var all sync.WaitGroup
				all.Go(func() { check(t, c.Users, ctx, cachetest.NewIDs(2), cachetest.Users) })
				all.Go(func() { check(t, c.Comments, ctx, cachetest.NewIDs(2), cachetest.Comments) })
				all.Wait()
			}
			together(ctx, c, twice, twice, func(context.Context) {})
		}()
		testkit.Receive(t, "the batch", done)
		if got := cachetest.RoundTrips(rec); got != 3 {
			t.Fatalf("%d round trips, want that of the batch and two on their own", got)
		}
	}
}

func TestManyReadBatchesOverTheSameKeys(t *testing.T) {
	store := cachetest.NewMemory()
	for name, change := range map[string][]cachetest.Change{"both tiers": nil, "the far tier": {cachetest.FarOnly}} {
		t.Run(name, func(t *testing.T) {
			c := cachetest.Open(t, store.Tier(), change...)
			ids := cachetest.NewIDs(12)
			s := cachetest.NewSource(ids...)
			some := func() []uuid.UUID {
				from := rand.IntN(len(ids) - 4)
				return ids[from : from+1+rand.IntN(4)]
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				var all sync.WaitGroup
				for range 8 {
					all.Go(func() {
						for range 40 {
							together(
								t.Context(), c,
								func(ctx context.Context) { check(t, c.Documents, ctx, some(), s.Load) },
								func(ctx context.Context) { check(t, c.Users, ctx, some(), cachetest.Users) },
								func(ctx context.Context) {
									check(t, c.Users, ctx, some(), cachetest.Users)
									check(t, c.Comments, ctx, some(), cachetest.Comments)
								},
							)
							if err := c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(some()[0]), kinds.UserTag(some()[0])}); err != nil {
								t.Error(err)
							}
						}
					})
				}
				all.Wait()
			}()
			testkit.Receive(t, "all batches", done)
		})
	}
}
