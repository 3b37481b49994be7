package store

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// deliveryWait is how long a write that has changed nothing waits for the invalidations of others: as long as they may take while Redis
// fails.
const deliveryWait = 2 * time.Second

// deliveries are the writes of this process that are committing, or committed and not yet invalidated.
//
// A write that fails, or has nothing to do, may do so because of what one of them has written: a comment is not found, since another client
// has deleted it. The reads that follow must not be older than that, so such a write waits for them.
type deliveries struct {
	mu      sync.Mutex
	running map[chan struct{}]struct{}
}

// begin notes a write that is about to commit. Call the function that it returns when the write is invalidated, or has failed.
func (d *deliveries) begin() (end func()) {
	done := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running == nil {
		d.running = map[chan struct{}]struct{}{}
	}
	d.running[done] = struct{}{}
	return sync.OnceFunc(func() {
		d.mu.Lock()
		delete(d.running, done)
		d.mu.Unlock()
		close(done)
	})
}

// await blocks until the writes that are under way now are invalidated, for deliveryWait at most.
func (d *deliveries) await(ctx context.Context) {
	d.mu.Lock()
	running := slices.Collect(maps.Keys(d.running))
	d.mu.Unlock()
	if len(running) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, deliveryWait)
	defer cancel()
	for _, done := range running {
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
	}
}
