package cache

import (
	"context"
	"sync"
	"time"
)

// A Version identifies the last write that a client has seen. A client that sends it back gets no older answer from any
// instance. It is opaque to the engine: the far tier makes it. It is empty if nothing was written, or without a far tier.
type Version string

// MaxStaleness bounds how old an answer may be, even after a crash of the writer or while an instance is cut off from the
// far tier: the outbox delivers each invalidation within this time.
const MaxStaleness = 2 * time.Second

// written is the version of the last write of an operation.
type written struct {
	mu          sync.Mutex
	version     Version
	undelivered bool // the invalidation of that write is not delivered yet
}

// Versioned collects the version of the writes under a context. Call version when they are done.
func (e *Engine) Versioned(ctx context.Context) (versioned context.Context, version func() Version) {
	w := &written{}
	return withScope(ctx, func(s *Scope) { s.written = w }), w.get
}

func (w *written) get() Version {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version
}

// noteWritten notes the version of a write, and the error of its delivery. A later version does not replace that of an undelivered
// write, which is the one to wait for.
func noteWritten(ctx context.Context, v Version, err error) {
	w := scopeOf(ctx).written
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || !w.undelivered {
		w.version, w.undelivered = v, err != nil
	}
}

// NotBefore returns a context whose reads are at least as new as a version. If this process has not received the invalidation of
// that write within the time of one read from the far tier, the reads bypass the cache.
func (e *Engine) NotBefore(ctx context.Context, v Version) context.Context {
	if e.far.Reached(ctx, v) {
		return ctx
	}
	return withScope(ctx, func(s *Scope) { s.bypassed = true })
}

// bypassed reports whether reads under the context bypass the cache.
func bypassed(ctx context.Context) bool { return scopeOf(ctx).bypassed }
