package cache_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/testkit"
)

// roundTrips is how often the operation has gone to Redis.
func roundTrips(r *explain.Record) int { return r.Report().Redis.RoundTrips }

// users and comments are sources that have everything.
func users(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
	out := map[uuid.UUID]*ent.User{}
	for _, id := range ids {
		out[id] = &ent.User{ID: id}
	}
	return out, nil
}

func comments(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Comment, error) {
	out := map[uuid.UUID]*ent.Comment{}
	for _, id := range ids {
		out[id] = &ent.Comment{ID: id}
	}
	return out, nil
}

// together runs fetches in one ReadBatch, each as its own participant, and waits for them.
func together(ctx context.Context, c *kinds.Cache, fetches ...func(ctx context.Context)) {
	batch := c.NewReadBatch(ctx)
	var all sync.WaitGroup
	for _, f := range fetches {
		batch.Add()
		all.Go(func() {
			joined, skip := batch.Join(ctx)
			defer skip()
			f(joined)
		})
	}
	batch.Skip()
	all.Wait()
}

func TestFetchOfManyKeysIsOneRoundTrip(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := newIDs(50)
	s := newSource(ids...)
	measure := func(c *kinds.Cache, want int) {
		t.Helper()
		ctx, record := explain.With(t.Context())
		ctx, done := c.Operation(ctx)
		_, err := c.Documents.Fetch(ctx, ids, s.load)
		testkit.Must(t, err)
		done()
		if got := roundTrips(record); got != want {
			t.Fatalf("%d round trips, want %d", got, want)
		}
	}
	measure(here, 2) // the look and the fill
	here.Settle()
	measure(there, 1)
	measure(there, 0)
	if s.called() != 1 {
		t.Fatalf("%d loads", s.called())
	}
}

func TestFillsOfAnOperationAreOneRoundTrip(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server)
	ids := newIDs(3)
	ctx, record := explain.With(t.Context())
	ctx, done := c.Operation(ctx)
	for _, id := range ids {
		_, _, err := c.Users.One(ctx, id, users)
		testkit.Must(t, err)
		_, _, err = c.Comments.One(ctx, id, comments)
		testkit.Must(t, err)
	}
	done()
	done() // twice does no harm
	if got := roundTrips(record); got != 6+1 {
		t.Fatalf("%d round trips, want six looks and one fill", got)
	}
	c.Settle()
	if n := client(t, server).Exists(t.Context(), server.Prefix+layoutPrefix+c.Users.FarKey(ids[0]), server.Prefix+layoutPrefix+c.Comments.FarKey(ids[2])).Val(); n != 2 {
		t.Fatal("the fills are not in Redis")
	}
}

func TestKindsOfAReadBatchShareOneRoundTrip(t *testing.T) {
	c := open(t, testkit.Redis(t))
	ids := newIDs(10)
	s := newSource(ids...)
	_, err := c.Users.Fetch(t.Context(), ids[:1], users)
	testkit.Must(t, err)
	ctx, record := explain.With(t.Context())
	together(
		ctx, c,
		func(ctx context.Context) { check(t, c.Documents, ctx, ids, s.load) },
		func(ctx context.Context) { check(t, c.Users, ctx, ids, users) },
		func(ctx context.Context) { check(t, c.Comments, ctx, ids, comments) },
		func(ctx context.Context) { check(t, c.Users, ctx, ids[:1], users) }, // near: it asks Redis for nothing
		func(context.Context) {},
	)
	if got := roundTrips(record); got != 1 {
		t.Fatalf("%d round trips", got)
	}
}

func check[V any](t *testing.T, k *cache.Kind[uuid.UUID, V], ctx context.Context, ids []uuid.UUID, load cache.Load[uuid.UUID, V]) { //nolint:revive // the test comes first
	got, err := k.Fetch(ctx, ids, load)
	if err != nil || len(got) != len(ids) {
		t.Errorf("%s: %d values of %d, %v", k.Name(), len(got), len(ids), err)
	}
}

