package cache

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"docsquare/internal/cache/sabotage"
)

// State is the state of the far tier.
type State string

// The states of the far tier.
const (
	Off      State = "off"      // the engine has none
	OK       State = "ok"       // in use
	Degraded State = "degraded" // unavailable: requests are served without it
)

// availability gates the use of the far tier. Any failure that may have lost an invalidation, of this process or another one,
// degrades the engine. The near tier then starts empty and keeps entries for degradedTTL at most, until the far tier has
// recovered.
type availability struct {
	configured bool
	ok         atomic.Bool
	losses     atomic.Int64 // calls of Degrade

	mu    sync.Mutex    // held while ok changes
	once  sync.Once     // of ready
	ready chan struct{} // closed when the far tier is available for the first time, or if there is none
}

// degradedTTL bounds how long the near tier keeps an entry while this process cannot follow the writes of other instances.
const degradedTTL = time.Second

func (a *availability) init(configured bool) {
	a.configured, a.ready = configured, make(chan struct{})
	if !configured {
		close(a.ready)
	}
}

func (a *availability) state() State {
	switch {
	case !a.configured:
		return Off
	case a.ok.Load():
		return OK
	}
	return Degraded
}

// degraded reports whether the far tier is configured, but unavailable.
func (a *availability) degraded() bool { return a.configured && !a.ok.Load() }

// Receiver is the side of an engine that its far tier calls. It is safe for concurrent use.
type Receiver struct{ engine *Engine }

// Invalidate begins a new generation of a tag that another process has written to, and notifies watchers.
func (r Receiver) Invalidate(tag Tag, stamp Stamp) {
	r.engine.tags.Replace(tag, stamp)
	r.engine.watches.notify(tag)
}

// Available reports whether the far tier is in use.
func (r Receiver) Available() bool { return r.engine.availability.ok.Load() }

// Losses returns how often Degrade was called.
func (r Receiver) Losses() int64 { return r.engine.availability.losses.Load() }

// Degrade ends the use of the far tier: an invalidation may have been lost.
func (r Receiver) Degrade() {
	a := &r.engine.availability
	a.mu.Lock()
	defer a.mu.Unlock()
	a.losses.Add(1)
	if a.ok.Swap(false) && !sabotage.Has(sabotage.KeepWhileUnsure) {
		r.engine.tags.Replace(Everything, 0)
	}
}

// Resume begins the use of the far tier. It does nothing and returns false if Degrade was called since Losses returned losses.
func (r Receiver) Resume(losses int64) bool {
	a := &r.engine.availability
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.losses.Load() != losses {
		return false
	}
	r.engine.tags.Replace(Everything, 0) // invalidations of earlier writes may have been lost
	a.ok.Store(true)
	a.once.Do(func() { close(a.ready) })
	r.engine.watches.notify(Everything)
	return true
}

// State returns the state of the far tier.
func (e *Engine) State() State { return e.availability.state() }

// Run uses the far tier, and recovers from its failures, until the context ends. drain delivers the invalidations in the
// outbox; nil if there is no outbox. Without a far tier Run returns at once.
func (e *Engine) Run(ctx context.Context, drain func(context.Context) error) { e.far.Run(ctx, drain) }

// Ready blocks until the far tier is available for the first time. Without a far tier it returns at once.
func (e *Engine) Ready(ctx context.Context) error {
	select {
	case <-e.availability.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nearLimit returns the bound of the time that an entry stays in the near tier; 0 means that of its kind.
func (e *Engine) nearLimit() time.Duration {
	if e.availability.degraded() && !sabotage.Has(sabotage.KeepWhileUnsure) {
		return degradedTTL
	}
	return 0
}
