package redis

import (
	"context"
	"errors"
	"time"

	"docsquare/internal/cache/sabotage"
)

var errLostMeanwhile = errors.New("cache: redis failed during recovery")

// The pace of Run.
const (
	recoveryPause = 200 * time.Millisecond
	checkInterval = time.Second
)

// degrade ends the use of Redis until the next recovery.
func (t *Tier) degrade(cause error) {
	t.receiver.Degrade()
	if !t.logged.Swap(true) {
		t.log.Warn("redis unavailable, serving from database", "cause", cause)
	}
}

// resume begins the use of Redis, unless it has failed since losses were counted.
func (t *Tier) resume(losses int64) error {
	if !t.receiver.Resume(losses) {
		return errLostMeanwhile
	}
	if t.logged.Swap(false) {
		t.log.Info("redis available")
	}
	return nil
}

// Run recovers, follows the changes of other processes, and recovers again after each failure, until the context ends. drain
// delivers the invalidations in the outbox; nil if there is no outbox.
func (t *Tier) Run(ctx context.Context, drain func(context.Context) error) {
	for ctx.Err() == nil {
		err := t.recoverAndFollow(ctx, drain)
		if ctx.Err() == nil {
			t.degrade(err)
			pause(ctx, recoveryPause)
		}
	}
}

// recoverAndFollow recovers in the one order that loses no invalidation, and then follows the stream until something fails.
// It never returns nil.
func (t *Tier) recoverAndFollow(ctx context.Context, drain func(context.Context) error) error {
	losses := t.receiver.Losses()
	if err := t.probe(ctx); err != nil {
		return err
	}
	at, err := t.streamEnd(ctx) // what is written from here on is in the stream after this position
	if err != nil {
		return err
	}
	id, err := t.verify(ctx) // after a loss of data the cache is invalidated
	if err != nil {
		return err
	}
	if sabotage.Has(sabotage.EarlyResume) {
		if err := t.resume(losses); err != nil {
			return err
		}
	}
	if drain != nil { // what was written before and not published is in the outbox
		if err := drain(ctx); err != nil {
			return err
		}
	}
	if err := t.resume(losses); err != nil {
		return err
	}
	return t.follow(ctx, at, id)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
