package ratelimit

import (
	"context"
	"slices"
)

// Peek is what is left of the buckets, in their order, by one round trip to Redis where there is one, and where it does
// not answer by what the process knows.
func (l *Limiter) Peek(ctx context.Context, buckets ...Bucket) []State {
	t := l.taking(0, buckets)
	var calls []*call
	for i := range t.seats {
		if s := &t.seats[i]; s.shard != nil {
			calls = append(calls, t.peek(s))
		}
	}
	calls = slices.DeleteFunc(calls, func(c *call) bool { return c == nil })
	if len(calls) > 0 {
		_ = l.exchange(ctx, t.deadline, calls) // then what is known is the answer
		t.hear()
	}
	return t.states()
}

// peek prepares the call of a seat, nil where it takes what is known.
func (t *taking) peek(s *seat) *call {
	s.shard.mu.Lock()
	defer s.shard.mu.Unlock()
	s.budget = s.shard.budget(s.id, t.now)
	t.see(s)
	if t.limiter.near() || s.budget.flight != nil {
		return nil
	}
	s.call = s.budget.begin(0, t.limiter.epoch.Load())
	return s.call
}
