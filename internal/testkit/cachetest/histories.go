package cachetest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// Actor takes one step at a time.
type Actor []func()

// History is an order in which actors take their steps: a list of who takes the next one.
type History []int

// Histories returns all orders in which actors can take their steps, given how many each takes.
func Histories(steps ...int) []History {
	left := slices.Clone(steps)
	var all []History
	var extend func(soFar History)
	extend = func(soFar History) {
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

// Play has actors take their steps.
func (h History) Play(actors ...Actor) {
	for _, who := range h {
		step := actors[who][0]
		actors[who] = actors[who][1:]
		step()
	}
}

// last returns when an actor takes its last step.
func (h History) last(who int) int {
	for i, at := range slices.Backward(h) {
		if at == who {
			return i
		}
	}
	return -1
}

// reader is a fetch in three steps. If the cache has an answer, it is over after the first.
type reader struct {
	looked, read  chan struct{}
	goOn, andFill chan struct{}
	done          <-chan Fetched
	over          bool
}

// reading returns a reader of a document: it looks into the cache, reads the source, and fills the cache.
func reading(ctx context.Context, c *kinds.Cache, s *Source, id uuid.UUID) Actor {
	r := &reader{looked: make(chan struct{}, 1), read: make(chan struct{}, 1), goOn: make(chan struct{}), andFill: make(chan struct{})}
	load := func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		r.looked <- struct{}{}
		<-r.goOn
		values, err := s.Load(ctx, keys)
		r.read <- struct{}{}
		<-r.andFill
		return values, err
	}
	return Actor{
		func() { r.done = Fetch(ctx, c, id, load); r.await(r.looked); c.Settle() },
		func() { r.pass(r.goOn, r.read); c.Settle() },
		func() { r.pass(r.andFill, nil); c.Settle() },
	}
}

// await blocks until the reader has come to a place, or to its end.
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

// Writer is an instance that writes. Stop makes its next Replace wait at a gate before the far tier hears of it.
type Writer struct {
	Cache   *kinds.Cache
	Stop    func(Gate)
	version cache.Version
}

// writing returns a write in three steps: commit, new generations in the process, new stamps in the far tier.
func (w *Writer) writing(t *testing.T, s *Source, id uuid.UUID, title string) Actor {
	t.Helper()
	g := NewGate()
	replaced := make(chan error, 1)
	ctx, scope := Operation(t.Context(), w.Cache, false)
	return Actor{
		func() { s.Write(id, title) },
		func() {
			w.Stop(g)
			go func() { replaced <- w.Cache.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}) }()
			<-g.Reached
		},
		func() {
			close(g.Opened)
			testkit.Must(t, <-replaced)
			w.version = scope.Version()
			if got, want := Title(t, w.Cache, s, id), s.Title(id); got != want { // another writer may have committed
				t.Fatalf("who has written reads %q, want %q", got, want)
			}
		},
	}
}

// EveryHistoryOfReadersAndAWriter plays the race of two loads with a write, in every order in which their steps can follow each other.
// One load is of the instance that writes, the other of another instance. No later reader may find the overwritten value: on these
// two, nor on an instance that only has the far tier.
func EveryHistoryOfReadersAndAWriter(t *testing.T, w *Writer, other, far *kinds.Cache) {
	t.Helper()
	for _, h := range Histories(3, 3, 3) {
		id := uuid.New()
		s := NewSource(id)
		h.Play(w.writing(t, s, id, "new"), reading(t.Context(), w.Cache, s, id), reading(t.Context(), other, s, id))
		afterwards(t, s, id, w.version, w.Cache, other, far)
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
}

// EveryHistoryOfAReaderAndTwoWriters plays the race of a load with the writes of two instances.
func EveryHistoryOfAReaderAndTwoWriters(t *testing.T, one, two *Writer, far *kinds.Cache) {
	t.Helper()
	for _, h := range Histories(3, 3, 3) {
		id := uuid.New()
		s := NewSource(id)
		h.Play(one.writing(t, s, id, "one"), two.writing(t, s, id, "two"), reading(t.Context(), one.Cache, s, id))
		last := one
		if h.last(1) > h.last(0) {
			last = two
		}
		afterwards(t, s, id, last.version, one.Cache, two.Cache, far)
		if t.Failed() {
			t.Fatalf("history %v", h)
		}
	}
}

// afterwards reads on every instance as a client that knows of the write, and once more.
func afterwards(t *testing.T, s *Source, id uuid.UUID, v cache.Version, instances ...*kinds.Cache) {
	t.Helper()
	if v == "" {
		t.Fatal("the write has no version")
	}
	for i, c := range instances {
		for range 2 {
			d, _, err := c.Documents.One(c.NotBefore(t.Context(), v), id, s.Load)
			testkit.Must(t, err)
			if want := s.Title(id); d.Title != want {
				t.Errorf("instance %d answers %q, want %q", i, d.Title, want)
			}
			c.Settle()
		}
	}
}
