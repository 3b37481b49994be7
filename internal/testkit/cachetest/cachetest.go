package cachetest

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/cache/readset"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
)

// Change changes the options of a cache.
type Change = func(*kinds.Options)

// Open opens a cache, uses its far tier until the end of the test, and waits until that is available. A nil far is the embedded cache.
func Open(tb testing.TB, far cache.Far, change ...Change) *kinds.Cache {
	tb.Helper()
	o := kinds.Options{Options: cache.Options{Log: slog.New(slog.DiscardHandler), Far: far}}
	for _, f := range change {
		f(&o)
	}
	c := kinds.New(o)
	tb.Cleanup(c.Close)
	testkit.Run(tb, c, nil)
	return c
}

// Embedded runs a test with the embedded cache, in a synctest bubble with its own clock.
func Embedded(t *testing.T, f func(t *testing.T, c *kinds.Cache), change ...Change) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, Open(t, nil, change...)) })
}

// Pass lets time pass in a bubble of synctest.
func Pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of the bubble
}

// FarOnly leaves the near tier out, so that the far tier alone answers.
func FarOnly(o *kinds.Options) { o.NearBytes = -1 }

// EveryEntry audits all served entries.
func EveryEntry(o *kinds.Options) { o.Audit = 1 }

// Operation returns a context of a new operation, and its scope. If tracked, its read set collects dependencies.
func Operation(ctx context.Context, c *kinds.Cache, tracked bool) (context.Context, *cache.Scope) {
	s := c.Scope(ctx, tracked)
	return context.WithValue(ctx, cache.ScopeKey{}, s), s
}

// Reading is Operation for a test of what the operation reads.
func Reading(ctx context.Context, c *kinds.Cache, tracked bool) (context.Context, *readset.Set) {
	ctx, s := Operation(ctx, c, tracked)
	return ctx, s.ReadSet()
}

// Still reports whether what a read set depends on is unchanged.
func Still(r *readset.Set) bool {
	_, _, ok := r.Dependencies(true)
	return ok
}

// NewIDs returns n new IDs.
func NewIDs(n int) []uuid.UUID {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.Must(uuid.NewV7())
	}
	return ids
}

// Title returns the title of a document as a fetch finds it; empty if there is none.
func Title(tb testing.TB, c *kinds.Cache, s *Source, id uuid.UUID) string {
	tb.Helper()
	d, ok, err := c.Documents.One(tb.Context(), id, s.Load)
	testkit.Must(tb, err)
	if !ok {
		return ""
	}
	return d.Title
}

// WantTitle ends the test unless a fetch finds the title.
func WantTitle(tb testing.TB, c *kinds.Cache, s *Source, id uuid.UUID, want string) {
	tb.Helper()
	if got := Title(tb, c, s, id); got != want {
		tb.Fatalf("got title %q, want %q", got, want)
	}
}

// WantLoads ends the test unless the document was loaded that often.
func WantLoads(tb testing.TB, s *Source, id uuid.UUID, want int) {
	tb.Helper()
	if got := s.Loaded(id); got != want {
		tb.Fatalf("loaded %d times, want %d", got, want)
	}
}

// WantState waits until the far tier is in a state.
func WantState(tb testing.TB, c *kinds.Cache, want cache.State) {
	tb.Helper()
	testkit.Eventually(tb, "the state is "+string(want), func() bool { return c.State() == want })
}

// Fetched is the result of Fetch.
type Fetched struct {
	Title string
	Err   error
}

// Fetch fetches one document concurrently with the test.
func Fetch(ctx context.Context, c *kinds.Cache, id uuid.UUID, load cache.Load[uuid.UUID, *ent.Document]) <-chan Fetched {
	done := make(chan Fetched, 1)
	go func() {
		d, ok, err := c.Documents.One(ctx, id, load)
		f := Fetched{Err: err}
		if ok {
			f.Title = d.Title
		}
		done <- f
	}()
	return done
}

// LookResult has the slices that Look fills.
type LookResult[V any] struct {
	Values       []V
	Found, Known []bool
}

// NewLookResult returns the slices for n keys.
func NewLookResult[V any](n int) LookResult[V] {
	return LookResult[V]{make([]V, n), make([]bool, n), make([]bool, n)}
}

