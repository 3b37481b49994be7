// Package background runs the work of a server that no request waits for.
package background

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// restartDelay is how long a worker that has panicked pauses.
const restartDelay = time.Second

// Group runs workers until Stop. It is safe for concurrent use.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	log    *slog.Logger
	all    sync.WaitGroup
}

// NewGroup returns a group whose workers have the values of ctx, but not its end.
func NewGroup(ctx context.Context, log *slog.Logger) *Group {
	g := &Group{log: log}
	g.ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return g
}

// Start runs a worker in a goroutine. The worker returns when its context ends, or when it has nothing more to do. If it panics, the
// panic is logged and the worker runs again after a second.
func (g *Group) Start(name string, worker func(ctx context.Context)) {
	g.all.Go(func() {
		for g.panics(name, worker) {
			select {
			case <-time.After(restartDelay):
			case <-g.ctx.Done():
				return
			}
		}
	})
}

// Detach runs work once, in a goroutine that Stop does not wait for. A panic is logged.
func (g *Group) Detach(name string, work func(ctx context.Context)) {
	go g.panics(name, work)
}

func (g *Group) panics(name string, worker func(ctx context.Context)) (panicked bool) {
	defer func() {
		if p := recover(); p != nil {
			g.log.ErrorContext(g.ctx, "worker panicked", "worker", name, "panic", p, "stack", string(debug.Stack()))
			panicked = true
		}
	}()
	worker(g.ctx)
	return false
}

// Stop ends the context of the workers and waits for them. It may be called more than once.
func (g *Group) Stop() {
	g.cancel()
	g.all.Wait()
}
