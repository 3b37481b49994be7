package ratelimit

import (
	"context"
	"slices"
	"time"
)

// The pace of the work in the background.
const (
	settleEvery = 50 * time.Millisecond
	probeEvery  = 200 * time.Millisecond
	forgetEvery = time.Second
	batch       = 128 // calls in one round trip
)

// work settles with Redis, looks whether it is back, and forgets what is full again, until the limiter is closed.
func (l *Limiter) work() {
	defer close(l.stopped)
	forget := time.NewTicker(forgetEvery)
	defer forget.Stop()
	var settle, probe <-chan time.Time
	if l.redis != nil {
		s, p := time.NewTicker(settleEvery), time.NewTicker(probeEvery)
		defer s.Stop()
		defer p.Stop()
		settle, probe = s.C, p.C
	}
	for {
		select {
		case <-l.stop:
			return
		case <-forget.C:
			l.table.forget(time.Now())
		case <-settle:
			l.settle()
		case <-probe:
			l.regain()
		}
	}
}

// lose has budgets kept in the process from now on, so that no caller waits for Redis before regain.
func (l *Limiter) lose(cause error) {
	l.losing.Lock()
	defer l.losing.Unlock()
	if !l.away.Load() {
		l.epoch.Add(1)
		l.away.Store(true)
		l.log.Warn("redis unavailable, rate limits per instance", "cause", cause)
	}
}

// regain keeps budgets in Redis again, once it is back and has what this process knows of all of them.
func (l *Limiter) regain() {
	if !l.away.Load() || l.probe() != nil {
		return
	}
	epoch := l.epoch.Load()
	if l.sweep(func(s *shard, most int) []*call { return s.stale(epoch, most) }) == nil {
		l.away.Store(false)
		l.log.Info("redis available, rate limits shared")
	}
}

// probe asks whether Redis takes writes, with a budget that no bucket can have.
func (l *Limiter) probe() error {
	b := &budget{id: id{"#probe", Rate{1, time.Minute}}, ahead: -1}
	ctx, cancel := context.WithTimeout(context.Background(), l.timeout)
	defer cancel()
	return l.send(ctx, []*call{b.begin(0, 0)})
}

// settle sends Redis the calls that are due.
func (l *Limiter) settle() {
	if !l.away.Load() {
		epoch := l.epoch.Load()
		_ = l.sweep(func(s *shard, most int) []*call { return s.overdue(epoch, most) }) // the next call for a budget includes it
	}
}

// sweep makes the calls that some begins, which is at most so many of a shard at a time, until there are none or one
// fails.
func (l *Limiter) sweep(some func(s *shard, most int) []*call) error {
	var calls []*call
	for _, s := range l.table.shards {
		calls = append(calls, some(s, batch-len(calls))...)
		for len(calls) == batch {
			if err := l.background(calls); err != nil {
				return err
			}
			calls = some(s, batch)
		}
	}
	return l.background(calls)
}

func (l *Limiter) background(calls []*call) error {
	if len(calls) == 0 {
		return nil
	}
	return l.exchange(context.Background(), time.Now().Add(l.timeout), calls)
}

// stale begins to tell Redis of some budgets that it may have forgotten.
func (s *shard) stale(epoch int64, most int) (calls []*call) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.budgets {
		if len(calls) == most {
			break
		}
		b.advance(now)
		if b.epoch != epoch && b.calls == 0 && !b.idle() {
			calls = append(calls, b.begin(0, epoch))
		}
	}
	return calls
}

// overdue begins to tell Redis of some budgets that it has to hear of by now.
func (s *shard) overdue(epoch int64, most int) (calls []*call) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = slices.DeleteFunc(s.queue, func(b *budget) bool {
		b.advance(now)
		if b.unsettled() && (b.calls > 0 || now.Before(b.settlesAt()) || len(calls) == most) {
			return false
		}
		b.queued = false
		if b.unsettled() {
			calls = append(calls, b.begin(0, epoch))
		}
		return true
	})
	return calls
}

// giveUp settles everything now.
func (l *Limiter) giveUp() {
	for _, s := range l.table.shards {
		s.mu.Lock()
		for _, b := range s.queue {
			b.until, b.due = b.at, b.at
		}
		s.mu.Unlock()
	}
	l.settle()
}
