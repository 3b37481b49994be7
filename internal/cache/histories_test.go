package cache_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// The race of a load with a write, in every order in which their steps can follow each other. A reader looks into the
// cache and finds nothing, reads the source, and fills the cache; a writer commits, begins new versions in its process,
// and replaces the stamps in Redis. Whatever the order, no later reader finds the overwritten value.

// actor is somebody who takes one step at a time.
type actor []func()

// histories are all orders in which the actors can take their steps; each is a list of who takes the next one.
func histories(actors ...actor) [][]int {
	left := make([]int, len(actors))
	for i, a := range actors {
		left[i] = len(a)
	}
	var all [][]int
	var extend func(soFar []int)
	extend = func(soFar []int) {
		over := true
		for i := range left {
			if left[i] == 0 {
				continue
			}
			over = false
			left[i]--
			extend(append(slices.Clone(soFar), i))
			left[i]++
		}
		if over {
			all = append(all, soFar)
		}
	}
	extend(nil)
	return all
}

func (h history) play(actors ...actor) {
	for _, who := range h {
		step := actors[who][0]
		actors[who] = actors[who][1:]
		step()
	}
}

type history []int

// reader is a fetch in three steps. Where the cache has an answer it is over after the first.
type reader struct {
	looked, read  chan struct{}
	goOn, andFill chan struct{}
	done          <-chan fetching
	over          bool
}

// reading is a reader of a document. Between its steps settle lets everything else come to rest.
func reading(ctx context.Context, c *kinds.Cache, s *source, id uuid.UUID, settle func()) actor {
	r := &reader{looked: make(chan struct{}, 1), read: make(chan struct{}, 1), goOn: make(chan struct{}), andFill: make(chan struct{})}
	load := func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		r.looked <- struct{}{}
		<-r.goOn
		values, err := s.load(ctx, keys)
		r.read <- struct{}{}
		<-r.andFill
		return values, err
	}
	return actor{
		func() { r.done = fetch(ctx, c, id, load); r.await(r.looked); settle() },
		func() { r.pass(r.goOn, r.read); settle() },
		func() { r.pass(r.andFill, nil); settle() },
	}
}

// await waits until the reader has come to a place, or to its end.
func (r *reader) await(place <-chan struct{}) {
	select {
	case <-place:
	case <-r.done:
		r.over = true
	}
}

// pass lets the reader go on to the next place; nil is its end.
func (r *reader) pass(gate chan<- struct{}, to <-chan struct{}) {
	if r.over {
		return
	}
	gate <- struct{}{}
	r.await(to)
}

// writer is a write in three steps; the last is over once the writer has been told that it is written.
type writer struct {
	cache   *kinds.Cache
	client  *stoppable
	version cache.Version
}

// stoppable is what holds a writer up on its way to Redis.
type stoppable struct {
	mu   sync.Mutex
	gate *gate
}

func (*stoppable) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (*stoppable) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (s *stoppable) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return c.Name() == "xadd" }) {
			s.mu.Lock()
			g := s.gate
			s.gate = nil
			s.mu.Unlock()
			if g != nil {
				close(g.reached)
				<-g.opened
			}
		}
		return next(ctx, cmds)
	}
}

func writerOn(t *testing.T, server *testkit.RedisServer) *writer {
	t.Helper()
	w := &writer{client: &stoppable{}}
	own := far(t, server)
	own.AddHook(w.client)
	w.cache = open(t, server, func(o *options) { o.client = own })
	return w
}

func (w *writer) writing(t *testing.T, s *source, id uuid.UUID, title string) actor {
	t.Helper()
	g := newGate()
	replaced := make(chan error, 1)
	ctx, version := w.cache.Versioned(t.Context())
	return actor{
		func() { s.write(id, title) },
		func() {
			w.client.mu.Lock()
			w.client.gate = &g
			w.client.mu.Unlock()
			go func() { replaced <- w.cache.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}) }()
			<-g.reached
		},
		func() {
			close(g.opened)
			testkit.Must(t, <-replaced)
			w.version = version()
			wantTitleIn(t, w.cache, s, id, s.title(id)) // who was told that it is written finds nothing older
		},
	}
}

func (s *source) title(id uuid.UUID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.titles[id]
}

// wantTitleIn is wantTitle for a writer after whom another may have committed already: that one's title is right as well.
func wantTitleIn(t *testing.T, c *kinds.Cache, s *source, id uuid.UUID, want string) {
	t.Helper()
	if got := title(t, c, s, id); got != want {
		t.Fatalf("who has written reads %q, want %q", got, want)
	}
}

func TestEveryHistoryOfReadersAndAWriter(t *testing.T) {
	server := testkit.Redis(t)
	w := writerOn(t, server)
	other, far := open(t, server), open(t, server, farOnly)
	play := func(h history) {
		id := uuid.New()
		s := newSource(id)
		here := reading(t.Context(), w.cache, s, id, w.cache.Settle)
		there := reading(t.Context(), other, s, id, other.Settle)
		h.play(w.writing(t, s, id, "new"), here, there)
		afterwards(t, s, id, w.version, w.cache, other, far)
	}
	all := histories(make(actor, 3), make(actor, 3), make(actor, 3))
	for _, h := range all {
		play(h)
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
	t.Logf("%d histories", len(all))
}

func TestEveryHistoryOfAReaderAndTwoWriters(t *testing.T) {
	server := testkit.Redis(t)
	one, two := writerOn(t, server), writerOn(t, server)
	far := open(t, server, farOnly)
	all := histories(make(actor, 3), make(actor, 3), make(actor, 3))
	for _, h := range all {
		id := uuid.New()
		s := newSource(id)
		r := reading(t.Context(), one.cache, s, id, one.cache.Settle)
		history(h).play(one.writing(t, s, id, "one"), two.writing(t, s, id, "two"), r)
		last := one
		if slices.Index(h, 0) < 0 || lastIndex(h, 1) > lastIndex(h, 0) {
			last = two
		}
		afterwards(t, s, id, last.version, one.cache, two.cache, far)
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
	t.Logf("%d histories", len(all))
}

func lastIndex(h []int, who int) int {
	for i, at := range slices.Backward(h) {
		if at == who {
			return i
		}
	}
	return -1
}

// afterwards reads on every instance as somebody who was told of the write, and once more.
func afterwards(t *testing.T, s *source, id uuid.UUID, v cache.Version, instances ...*kinds.Cache) {
	t.Helper()
	if v == "" {
		t.Fatal("the write has no version")
	}
	for i, c := range instances {
		for range 2 {
			d, _, err := c.Documents.One(c.NotBefore(t.Context(), v), id, s.load)
			testkit.Must(t, err)
			if want := s.title(id); d.Title != want {
				t.Errorf("instance %d answers %q, want %q", i, d.Title, want)
			}
			c.Settle()
		}
	}
}
