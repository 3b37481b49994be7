package ratelimit

import (
	"context"
	"time"
)

// Take charges a cost, in points, to each of the buckets or to none. The states are those of the buckets, in their order.
// The error is a *TooLarge where the cost is more than a budget ever has, and then there are no states; else a *Refused
// where a budget has not enough, or nil. While it is being decided what a Take charges may be missing to another Take of
// the same bucket.
//
// A Take waits for Redis no longer than the timeout, also where its context ends meanwhile. A cost below 1 is free.
func (l *Limiter) Take(ctx context.Context, cost int, buckets ...Bucket) ([]State, error) {
	cost = max(0, cost)
	if err := fit(cost, buckets); err != nil {
		l.counts.refused.Add(1)
		return nil, err
	}
	t := l.taking(cost, buckets)
	for !t.decided() {
		t.ask(ctx)
	}
	if t.degraded {
		l.counts.degraded.Add(1)
	}
	if err := t.refusal(buckets); err != nil {
		l.counts.refused.Add(1)
		t.undo()
		return t.states(), err
	}
	l.counts.allowed.Add(1)
	return t.states(), nil
}

// taking is one Take.
type taking struct {
	limiter  *Limiter
	cost     int
	now      time.Time
	deadline time.Time // of the whole wait for Redis
	late     bool      // it is over
	degraded bool      // decided without Redis, though there is one
	seats    []seat
}

// seat is what a Take does at one bucket. Without limit there is no shard.
type seat struct {
	id      id
	shard   *shard
	budget  *budget
	verdict verdict
	near    int   // what was charged to the lease, or is owed
	far     int   // what was charged by a call
	stamp   int64 // of the lease
	waits   bool  // for the call of another Take
	call    *call
	state   State
	retry   time.Duration
}

func (l *Limiter) taking(cost int, buckets []Bucket) taking {
	now := time.Now()
	t := taking{limiter: l, cost: cost, now: now, deadline: now.Add(l.timeout), seats: make([]seat, len(buckets))}
	for i, b := range buckets {
		s := &t.seats[i]
		if !b.Rate.limits() {
			s.verdict = granted
			continue
		}
		s.id = b.id()
		s.shard = l.table.shard(s.id)
	}
	return t
}

// decided decides what can be decided without Redis, up to the first refusal. It reports whether that is all.
func (t *taking) decided() bool {
	near := t.late || t.limiter.near()
	done := true
	for i := range t.seats {
		s := &t.seats[i]
		if s.verdict == open {
			t.try(s, near)
			t.degraded = t.degraded || near && t.limiter.redis != nil
		}
		switch s.verdict {
		case refused:
			return true
		case open:
			done = false
		case granted:
		}
	}
	return done
}

func (t *taking) try(s *seat, near bool) {
	s.shard.mu.Lock()
	defer s.shard.mu.Unlock()
	if s.budget == nil {
		s.budget = s.shard.budget(s.id, t.now)
	}
	b := s.budget
	b.advance(t.now)
	if s.verdict = b.take(t.cost, near); s.verdict == granted {
		s.near, s.stamp = t.cost, b.stamp
	}
	if s.verdict != open {
		t.stand(s)
	}
	t.see(s)
	s.shard.note(b)
}

// stand ends the waiting of a seat, whose cost other callers have counted until now. It needs the lock.
func (t *taking) stand(s *seat) {
	if s.waits {
		s.waits = false
		s.budget.waiting -= t.cost
	}
}

// see takes down what the budget has. It needs the lock.
func (t *taking) see(s *seat) {
	s.state = s.budget.state()
	if s.verdict == refused {
		s.retry = s.budget.retry(t.cost)
	}
}

// ask makes one round trip for all buckets that need Redis, but for those for which another Take is asking already: it
// waits for that.
func (t *taking) ask(ctx context.Context) {
	t.now = time.Now()
	if t.deadline.Sub(t.now) < t.limiter.timeout/2 { // no time for a call that Redis could be blamed for
		t.late = true
		return
	}
	epoch := t.limiter.epoch.Load()
	var calls []*call
	var flights []<-chan struct{}
	for i := range t.seats {
		s := &t.seats[i]
		if s.verdict != open {
			continue
		}
		if flight := t.begin(s, epoch); flight != nil {
			flights = append(flights, flight)
		} else {
			calls = append(calls, s.call)
		}
	}
	if len(calls) > 0 {
		_ = t.limiter.exchange(ctx, t.deadline, calls) // then the process decides
		t.hear()
	}
	t.wait(flights)
}

// begin prepares the call of a seat, or returns what ends the call that it has to wait for.
func (t *taking) begin(s *seat, epoch int64) <-chan struct{} {
	s.shard.mu.Lock()
	defer s.shard.mu.Unlock()
	b := s.budget
	b.advance(t.now)
	if b.flight != nil {
		if !s.waits {
			s.waits = true
			b.waiting += t.cost
		}
		return b.flight
	}
	t.stand(s)
	s.call = b.begin(t.cost, epoch)
	return nil
}

// hear takes down what Redis has decided. Where a call has failed nothing is.
func (t *taking) hear() {
	for i := range t.seats {
		s := &t.seats[i]
		c := s.call
		if c == nil {
			continue
		}
		s.call = nil
		s.shard.mu.Lock()
		switch {
		case c.err != nil:
		case c.need == 0 || c.granted > 0:
			s.verdict, s.far = granted, t.cost
		default:
			s.verdict = refused
		}
		t.see(s)
		s.shard.mu.Unlock()
	}
}

func (t *taking) wait(flights []<-chan struct{}) {
	if len(flights) == 0 {
		return
	}
	timer := time.NewTimer(time.Until(t.deadline))
	defer timer.Stop()
	for _, f := range flights {
		select {
		case <-f:
		case <-timer.C:
			t.late = true
			return
		}
	}
}

// refusal is the error about the bucket to wait for longest, nil where none refuses.
func (t *taking) refusal(buckets []Bucket) error {
	var worst *Refused
	for i, s := range t.seats {
		if s.verdict == refused && (worst == nil || s.retry > worst.RetryAfter) {
			worst = &Refused{Bucket: buckets[i], Cost: t.cost, RetryAfter: s.retry, State: s.state}
		}
	}
	if worst == nil {
		return nil
	}
	return worst
}

// undo returns what was charged.
func (t *taking) undo() {
	for i := range t.seats {
		s := &t.seats[i]
		if s.shard == nil {
			continue
		}
		s.shard.mu.Lock()
		if s.budget == nil {
			s.budget = s.shard.budget(s.id, t.now)
		}
		t.stand(s)
		if s.verdict == granted {
			s.budget.undo(s)
			s.shard.note(s.budget)
		}
		t.see(s)
		s.shard.mu.Unlock()
	}
}

// undo returns to the lease what is still of that lease, and the rest to Redis.
func (b *budget) undo(s *seat) {
	b.spent = max(0, b.spent-float64(s.near+s.far))
	if b.stamp == s.stamp {
		b.ahead += s.near
		b.owe(s.far)
	} else {
		b.owe(s.near + s.far)
	}
}

func (t *taking) states() []State {
	out := make([]State, len(t.seats))
	for i, s := range t.seats {
		out[i] = s.state
	}
	return out
}
