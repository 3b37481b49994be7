package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const instances = 3

// campaigning is a campaign under way.
type campaigning struct {
	plant   *plant
	world   *world
	record  *record
	windows *windows
	heart   *heart
	out     io.Writer
	stop    context.CancelCauseFunc // ends it for good
}

// fail ends the campaign: the harness itself is broken, and its result would say nothing.
func (c *campaigning) fail(err error) { c.stop(err) }

func (c *campaigning) say(format string, args ...any) {
	at := time.Since(c.record.began).Seconds()
	_, _ = fmt.Fprintf(c.out, "%6.1f s  %s\n", at, fmt.Sprintf(format, args...)) // progress only
}

// sabotages is what -sabotage may name, with what it asks of the server.
func sabotages() map[string]string {
	return map[string]string{
		"": "crash=signal", "outbox": "crash=signal,outbox=off", "order": "crash=signal,order=early",
		"tags": "crash=signal,answers=tags", "viewer": "crash=signal,answers=viewer",
	}
}

var errViolated = errors.New("the campaign has found violations")

// campaign runs one campaign and reports it. The error is errViolated where a server broke a promise.
func campaign(ctx context.Context, o options, out io.Writer) error {
	sabotage, ok := sabotages()[o.sabotage]
	if !ok {
		return fmt.Errorf("-sabotage is outbox, order, tags or viewer, but not %q", o.sabotage)
	}
	chosen, err := choose(faults(), o.faults)
	if err != nil {
		return err
	}
	if o.disconnects {
		chosen = nil
	}
	p, err := build(ctx, o, o.shared(), sabotage)
	defer p.demolish()
	if err != nil {
		return err
	}
	w, err := populate(ctx, p, o.writers)
	if err != nil {
		return err
	}
	all, err := os.Create(filepath.Join(p.logs, "violations"))
	if err != nil {
		return err
	}
	defer all.Close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	c := &campaigning{plant: p, world: w, record: newRecord(all), windows: &windows{}, heart: &heart{}, out: out, stop: stop}
	c.say("seed %d, %v, %s, Redis %t: %d instances, %d writers, %d readers", o.seed, o.duration, o.database, o.redis, o.shared(), o.writers, o.readers)
	if err := c.run(ctx, o, chosen); err != nil {
		return err
	}
	if err := c.audit(ctx); err != nil {
		return err
	}
	c.report(o)
	if c.record.total() > 0 {
		return errViolated
	}
	return nil
}

// run has the load and the faults go on for the duration.
func (c *campaigning) run(ctx context.Context, o options, chosen []fault) error {
	bounded, cancel := context.WithTimeout(ctx, o.duration)
	defer cancel()
	c.windows.open("start", time.Now()) // all caches are cold
	c.windows.closeNewest(time.Now())
	var all sync.WaitGroup
	for i, a := range c.world.accounts {
		w := &writer{campaigning: c, account: a, random: rand.New(rand.NewPCG(o.seed, uint64(100+i))), leaves: o.disconnects, usual: usualWrite}
		all.Go(func() { w.run(bounded, o.writeRate) })
	}
	for i := range o.readers {
		r := &reader{campaigning: c, random: rand.New(rand.NewPCG(o.seed, uint64(1000+i))), copies: copies{}}
		all.Go(func() { r.run(bounded, o.readRate) })
	}
	all.Go(func() { c.heart.beat(bounded) })
	all.Go(func() { c.summarise(bounded) })
	all.Go(func() { c.breakThings(bounded, o.seed, chosen) })
	all.Wait()
	return context.Cause(ctx) // set by fail, or by what stopped the command
}

// breakThings goes through the schedule until the time is over.
func (c *campaigning) breakThings(ctx context.Context, seed uint64, chosen []fault) {
	if len(chosen) == 0 {
		return
	}
	s := newSchedule(seed, names(chosen))
	for {
		x := s.next()
		if wait(ctx, x.pause) != nil {
			return
		}
		for _, f := range chosen {
			if f.name == x.fault {
				c.strike(ctx, f, s.random)
			}
		}
	}
}

func (c *campaigning) strike(ctx context.Context, f fault, random *rand.Rand) {
	if f.prepare != nil {
		if err := f.prepare(ctx, c.plant); err != nil {
			if ctx.Err() == nil {
				c.fail(fmt.Errorf("fault %s: %w", f.name, err))
			}
			return
		}
	}
	began := time.Now()
	violated := c.record.total()
	c.windows.open(f.name, began)
	err := f.strike(ctx, c.plant, random)
	c.windows.closeNewest(time.Now())
	if err != nil && ctx.Err() == nil {
		c.fail(fmt.Errorf("fault %s: %w", f.name, err))
		return
	}
	c.record.struck(f.name)
	c.say("%-14s for %.1f s, violations since it began: %d", f.name, time.Since(began).Seconds(), c.record.total()-violated)
}

const summaryInterval = 10 * time.Second

func (c *campaigning) summarise(ctx context.Context) {
	tick := time.NewTicker(summaryInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		rows, err := c.outboxRows(ctx)
		if err != nil {
			continue // the campaign ends, or the audit will say it
		}
		c.say("%d reads checked, %d writes, longest staleness %v, %d rows in the outbox, %d violations",
			c.record.readCount(), c.record.writes.Load(), c.record.worst().Round(time.Millisecond), rows, c.record.total())
	}
}
