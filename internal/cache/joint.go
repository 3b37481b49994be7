package cache

import (
	"context"
	"sync"
)

// Joint lets several fetches of one operation, of different kinds, share one round trip to Redis. Each takes a seat; the
// round trip goes when every seat has either asked for something or left.
type Joint struct {
	far   *far
	ctx   context.Context // of what the round trip is a part of
	mu    sync.Mutex
	open  int // seats that have neither asked nor left
	reads []*farRead
	done  chan struct{}
	err   error // set before done is closed
}

// NewJoint is a joint with one seat, that of whoever makes it: Leave it when every other seat was added. The context is
// that of the operation, or of the step of it that the round trip is a part of.
func (e *Engine) NewJoint(ctx context.Context) *Joint {
	return &Joint{far: e.far, ctx: ctx, open: 1, done: make(chan struct{})}
}

// Add adds a seat. Sit on it, or Leave it, or the others wait for ever.
func (j *Joint) Add() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.open++
}

// Leave gives up a seat that nobody sits on.
func (j *Joint) Leave() {
	if j.last(nil) {
		go j.run()
	}
}

// seat is the place of one fetch in a joint. It is used by one goroutine.
type seat struct {
	joint *Joint
	left  bool
}

type seatKey struct{}

// Sit takes a seat: the first far read under the context waits for the others. Call leave when the fetch is over.
func (j *Joint) Sit(ctx context.Context) (sitting context.Context, leave func()) {
	s := &seat{joint: j}
	return context.WithValue(ctx, seatKey{}, s), s.leave
}

// leave gives the seat up where it has not asked. Whoever is about to wait for another fetch must leave first: that one
// may be waiting for this seat.
func (s *seat) leave() {
	if s != nil && !s.left {
		s.left = true
		s.joint.Leave()
	}
}

// withoutSeat lets a fetch under the context go on its own.
func withoutSeat(ctx context.Context) context.Context {
	return context.WithValue(ctx, seatKey{}, (*seat)(nil))
}

func seatOf(ctx context.Context) *seat {
	s, _ := ctx.Value(seatKey{}).(*seat)
	return s
}

func (s *seat) read(r *farRead) error {
	s.left = true
	if s.joint.last(r) {
		s.joint.run()
	}
	<-s.joint.done
	return s.joint.err
}

// last notes what a seat asks for and says whether it was the last one open.
func (j *Joint) last(r *farRead) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r != nil {
		j.reads = append(j.reads, r)
	}
	j.open--
	return j.open == 0
}

func (j *Joint) run() {
	if len(j.reads) > 0 {
		j.err = j.far.readAll(j.ctx, j.reads)
	}
	close(j.done)
}
