package cachetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// ErrSource is the error of a source that fails.
var ErrSource = errors.New("the source has failed")

// Source is a database of documents: by ID, with a title. It counts what is loaded.
type Source struct {
	mu     sync.Mutex
	titles map[uuid.UUID]string
	loads  map[uuid.UUID]int
	calls  int
	err    error
}

// NewSource returns a source of documents with the title "old".
func NewSource(ids ...uuid.UUID) *Source {
	s := &Source{titles: map[uuid.UUID]string{}, loads: map[uuid.UUID]int{}}
	for _, id := range ids {
		s.titles[id] = "old"
	}
	return s
}

// Load is a cache.Load.
func (s *Source) Load(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	out := map[uuid.UUID]*ent.Document{}
	for _, id := range ids {
		s.loads[id]++
		if title, ok := s.titles[id]; ok {
			out[id] = &ent.Document{ID: id, Title: title}
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	return out, nil
}

// Write sets a title, as a committed transaction does before its tags are replaced.
func (s *Source) Write(id uuid.UUID, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles[id] = title
}

// Fail makes all loads fail; nil ends that.
func (s *Source) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// Title returns a title.
func (s *Source) Title(id uuid.UUID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.titles[id]
}

// Loaded returns how often a document was loaded.
func (s *Source) Loaded(id uuid.UUID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads[id]
}

// Called returns how many loads there were.
func (s *Source) Called() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Gate stops something: it closes Reached when it gets there, and goes on when the test closes Opened.
type Gate struct{ Reached, Opened chan struct{} }

// NewGate returns a closed gate.
func NewGate() Gate { return Gate{make(chan struct{}), make(chan struct{})} }

// Hold returns a load that stops at the gate, after it has read its values.
func Hold[K comparable, V any](g Gate, load cache.Load[K, V]) cache.Load[K, V] {
	return func(ctx context.Context, keys []K) (map[K]V, error) {
		out, err := load(ctx, keys)
		close(g.Reached)
		select {
		case <-g.Opened:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return out, err
	}
}

// Ranking is a source of rankings: each load gives another one, and waits while Shut is locked.
type Ranking struct {
	Loads atomic.Int32
	Shut  sync.RWMutex
}

// Load is a cache.Load.
func (r *Ranking) Load(_ context.Context, keys []kinds.TrendingKey) (map[kinds.TrendingKey][]uuid.UUID, error) {
	n := r.Loads.Add(1)
	r.Shut.RLock()
	defer r.Shut.RUnlock()
	return map[kinds.TrendingKey][]uuid.UUID{keys[0]: NthRanking(int(n))}, nil
}

// NthRanking returns what the load with that number gives.
func NthRanking(n int) []uuid.UUID { return []uuid.UUID{{15: byte(n)}} }

// WantRanking fails unless a fetch returns the ranking with a number.
func WantRanking(t *testing.T, c *kinds.Cache, load cache.Load[kinds.TrendingKey, []uuid.UUID], n int) {
	t.Helper()
	got, _, err := c.Trending.One(t.Context(), kinds.TrendingKey{First: 1}, load)
	testkit.Must(t, err)
	if diff := cmp.Diff(NthRanking(n), got); diff != "" {
		t.Fatalf("not load %d (-want +got):\n%s", n, diff)
	}
}

// Users is a source that has every user.
func Users(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
	out := map[uuid.UUID]*ent.User{}
	for _, id := range ids {
		out[id] = &ent.User{ID: id}
	}
	return out, nil
}

// Comments is a source that has every comment.
func Comments(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Comment, error) {
	out := map[uuid.UUID]*ent.Comment{}
	for _, id := range ids {
		out[id] = &ent.Comment{ID: id}
	}
	return out, nil
}