// A fetch that waits for the load of another has skipped, and so has one that loads without a read from Redis: no other
// participant waits for them.
func TestReadBatchDoesNotWaitForALoad(t *testing.T) {
	c := open(t, testkit.Redis(t))
	ids := newIDs(2)
	s := newSource(ids...)
	g := newGate()
	other := fetch(t.Context(), c, ids[0], hold(g, s.load))
	testkit.Receive(t, "another's load", g.reached)
	met := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		together(
			t.Context(), c,
			func(ctx context.Context) { check(t, c.Documents, ctx, ids[:1], s.load) },
			func(ctx context.Context) { check(t, c.Users, ctx, ids, users); close(met) },
		)
	}()
	testkit.Receive(t, "the fetch that does not wait", met)
	close(g.opened)
	testkit.Receive(t, "the batch", done)
	testkit.Receive(t, "the other fetch", other)
}

func TestRefreshDoesNotUseTheParticipant(t *testing.T) {
	c := open(t, testkit.Redis(t), func(o *options) { o.TTL = map[string]time.Duration{"trending": time.Millisecond} })
	r := &ranking{}
	for range 50 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			together(
				t.Context(), c,
				func(ctx context.Context) {
					_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, r.load)
					if err != nil {
						t.Error(err)
					}
					check(t, c.Comments, ctx, newIDs(1), comments)
				},
				func(ctx context.Context) { check(t, c.Users, ctx, newIDs(2), users) },
			)
		}()
		testkit.Receive(t, "the batch", done)
	}
}

// Of the reads under the context of one participant, the first is sent with the batch and the others on their own. A skip
// after that changes nothing.
func TestParticipantIsUsedOnce(t *testing.T) {
	c := open(t, testkit.Redis(t))
	ids := newIDs(6)
	ctx, record := explain.With(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		batch := c.NewReadBatch(ctx)
		batch.Add()
		batch.Add()
		one, skipOne := batch.Join(ctx)
		other, skipOther := batch.Join(ctx)
		batch.Skip()
		var all sync.WaitGroup
		all.Go(func() { check(t, c.Users, one, ids[:2], users); check(t, c.Users, one, ids[2:4], users) })
		all.Go(func() { check(t, c.Comments, other, ids, comments) })
		all.Wait()
		skipOne()
		skipOther()
		skipOther()
	}()
	testkit.Receive(t, "the batch", done)
	if got := roundTrips(record); got != 2 {
		t.Errorf("%d round trips, want one of the batch and one of the second fetch", got)
	}
}

// TestParticipantOfConcurrentFetches runs two fetches at the same time under the context of each participant.
func TestParticipantOfConcurrentFetches(t *testing.T) {
	c := open(t, testkit.Redis(t))
	for range 50 {
		done := make(chan struct{})
		ctx, record := explain.With(t.Context())
		go func() {
			defer close(done)
			twice := func(ctx context.Context) {
				var all sync.WaitGroup
				all.Go(func() { check(t, c.Users, ctx, newIDs(2), users) })
				all.Go(func() { check(t, c.Comments, ctx, newIDs(2), comments) })
				all.Wait()
			}
			together(ctx, c, twice, twice, func(context.Context) {})
		}()
		testkit.Receive(t, "the batch", done)
		if got := roundTrips(record); got != 3 {
			t.Fatalf("%d round trips, want that of the batch and two on their own", got)
		}
	}
}

func TestManyReadBatchesOverTheSameKeys(t *testing.T) {
	server := testkit.Redis(t)
	for name, change := range map[string][]func(*options){"both tiers": nil, "the far tier": {farOnly}} {
		t.Run(name, func(t *testing.T) {
			c := open(t, server, change...)
			ids := newIDs(12)
			s := newSource(ids...)
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
								func(ctx context.Context) { check(t, c.Documents, ctx, some(), s.load) },
								func(ctx context.Context) { check(t, c.Users, ctx, some(), users) },
								func(ctx context.Context) {
									check(t, c.Users, ctx, some(), users)
									check(t, c.Comments, ctx, some(), comments)
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
