package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"docsquare/internal/testkit/process"
)

// fault is one way to break things.
type fault struct {
	name    string
	prepare func(ctx context.Context, p *plant) error // before the fault begins; may be nil
	// strike breaks something and repairs it again. Its whole time, and that of recovery after it, is the fault's window.
	strike func(ctx context.Context, p *plant, random *rand.Rand) error
}

// How long faults last.
const (
	frozenFor  = 3 * time.Second
	cutFor     = 4 * time.Second
	slowFor    = 3 * time.Second
	refusesFor = 3 * time.Second
	downFor    = 500 * time.Millisecond
	flaps      = 5
)

func faults() []fault {
	return []fault{
		{name: "kill", strike: killInstance},
		{name: "crash", strike: crashInstance},
		{name: "redis-restart", strike: restartRedis},
		{name: "redis-snapshot", prepare: takeSnapshot, strike: restoreSnapshot},
		{name: "redis-freeze", strike: freezeRedis},
		{name: "redis-flap", strike: flapRedis},
		{name: "flushall", strike: flushRedis},
		{name: "oom", strike: fillRedis},
		{name: "read-only", strike: demoteRedis},
		{name: "password", strike: lockRedis},
		{name: "max-clients", strike: crowdRedis},
		{name: "cut-one", strike: one(process.Cut, cutFor)},
		{name: "freeze-one", strike: one(process.Freeze, cutFor)},
		{name: "slow-one", strike: one(process.Slow, slowFor)},
		{name: "slow-all", strike: slowAll},
	}
}

// wait waits, or returns the error of a context that ends first.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)))
}

func pick(p *plant, random *rand.Rand) *instance { return p.instances[random.IntN(len(p.instances))] }

// The time that an instance is down.
const (
	shortestDown = time.Second
	longestDown  = 3 * time.Second
)

func killInstance(ctx context.Context, p *plant, random *rand.Rand) error {
	x := pick(p, random)
	x.kill()
	return revive(ctx, x, random)
}

// revive restarts an instance that is down, in any case: what follows needs it.
func revive(ctx context.Context, x *instance, random *rand.Rand) error {
	_ = wait(ctx, between(random, shortestDown, longestDown)) // restarted at once where the campaign ends
	return x.restart(context.WithoutCancel(ctx))
}

// crashInstance has an instance die at its next write, after the commit and before any stamp is replaced.
func crashInstance(ctx context.Context, p *plant, random *rand.Rand) error {
	x := pick(p, random)
	gone := x.server.Ended()
	if err := x.server.Signal(syscall.SIGUSR1); err != nil {
		return err
	}
	select {
	case <-gone:
	case <-ctx.Done():
	case <-time.After(requestTimeout):
		return fmt.Errorf("instance %d was to crash at its next write and lives: was it built with the tag chaos?", x.index)
	}
	x.kill()
	return revive(ctx, x, random)
}

// one changes what happens between one instance and Redis for a while.
func one(mode process.Mode, d time.Duration) func(context.Context, *plant, *rand.Rand) error {
	return func(ctx context.Context, p *plant, random *rand.Rand) error {
		return disturb(ctx, d, mode, pick(p, random))
	}
}

func slowAll(ctx context.Context, p *plant, _ *rand.Rand) error {
	return disturb(ctx, slowFor, process.Slow, p.instances...)
}

// disturb changes what happens between instances and Redis for a while.
func disturb(ctx context.Context, d time.Duration, mode process.Mode, list ...*instance) error {
	for _, x := range list {
		if err := x.proxy.Set(ctx, mode); err != nil {
			return err
		}
	}
	_ = wait(ctx, d) // repaired at once if the campaign ends
	for _, x := range list {
		if err := x.proxy.Set(context.WithoutCancel(ctx), process.Pass); err != nil {
			return err
		}
	}
	return nil
}
