package ratelimit

import (
	"context"
	_ "embed" // the script
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed level.lua
var levelText string

var levelScript = redis.NewScript(levelText)

// call is one run of the script: the arguments that level.lua describes, and its answer.
type call struct {
	budget *budget
	sent   time.Time // or a little earlier
	epoch  int64

	base         float64
	force        bool
	owed, credit int
	back         int
	stamp        int64
	need, want   int
	born         int64

	cmd     interface{ Slice() ([]any, error) } // a *redis.Cmd, see pipeline
	granted int
	level   float64
	now     int64
	err     error
}

// begin prepares a call that charges a cost, or nothing, and settles everything. Until it lands the budget does without
// what is on its way.
func (b *budget) begin(cost int, epoch int64) *call {
	c := &call{
		budget: b, sent: b.at, epoch: epoch,
		base: b.level(), force: b.epoch != epoch, credit: b.credit, need: cost, want: cost, born: b.born,
	}
	switch {
	case b.ahead < 0:
		c.owed = -b.ahead
	case cost > 0 || b.lease() == 0: // a lease that is too small goes back: it might be void by the time of the answer
		c.back, c.stamp = b.ahead, b.stamp
	}
	b.ahead += c.owed - c.back
	b.credit = 0
	b.calls++
	if b.id.rate.chunk() > 0 {
		b.flight = make(chan struct{})
		if cost > 0 {
			c.want = b.demand(cost)
		}
	}
	return c
}

// demand is how many points to ask for: what is wanted now, and a lease where there was demand just before.
func (b *budget) demand(cost int) int {
	busy := b.at.Sub(b.asked) < b.id.rate.hold()/2
	b.asked = b.at
	if busy {
		return max(cost+b.waiting, b.id.rate.chunk())
	}
	return cost + b.waiting
}

// land takes the answer of a call, and lets go on who waits for it.
func (b *budget) land(c *call, now time.Time) {
	b.advance(now)
	b.calls--
	if b.flight != nil {
		close(b.flight)
		b.flight = nil
	}
	if c.err != nil { // it may have been heard all the same: what was to be returned is let go
		b.ahead -= c.owed
		return
	}
	b.epoch, b.born = c.epoch, c.born
	if c.granted > 0 {
		b.ahead += c.granted - c.need
		b.stamp, b.until = c.now, c.sent.Add(b.id.rate.hold()/2)
	}
	if c.now >= b.seen || b.calls == 0 { // the last word, or the only one
		b.seen, b.spent = c.now, max(0, c.level-float64(b.ahead)-float64(b.credit))
	}
	if c.granted == 0 && c.need > 0 {
		b.quiet = now.Add(min(quietTime, b.retry(c.need)))
	}
}

// arguments are those of the script, after the key.
func (c *call) arguments() []any {
	force := 0
	if c.force {
		force = 1
	}
	r := c.budget.id.rate
	return []any{
		r.Points, max(1, r.Window.Microseconds()), r.hold().Microseconds(), strconv.FormatFloat(c.base, 'g', 17, 64), force,
		c.owed, c.back, c.stamp, c.credit, c.need, c.want, c.born,
	}
}

// read takes the answer of the script.
func (c *call) read() error {
	reply, err := c.cmd.Slice()
	if err != nil {
		return err
	}
	if len(reply) == 4 {
		n, isInt := reply[0].(int64)
		text, isText := reply[1].(string)
		now, isTime := reply[2].(int64)
		born, isBirth := reply[3].(int64)
		level, err := strconv.ParseFloat(text, 64)
		if isInt && isText && isTime && isBirth && err == nil {
			c.granted, c.level, c.now, c.born = int(n), level, now, born
			return nil
		}
	}
	return fmt.Errorf("ratelimit: Redis answered %v", reply)
}

// send makes the calls in one round trip, or in two where Redis does not know the script. The error is that of one of
// those that failed; the answers of the others count.
func (l *Limiter) send(ctx context.Context, calls []*call) error {
	err := l.pipeline(ctx, calls, false)
	var unknown []*call
	for _, c := range calls {
		if redis.HasErrorPrefix(c.err, "NOSCRIPT") {
			unknown = append(unknown, c)
		}
	}
	if len(unknown) > 0 {
		err = l.pipeline(ctx, unknown, true)
	}
	for _, c := range calls {
		if c.err != nil {
			return errors.Join(c.err, err) // a call that never left knows less than the pipeline
		}
	}
	return nil
}

func (l *Limiter) pipeline(ctx context.Context, calls []*call, withScript bool) error {
	l.counts.calls.Add(1)
	err := l.redis(ctx, l.prefix, calls, withScript)
	for _, c := range calls {
		c.err = c.read()
	}
	return err
}

// pipeline runs calls in Redis, with the text of the script or with its hash. It is a function because every package that knows a
// Limiter would compile the methods of the client, if that were a part of it.
type pipeline func(ctx context.Context, prefix string, calls []*call, withScript bool) error

func pipelineOf(client redis.UniversalClient) pipeline {
	return func(ctx context.Context, prefix string, calls []*call, withScript bool) error {
		evaluate := levelScript.EvalSha
		if withScript {
			evaluate = levelScript.Eval
		}
		pipe := client.Pipeline()
		for _, c := range calls {
			c.cmd = evaluate(ctx, pipe, []string{c.budget.id.farKey(prefix)}, c.arguments()...)
		}
		_, err := pipe.Exec(ctx)
		return err
	}
}

// exchange makes calls and lands them. Where one fails budgets are kept in the process from then on, before anybody who
// waits for the calls goes on.
func (l *Limiter) exchange(ctx context.Context, deadline time.Time, calls []*call) error {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	err := l.send(ctx, calls)
	if err != nil {
		l.lose(err)
	}
	now := time.Now()
	for _, c := range calls {
		c.budget.home.land(c, now)
	}
	return err
}

func (s *shard) land(c *call, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.budget.land(c, now)
	s.note(c.budget)
}
