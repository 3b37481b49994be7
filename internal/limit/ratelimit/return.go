package ratelimit

import "time"

// Return gives back points that a Take of this limiter has charged, where something turned out cheaper. It never waits:
// Redis, and by it other instances, hear of it within half a second, and not at all where it does not answer. A bucket is
// never more than full; one that is not remembered was full again, or one of too many.
func (l *Limiter) Return(points int, buckets ...Bucket) {
	l.adjust(points, buckets, func(s *shard, i id, now time.Time) {
		if b := s.budgets[i]; b != nil {
			b.advance(now)
			b.giveBack(points)
			s.note(b)
		}
	})
}

// Spend charges points for what was done already, where something turned out dearer than its Take. It never refuses and never waits:
// a bucket may owe up to as many points as it has, so that it refuses until they have come back.
func (l *Limiter) Spend(points int, buckets ...Bucket) {
	l.adjust(points, buckets, func(s *shard, i id, now time.Time) {
		b := s.budget(i, now)
		b.advance(now)
		if owed := min(points, 2*i.rate.Points-ceil(b.spent)); owed > 0 {
			b.spend(owed)
			s.note(b)
		}
	})
}

// adjust calls change for each bucket that limits, with its shard locked.
func (l *Limiter) adjust(points int, buckets []Bucket, change func(s *shard, i id, now time.Time)) {
	if points <= 0 {
		return
	}
	now := time.Now()
	for _, bucket := range buckets {
		if !bucket.Rate.limits() {
			continue
		}
		i := bucket.id()
		s := l.table.shard(i)
		s.mu.Lock()
		change(s, i, now)
		s.mu.Unlock()
	}
}
