package cache

import (
	"context"
	"sync"
	"sync/atomic"
)

// ReadBatch sends the reads from the far tier of several fetches of one operation in one round trip. The fetches may be of different
// kinds. Each fetch is one participant. The round trip starts once every participant has either asked for its read or
// left. A ReadBatch is safe for concurrent use.
type ReadBatch struct {
	far   Far
	ctx   context.Context // of the round trip
	mu    sync.Mutex
	open  int // participants that have neither asked nor left
	reads [][]FarItem
	done  chan struct{}
	err   error // set before done is closed
}

// NewReadBatch returns a batch that does not start before Start. Call Join for each fetch before. ctx is the context of the operation, or of the
// step that the round trip belongs to.
func (e *Engine) NewReadBatch(ctx context.Context) *ReadBatch {
	return &ReadBatch{far: e.far, ctx: ctx, open: 1, done: make(chan struct{})}
}

// Join adds a participant, and returns a context whose first read from the far tier is sent with the batch. Later reads, and concurrent
// ones that lose the race for the place, are sent on their own. Call Leave when the fetch is over: otherwise the other participants may block
// forever.
func (b *ReadBatch) Join(ctx context.Context) context.Context {
	b.mu.Lock()
	b.open++
	b.mu.Unlock()
	return withScope(ctx, func(s *Scope) { s.participant = &participant{batch: b} })
}

// Start lets the batch start once no participant is open.
func (b *ReadBatch) Start() {
	if b.arrive(nil) {
		go b.run()
	}
}

// participant is the part of one fetch in a batch. Its first read from the far tier, or Leave, uses it up.
type participant struct {
	batch *ReadBatch
	used  atomic.Bool
}

// use reports whether the caller is the first to use the participant. A nil participant cannot be used.
func (p *participant) use() bool { return p != nil && p.used.CompareAndSwap(false, true) }

// Leave removes the participant of a context from its batch unless it was used. Leave before waiting for the load of another fetch: that
// fetch may be waiting for this participant.
func Leave(ctx context.Context) {
	if p := scopeOf(ctx).participant; p.use() {
		p.batch.Start()
	}
}

// read reads items from the far tier, with the batch that the context has joined, or on their own.
func (e *Engine) read(ctx context.Context, items []FarItem) error {
	p := scopeOf(ctx).participant
	if !p.use() {
		return e.far.Read(ctx, [][]FarItem{items})
	}
	if p.batch.arrive(items) {
		p.batch.run()
	}
	<-p.batch.done
	return p.batch.err
}

// arrive notes that one participant has asked for items, or has left if items is nil. It reports whether the batch is complete.
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