// LookThenFetch reads keys as an executor does: from the near tier, and with Fetch what that leaves.
func LookThenFetch[K comparable, V any](ctx context.Context, t *testing.T, k *cache.Kind[K, V], keys []K, load cache.Load[K, V]) (map[K]V, error) {
	t.Helper()
	a := NewLookResult[V](len(keys))
	for i := range keys { // what is left from an earlier use
		a.Found[i], a.Known[i] = true, true
	}
	missing := k.Look(ctx, keys, a.Values, a.Found, a.Known)
	out := map[K]V{}
	var unknown []K
	for i, key := range keys {
		switch {
		case !a.Known[i]:
			unknown = append(unknown, key)
		case a.Found[i]:
			out[key] = a.Values[i]
		}
		if a.Found[i] && !a.Known[i] {
			t.Errorf("key %d is found, but not known", i)
		}
	}
	if missing != len(unknown) {
		t.Errorf("%d keys are missing, %d unknown", missing, len(unknown))
	}
	if len(unknown) == 0 {
		return out, nil
	}
	values, err := k.Fetch(ctx, unknown, load)
	maps.Copy(out, values)
	return out, err
}

// Inspected returns the entries of an identifier, by kind.
func Inspected(t *testing.T, c *kinds.Cache, id uuid.UUID) map[string]ops.Inspection {
	t.Helper()
	list, err := c.Inspect(t.Context(), id)
	testkit.Must(t, err)
	if !slices.IsSortedFunc(list, func(a, b ops.Inspection) int { return strings.Compare(a.Kind, b.Kind) }) {
		t.Errorf("the kinds are in no order: %+v", list)
	}
	found := map[string]ops.Inspection{}
	for _, i := range list {
		if found[i.Kind] = i; i.Key != id.String() {
			t.Errorf("%s: %q is not %s", i.Kind, i.Key, id)
		}
	}
	return found
}

// InNear reports whether the near tier has a valid entry for the key.
func InNear[K comparable, V any](k *cache.Kind[K, V], key K) bool {
	p, _ := k.View().Peek(key)
	return p.Near != nil && p.Near.Valid
}

// FarKey returns the key of an entry in the far tier, without the prefix of that tier.
func FarKey[K comparable, V any](k *cache.Kind[K, V], key K) string {
	p, _ := k.View().Peek(key)
	return p.Item.Key
}

// Used returns the usage of a kind.
func Used(tb testing.TB, c *kinds.Cache, kind string) ops.KindUsage {
	tb.Helper()
	for _, k := range c.Usage().Kinds {
		if k.Name == kind {
			return k
		}
	}
	tb.Fatalf("there is no kind %q", kind)
	return ops.KindUsage{}
}

// WantCounts fails unless a kind has counted that.
func WantCounts(tb testing.TB, c *kinds.Cache, kind string, want cache.Counts) {
	tb.Helper()
	if got := Used(tb, c, kind).Counts; got != want {
		tb.Errorf("%s was counted %+v, want %+v", kind, got, want)
	}
}

// OfDocuments returns what an operation did with the kind of documents.
func OfDocuments(r *record.Record) record.Kind {
	const name = "document"
	for _, k := range r.Report().Kinds {
		if k.Name == name {
			return *k
		}
	}
	return record.Kind{Name: name}
}

// RoundTrips returns how often an operation has gone to the far tier.
func RoundTrips(r *record.Record) int { return r.Report().Redis.RoundTrips }

// Numbered returns the i-th of different IDs.
func Numbered(i int) uuid.UUID {
	return uuid.UUID{1, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i), 15: 1}
}

// Text returns a new string of n bytes.
func Text(i, n int) string { return fmt.Sprintf("%0*d", n, i) }

// Fill loads n entries of a kind.
func Fill[K comparable, V any](tb testing.TB, k *cache.Kind[K, V], n int, key func(int) K, value func(int) V) {
	tb.Helper()
	const at = 50
	for from := 0; from < n; from += at {
		keys, values := make([]K, min(at, n-from)), map[K]V{}
		for i := range keys {
			keys[i] = key(from + i)
			values[keys[i]] = value(from + i)
		}
		_, err := k.Fetch(tb.Context(), keys, func(context.Context, []K) (map[K]V, error) { return values, nil })
		testkit.Must(tb, err)
	}
}
