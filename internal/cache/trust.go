package cache

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// trust says whether Redis may be used. It is lost by anything that may have kept this process from hearing of a write,
// or a write of its own from being heard: then the near tier starts empty and keeps entries only for a bounded moment,
// and Redis is left alone until Run has found everything in order again.
type trust struct {
	held atomic.Bool // what requests look at

	losses atomic.Int64 // how often it was lost, or would have been

	mu   sync.Mutex // of who changes it
	told bool       // whether the log says that it is lost

	once  sync.Once
	first chan struct{} // closed when it is first held
}

var errLostMeanwhile = errors.New("cache: Redis failed while it was looked at")

// The pace of Run.
const (
	recoveryPause = 200 * time.Millisecond
	checkInterval = time.Second
)

// lose has requests do without Redis, whatever the cause, until the next recovery.
func (e *Engine) lose(cause error) {
	e.trust.mu.Lock()
	defer e.trust.mu.Unlock()
	e.trust.losses.Add(1)
	if e.trust.held.Swap(false) {
		e.cells.replace(Everything, 0)
	}
	if !e.trust.told {
		e.trust.told = true
		e.log.Warn("doing without Redis until it is in order again", "cause", cause)
	}
}

func (e *Engine) losses() int64 { return e.trust.losses.Load() }

// regain lets requests use Redis, unless trust was lost since losses were counted.
func (e *Engine) regain(losses int64) error {
	e.trust.mu.Lock()
	defer e.trust.mu.Unlock()
	if e.losses() != losses {
		return errLostMeanwhile
	}
	e.cells.replace(Everything, 0) // what was written before may not have been heard of
	e.trust.held.Store(true)
	e.trust.once.Do(func() { close(e.trust.first) })
	e.watches.tell(Everything)
	if e.trust.told {
		e.trust.told = false
		e.log.Info("Redis is in order and in use")
	}
	return nil
}

// Run has the process use Redis, and recovers it beside the requests whenever that has failed, until the context ends.
// Drain delivers everything that the outbox holds when it is called; nil where there is no outbox. Without Redis Run
// returns at once.
func (e *Engine) Run(ctx context.Context, drain func(context.Context) error) {
	if e.far == nil {
		return
	}
	for ctx.Err() == nil {
		err := e.recoverAndFollow(ctx, drain)
		if ctx.Err() == nil {
			e.lose(err)
			pause(ctx, recoveryPause)
		}
	}
}

// recoverAndFollow is the order of recovery, and then follows what others write until something fails. It never returns
// nil.
func (e *Engine) recoverAndFollow(ctx context.Context, drain func(context.Context) error) error {
	losses := e.losses()
	if err := e.far.probe(ctx); err != nil {
		return err
	}
	at, err := e.streamEnd(ctx) // whatever is written from here on will be heard of
	if err != nil {
		return err
	}
	marks, err := e.survey(ctx) // a Redis that may have forgotten something starts cold
	if err != nil {
		return err
	}
	if drain != nil { // and what nobody could tell it is told now
		if err := drain(ctx); err != nil {
			return err
		}
	}
	if err := e.regain(losses); err != nil {
		return err
	}
	return e.follow(ctx, at, marks)
}

// Ready waits until Redis is in use for the first time. Without Redis it returns at once.
func (e *Engine) Ready(ctx context.Context) error {
	if e.far == nil {
		return nil
	}
	select {
	case <-e.trust.first:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
