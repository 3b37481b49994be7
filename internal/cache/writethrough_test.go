package cache_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// likes is a database of the likes of one account.
type likes struct {
	mu    sync.Mutex
	user  uuid.UUID
	liked map[uuid.UUID]bool
	loads int
}

func newLikes(documents ...uuid.UUID) *likes {
	l := &likes{user: uuid.New(), liked: map[uuid.UUID]bool{}}
	for _, d := range documents {
		l.liked[d] = true
	}
	return l
}

func (l *likes) load(context.Context, []uuid.UUID) (map[uuid.UUID]*kinds.MarkSet, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loads++
	return map[uuid.UUID]*kinds.MarkSet{l.user: kinds.NewMarkSet(slices.Collect(maps.Keys(l.liked)))}, nil
}

func (l *likes) commit(document uuid.UUID, liked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if delete(l.liked, document); liked {
		l.liked[document] = true
	}
}

// writing returns the steps of a write of one like.
func (l *likes) writing(t *testing.T, c *kinds.Cache, document uuid.UUID, liked bool) cachetest.Actor {
	var write cache.WriteThrough[uuid.UUID, *kinds.MarkSet]
	return cachetest.Actor{
		func() { write = cache.BeginWrite(c.Likes, l.user) },
		func() { l.commit(document, liked) },
		func() { testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.LikesOfTag(l.user)})) },
		func() {
			write.Finish(func(set *kinds.MarkSet) (*kinds.MarkSet, bool) { return set.With(document, liked) })
		},
	}
}

// want checks what the cache serves for the account against the database.
func (l *likes) want(t *testing.T, c *kinds.Cache) {
	t.Helper()
	set, ok, err := c.Likes.One(t.Context(), l.user, l.load)
	testkit.Must(t, err)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok || len(set.IDs) != len(l.liked) {
		t.Fatalf("%d documents are served, the database has %d", len(set.IDs), len(l.liked))
	}
	for d := range l.liked {
		if marked, known := set.Has(d); !marked || !known {
			t.Fatalf("document %s is marked %t, known %t", d, marked, known)
		}
	}
}

func TestWriteThrough(t *testing.T) {
	for name, far := range map[string]cache.Far{"near tier": nil, "both tiers": cachetest.NewMemory().Tier()} {
		t.Run(name, func(t *testing.T) {
			c, l, other := cachetest.Open(t, far), newLikes(uuid.New()), uuid.New()
			cachetest.History{0, 0, 0, 0}.Play(l.writing(t, c, other, true)) // nothing is there to carry over
			l.want(t, c)
			cachetest.History{0, 0, 0, 0}.Play(l.writing(t, c, other, false))
			l.want(t, c)
			cachetest.History{0, 0, 0, 0}.Play(l.writing(t, c, other, true))
			l.want(t, c)
			if l.loads != 1 {
				t.Errorf("%d loads, want 1: the writes carry the entry over", l.loads)
			}
		})
	}
}

// TestWriteThroughKeepsNothing has something happen within a write after which its entry must not be kept.
func TestWriteThroughKeepsNothing(t *testing.T) {
	for name, happen := range map[string]func(t *testing.T, c *kinds.Cache, l *likes){
		"another write": func(t *testing.T, c *kinds.Cache, l *likes) {
			testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.LikesOfTag(l.user)}))
		},
		"the kind is emptied": func(t *testing.T, c *kinds.Cache, _ *likes) {
			testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.KindTag("likes")}))
		},
		"the cache is emptied": func(t *testing.T, c *kinds.Cache, _ *likes) {
			testkit.Must(t, c.Replace(t.Context(), []cache.Tag{cache.Everything}))
		},
	} {
		for place := 1; place <= 3; place++ {
			t.Run(name, func(t *testing.T) {
				c, l := cachetest.Open(t, nil), newLikes()
				l.want(t, c)
				w := l.writing(t, c, uuid.New(), true)
				cachetest.History(slices.Repeat([]int{0}, place)).Play(slices.Clone([]cachetest.Actor{w})...)
				happen(t, c, l)
				cachetest.History(slices.Repeat([]int{0}, 4-place)).Play(w[place:])
				if cachetest.InNear(c.Likes, l.user) {
					t.Errorf("the entry was kept, after step %d", place)
				}
				l.want(t, c)
			})
		}
	}
}

// TestEveryHistoryOfWritesThrough has two writes of the same like, and a reader, in every order of their steps. The database
// takes the commits in the order of the history.
func TestEveryHistoryOfWritesThrough(t *testing.T) {
	c := cachetest.Open(t, nil)
	for _, cached := range []bool{true, false} {
		for _, h := range cachetest.Histories(4, 4, 1) {
			l, document := newLikes(), uuid.New()
			if cached {
				l.want(t, c)
			}
			h.Play(l.writing(t, c, document, true), l.writing(t, c, document, false), cachetest.Actor{
				func() { _, _, err := c.Likes.One(t.Context(), l.user, l.load); testkit.Must(t, err) },
			})
			l.want(t, c)
			if t.Failed() {
				t.Fatalf("history %v, cached before: %t", h, cached)
			}
		}
	}
}

// TestWriteThroughOfATagThatFellOut has the table of tags lose the tag within the write: nothing says then what happened to it.
func TestWriteThroughOfATagThatFellOut(t *testing.T) {
	c, l := cachetest.Open(t, nil, func(o *kinds.Options) { o.NearBytes = 1 << 20 }), newLikes()
	l.want(t, c)
	w := l.writing(t, c, uuid.New(), true)
	w[0]()
	for range 4096 {
		cache.BeginWrite(c.Likes, uuid.New())
		_, _, err := c.Likes.One(t.Context(), uuid.New(), l.load)
		testkit.Must(t, err)
	}
	w[1]()
	w[2]()
	w[3]()
	l.want(t, c)
}
