package cache

import (
	"context"
	"sync"
	"sync/atomic"
)

// ReadBatch sends the Redis reads of several fetches of one operation in one round trip. The fetches may be of different
// kinds. Each fetch is one participant. The round trip starts once every participant has either asked for its read or
// skipped. A ReadBatch is safe for concurrent use.
type ReadBatch struct {
	far   Far
	ctx   context.Context // of the round trip
	mu    sync.Mutex
	open  int // participants that have neither asked nor skipped
	reads [][]FarItem
	done  chan struct{}
	err   error // set before done is closed
}

// NewReadBatch returns a batch with one participant, the caller, so that the batch does not start while participants are
// being added. Call Add for each fetch, then Skip once. ctx is the context of the operation, or of the step that the round
// trip belongs to.
func (e *Engine) NewReadBatch(ctx context.Context) *ReadBatch {
	return &ReadBatch{far: e.far, ctx: ctx, open: 1, done: make(chan struct{})}
}

// Add adds a participant. Every Add needs one Join or one Skip, otherwise the other participants block forever. Call Add
// before the last open participant asks or skips.
func (b *ReadBatch) Add() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open++
}

// Skip removes a participant that was added but never joined.
func (b *ReadBatch) Skip() {
	if b.arrive(nil) {
		go b.run()
	}
}

// participant is the part of one fetch in a batch. Its first Redis read, or skip, uses it up.
type participant struct {
	batch *ReadBatch
	used  atomic.Bool
}

// With returns a context of a level whose fetches share the round trip, see ReadBatchOf.
func (b *ReadBatch) With(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.batch = b })
}

// ReadBatchOf returns the batch of a context, nil if it has none.
func ReadBatchOf(ctx context.Context) *ReadBatch { return scopeOf(ctx).batch }

// Join returns a context whose first Redis read is sent with the batch. Later reads, and concurrent ones that lose the
// race for the place, are sent on their own. Call skip when the fetch is over. If the place was used, skip does nothing.
func (b *ReadBatch) Join(ctx context.Context) (joined context.Context, skip func()) {
	p := &participant{batch: b}
	return withScope(ctx, func(s *Scope) { s.participant = p }), p.skip
}

// use reports whether the caller is the first to use the participant. A nil participant cannot be used.
func (p *participant) use() bool { return p != nil && p.used.CompareAndSwap(false, true) }

// skip removes the participant from the batch unless it was used. Skip before waiting for the load of another fetch: that
// fetch may be waiting for this participant.
func (p *participant) skip() {
	if p.use() {
		p.batch.Skip()
	}
}

func participantOf(ctx context.Context) *participant { return scopeOf(ctx).participant }

// read adds items to the batch and blocks until the round trip is done. The caller must have used up a participant.
func (b *ReadBatch) read(items []FarItem) error {
	if b.arrive(items) {
		b.run()
	}
	<-b.done
	return b.err
}

// arrive notes that one participant has asked for items, or has skipped if items is nil. It reports whether the batch is complete.
func (b *ReadBatch) arrive(items []FarItem) (complete bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if items != nil {
		b.reads = append(b.reads, items)
	}
	b.open--
	return b.open == 0
}

func (b *ReadBatch) run() {
	if len(b.reads) > 0 {
		b.err = b.far.Read(b.ctx, b.reads)
	}
	close(b.done)
}
